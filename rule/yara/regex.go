package yara

import (
	"strconv"
	"strings"
)

const (
	maxRepeat = 32767 // of {n,m}, as in YARA
	maxDepth  = 250   // of groups
	maxNodes  = 20000 // of one expression with its repeats written out
)

type regexParser struct {
	lexer
	fold, dotAll bool
	depth        int
	greedy, lazy bool
}

// regex is a parsed regular expression.
type regex struct {
	tree   *node
	greedy bool // it has a greedy quantifier
}

// parseRegex parses YARA's regular expressions: bytes, classes, groups,
// alternatives, quantifiers, ^ $ \b \B. There are no back references.
func parseRegex(src string, fold, dotAll bool, line int) regex {
	p := &regexParser{lexer: lexer{src: src, line: line}, fold: fold, dotAll: dotAll}
	n := p.alternatives()
	if p.pos < len(p.src) {
		p.fail("regular expression: unexpected %q", p.peek(0))
	}
	if p.greedy && p.lazy {
		p.fail("regular expression mixes greedy and ungreedy quantifiers")
	}
	if size(n) > maxNodes {
		p.fail("regular expression too large")
	}
	return regex{n, p.greedy}
}

// size is how many instructions a tree needs, about.
func size(n *node) int {
	sum := 1
	for _, s := range n.sub {
		sum = min(sum+size(s), maxNodes+1)
	}
	if n.op == opRepeat {
		sum *= max(n.min, n.max, 1)
	}
	return min(sum, maxNodes+1)
}

func (p *regexParser) alternatives() *node {
	if p.depth++; p.depth > maxDepth {
		p.fail("regular expression nested deeper than %d", maxDepth)
	}
	defer func() { p.depth-- }()
	alts := []*node{p.sequence()}
	for p.pos < len(p.src) && p.peek(0) == '|' {
		p.pos++
		alts = append(alts, p.sequence())
	}
	return alt(alts)
}

func (p *regexParser) sequence() *node {
	seq := []*node{}
	for p.pos < len(p.src) && p.peek(0) != '|' && p.peek(0) != ')' {
		seq = append(seq, p.repeated())
	}
	return concat(seq)
}

func (p *regexParser) repeated() *node {
	n := p.single()
	lo, hi := 0, unlimited
	switch p.peek(0) {
	case '*':
	case '+':
		lo = 1
	case '?':
		hi = 1
	case '{':
		var ok bool
		if lo, hi, ok = p.bounds(); !ok {
			return n
		}
		p.pos--
	default:
		return n
	}
	if p.pos++; n.op == opAssert {
		p.fail("regular expression: nothing to repeat")
	}
	lazy := p.peek(0) == '?'
	if lazy {
		p.pos++
		p.lazy = true
	} else {
		p.greedy = true
	}
	return &node{op: opRepeat, sub: []*node{n}, min: lo, max: hi, lazy: lazy}
}

// bounds reads "{n}", "{n,}", "{,m}" or "{n,m}"; anything else is a literal brace.
func (p *regexParser) bounds() (lo, hi int, ok bool) {
	end := strings.IndexByte(p.src[p.pos:], '}')
	if end < 0 {
		return 0, 0, false
	}
	body := p.src[p.pos+1 : p.pos+end]
	first, second, comma := strings.Cut(body, ",")
	number := func(s string, empty int) int {
		if s == "" {
			return empty
		}
		v, err := strconv.Atoi(s)
		if err != nil || v < 0 {
			ok = false
			return 0
		}
		return v
	}
	ok = body != "" && body != ","
	lo = number(first, 0)
	hi = lo
	if comma {
		hi = number(second, unlimited)
	}
	if !ok {
		return 0, 0, false
	}
	if lo > maxRepeat || hi > maxRepeat {
		p.fail("repeat interval too large")
	}
	if hi != unlimited && hi < lo {
		p.fail("bad repeat interval")
	}
	p.pos += end + 1
	return lo, hi, true
}

func (p *regexParser) single() *node {
	c := p.peek(0)
	p.pos++
	switch c {
	case '(':
		n := p.alternatives()
		if p.peek(0) != ')' {
			p.fail("regular expression: missing )")
		}
		p.pos++
		return n
	case '[':
		return p.class()
	case '.':
		n := anyNode()
		if !p.dotAll {
			n.set[0] &^= 1 << '\n'
		}
		return n
	case '^':
		return &node{op: opAssert, assert: assertStart}
	case '$':
		return &node{op: opAssert, assert: assertEnd}
	case '*', '+', '?':
		p.fail("regular expression: nothing to repeat")
	case '\\':
		switch p.peek(0) {
		case 'b':
			p.pos++
			return &node{op: opAssert, assert: assertWord}
		case 'B':
			p.pos++
			return &node{op: opAssert, assert: assertNotWord}
		}
		n := &node{op: opSet, set: p.escapeSet()}
		if p.fold {
			n.set.fold()
		}
		return n
	}
	n := literalNode(c)
	if p.fold {
		n.set.fold()
	}
	return n
}

// escapeSet reads what follows a backslash: a class or one byte.
func (p *regexParser) escapeSet() *byteSet {
	if p.pos >= len(p.src) {
		p.fail("regular expression ends with a backslash")
	}
	c := p.peek(0)
	p.pos++
	s := new(byteSet)
	switch c | 0x20 {
	case 'w':
		s.addRange('a', 'z')
		s.addRange('A', 'Z')
		s.addRange('0', '9')
		s.add('_')
	case 's':
		s.add(' ')
		s.addRange('\t', '\r')
	case 'd':
		s.addRange('0', '9')
	default:
		s.add(p.escapeByte(c))
		return s
	}
	if c&0x20 == 0 {
		s.invert()
	}
	return s
}

func (p *regexParser) escapeByte(c byte) byte {
	switch c {
	case 'n':
		return '\n'
	case 't':
		return '\t'
	case 'r':
		return '\r'
	case 'f':
		return '\f'
	case 'a':
		return '\a'
	case 'x':
		if p.pos+2 <= len(p.src) {
			if v, err := strconv.ParseUint(p.src[p.pos:p.pos+2], 16, 8); err == nil {
				p.pos += 2
				return byte(v)
			}
		}
		p.fail("regular expression: illegal escape sequence")
	}
	return c
}

// class reads what follows "[".
func (p *regexParser) class() *node {
	n := &node{op: opSet, set: new(byteSet)}
	not := p.peek(0) == '^'
	if not {
		p.pos++
	}
	for first := true; ; first = false {
		if p.pos >= len(p.src) {
			p.fail("regular expression: missing ]")
		}
		if p.peek(0) == ']' && !first {
			p.pos++
			break
		}
		p.classItem(n.set)
	}
	if p.fold {
		n.set.fold()
	}
	if not {
		n.set.invert()
	}
	return n
}

func (p *regexParser) classItem(set *byteSet) {
	from, s := p.classByte()
	if s != nil {
		set.union(s)
		return
	}
	if p.peek(0) != '-' || p.peek(1) == ']' || p.pos+1 >= len(p.src) {
		set.add(from)
		return
	}
	p.pos++
	to, s := p.classByte()
	if s != nil || to < from {
		p.fail("regular expression: bad character range")
	}
	set.addRange(from, to)
}

// classByte is one byte, or a set such as \w.
func (p *regexParser) classByte() (byte, *byteSet) {
	c := p.peek(0)
	p.pos++
	if c != '\\' {
		return c, nil
	}
	s := p.escapeSet()
	if m := s.members(); len(m) == 1 {
		return m[0], nil
	}
	return 0, s
}
