package image

import "io"

// tarReader reads a tar stream: v7, ustar, star, PAX and GNU, with sparse
// files expanded. It agrees with Go's archive/tar, which is what container
// engines unpack with, on everything that archive/tar accepts; where engines
// skip a global PAX header, so does this.
//
// Content is handed out without copying, and costs nothing if nobody asks.
type tarReader struct {
	tarStream
	limits  *Limits
	headers int // seen

	// Of the current entry.
	hdr       tarHeader
	left, pad int64 // bytes stored and not yet read, and the padding behind
	sparse    *sparseReader
	holes     int64 // bytes of holes handed out, in all entries

	ext tarExtension // for the next entry
	buf []byte       // reused, for the content of extension headers
}

func newTarReader(src pieceSource, lim *Limits) *tarReader {
	return &tarReader{tarStream: tarStream{src: src}, limits: lim}
}

// next goes to the next entry. The header is valid until the following call;
// if its bad is set, only its name is of use. The error is io.EOF at the end
// of the tar: after two blocks of zeros or where the stream ends between
// entries. Any other error is final.
func (t *tarReader) next() (*tarHeader, error) {
	t.ext = tarExtension{}
	for {
		if err := t.finish(); err != nil {
			return nil, err
		}
		block, err := t.headerBlock()
		if err != nil {
			return nil, err
		}
		format, err := t.hdr.parse(block)
		if err != nil {
			return nil, err
		}
		if err := t.setStored(t.hdr.size); err != nil {
			return nil, err
		}
		switch t.hdr.typ {
		case tarPAX, tarGlobal, tarGNUName, tarGNULink:
			err = t.extension()
		default:
			return &t.hdr, t.entry(block, format)
		}
		if err != nil {
			return nil, err
		}
	}
}

// finish passes over what is left of the current entry. A stream that ends in
// the padding ends well.
func (t *tarReader) finish() error {
	if err := t.skip(t.left); err != nil {
		return noEOF(err)
	}
	pad := t.pad
	t.left, t.pad, t.sparse = 0, 0, nil
	if err := t.skip(pad); err != io.EOF {
		return err
	}
	return nil
}

// headerBlock returns the next header, or io.EOF at the end marker or the end
// of the stream.
func (t *tarReader) headerBlock() ([]byte, error) {
	block, err := t.nextBlock()
	if err != nil {
		return nil, err
	}
	if isZero(block) {
		block, err := t.nextBlock()
		if err == nil && isZero(block) {
			err = io.EOF
		} else if err == nil {
			err = corrupt("data after half an end marker")
		}
		return nil, err
	}
	if t.headers++; t.headers > t.limits.Entries {
		return nil, beyond("more than %d tar headers", t.limits.Entries)
	}
	return block, nil
}

func isZero(block []byte) bool {
	return block[0] == 0 && [blockSize]byte(block) == [blockSize]byte{}
}

// setStored notes how much content follows the header.
func (t *tarReader) setStored(size int64) error {
	if t.hdr.headerOnly() {
		size = 0
	}
	if size < 0 {
		return corrupt("tar header of %.100q has a negative size", t.hdr.name)
	}
	t.left, t.pad = size, -size&(blockSize-1)
	return nil
}

// extension reads a header that describes the next entry.
func (t *tarReader) extension() error {
	if t.left > t.limits.HeaderBytes {
		return beyond("extension header of %d bytes", t.left)
	}
	b, err := t.append(t.buf[:0], t.left)
	if err != nil {
		return err
	}
	t.buf, t.left = b, 0
	switch t.hdr.typ {
	case tarGNUName:
		t.ext.gnuName = string(cstring(b))
	case tarGNULink:
		t.ext.gnuLink = string(cstring(b))
	case tarPAX:
		return t.ext.parsePAX(b)
	case tarGlobal:
		err := t.ext.parsePAX(b)
		t.ext = tarExtension{}
		return err
	}
	return nil
}

// entry completes the header of a real entry.
func (t *tarReader) entry(block []byte, format tarFormat) error {
	h := &t.hdr
	if err := h.apply(&t.ext); err != nil {
		return err
	}
	if err := t.setStored(h.size); err != nil {
		return err
	}
	if h.typ == tarGNUSparse {
		return t.oldSparse(block, format)
	}
	if t.ext.sparse.version() < 0 {
		return nil
	}
	if t.ext.sparse.name != "" {
		h.name = t.ext.sparse.name
	}
	spans, size, err := t.paxSparseMap(&t.ext.sparse, h.size)
	if t.err != nil {
		return noEOF(t.err)
	}
	t.setSparse(spans, size, err)
	return nil
}

// oldSparse completes the header of an old GNU sparse file. Without its whole
// map there is no telling where the next entry is.
func (t *tarReader) oldSparse(block []byte, format tarFormat) error {
	size, ok := parseNumber(fieldGNURealSize.of(block))
	if format != formatGNU || !ok {
		return corrupt("sparse file %.100q without a valid GNU header", t.hdr.name)
	}
	spans, err := t.oldSparseMap(block)
	if err != nil {
		return err
	}
	t.setSparse(spans, size, nil)
	return nil
}

// setSparse makes the content that of a sparse file, or the entry a bad one.
func (t *tarReader) setSparse(spans []span, size int64, err error) {
	if err == nil && t.hdr.headerOnly() {
		err = corrupt("sparse map without a file")
	}
	if err == nil {
		t.sparse, err = newSparseReader(spans, size, t.left)
	}
	t.hdr.size, t.hdr.bad = size, err
}

// content returns the next piece of the current entry's content, valid until
// the next call of any method; io.EOF at its end.
func (t *tarReader) content() ([]byte, error) {
	n := t.left
	if s := t.sparse; s != nil {
		var stored bool
		if n, stored = s.step(); n > 0 && !stored {
			return t.hole(n)
		}
	}
	if n == 0 {
		return nil, io.EOF
	}
	p, err := t.piece(n)
	if err != nil {
		return nil, noEOF(err)
	}
	t.left -= int64(len(p))
	if t.sparse != nil {
		t.sparse.pos += int64(len(p))
	}
	return p, nil
}

// hole returns zeros. They count as if they had been stored.
func (t *tarReader) hole(n int64) ([]byte, error) {
	n = min(n, int64(len(zeros)))
	if t.holes += n; t.holes > t.limits.LayerBytes {
		return nil, beyond("more than %d bytes of holes in sparse files", t.limits.LayerBytes)
	}
	t.sparse.pos += n
	return zeros[:n], nil
}
