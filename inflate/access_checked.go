//go:build !inflate_assert && (!inflate_unsafe || !(amd64 || arm64))

package inflate

import "encoding/binary"

// These are the memory accesses of the fast loop. The masks never change an
// index that is right; they, and the spare bytes behind each buffer, show the
// compiler that the access is inside the array whatever the index, so it emits
// one AND instead of a compare and a branch.

func load64in(d *decoder, i uint) uint64 {
	i &= inSize - 1
	return binary.LittleEndian.Uint64(d.in[i : i+8])
}

func load64(d *decoder, i uint) uint64 {
	i &= winSize - 1
	return binary.LittleEndian.Uint64(d.win[i : i+8])
}

func store64(d *decoder, i uint, v uint64) {
	i &= winSize - 1
	binary.LittleEndian.PutUint64(d.win[i:i+8], v)
}

func store16(d *decoder, i uint, v uint16) {
	i &= winSize - 1
	binary.LittleEndian.PutUint16(d.win[i:i+2], v)
}

// copy32 copies 32 bytes, the first 16 before the others.
func copy32(d *decoder, to, from uint) {
	to &= winSize - 1
	from &= winSize - 1
	dst, src := d.win[to:to+32], d.win[from:from+32]
	*(*[16]byte)(dst) = *(*[16]byte)(src)
	*(*[16]byte)(dst[16:]) = *(*[16]byte)(src[16:])
}
