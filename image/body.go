package image

import "io"

// Body is the content of a regular file while its layer is being read. It is
// used by one goroutine, and only until Visit returns. The pieces that it
// hands out belong to the decoder: they may be read but not written.
//
// A nil Body is an empty one.
type Body struct {
	next func() ([]byte, error)
	// head is handed out before rest, rest before what next returns. Head
	// fills them; rest is the end of a piece of which head has a copy.
	head, rest []byte
	buf        []byte // reused memory of head, when head is a copy
	err        error  // from next, sticky
}

// NewBody returns a Body that hands out the pieces that next returns, until
// io.EOF. The pieces are never empty.
func NewBody(next func() ([]byte, error)) *Body { return &Body{next: next} }

// reset makes b the body of another file and keeps its memory.
func (b *Body) reset(next func() ([]byte, error)) {
	b.next, b.head, b.rest, b.err = next, nil, nil, nil
}

// Next returns the next piece of the file without copying it, valid until the
// following call of any method; io.EOF after the last.
func (b *Body) Next() ([]byte, error) {
	if b == nil {
		return nil, io.EOF
	}
	if p := b.head; len(p) > 0 {
		b.head = nil
		return p, nil
	}
	if p := b.rest; len(p) > 0 {
		b.rest = nil
		return p, nil
	}
	return b.pull()
}

// pull gets a piece from the decoder.
func (b *Body) pull() ([]byte, error) {
	if b.err != nil {
		return nil, b.err
	}
	if b.next == nil {
		return nil, io.EOF
	}
	p, err := b.next()
	b.err = err
	return p, err
}

// Head returns the next n bytes in one piece, fewer only where the file ends,
// without consuming them: Next will still return them. They are valid until
// the next call of any method. Unless a piece of the decoder is too short,
// nothing is copied.
func (b *Body) Head(n int) ([]byte, error) {
	if b == nil {
		return nil, nil
	}
	for len(b.head) < n {
		if len(b.rest) == 0 {
			b.keepHead()
			p, err := b.pull()
			if err == io.EOF {
				break
			}
			if err != nil {
				return b.head, err
			}
			b.rest = p
		}
		b.join(n)
	}
	return b.head[:min(n, len(b.head))], nil
}

// keepHead copies head out of the decoder's window, which pull overwrites.
func (b *Body) keepHead() {
	if len(b.head) > 0 && (len(b.buf) == 0 || &b.head[0] != &b.buf[0]) {
		b.buf = append(b.buf[:0], b.head...)
		b.head = b.buf
	}
}

// join moves bytes from rest to head until head has n.
func (b *Body) join(n int) {
	if len(b.head) == 0 {
		b.head, b.rest = b.rest, nil
		return
	}
	b.keepHead()
	k := min(n-len(b.head), len(b.rest))
	b.buf = append(b.head, b.rest[:k]...)
	b.head, b.rest = b.buf, b.rest[k:]
}

// ReadAll appends what is left of the file to dst and returns it; after an
// error, with what came before it. How much that may be is the caller's
// business: look at Entry.Size first, and give dst that capacity.
func (b *Body) ReadAll(dst []byte) ([]byte, error) {
	for {
		p, err := b.Next()
		if err == io.EOF {
			return dst, nil
		}
		if err != nil {
			return dst, err
		}
		dst = append(dst, p...)
	}
}
