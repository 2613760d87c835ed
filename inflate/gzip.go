package inflate

import (
	"encoding/binary"
	"hash/crc32"
	"io"
)

// GzipReader decodes a gzip file of one or more members.
//
// Like GNU gzip it takes zero bytes after the last member for padding. Anything
// else there is ErrTrailing, after all the output. Like compress/gzip, and so
// the programs that unpack layers, it ignores reserved header flags, lest there
// be layers that run but cannot be scanned.
//
// Buffers, memory and goroutines: as for Reader.
type GzipReader struct {
	z     Reader
	crc   uint32 // of the member so far
	size  uint32
	state gzipState
	rest  []byte // of the piece Read is handing out
	err   error
}

type gzipState uint8

const (
	gzipFirst  gzipState = iota // before the first member
	gzipInside                  // in the DEFLATE stream of a member
	gzipAfter                   // after a member
)

// NewGzipReader returns a reader for the gzip file r. It reads nothing yet.
func NewGzipReader(r io.Reader) *GzipReader {
	g := &GzipReader{}
	g.Reset(r)
	return g
}

// Reset starts over with a new file. Nothing of the one before is kept,
// whatever state it was in.
func (g *GzipReader) Reset(r io.Reader) {
	g.z.Reset(r)
	g.state, g.rest, g.err = gzipFirst, nil, nil
}

// Next returns the next piece of output without copying it, as Reader.Next
// does. The checksum of a member is checked before io.EOF or the first piece of
// the next member is returned.
func (g *GzipReader) Next() ([]byte, error) {
	if p := g.rest; len(p) > 0 {
		g.rest = nil
		return p, nil
	}
	for g.err == nil {
		if g.state != gzipInside {
			g.err = g.begin()
			continue
		}
		p, err := g.z.Next()
		if err == nil {
			g.crc = crc32.Update(g.crc, crc32.IEEETable, p)
			g.size += uint32(len(p))
			return p, nil
		}
		if err == io.EOF {
			err = g.trailer()
		}
		g.err = err
	}
	return nil, g.err
}

// Read implements io.Reader.
func (g *GzipReader) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	if len(g.rest) == 0 {
		var err error
		if g.rest, err = g.Next(); err != nil {
			return 0, err
		}
	}
	n := copy(p, g.rest)
	g.rest = g.rest[n:]
	return n, nil
}

// WriteTo implements io.WriterTo.
func (g *GzipReader) WriteTo(w io.Writer) (int64, error) { return writeTo(w, g.Next) }

// begin begins a member; io.EOF is the end of the file.
func (g *GzipReader) begin() error {
	d := &g.z.d
	err := d.more()
	if err != io.EOF || g.state == gzipFirst {
		err = noEOF(err)
	}
	if err == nil {
		err = g.header()
	}
	if err == io.EOF {
		return io.EOF
	}
	if err != nil {
		return &Error{d.offset(), err}
	}
	d.next()
	g.z.err = nil
	g.state, g.crc, g.size = gzipInside, 0, 0
	return nil
}

// trailer ends a member.
func (g *GzipReader) trailer() error {
	var t [8]byte
	err := g.z.d.bytes(t[:])
	if err == nil && (binary.LittleEndian.Uint32(t[:]) != g.crc || binary.LittleEndian.Uint32(t[4:]) != g.size) {
		err = ErrChecksum
	}
	if err != nil {
		return &Error{g.z.d.offset(), err}
	}
	g.state = gzipAfter
	return nil
}
