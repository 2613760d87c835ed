//go:build inflate_unsafe && (amd64 || arm64)

package inflate

import "unsafe"

// These are the memory accesses of the fast loop without bounds checks, for
// little-endian machines that allow unaligned access. Their callers keep the
// margins documented at inMargin and outMargin.

func load64in(d *decoder, i uint) uint64 {
	return *(*uint64)(unsafe.Add(unsafe.Pointer(&d.in), i))
}

func load64(d *decoder, i uint) uint64 {
	return *(*uint64)(unsafe.Add(unsafe.Pointer(&d.win), i))
}

func store64(d *decoder, i uint, v uint64) {
	*(*uint64)(unsafe.Add(unsafe.Pointer(&d.win), i)) = v
}

func store16(d *decoder, i uint, v uint16) {
	*(*uint16)(unsafe.Add(unsafe.Pointer(&d.win), i)) = v
}

// copy32 copies 32 bytes, the first 16 before the others.
func copy32(d *decoder, to, from uint) {
	dst, src := unsafe.Add(unsafe.Pointer(&d.win), to), unsafe.Add(unsafe.Pointer(&d.win), from)
	*(*[16]byte)(dst) = *(*[16]byte)(src)
	*(*[16]byte)(unsafe.Add(dst, 16)) = *(*[16]byte)(unsafe.Add(src, 16))
}
