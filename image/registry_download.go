package image

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"
)

const (
	// stallTime is how long a download may stand still before it is resumed.
	stallTime = 60 * time.Second
	// worthwhile is what a connection must bring for its end not to count as
	// a failed attempt; without it a server that sends a byte at a time could
	// keep us for ever.
	worthwhile = 1 << 20
)

var errStalled = errors.New("no data for a minute")

// source opens a blob at one place from offset on.
type source func(ctx context.Context, offset int64) (*http.Response, error)

// download reads a blob and, when a connection breaks, goes on from the byte
// where it broke. It does not verify the digest; whoever reads the layer does.
type download struct {
	ctx     context.Context
	d       descriptor
	sources []source // the current one first
	o       *Options

	stop   context.CancelFunc // ends ctx
	mu     sync.Mutex         // guards body, which Close may close during Read
	body   io.ReadCloser
	cancel context.CancelCauseFunc // ends the connection
	stall  *time.Timer

	offset  int64 // of the next byte
	started int64 // offset at which the connection began
	failed  int   // attempts in a row that were not worthwhile
}

// newDownload connects to the first source that has the blob.
func newDownload(ctx context.Context, d descriptor, sources []source, o *Options) (io.ReadCloser, error) {
	dl := &download{d: d, sources: sources, o: o}
	dl.ctx, dl.stop = context.WithCancel(ctx)
	if err := dl.connect(); err != nil {
		dl.stop()
		return nil, err
	}
	return dl, nil
}

// Read implements io.Reader.
func (dl *download) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	for {
		if dl.d.Size > 0 { // whatever follows the promised bytes is not part of them
			if dl.offset == dl.d.Size {
				return 0, io.EOF
			}
			p = p[:min(int64(len(p)), dl.d.Size-dl.offset)]
		}
		dl.stall.Reset(stallTime)
		n, err := dl.body.Read(p)
		dl.stall.Stop()
		dl.offset += int64(n)
		if n > 0 {
			if dl.o.Progress != nil {
				dl.o.Progress(Event{Stage: "download", Name: dl.d.Digest, Bytes: dl.offset, Total: dl.d.Size})
			}
			return n, nil // an error comes again with the next call
		}
		if err == nil {
			continue
		}
		if err == io.EOF && dl.d.Size <= 0 {
			return 0, io.EOF
		}
		if err := dl.resume(err); err != nil {
			return 0, err
		}
	}
}

// Close implements io.Closer. It may be called during Read, and ends it.
func (dl *download) Close() error {
	dl.stop()
	dl.mu.Lock()
	defer dl.mu.Unlock()
	if dl.body == nil {
		return nil
	}
	return dl.body.Close()
}

// disconnect ends the connection.
func (dl *download) disconnect() {
	dl.stall.Stop()
	dl.cancel(nil)
	dl.body.Close()
}

// resume connects again after cause, at the next source if this one brings
// nothing.
func (dl *download) resume(cause error) error {
	dl.disconnect()
	if cause == io.EOF {
		cause = io.ErrUnexpectedEOF
	}
	if dl.offset-dl.started >= worthwhile {
		dl.failed = 0
	} else {
		dl.sources = append(dl.sources[1:], dl.sources[0])
	}
	for {
		if dl.ctx.Err() != nil {
			return context.Cause(dl.ctx)
		}
		if dl.failed++; dl.failed > dl.o.Retries {
			return fmt.Errorf("%w after %d of %d bytes, in %d attempts", cause, dl.offset, dl.d.Size, dl.failed)
		}
		dl.o.tell(Event{Stage: "retry", Name: dl.d.Digest, Bytes: dl.offset, Total: dl.d.Size, Err: cause})
		if err := dl.o.pause(dl.ctx, dl.failed-1, nil); err != nil {
			return err
		}
		err := dl.connect()
		if err == nil || !isTransient(err) {
			return err
		}
		cause = err
	}
}

// connect asks the sources in turn for the bytes from offset on.
func (dl *download) connect() error {
	var errs []error
	for i := range dl.sources {
		err := dl.connectTo(dl.sources[i])
		if err == nil {
			dl.sources = append(dl.sources[i:], dl.sources[:i]...)
			return nil
		}
		errs = append(errs, err)
		if dl.ctx.Err() != nil {
			break
		}
	}
	return errors.Join(errs...)
}

func (dl *download) connectTo(open source) error {
	ctx, cancel := context.WithCancelCause(dl.ctx)
	resp, err := open(ctx, dl.offset)
	if err != nil {
		cancel(nil)
		return err
	}
	dl.cancel = cancel
	dl.stall = time.AfterFunc(stallTime, func() { cancel(errStalled) })
	dl.mu.Lock()
	dl.body = resp.Body
	dl.mu.Unlock()
	dl.started = dl.offset
	if err := dl.skip(resp); err != nil {
		dl.disconnect()
		return err
	}
	dl.stall.Stop()
	return nil
}

// skip passes over what a server sent although it was not asked for: it may
// ignore the Range header, or begin earlier.
func (dl *download) skip(resp *http.Response) error {
	var begin int64
	if resp.StatusCode == http.StatusPartialContent {
		if _, err := fmt.Sscanf(strings.ToLower(resp.Header.Get("Content-Range")), "bytes %d-", &begin); err != nil {
			return fmt.Errorf("resume at %d: Content-Range %.100q: %w", dl.offset, resp.Header.Get("Content-Range"), err)
		}
	}
	if begin > dl.offset || begin < 0 {
		return fmt.Errorf("resume at %d: the server begins at %d", dl.offset, begin)
	}
	buf := make([]byte, 32<<10)
	for left := dl.offset - begin; left > 0; {
		dl.stall.Reset(stallTime)
		n, err := resp.Body.Read(buf[:min(left, int64(len(buf)))])
		left -= int64(n)
		if err != nil && left > 0 {
			return fmt.Errorf("resume at %d: %w", dl.offset, err)
		}
	}
	return nil
}

// setRange asks for the bytes from offset on. Where the size is known the
// range has an end, because some registries understand no other.
func setRange(req *http.Request, offset, size int64) {
	switch {
	case offset == 0:
	case size > 0:
		req.Header.Set("Range", fmt.Sprintf("bytes=%d-%d", offset, size-1))
	default:
		req.Header.Set("Range", fmt.Sprintf("bytes=%d-", offset))
	}
}
