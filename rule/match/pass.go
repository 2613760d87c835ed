package match

import (
	"encoding/binary"
	"math/bits"
	"slices"
)

const (
	window     = 4          // bytes of the widest window
	longStride = 4          // positions from one window to the next where literals are long
	foldMask   = 0x20202020 // puts letters in lower case and merges a few other bytes

	// multiplier is the golden ratio in 32 bits: its products spread over the high bits.
	multiplier = 0x9e3779b1
)

func widthMask(n int) uint32 { return uint32(1<<(8*n) - 1) }

// filter is a set of hashed windows: the high half of the hash finds a byte, three
// lower bits one bit in it. A byte that is not zero is the cheap first test.
type filter [1 << 16]uint8

func (f *filter) first(g uint32) uint8 { return f[g*multiplier>>16] }

func (f *filter) has(g uint32) bool {
	h := g * multiplier
	return f[h>>16]&(1<<(h>>13&7)) != 0
}

// set enters the window g of n bytes with all continuations to width bytes.
func (f *filter) set(g uint32, n, width int) {
	if n == width {
		h := g * multiplier
		f[h>>16] |= 1 << (h >> 13 & 7)
		return
	}
	for c := range uint32(256) {
		if c&0x20 != 0 {
			f.set(g|c<<(8*n), n+1, width)
		}
	}
}

// pass is one way over the text with windows of one width.
type pass struct {
	width, stride int
	filter        *filter
	tables        [window + 1]table // by the width of what they are looked up with
}

func (p *pass) scan(s *Set, data []byte, hit func(id, start int) bool) bool {
	if p.stride == longStride {
		return p.scanLong(s, data, hit)
	}
	f, mask := p.filter, widthMask(p.width)
	i := 0
	for ; i+16 <= len(data); i += 8 {
		b := data[i : i+16 : i+16]
		v := binary.LittleEndian.Uint64(b) | foldMask<<32 | foldMask
		w := binary.LittleEndian.Uint64(b[4:]) | foldMask<<32 | foldMask
		if f.first(uint32(v)&mask)|f.first(uint32(v>>8)&mask)|f.first(uint32(v>>16)&mask)|f.first(uint32(v>>24)&mask)|
			f.first(uint32(w)&mask)|f.first(uint32(w>>8)&mask)|f.first(uint32(w>>16)&mask)|f.first(uint32(w>>24)&mask) == 0 {
			continue
		}
		for k := range 4 {
			if g := uint32(v>>(8*k)) & mask; f.has(g) && !p.verify(s, data, i+k, g, hit) {
				return false
			}
		}
		for k := range 4 {
			if g := uint32(w>>(8*k)) & mask; f.has(g) && !p.verify(s, data, i+4+k, g, hit) {
				return false
			}
		}
	}
	return p.scanEnd(s, data, i, hit)
}

// scanLong looks at every fourth position.
func (p *pass) scanLong(s *Set, data []byte, hit func(id, start int) bool) bool {
	f := p.filter
	i := 0
	for ; i+16 <= len(data); i += 16 {
		b := data[i : i+16 : i+16]
		v := binary.LittleEndian.Uint64(b) | foldMask<<32 | foldMask
		w := binary.LittleEndian.Uint64(b[8:]) | foldMask<<32 | foldMask
		if f.first(uint32(v))|f.first(uint32(v>>32))|f.first(uint32(w))|f.first(uint32(w>>32)) == 0 {
			continue
		}
		for k, g := range [4]uint32{uint32(v), uint32(v >> 32), uint32(w), uint32(w >> 32)} {
			if f.has(g) && !p.verify(s, data, i+4*k, g, hit) {
				return false
			}
		}
	}
	for ; i+window <= len(data); i += longStride {
		if g := gram(data[i:], window); f.has(g) && !p.verify(s, data, i, g, hit) {
			return false
		}
	}
	return true
}

// scanEnd looks at every position from at to the end; beyond it are zeros.
func (p *pass) scanEnd(s *Set, data []byte, at int, hit func(id, start int) bool) bool {
	var pad [16 + window]byte
	copy(pad[:], data[at:])
	for i := at; i < len(data); i++ {
		if g := gram(pad[i-at:], p.width); p.filter.has(g) && !p.verify(s, data, i, g, hit) {
			return false
		}
	}
	return true
}

// verify reports the literals that have the window g at data[i:].
func (p *pass) verify(s *Set, data []byte, i int, g uint32, hit func(id, start int) bool) bool {
	for n := 1; n <= p.width; n++ {
		for _, e := range p.tables[n].find(g & widthMask(n)) {
			if start := i - int(e.off); s.literals[e.id].at(data, start) && !hit(int(e.id), start) {
				return false
			}
		}
	}
	return true
}

// entry says that literal id has the window at off.
type entry struct {
	gram    uint32
	id, off int32
}

// table finds the entries of a window: open addressing over ranges of entries.
type table struct {
	slots   []slot // a power of two of them, or none
	shift   uint8
	entries []entry
}

type slot struct {
	gram        uint32
	first, last uint32 // no entry: empty
}

func (b *builder) table() table {
	slices.SortStableFunc(b.entries, func(x, y entry) int {
		switch {
		case x.gram < y.gram:
			return -1
		case x.gram > y.gram:
			return 1
		}
		return 0
	})
	size := bits.Len(uint(2 * len(b.used)))
	t := table{slots: make([]slot, 1<<size), shift: uint8(32 - size), entries: b.entries}
	for i := 0; i < len(b.entries); {
		j := i + 1
		for j < len(b.entries) && b.entries[j].gram == b.entries[i].gram {
			j++
		}
		t.insert(slot{b.entries[i].gram, uint32(i), uint32(j)})
		i = j
	}
	return t
}

func (t *table) insert(s slot) {
	i := s.gram * multiplier >> t.shift
	for t.slots[i].last != 0 {
		i = (i + 1) & uint32(len(t.slots)-1)
	}
	t.slots[i] = s
}

func (t *table) find(g uint32) []entry {
	if len(t.slots) == 0 {
		return nil
	}
	i := g * multiplier >> t.shift
	for {
		s := &t.slots[i&uint32(len(t.slots)-1)]
		if s.last == 0 {
			return nil
		}
		if s.gram == g {
			return t.entries[s.first:s.last]
		}
		i++
	}
}
