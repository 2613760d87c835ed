//go:build inflate_assert

package inflate

import (
	"encoding/binary"
	"fmt"
)

// These are the memory accesses of the fast loop for tests: they panic when one
// leaves the part of its buffer that access_unchecked.go claims it stays in,
// where the checked build would quietly mask the index.

func load64in(d *decoder, i uint) uint64 {
	assert(i, 8, uint(d.end))
	return binary.LittleEndian.Uint64(d.in[i:])
}

func load64(d *decoder, i uint) uint64 {
	assert(i, 8, winSize)
	return binary.LittleEndian.Uint64(d.win[i:])
}

func store64(d *decoder, i uint, v uint64) {
	assert(i, 8, winSize)
	binary.LittleEndian.PutUint64(d.win[i:], v)
}

func store16(d *decoder, i uint, v uint16) {
	assert(i, 2, winSize)
	binary.LittleEndian.PutUint16(d.win[i:], v)
}

// copy32 copies 32 bytes, the first 16 before the others.
func copy32(d *decoder, to, from uint) {
	assert(to, 32, winSize)
	assert(from, 32, winSize)
	copy(d.win[to:to+16], d.win[from:from+16])
	copy(d.win[to+16:to+32], d.win[from+16:from+32])
}

// assert panics unless n bytes at i end at or before end.
func assert(i, n, end uint) {
	if i > end || n > end-i {
		panic(fmt.Sprintf("inflate: access of %d bytes at %d, beyond %d", n, i, end))
	}
}
