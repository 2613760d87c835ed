package inflate

import "io"

// Reader decodes a raw DEFLATE stream.
//
// It reads ahead: when it returns io.EOF, up to 64 KiB after the end of the
// stream may have been taken from the source.
//
// A Reader takes 241 KiB, all of it allocated by NewReader; keep one and
// Reset it to decode many streams. One Reader must not be used by several
// goroutines at a time; different ones are independent.
type Reader struct {
	d   decoder
	err error // after what is in the window
}

// NewReader returns a Reader for the DEFLATE stream in r.
func NewReader(r io.Reader) *Reader {
	z := &Reader{}
	z.Reset(r)
	return z
}

// Reset starts over with a new stream. Nothing of the one before is kept,
// whatever state it was in.
func (z *Reader) Reset(r io.Reader) {
	z.d.reset(r)
	z.err = nil
}

// Next returns the next piece of output without copying it, and io.EOF at the
// end of the stream. The piece is never empty and at most 128 KiB long. It is
// part of the window: it is valid until the next call of any method, and must
// not be written to.
func (z *Reader) Next() ([]byte, error) {
	if err := z.await(); err != nil {
		return nil, err
	}
	d := &z.d
	p := d.win[d.rpos:d.wpos:d.wpos]
	d.rpos = d.wpos
	return p, nil
}

// await decodes until there is output; it returns the error when there is none.
func (z *Reader) await() error {
	for z.d.rpos == z.d.wpos {
		if z.err != nil {
			return z.err
		}
		z.d.slide()
		z.err = z.d.decode()
	}
	return nil
}

// Read implements io.Reader.
func (z *Reader) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	if err := z.await(); err != nil {
		return 0, err
	}
	n := copy(p, z.d.win[z.d.rpos:z.d.wpos])
	z.d.rpos += n
	return n, nil
}

// WriteTo implements io.WriterTo.
func (z *Reader) WriteTo(w io.Writer) (int64, error) { return writeTo(w, z.Next) }

// writeTo writes the pieces that next returns.
func writeTo(w io.Writer, next func() ([]byte, error)) (total int64, err error) {
	for {
		p, err := next()
		if err == io.EOF {
			return total, nil
		}
		if err != nil {
			return total, err
		}
		n, err := w.Write(p)
		total += int64(n)
		if err != nil {
			return total, err
		}
		if n != len(p) {
			return total, io.ErrShortWrite
		}
	}
}
