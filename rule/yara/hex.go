package yara

import "strconv"

// chainGap is the longest jump that stays inside one piece of a hexadecimal
// string; a longer one, or one without an end, divides it into a chain.
const chainGap = 200

// piece is a part of a hexadecimal string; min and max are the gap before it.
type piece struct {
	tree     *node
	min, max int
}

type hexParser struct {
	lexer
	depth int
}

// parseHex turns the body of a hexadecimal string into its pieces.
func parseHex(body string, line int) []piece {
	p := &hexParser{lexer: lexer{src: body, line: line}}
	var pieces []piece
	var seq []*node
	gapMin, gapMax := 0, 0
	for {
		p.space()
		if p.pos == len(p.src) {
			break
		}
		if p.peek(0) != '[' {
			seq = append(seq, p.element())
			continue
		}
		lo, hi := p.jump()
		if len(seq) == 0 {
			p.fail("hexadecimal string begins with a jump")
		}
		if hi != unlimited && hi <= chainGap {
			seq = append(seq, &node{op: opRepeat, sub: []*node{anyNode()}, min: lo, max: hi, lazy: true})
			continue
		}
		pieces = append(pieces, piece{concat(seq), gapMin, gapMax})
		seq, gapMin, gapMax = nil, lo, hi
	}
	if len(seq) == 0 {
		p.fail("empty hexadecimal string")
	}
	if seq[len(seq)-1].op == opRepeat {
		p.fail("hexadecimal string ends with a jump")
	}
	pieces = append(pieces, piece{concat(seq), gapMin, gapMax})
	for _, piece := range pieces {
		if size(piece.tree) > maxNodes {
			p.fail("hexadecimal string too large")
		}
	}
	return pieces
}

// element is a byte with wildcards, or alternatives in parentheses.
func (p *hexParser) element() *node {
	switch c := p.peek(0); c {
	case '(':
		return p.group()
	case '~':
		p.pos++
		p.space()
		n := p.byteNode()
		full := len(n.set.members()) == 256
		n.set.invert()
		if full {
			p.fail("?? cannot be negated")
		}
		return n
	default:
		return p.byteNode()
	}
}

func (p *hexParser) byteNode() *node {
	hi, lo := p.nibble(), p.nibble()
	n := &node{op: opSet, set: new(byteSet)}
	for c := range 256 {
		if (hi < 0 || c>>4 == hi) && (lo < 0 || c&15 == lo) {
			n.set.add(byte(c))
		}
	}
	return n
}

// nibble is a hexadecimal digit, or -1 for "?".
func (p *hexParser) nibble() int {
	c := p.peek(0)
	p.pos++
	if c == '?' {
		return -1
	}
	v, err := strconv.ParseUint(string(rune(c)), 16, 8)
	if err != nil {
		p.fail("bad hexadecimal digit %q", c)
	}
	return int(v)
}

func (p *hexParser) group() *node {
	if p.depth++; p.depth > 64 {
		p.fail("alternatives nested deeper than 64")
	}
	var alts []*node
	var seq []*node
	for p.pos++; ; {
		p.space()
		switch p.peek(0) {
		case 0:
			p.fail("missing )")
		case '|', ')':
			if len(seq) == 0 {
				p.fail("empty alternative")
			}
			alts, seq = append(alts, concat(seq)), nil
			p.pos++
			if p.src[p.pos-1] == ')' {
				p.depth--
				return alt(alts)
			}
		case '[':
			lo, hi := p.jump()
			if hi == unlimited || hi > chainGap {
				p.fail("jump over %d bytes inside alternatives", chainGap)
			}
			seq = append(seq, &node{op: opRepeat, sub: []*node{anyNode()}, min: lo, max: hi, lazy: true})
		default:
			seq = append(seq, p.element())
		}
	}
}

// jump reads "[n]", "[n-m]", "[n-]", "[-m]" or "[-]".
func (p *hexParser) jump() (lo, hi int) {
	p.pos++
	hi = unlimited
	lo, any := p.bound()
	if p.space(); p.peek(0) == ']' && any {
		p.pos++
		return lo, lo
	}
	if p.peek(0) != '-' {
		p.fail("bad jump")
	}
	p.pos++
	p.space()
	if v, ok := p.bound(); ok {
		hi = v
	}
	if p.space(); p.peek(0) != ']' {
		p.fail("bad jump")
	}
	p.pos++
	if hi != unlimited && hi < lo {
		p.fail("bad jump: %d is more than %d", lo, hi)
	}
	return lo, hi
}

func (p *hexParser) bound() (int, bool) {
	p.space()
	s := p.word()
	if s == "" {
		return 0, false
	}
	v, err := strconv.Atoi(s)
	if err != nil || v > 1<<30 {
		p.fail("bad jump %q", s)
	}
	return v, true
}
