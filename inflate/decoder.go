package inflate

import (
	"io"
	"math"
)

// Sizes of the buffers. The powers of two let a mask bound an index; the spare
// bytes let an access of several bytes begin at any masked index.
const (
	history = 32 << 10
	winSize = 128 << 10
	inSize  = 64 << 10
	spare   = 32
)

// leanBytes is how many input bytes must come for every building of full tables.
// It keeps the cost of the worst input, blocks that end as soon as their tables
// are built, at that of decoding some more bytes of good input.
const leanBytes = 512

type step uint8

const (
	stepHeader step = iota
	stepStored
	stepHuffman
	stepDone
)

// decoder decodes one DEFLATE stream after another from src. Its buffers are
// part of it so that the fast loop needs one register for all of them.
type decoder struct {
	src io.Reader
	err error   // from src, sticky
	tab *tables // of the current block: &fixed or &own

	// Input: in[pos:end] is unread, after the nb low bits of bb. Bits of bb
	// above nb are zero whenever no loop is running. base bytes came before in.
	base     int64
	pos, end int
	bb       uint64
	nb       uint

	// Output: win[rpos:wpos] is decoded and not yet handed over. Matches may
	// reach back to win[0].
	rpos, wpos int

	step   step
	final  bool
	lean   bool  // the tables are lean
	stored int   // bytes left of a stored block
	paid   int64 // from this input offset on, full tables may be built

	in  [inSize + spare]byte
	win [winSize + spare]byte
	own tables
	b   builder
}

// reset starts over with a new source.
func (d *decoder) reset(src io.Reader) {
	d.src, d.err = src, nil
	d.base, d.pos, d.end, d.bb, d.nb = 0, 0, 0, 0, 0
	d.paid = leanBytes
	d.next()
}

// next prepares for another DEFLATE stream in the same input.
func (d *decoder) next() {
	d.rpos, d.wpos = 0, 0
	d.step, d.final = stepHeader, false
}

// slide makes room in a window that is handed over entirely.
func (d *decoder) slide() {
	if d.wpos > history {
		copy(d.win[:history], d.win[d.wpos-history:d.wpos])
		d.wpos = history
	}
	d.rpos = d.wpos
}

// full reports that the window has no room for one more symbol.
func (d *decoder) full() bool { return d.wpos > winSize-outMargin }

// decode produces output until the window is full, the stream ends (io.EOF)
// or an error occurs.
func (d *decoder) decode() error {
	for d.step != stepDone {
		var err error
		if d.step == stepHeader {
			err = d.header()
		}
		switch {
		case err != nil:
		case d.step == stepHuffman:
			err = d.symbols()
		case d.step == stepStored:
			err = d.copyStored()
		}
		if err != nil {
			return &Error{d.offset(), err}
		}
		if d.full() {
			return nil
		}
	}
	return io.EOF
}

// copyStored does a piece of a stored block.
func (d *decoder) copyStored() error {
	if err := d.more(); err != nil {
		return noEOF(err)
	}
	room := min(d.stored, winSize-d.wpos)
	n := copy(d.win[d.wpos:d.wpos+room], d.in[d.pos:d.end])
	d.wpos += n
	d.pos += n
	d.stored -= n
	if d.stored == 0 {
		d.step = stepHeader
	}
	return nil
}

// symbols does a piece of a compressed block.
func (d *decoder) symbols() error {
	var st status
	if d.lean {
		if d.offset() >= d.paid {
			d.enrich()
			return nil
		}
		st = slow(d, d.pos+int(d.paid-d.offset()))
	} else {
		st = fast(d)
		if st == statusMore && !d.full() {
			st = slow(d, math.MaxInt)
		}
	}
	switch st {
	case statusEnd:
		d.step = stepHeader
	case statusBad:
		return ErrCorrupt
	case statusNeed:
		return noEOF(d.fill())
	}
	return nil
}

// enrich goes from lean to full tables.
func (d *decoder) enrich() {
	d.b.buildFull(&d.own)
	d.lean = false
	d.paid += leanBytes
}
