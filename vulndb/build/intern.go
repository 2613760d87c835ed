package build

import (
	"bytes"
	"hash/maphash"
	"slices"
)

// interner numbers distinct strings from 0 on. A million strings take
// their own bytes and about 16 more each. It is not safe for concurrent use.
type interner struct {
	seed  maphash.Seed
	arena []byte
	ends  []uint32 // of string i in arena
	slots []uint32 // number plus one; 0 is empty; length is a power of two
}

func newInterner() *interner {
	return &interner{seed: maphash.MakeSeed(), slots: make([]uint32, 1<<10)}
}

// len is how many strings there are.
func (t *interner) len() int { return len(t.ends) }

// bytes returns string i, valid for as long as the interner.
func (t *interner) bytes(i uint32) []byte {
	start := uint32(0)
	if i > 0 {
		start = t.ends[i-1]
	}
	return t.arena[start:t.ends[i]:t.ends[i]]
}

func (t *interner) string(i uint32) string { return string(t.bytes(i)) }

// add returns the number of s, a new one when s is new.
func (t *interner) add(s string) uint32 {
	slot := t.slot(s)
	if n := t.slots[slot]; n != 0 {
		return n - 1
	}
	t.arena = append(t.arena, s...)
	t.ends = append(t.ends, uint32(len(t.arena)))
	t.slots[slot] = uint32(len(t.ends))
	if len(t.ends)*2 > len(t.slots) {
		t.grow()
	}
	return uint32(len(t.ends) - 1)
}

// slot is where s is, or where it belongs.
func (t *interner) slot(s string) int {
	mask := len(t.slots) - 1
	i := int(maphash.String(t.seed, s)) & mask
	for t.slots[i] != 0 && string(t.bytes(t.slots[i]-1)) != s {
		i = (i + 1) & mask
	}
	return i
}

func (t *interner) grow() {
	t.slots = make([]uint32, 2*len(t.slots))
	for i := range t.ends {
		t.slots[t.slot(t.string(uint32(i)))] = uint32(i + 1)
	}
}

// sorted returns the numbers for which keep holds in the order of their
// strings.
func (t *interner) sorted(keep func(i uint32) bool) []uint32 {
	var out []uint32
	for i := range uint32(t.len()) {
		if keep(i) {
			out = append(out, i)
		}
	}
	slices.SortFunc(out, func(a, b uint32) int { return bytes.Compare(t.bytes(a), t.bytes(b)) })
	return out
}

// numbers is a set of numbers of an interner.
type numbers []uint64

func (s *numbers) add(i uint32) {
	for int(i/64) >= len(*s) {
		*s = append(*s, 0)
	}
	(*s)[i/64] |= 1 << (i % 64)
}

func (s numbers) has(i uint32) bool {
	return int(i/64) < len(s) && s[i/64]&(1<<(i%64)) != 0
}
