package rpm

import "io"

// headBytes is enough to tell the formats apart; no database is shorter.
const headBytes = 32

// source is the file, in memory or not.
type source struct {
	r    io.ReaderAt
	data []byte // the whole file, or nil
	size int64
}

// read returns n bytes at off: a piece of data, or buf filled. buf must have
// room for n bytes. The result must not be changed.
func (s *source) read(off int64, n int, buf []byte) ([]byte, error) {
	if off < 0 || n < 0 || off > s.size || int64(n) > s.size-off {
		return nil, corrupt("%d bytes at %d of a file of %d", n, off, s.size)
	}
	if s.data != nil {
		return s.data[off : off+int64(n)], nil
	}
	if _, err := io.ReadFull(io.NewSectionReader(s.r, off, int64(n)), buf[:n]); err != nil {
		return nil, err
	}
	return buf[:n], nil
}

// pages reads a file of equal pages, each of which may be used once.
type pages struct {
	src  *source
	size int // of a page
	n    uint32
	used []uint64 // one bit per page
}

// newPages divides the file into pages.
func newPages(src *source, size int) *pages {
	n := min(src.size/int64(size), 1<<32-1)
	return &pages{src: src, size: size, n: uint32(n), used: make([]uint64, n/64+1)}
}

// take reads the page that begins at the multiple i of the page size. A page
// that is taken twice is an error: chains and trees that meet themselves would
// never end.
func (p *pages) take(i uint32, buf []byte) ([]byte, error) {
	if i >= p.n {
		return nil, corrupt("page %d of %d", i, p.n)
	}
	if bit := uint64(1) << (i % 64); p.used[i/64]&bit != 0 {
		return nil, corrupt("page %d is used twice", i)
	} else {
		p.used[i/64] |= bit
	}
	return p.src.read(int64(i)*int64(p.size), p.size, buf)
}
