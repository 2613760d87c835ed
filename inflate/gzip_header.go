package inflate

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"io"
)

// maxHeaderText bounds the file name and the comment of a gzip header, which
// the format does not. compress/gzip allows 511 bytes.
const maxHeaderText = 64 << 10

// Flags of a gzip header.
const (
	flagCRC     = 1 << 1
	flagExtra   = 1 << 2
	flagName    = 1 << 3
	flagComment = 1 << 4
)

// headerReader reads a gzip header and sums it up for its checksum.
type headerReader struct {
	d   *decoder
	crc uint32
}

// header reads the header of a member, or the padding after the last one, which
// ends with io.EOF.
func (g *GzipReader) header() error {
	h := headerReader{d: &g.z.d}
	if g.state == gzipAfter {
		if err := h.magicOrPadding(); err != nil {
			return err
		}
	}
	var b [10]byte
	if err := h.bytes(b[:]); err != nil {
		return err
	}
	if b[0] != 0x1f || b[1] != 0x8b || b[2] != 8 {
		return ErrHeader
	}
	flags := b[3]
	if flags&flagExtra != 0 {
		if err := h.extra(); err != nil {
			return err
		}
	}
	for _, f := range []byte{flagName, flagComment} {
		if flags&f == 0 {
			continue
		}
		if err := h.text(); err != nil {
			return err
		}
	}
	if flags&flagCRC == 0 {
		return nil
	}
	want := uint16(h.crc)
	if err := h.bytes(b[:2]); err != nil {
		return err
	}
	if binary.LittleEndian.Uint16(b[:]) != want {
		return ErrHeader
	}
	return nil
}

// magicOrPadding makes sure that another member comes next. Zeros up to the end
// of the file are io.EOF; anything else is ErrTrailing.
func (h *headerReader) magicOrPadding() error {
	d := h.d
	if d.in[d.pos] == 0 {
		return skipPadding(d)
	}
	if d.end-d.pos < 2 {
		if err := d.fill(); err == io.EOF {
			return ErrTrailing
		} else if err != nil {
			return err
		}
	}
	if d.in[d.pos] != 0x1f || d.in[d.pos+1] != 0x8b {
		return ErrTrailing
	}
	return nil
}

// skipPadding reads zeros up to the end of the file, which is io.EOF.
func skipPadding(d *decoder) error {
	for d.in[d.pos] == 0 {
		d.pos++
		if err := d.more(); err != nil {
			return err
		}
	}
	return ErrTrailing
}

func (h *headerReader) bytes(p []byte) error {
	err := h.d.bytes(p)
	h.crc = crc32.Update(h.crc, crc32.IEEETable, p)
	return err
}

// extra skips the extra field.
func (h *headerReader) extra() error {
	var b [64]byte
	if err := h.bytes(b[:2]); err != nil {
		return err
	}
	for n := int(b[0]) | int(b[1])<<8; n > 0; {
		k := min(n, len(b))
		if err := h.bytes(b[:k]); err != nil {
			return err
		}
		n -= k
	}
	return nil
}

// text skips a string that ends with a zero byte.
func (h *headerReader) text() error {
	d := h.d
	for left := maxHeaderText; left > 0; {
		if err := d.more(); err != nil {
			return noEOF(err)
		}
		p := d.in[d.pos:min(d.end, d.pos+left)]
		end := bytes.IndexByte(p, 0)
		if end >= 0 {
			p = p[:end+1]
		}
		h.crc = crc32.Update(h.crc, crc32.IEEETable, p)
		d.pos += len(p)
		left -= len(p)
		if end >= 0 {
			return nil
		}
	}
	return ErrHeader
}
