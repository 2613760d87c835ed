package inflate

import (
	"io"
	"sync"
)

// Pool lends Readers, for formats of many small streams. The zero Pool is ready;
// it may be used by several goroutines at a time. For archive/zip:
//
//	var pool inflate.Pool
//	zr.RegisterDecompressor(zip.Deflate, pool.NewReadCloser)
type Pool struct {
	readers sync.Pool
}

// NewReadCloser returns a reader for the DEFLATE stream in r. Close gives its
// memory back to the pool; it does not close r.
func (p *Pool) NewReadCloser(r io.Reader) io.ReadCloser {
	z, ok := p.readers.Get().(*Reader)
	if !ok {
		z = &Reader{}
	}
	z.Reset(r)
	return &pooled{pool: p, z: z}
}

// pooled is a Reader that is on loan; z is nil after Close.
type pooled struct {
	pool *Pool
	z    *Reader
}

func (p *pooled) Read(b []byte) (int, error) {
	if p.z == nil {
		return 0, ErrClosed
	}
	return p.z.Read(b)
}

func (p *pooled) WriteTo(w io.Writer) (int64, error) {
	if p.z == nil {
		return 0, ErrClosed
	}
	return p.z.WriteTo(w)
}

func (p *pooled) Close() error {
	if p.z != nil {
		p.z.Reset(nil) // do not keep the source alive
		p.pool.readers.Put(p.z)
		p.z = nil
	}
	return nil
}
