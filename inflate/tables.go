package inflate

// tables is what decoding a block needs, in one piece so that the fast loop
// spends one register on it.
//
// Full tables have litBits and distBits index bits, and entries of several
// symbols; building them takes as long as decoding kilobytes. Lean ones
// have no more index bits than their codes need, and one symbol per entry; only
// slow can use them.
type tables struct {
	lit      [litAll]uint32
	dist     [distAll]uint32
	litBits  uint
	distBits uint
}

// fixed has the tables of blocks with fixed Huffman codes.
var fixed = makeFixed()

func makeFixed() *tables {
	var b builder
	fixedLengths(&b)
	t := &tables{}
	if !b.buildFull(t) {
		panic("inflate: fixed codes are invalid")
	}
	return t
}

func fixedLengths(b *builder) {
	b.nlit, b.ndist = maxLit, maxDist
	for s := range b.lens[:maxLit] {
		switch {
		case s < 144:
			b.lens[s] = 8
		case s < 256:
			b.lens[s] = 9
		case s < 280:
			b.lens[s] = 7
		default:
			b.lens[s] = 8
		}
	}
	for s := range maxDist {
		b.lens[maxLit+s] = 5
	}
}

// builder makes tables from code lengths.
type builder struct {
	// The lengths of nlit literal/length codes, then of ndist distance codes.
	lens        [maxLit + maxDist]uint8
	nlit, ndist int

	// What sort found out.
	count   [maxCodeLen + 1]uint16   // of symbols, by code length
	sorted  [maxLit + maxDist]uint16 // used symbols by code length, then value
	longest uint                     // code length

	// The rest is of full literal/length tables.
	head   [litBits + 1]uint16 // per effective length: 1 + first item
	item   [maxLit]litItem     // linked lists hanging off head
	single [litSize / 2]uint32 // unpacked first entries, source of packing
}

// buildFull makes full tables; it returns false if a code is invalid.
func (b *builder) buildFull(t *tables) bool {
	t.litBits, t.distBits = litBits, distBits
	if !b.sort(b.lens[:b.nlit]) {
		return false
	}
	b.buildLit(&t.lit)
	if !b.sort(b.lens[b.nlit : b.nlit+b.ndist]) {
		return false
	}
	b.build(t.dist[:], distBits, &distKind)
	return true
}

// buildLean makes lean tables; it returns false if a code is invalid.
func (b *builder) buildLean(t *tables) bool {
	if !b.sort(b.lens[:b.nlit]) {
		return false
	}
	t.litBits = min(leanBits, b.longest)
	b.build(t.lit[:], t.litBits, &litKind)
	if !b.sort(b.lens[b.nlit : b.nlit+b.ndist]) {
		return false
	}
	t.distBits = min(distBits, b.longest)
	b.build(t.dist[:], t.distBits, &distKind)
	return true
}

// sort counts and sorts the symbols. It returns false for a code that is
// over-subscribed, or incomplete in a way DEFLATE decoders do not accept
// (only the empty code and a single code of one bit may be incomplete).
func (b *builder) sort(lens []uint8) bool {
	b.count = [maxCodeLen + 1]uint16{}
	for _, l := range lens {
		if l != 0 { // most are 0 in the blocks that cost most per input byte
			b.count[l&15]++
		}
	}
	b.longest = 0
	left, used := 1, 0
	var next [maxCodeLen + 1]uint16
	for l := uint(1); l <= maxCodeLen; l++ {
		n := int(b.count[l])
		left = left<<1 - n
		if left < 0 {
			return false
		}
		next[l] = uint16(used)
		used += n
		if n > 0 {
			b.longest = l
		}
	}
	if left != 0 && used != 0 && (used != 1 || b.longest != 1) {
		return false
	}
	for s, l := range lens {
		if l != 0 {
			i := next[l&15]
			next[l&15] = i + 1
			b.sorted[i] = uint16(s)
		}
	}
	return true
}
