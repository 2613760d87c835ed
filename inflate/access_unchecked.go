//go:build inflate_unsafe && !inflate_assert && (amd64 || arm64)

package inflate

import "unsafe"

// These are the memory accesses of the fast loop without bounds checks, for
// little-endian machines that allow unaligned access. Why each is inside its
// buffer stands at it; access_asserted.go checks the same claims as the tests and
// the fuzz targets run (build tag inflate_assert).
//
// A round of the loop begins, as its condition says, with ip <= end-inMargin and
// op <= winSize-outMargin. In the round, ip grows by at most 7 in each of at most
// three refills, and op by at most 5 literals and a match of at most 258 bytes.

// load64in is called with i = ip: before the loop, where end-ip >= inMargin was
// just checked, and for the refills of a round, of which the last begins at most
// 14 behind the ip at the round's beginning. So i+8 <= end <= inSize.
func load64in(d *decoder, i uint) uint64 {
	return *(*uint64)(unsafe.Add(unsafe.Pointer(&d.in), i))
}

// load64 is called with i = from, which begins at op-offset. The offset was
// checked to be at most op, and is at least 1, as every distance is. So 0 <= i,
// and i stays below the op that store64 is called with next: see there.
func load64(d *decoder, i uint) uint64 {
	return *(*uint64)(unsafe.Add(unsafe.Pointer(&d.win), i))
}

// store64 is called with i below the end of a match, which is at most 5+258
// behind the op at the round's beginning. So i+8 <= winSize-outMargin+5+257+8,
// which is below winSize.
func store64(d *decoder, i uint, v uint64) {
	*(*uint64)(unsafe.Add(unsafe.Pointer(&d.win), i)) = v
}

// store16 is called with i = op: in the fast loop at most 4 behind the op at the
// round's beginning, for two entries of at most 2 literals can come before it; by
// decoder.literals at most 62 behind where the window was seen not to be full, for
// its bits are at most 63. So i+2 <= winSize-outMargin+64, which is below winSize.
func store16(d *decoder, i uint, v uint16) {
	*(*uint16)(unsafe.Add(unsafe.Pointer(&d.win), i)) = v
}

// copy32 copies 32 bytes, the first 16 before the others. It is called with to
// below the end of a match (once with to = op, where a match begins), and from
// below to as said at load64. So to+32 <= winSize-outMargin+5+257+32, which is
// below winSize.
func copy32(d *decoder, to, from uint) {
	dst, src := unsafe.Add(unsafe.Pointer(&d.win), to), unsafe.Add(unsafe.Pointer(&d.win), from)
	*(*[16]byte)(dst) = *(*[16]byte)(src)
	*(*[16]byte)(unsafe.Add(dst, 16)) = *(*[16]byte)(unsafe.Add(src, 16))
}
