package image

import (
	"context"
	"fmt"
	"io"
	"sync"
)

// The ring of buffers between the goroutine that reads and hashes a blob and
// the one that decodes it: large enough that handing over costs nothing, small
// enough to stay in the second-level caches.
const (
	ringBuffers = 4
	ringBytes   = 256 << 10
)

type ring [ringBuffers][ringBytes]byte

// rings keeps rings from one layer to the next. It is only memory.
var rings = sync.Pool{New: func() any { return new(ring) }}

// blobReader reads a blob ahead and hashes it on a goroutine of its own, so
// that waiting for bytes, hashing and decoding overlap.
type blobReader struct {
	ctx    context.Context
	cancel context.CancelFunc
	src    io.ReadCloser
	close  func() error // of src, once
	size   int64        // promised, -1 unknown
	sum    *digester    // complete once Next has returned io.EOF

	ring *ring
	free chan []byte
	full chan chunk
	done chan struct{} // closed when the goroutine has ended

	rest []byte // unread end of buf
	buf  []byte // to be given back
	n    int64  // bytes handed out
	err  error  // sticky
}

// chunk is a filled buffer, or the end.
type chunk struct {
	buf []byte
	err error
}

// newBlobReader starts to read src, of which size bytes are promised, or any
// number if size is negative. Close must be called. The context's end closes
// src, to end a Read that blocks; so src.Close must be safe during Read, as it
// is for files, pipes and HTTP bodies.
func newBlobReader(ctx context.Context, src io.ReadCloser, size int64, sum *digester) *blobReader {
	r := &blobReader{
		src: src, close: sync.OnceValue(src.Close), size: size, sum: sum,
		ring: rings.Get().(*ring),
		free: make(chan []byte, ringBuffers),
		full: make(chan chunk, ringBuffers+1),
		done: make(chan struct{}),
	}
	r.ctx, r.cancel = context.WithCancel(ctx)
	for i := range r.ring {
		r.free <- r.ring[i][:]
	}
	go r.ahead()
	return r
}

// ahead fills buffers until the end. Sending never blocks, for full has room
// for every buffer and the end.
func (r *blobReader) ahead() {
	defer close(r.done)
	stop := context.AfterFunc(r.ctx, func() { r.close() })
	defer stop()
	left := r.size
	for {
		var buf []byte
		select {
		case buf = <-r.free:
		case <-r.ctx.Done():
			r.full <- chunk{err: r.ctx.Err()}
			return
		}
		n, err := io.ReadFull(r.src, buf)
		if r.size >= 0 && int64(n) > left {
			n, err = int(left), fmt.Errorf("%w: blob is longer than the promised %d bytes", ErrDigest, r.size)
		}
		left -= int64(n)
		r.sum.Write(buf[:n])
		if n > 0 {
			r.full <- chunk{buf: buf[:n]}
		}
		if err != nil {
			r.full <- chunk{err: r.end(err, left)}
			return
		}
	}
}

// end says how reading ended: io.EOF if well.
func (r *blobReader) end(err error, left int64) error {
	switch {
	case r.ctx.Err() != nil:
		return r.ctx.Err()
	case err != io.EOF && err != io.ErrUnexpectedEOF: // the latter is io.ReadFull's for a last, shorter piece
		return err
	case r.size >= 0 && left > 0:
		return fmt.Errorf("%w: blob ends %d bytes before the promised %d: %w", ErrDigest, left, r.size, io.ErrUnexpectedEOF)
	}
	return io.EOF
}

// fill makes rest hold at least a byte.
func (r *blobReader) fill() error {
	for len(r.rest) == 0 && r.err == nil {
		if r.buf != nil {
			r.free <- r.buf[:ringBytes]
			r.buf = nil
		}
		c := <-r.full // ahead ends with the context, and says so
		r.buf, r.rest, r.err = c.buf, c.buf, c.err
	}
	if len(r.rest) == 0 {
		return r.err
	}
	return nil
}

// head returns the first bytes without consuming them.
func (r *blobReader) head() ([]byte, error) {
	err := r.fill()
	return r.rest, err
}

// Next implements pieceSource.
func (r *blobReader) Next() ([]byte, error) {
	if err := r.fill(); err != nil {
		return nil, err
	}
	p := r.rest
	r.rest = nil
	r.n += int64(len(p))
	return p, nil
}

// Read implements io.Reader.
func (r *blobReader) Read(p []byte) (int, error) {
	if err := r.fill(); err != nil {
		return 0, err
	}
	n := copy(p, r.rest)
	r.rest = r.rest[n:]
	r.n += int64(n)
	return n, nil
}

// failure returns the error that reading the blob ended with, if it ended and
// not well.
func (r *blobReader) failure() error {
	if r.err == io.EOF {
		return nil
	}
	return r.err
}

// drain reads the rest, for the digest, at most limit bytes.
func (r *blobReader) drain(limit int64) error {
	for from := r.n; ; {
		if _, err := r.Next(); err != nil {
			return r.failure()
		}
		if r.n-from > limit {
			return beyond("more than %d bytes behind what could be read", limit)
		}
	}
}

// Close ends the goroutine and closes the source.
func (r *blobReader) Close() error {
	r.cancel()
	err := r.close()
	<-r.done
	rings.Put(r.ring)
	return err
}
