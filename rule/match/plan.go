package match

// maxJoin is how many literals of three bytes join the pass of four with all
// their continuations: each sets 128 of the filter's bits (they are folded).
const maxJoin = 8

// plan divides literals into passes over the text.
func plan(ls []Literal) []pass {
	var by [window + 1][]int // literal indexes by length, window for all longer ones
	for i, l := range ls {
		n := min(len(l.Text), window)
		by[n] = append(by[n], i)
	}
	var passes []pass
	wide := pass{width: window, stride: stride(ls, by[window])}
	join := func(n, most int) {
		if len(by[n]) == 0 || (len(by[window]) > 0 && len(by[n]) <= most) {
			return
		}
		p := pass{width: n, stride: 1}
		p.add(ls, n, by[n])
		passes = append(passes, p)
		by[n] = nil
	}
	join(1, 0)
	join(2, 0)
	join(3, maxJoin)
	if len(by[window]) == 0 {
		return passes
	}
	if len(by[3]) > 0 {
		wide.stride = 1
	}
	wide.add(ls, 3, by[3])
	wide.add(ls, window, by[window])
	return append(passes, wide)
}

// stride says how many positions apart windows may be so that each occurrence
// of each literal still has one: 4, or 1.
func stride(ls []Literal, ids []int) int {
	for _, id := range ids {
		if len(ls[id].Text) < window+longStride-1 {
			return 1
		}
	}
	return longStride
}

// add enters literals by their windows of n bytes into the filter and a table.
func (p *pass) add(ls []Literal, n int, ids []int) {
	if len(ids) == 0 {
		return
	}
	if p.filter == nil {
		p.filter = new(filter)
	}
	b := builder{used: map[uint32]int{}}
	for _, id := range ids {
		text := ls[id].Text
		off := b.rarest(text, n, p.stride)
		for k := range p.stride {
			g := gram(text[off+k:], n)
			b.used[g]++
			b.entries = append(b.entries, entry{gram: g, id: int32(id), off: int32(off + k)})
			p.filter.set(g, n, p.width)
		}
	}
	p.tables[n] = b.table()
}

// gram is the folded window of n bytes at the beginning of text.
func gram(text []byte, n int) uint32 {
	var g uint32
	for i := range n {
		g |= uint32(text[i]) << (8 * i)
	}
	return g | foldMask&widthMask(n)
}

// builder collects the windows of literals.
type builder struct {
	used    map[uint32]int // how many literals have the window
	entries []entry
}

// rarest is the offset in text of the run of so many windows of n bytes that
// are expected least often, in texts and in this set.
func (b *builder) rarest(text []byte, n, run int) int {
	best, bestCost := 0, 1<<30
	// The windows of a literal that is longer than this are as good as any.
	const look = 64
	for off := 0; off+run-1+n <= len(text) && off < look; off++ {
		cost := 0
		for k := range run {
			w := text[off+k : off+k+n]
			cost += commonness(w) + 12*min(b.used[gram(w, n)], 8)
		}
		if cost < bestCost {
			best, bestCost = off, cost
		}
	}
	return best
}

// commonness estimates how often a window occurs in programs and text: the sum
// over its bytes of a logarithm of their frequency, higher for runs of one byte,
// which fill the padding of files.
func commonness(w []byte) int {
	sum, same := 0, true
	for i, c := range w {
		sum += byteCommonness(c)
		same = same && (i == 0 || c == w[0])
	}
	if same && len(w) > 1 {
		sum *= 3
	}
	return sum
}

func byteCommonness(c byte) int {
	switch {
	case c == 0 || c == ' ' || c == 0xff:
		return 20
	case c == 'e' || c == 't' || c == 'a' || c == 'o' || c == 'i' || c == 'n' || c == 's' || c == 'r':
		return 14
	case c == '\n' || c == '_' || c == '.' || c == 'l' || c == 'c' || c == 'd' || c == 'p' || c == 'u' || c == 'm':
		return 12
	case c == 'H' || c == 0x48 || c == 0x8b || c == 0x89 || c == 0x0f || c == 1 || c == 0x24 || c == '-' || c == '/':
		return 11
	case 'a' <= c && c <= 'z':
		return 9
	case '0' <= c && c <= '9', 'A' <= c && c <= 'Z':
		return 8
	case c < 0x10:
		return 8
	}
	return 5
}
