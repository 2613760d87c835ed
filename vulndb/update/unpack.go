package update

import (
	"archive/tar"
	"archive/zip"
	"bufio"
	"bytes"
	"compress/bzip2"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/klauspost/compress/flate"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
	"github.com/therootcompany/xz"
	"golang.org/x/sync/errgroup"

	"github.com/boltseal/boltseal/vulndb/feed"
	"github.com/boltseal/boltseal/vulndb/feed/input"
)

// Limits of what a downloaded file may unpack to. The largest real archive,
// Red Hat's of CSAF documents, has 300,000 entries and 20 GB.
const (
	maxUnpacked  = 64 << 30
	maxDocuments = 5_000_000
	maxWindow    = 1 << 27 // of zstd, as `zstd --long=27` writes
	batchSize    = 1 << 18 // bytes of documents that a worker takes at once
)

// errLimit is wrapped by errors about files that go beyond a limit.
var errLimit = errors.New("limit exceeded")

// parse is called for each document, concurrently. Body is valid during the
// call only.
type parse func(doc feed.Document) error

// unpacker cuts a file into documents and has them parsed by workers.
type unpacker struct {
	artifact string
	entries  string // of feed.Artifact
	parse    parse
	damaged  func(name string, err error) // hears of an entry that can't be unpacked
	workers  int
	zstd     *zstd.Decoder // to use again: its window may take 128 MiB
	total    int64
	count    int
	free     chan []byte // buffers of batches to use again
}

// file unpacks the file as its name's endings tell: .jsonl has a document in
// each line, .zip and .tar one in each entry, anything else is one document;
// each of them may be packed with .zst, .gz, .bz2 or .xz.
func (u *unpacker) file(ctx context.Context, name string) error {
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	if filepath.Ext(name) == ".zip" {
		return u.zip(ctx, f)
	}
	r, inner, err := u.decompress(f, filepath.Base(name))
	if err != nil {
		return fmt.Errorf("unpack %s: %w", name, err)
	}
	r = &limitedReader{r: r, left: maxUnpacked}
	switch filepath.Ext(inner) {
	case ".jsonl":
		err = u.batches(ctx, func(send func(batch) error) error { return u.lines(r, inner, send) })
	case ".tar":
		err = u.batches(ctx, func(send func(batch) error) error { return u.tar(r, send) })
	default:
		u.count++
		err = u.parse(feed.Document{Artifact: u.artifact, Name: inner, Size: -1, Body: r})
	}
	if err != nil {
		return fmt.Errorf("unpack %s: %w", name, err)
	}
	return nil
}

// decompress returns the content of a packed file, and its name without the
// packing's ending.
func (u *unpacker) decompress(r io.Reader, name string) (io.Reader, string, error) {
	ext := filepath.Ext(name)
	inner := strings.TrimSuffix(name, ext)
	switch ext {
	case ".zst":
		return u.zstd, inner, u.zstd.Reset(r)
	case ".gz":
		z, err := gzip.NewReader(r)
		return z, inner, err
	case ".xz":
		z, err := xz.NewReader(bufio.NewReader(r), maxWindow)
		return z, inner, err
	case ".bz2":
		return bzip2.NewReader(bufio.NewReader(r)), inner, nil
	}
	return r, name, nil
}

func newDecoder() (*zstd.Decoder, error) {
	return zstd.NewReader(nil, zstd.WithDecoderMaxWindow(maxWindow), zstd.WithDecoderLowmem(true), zstd.WithDecoderConcurrency(1))
}

// limitedReader fails instead of ending when more than left bytes come.
type limitedReader struct {
	r    io.Reader
	left int64
}

func (l *limitedReader) Read(p []byte) (int, error) {
	n, err := l.r.Read(p)
	if l.left -= int64(n); l.left < 0 {
		return 0, fmt.Errorf("%w: more than %d bytes", errLimit, int64(maxUnpacked))
	}
	return n, err
}

// batch is some documents that stand one after the other in data.
type batch struct {
	data []byte
	docs []span
}

type span struct {
	name       string
	start, end int
}

// batches runs produce and has what it sends parsed by the workers.
func (u *unpacker) batches(ctx context.Context, produce func(send func(batch) error) error) error {
	group, ctx := errgroup.WithContext(ctx)
	work := make(chan batch)
	u.free = make(chan []byte, u.workers+1)
	for range u.workers {
		group.Go(func() error {
			for b := range work {
				for _, s := range b.docs {
					body := b.data[s.start:s.end]
					doc := feed.Document{Artifact: u.artifact, Name: s.name, Size: int64(len(body)), Body: bytes.NewReader(body)}
					if err := u.parse(doc); err != nil {
						return err
					}
				}
				select {
				case u.free <- b.data[:0]:
				default:
				}
			}
			return nil
		})
	}
	group.Go(func() error {
		defer close(work)
		return produce(func(b batch) error {
			select {
			case work <- b:
				return nil
			case <-ctx.Done():
				return ctx.Err()
			}
		})
	})
	return group.Wait()
}

// newBatch takes a buffer that the workers are done with.
func (u *unpacker) newBatch() batch {
	select {
	case data := <-u.free:
		return batch{data: data}
	default:
		return batch{data: make([]byte, 0, batchSize+batchSize/4)}
	}
}

// more counts a document and says when there are too many.
func (u *unpacker) more() error {
	if u.count++; u.count > maxDocuments {
		return fmt.Errorf("%w: more than %d documents", errLimit, maxDocuments)
	}
	return nil
}

// lines sends each line that isn't blank.
func (u *unpacker) lines(r io.Reader, name string, send func(batch) error) error {
	br := bufio.NewReaderSize(r, 1<<20)
	b := u.newBatch()
	for number := 1; ; number++ {
		start := len(b.data)
		var err error
		b.data, err = appendLine(b.data, br)
		if err != nil && !errors.Is(err, io.EOF) {
			return fmt.Errorf("%s:%d: %w", name, number, err)
		}
		if len(bytes.TrimSpace(b.data[start:])) > 0 {
			if e := u.more(); e != nil {
				return e
			}
			b.docs = append(b.docs, span{fmt.Sprintf("%s:%d", name, number), start, len(b.data)})
		}
		if len(b.data) >= batchSize || err != nil && len(b.docs) > 0 {
			if e := send(b); e != nil {
				return e
			}
			b = u.newBatch()
		}
		if err != nil {
			return nil
		}
	}
}

// appendLine appends the next line up to input.MaxRecord bytes.
func appendLine(dst []byte, r *bufio.Reader) ([]byte, error) {
	start := len(dst)
	for {
		part, err := r.ReadSlice('\n')
		dst = append(dst, part...)
		if len(dst)-start > input.MaxRecord {
			return dst, fmt.Errorf("line: %w", input.ErrTooLarge)
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return dst, err
		}
	}
}

// wanted says if an archive's entry is a document.
func (u *unpacker) wanted(name string) bool {
	ok, err := path.Match(u.entries, path.Base(name))
	return u.entries == "" || ok && err == nil
}

// tar sends each regular file of an archive.
func (u *unpacker) tar(r io.Reader, send func(batch) error) error {
	b := u.newBatch()
	for tr := tar.NewReader(r); ; {
		h, err := tr.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		if h.Typeflag != tar.TypeReg || !u.wanted(h.Name) {
			continue
		}
		if h.Size > input.MaxRecord {
			u.damaged(h.Name, fmt.Errorf("unpack %s: %w", h.Name, input.ErrTooLarge))
			continue
		}
		if err := u.more(); err != nil {
			return err
		}
		start := len(b.data)
		b.data = append(b.data, make([]byte, h.Size)...)
		if _, err := io.ReadFull(tr, b.data[start:]); err != nil {
			return fmt.Errorf("%s: %w", h.Name, err)
		}
		b.docs = append(b.docs, span{h.Name, start, len(b.data)})
		if len(b.data) >= batchSize {
			if err := send(b); err != nil {
				return err
			}
			b = u.newBatch()
		}
	}
	if len(b.docs) == 0 {
		return nil
	}
	return send(b)
}

// zip has each entry unpacked and parsed by a worker.
func (u *unpacker) zip(ctx context.Context, f *os.File) error {
	info, err := f.Stat()
	if err != nil {
		return err
	}
	z, err := zip.NewReader(f, info.Size())
	if err != nil {
		return fmt.Errorf("unpack %s: %w", f.Name(), err)
	}
	z.RegisterDecompressor(zip.Deflate, func(r io.Reader) io.ReadCloser { return flate.NewReader(r) })
	group, ctx := errgroup.WithContext(ctx)
	work := make(chan *zip.File)
	for range u.workers {
		group.Go(func() error {
			var buf bytes.Buffer
			for entry := range work {
				if err := unpackEntry(entry, &buf); err != nil {
					u.damaged(entry.Name, fmt.Errorf("unpack %s: %w", entry.Name, err))
					continue
				}
				body := buf.Bytes()
				doc := feed.Document{Artifact: u.artifact, Name: entry.Name, Size: int64(len(body)), Body: bytes.NewReader(body)}
				if err := u.parse(doc); err != nil {
					return fmt.Errorf("unpack %s: %s: %w", f.Name(), entry.Name, err)
				}
			}
			return nil
		})
	}
	group.Go(func() error {
		defer close(work)
		for _, entry := range z.File {
			if !entry.Mode().IsRegular() || !u.wanted(entry.Name) {
				continue
			}
			if err := u.more(); err != nil {
				return err
			}
			if u.total += int64(entry.UncompressedSize64); u.total > maxUnpacked {
				return fmt.Errorf("%w: more than %d bytes", errLimit, int64(maxUnpacked))
			}
			select {
			case work <- entry:
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		return nil
	})
	return group.Wait()
}

// unpackEntry writes the entry's content into the empty buffer.
func unpackEntry(entry *zip.File, buf *bytes.Buffer) error {
	r, err := entry.Open()
	if err != nil {
		return err
	}
	defer r.Close()
	buf.Reset()
	if n, err := buf.ReadFrom(io.LimitReader(r, input.MaxRecord+1)); err != nil {
		return err
	} else if n > input.MaxRecord {
		return input.ErrTooLarge
	}
	return nil
}
