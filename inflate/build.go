package inflate

import "math/bits"

// reverse returns the low l bits of code in the order in which they are sent.
func reverse(code, l uint) uint { return uint(bits.Reverse16(uint16(code)) >> (16 - l)) }

// kind is what build must know of the format of a table's entries.
type kind struct {
	proto []uint32 // entries of the symbols but for their code lengths
	ptr   uint32   // marks a pointer to a second-level table
	bad   uint32   // an index that is no code
}

var (
	litKind  = kind{litProto[:], eX | kindSub, eX | kindBad}
	distKind = kind{distProto[:], dX, dX}
)

// build makes a table with index bits and one symbol per entry for the code
// that was sorted. The table grows with the code length: the entry of a short
// code is written once and then copied along by the doublings.
func (b *builder) build(t []uint32, index uint, k *kind) {
	t[0] = k.bad
	code, i := uint(0), 0
	for l := uint(1); l <= index; l++ {
		code <<= 1
		half := 1 << (l - 1)
		copy(t[half:2*half], t[:half])
		for range b.count[l] {
			t[reverse(code, l)] = withLen(k.proto[b.sorted[i]], l)
			code++
			i++
		}
	}
	b.buildSub(t, index, k, code, i)
}

// buildSub adds the second-level tables of the codes longer than index bits, of
// which sorted[i] is the first; code is the one that would come next among those
// of index bits. Codes that share their first index bits are adjacent.
func (b *builder) buildSub(t []uint32, index uint, k *kind, code uint, i int) {
	prefix, start, sub := ^uint(0), uint(0), index
	for l := index + 1; l <= b.longest; l++ {
		code <<= 1
		for n := uint(b.count[l]); n > 0; n-- {
			if p := code >> (l - index); p != prefix {
				prefix = p
				start += 1 << sub
				sub = b.depth(l, n, index)
				t[reverse(p, index)] = k.ptr | uint32(index) | uint32(start)<<8 | uint32(sub)<<24
			}
			e := withLen(k.proto[b.sorted[i]], l-index)
			for r := reverse(code, l) >> index; r < 1<<sub; r += 1 << (l - index) {
				t[start+r] = e
			}
			code++
			i++
		}
	}
}

// depth returns the index bits of a second-level table whose first code has l
// bits, where n codes of that length are left.
func (b *builder) depth(l, n, index uint) uint {
	left := 1<<(l-index) - int(n)
	for left > 0 && l < b.longest {
		l++
		left = left<<1 - int(b.count[l])
	}
	return l - index
}

// litItem is a literal/length symbol on its way into a full table.
type litItem struct {
	entry uint32
	code  uint16 // in the order in which it is sent
	len   uint8  // of the code
	extra uint8  // bits by which the entry is expanded
	next  uint16
}

// buildLit makes a full literal/length table for the code that was sorted.
func (b *builder) buildLit(t *[litAll]uint32) {
	code, i := b.queue()
	t[0] = eX | kindBad
	for el := uint(1); el <= litBits; el++ {
		half := 1 << (el - 1)
		copy(t[half:2*half], t[:half])
		for j := b.head[el]; j != 0; {
			it := &b.item[j-1]
			j = it.next
			e, c := it.entry, uint(it.code)
			for range uint(1) << (it.extra & 7) {
				t[c&litMask] = e
				c += 1 << (it.len & 15)
				e += 1 << 16
			}
		}
	}
	b.buildSub(t[:], litBits, &litKind, code, i)
	b.pack(t)
}

// queue makes items of the symbols whose codes fit in the index and lists each
// under the number of index bits that identify it: code bits, plus extra bits
// where they fit. It returns what buildSub needs for the other symbols.
func (b *builder) queue() (code uint, i int) {
	b.head = [litBits + 1]uint16{}
	for l := uint(1); l <= litBits; l++ {
		code <<= 1
		for range b.count[l] {
			e, el := litProto[b.sorted[i]], l
			it := &b.item[i]
			it.code, it.len, it.extra = uint16(reverse(code, l)), uint8(l), 0
			if x := uint(e >> 24 & 7); e&(eX|kindMsk) == eX|kindLen && l+x <= litBits {
				it.extra = uint8(x)
				el += x
				e = eM | (e>>8&0x1ff-3)<<16
			}
			it.entry = e + uint32(el)
			it.next = b.head[el]
			i++
			b.head[el] = uint16(i)
			code++
		}
	}
	return code, i
}

// pack makes one entry of two symbols where a literal's code leaves enough index
// bits to identify the next literal or match too.
func (b *builder) pack(t *[litAll]uint32) {
	shortest := uint(1)
	for shortest <= litBits/2 && b.head[shortest] == 0 {
		shortest++
	}
	if shortest > litBits/2 {
		return
	}
	copy(b.single[:1<<(litBits-shortest)], t[:])
	for l := shortest; l <= litBits-shortest; l++ {
		for j := b.head[l]; j != 0; {
			it := &b.item[j-1]
			j = it.next
			if it.entry&(eX|eM) == 0 {
				b.packAfter(t, it, l)
			}
		}
	}
}

// packAfter is pack for the entries whose first symbol is the literal it, whose
// code has l bits.
func (b *builder) packAfter(t *[litAll]uint32, it *litItem, l uint) {
	room := uint32(litBits - l)
	first := it.entry&63 | it.entry&0xff00 + 1<<6
	c := uint(it.code)
	for _, e := range b.single[:1<<room] {
		if e&63 <= room && e&eX == 0 {
			e2 := first + e&0xff | e&(0xff0000|eM)
			if e&eM == 0 {
				e2 = first + e&0xff | e&0xff00<<8
			}
			t[c&litMask] = e2
		}
		c += 1 << (l & 15)
	}
}
