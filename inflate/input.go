package inflate

import (
	"encoding/binary"
	"errors"
	"io"
)

var errSource = errors.New("source returned an impossible count")

// fill gets more input, keeping what is unread. It returns an error only when
// no byte was added.
func (d *decoder) fill() error {
	if d.err != nil {
		return d.err
	}
	// Whole bytes in bb go back to the input first, so that they are still
	// there if align has to return them.
	d.unread()
	n := copy(d.in[:], d.in[d.pos:d.end])
	d.base += int64(d.pos)
	d.pos, d.end = 0, n
	for tries := 0; d.err == nil; tries++ {
		m, err := d.src.Read(d.in[n:inSize])
		if m < 0 || m > inSize-n {
			m, err = 0, errSource
		}
		d.end += m
		d.err = err
		if m > 0 {
			return nil
		}
		if err == nil && tries >= 100 {
			d.err = io.ErrNoProgress
		}
	}
	return d.err
}

// unread returns the whole bytes in bb to the input.
func (d *decoder) unread() {
	d.pos -= int(d.nb >> 3)
	d.nb &= 7
	d.bb &= 1<<d.nb - 1
}

// align drops the bits up to the next byte boundary.
func (d *decoder) align() {
	d.unread()
	d.bb, d.nb = 0, 0
}

// offset returns the number of input bytes consumed, wholly or in part.
func (d *decoder) offset() int64 { return d.base + int64(d.pos) - int64(d.nb>>3) }

// refill tops bb up to at least 56 bits, or to all the buffered input.
func (d *decoder) refill() {
	if d.end-d.pos >= 8 {
		d.bb |= binary.LittleEndian.Uint64(d.in[d.pos:]) << d.nb
		n := (63 - d.nb) >> 3
		d.pos += int(n)
		d.nb += n << 3
		d.bb &= 1<<d.nb - 1 // nb is at most 63
		return
	}
	for d.nb < 56 && d.pos < d.end {
		d.bb |= uint64(d.in[d.pos]) << d.nb
		d.pos++
		d.nb += 8
	}
}

// need makes bb hold at least n bits (n <= 56).
func (d *decoder) need(n uint) error {
	for d.nb < n {
		d.refill()
		if d.nb < n {
			if err := d.fill(); err != nil {
				return noEOF(err)
			}
		}
	}
	return nil
}

// take removes n bits, which must be there.
func (d *decoder) take(n uint) uint {
	v := uint(d.bb) & (1<<n - 1)
	d.bb >>= n
	d.nb -= n
	return v
}

// bytes reads len(p) whole bytes; bb is empty.
func (d *decoder) bytes(p []byte) error {
	for len(p) > 0 {
		if err := d.more(); err != nil {
			return noEOF(err)
		}
		n := copy(p, d.in[d.pos:d.end])
		d.pos += n
		p = p[n:]
	}
	return nil
}

// more makes sure that at least one byte is unread; bb is empty.
func (d *decoder) more() error {
	if d.pos < d.end {
		return nil
	}
	return d.fill()
}
