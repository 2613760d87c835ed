package inflate

// Geometry of the decoding tables.
const (
	maxCodeLen = 15
	maxLit     = 288
	maxDist    = 32

	litBits = 12 // index bits of the primary literal/length table
	litSize = 1 << litBits
	litMask = litSize - 1

	distBits = 9
	distSize = 1 << distBits
	distMask = distSize - 1

	// Index bits of a lean literal/length table, see tables.
	leanBits = 9

	// Room for second-level tables. Every one with k index bits belongs to a
	// complete sub-tree of depth k, which has at least k+1 leaves. So 288
	// symbols need at most 288/4*8 entries behind litBits, 288/7*64 behind
	// leanBits, and 32 symbols at most 32/7*64 behind distBits. Sizes are powers
	// of two so that a mask bounds an index.
	litAll  = 2 * litSize
	distAll = 2 * distSize
)

// A literal/length entry is a uint32:
//
//	bits 0-5   code bits to drop (for a second-level entry: beyond the first level)
//	bits 6-7   number of literals, 0-2; in an exceptional entry its kind
//	bits 8-15  first literal
//	bits 16-23 second literal, or the match length minus 3
//	bit  30    eM: a match follows the literals (0 or 1 of them)
//	bit  31    eX: exceptional (none of the above but bits 0-7 holds; see below)
//
// The bit count is in the lowest six bits because that is what a 64-bit shift
// looks at: no instruction is spent on masking it, and the count of bits left is
// allowed to carry rubbish above its six bits while the fast loop runs.
//
// Length codes whose extra bits fit in the index are expanded: the entry holds
// the final length and its bit count includes the extra bits. So the common
// path extracts no extra bits.
//
// Exceptional entries use bits 8-29 as follows:
//
//	kindBad    no such code
//	kindEOB    end of block
//	kindLen    bits 8-16 base length, bits 24-26 number of extra bits
//	kindSub    bits 8-23 index of the second-level table, bits 24-27 its index bits
const (
	eX uint32 = 1 << 31
	eM uint32 = 1 << 30

	kindBad uint32 = 0 << 6
	kindLen uint32 = 1 << 6
	kindSub uint32 = 2 << 6
	kindEOB uint32 = 3 << 6
	kindMsk uint32 = 3 << 6
)

// A distance entry is a uint32:
//
//	bits 0-5   code bits plus extra bits (<= 28)
//	bit  7     dX: exceptional: second-level pointer, or invalid when bits 0-5 are 0
//	bits 8-11  number of extra bits
//	bits 16-31 base distance
//
// A pointer has its other bits where a kindSub entry has them.
const dX uint32 = 1 << 7

// litProto[s] is the entry of literal/length symbol s but for its code length,
// with length codes in their exceptional form.
var litProto = makeLitProto()

func makeLitProto() (p [maxLit]uint32) {
	for s := range uint32(256) {
		p[s] = s<<8 | 1<<6
	}
	p[256] = eX | kindEOB
	base := uint32(3)
	for s := uint32(257); s < 285; s++ {
		extra := uint32(0)
		if s >= 265 {
			extra = (s - 261) / 4
		}
		p[s] = eX | kindLen | base<<8 | extra<<24
		base += 1 << extra
	}
	p[285] = eX | kindLen | 258<<8
	p[286] = eX | kindBad
	p[287] = eX | kindBad
	return p
}

// distProto[s] is the entry of distance symbol s but for its code length.
var distProto = makeDistProto()

func makeDistProto() (p [maxDist]uint32) {
	base := uint32(1)
	for s := range uint32(30) {
		extra := uint32(0)
		if s >= 4 {
			extra = (s - 2) / 2
		}
		p[s] = base<<16 | extra<<8 | extra
		base += 1 << extra
	}
	p[30] = dX
	p[31] = dX
	return p
}

// withLen completes the entry proto with the code length l.
func withLen(proto uint32, l uint) uint32 {
	if proto == dX {
		return dX
	}
	return proto + uint32(l)
}
