package yara

import "encoding/base64"

// pattern is one string of a rule.
type pattern struct {
	index                 int
	rule                  *rule
	id                    string
	ascii, wide           bool
	nocase, fullword      bool
	private, greedy       bool
	used                  bool
	anywhere              bool // the condition asks for more than one offset
	fixed                 bool
	fixedAt               int64
	xor                   bool
	xorMin, xorMax        int
	base64, base64wide    bool
	base64Set, base64WSet string
	texts                 []text // of a text string
	parts                 []part // of any other: one, or the pieces of a chain
}

// text is one form of a text string, as it stands in a file.
type text struct {
	text []byte
	wide bool
}

// part is a tree ready for matching.
type part struct {
	forward, backward program
	atoms             []atom
	first             *byteSet // what a match can begin with, where there is no atom
	min, max          int      // the gap before it
}

func newPart(n *node, fold bool) part {
	var p part
	p.atoms = atomsOf(n, fold)
	p.forward, p.backward = compilePrograms(n)
	if p.atoms == nil {
		p.first = firstSet(p.forward)
	}
	return p
}

// firstSet is the union of the sets that a program can begin with.
func firstSet(prog program) *byteSet {
	s := new(byteSet)
	seen := map[int32]bool{}
	var walk func(pc int32)
	walk = func(pc int32) {
		if seen[pc] {
			return
		}
		seen[pc] = true
		switch i := &prog[pc]; i.op {
		case instSet:
			s.union(i.set)
		case instJump:
			walk(i.x)
		case instSplit:
			walk(i.x)
			walk(i.y)
		case instAssert:
			walk(pc + 1)
		}
	}
	walk(0)
	return s
}

// tree makes a pattern of a tree; one without choices is a text string.
func (p *pattern) tree(n *node) {
	if s, ok := literalOf(n, p.nocase); ok {
		p.texts = p.forms(s)
		return
	}
	p.parts = []part{newPart(n, p.nocase)}
}

// literalOf is the only text that a tree matches, the case of letters aside with fold.
func literalOf(n *node, fold bool) (string, bool) {
	var text []byte
	for _, s := range flatten(nil, []*node{n}) {
		if s.op != opSet {
			return "", false
		}
		v := variantsOf(s.set, fold)
		if len(v) != 1 {
			return "", false
		}
		text = append(text, v[0])
	}
	return string(text), len(text) > 0
}

const (
	alphabet    = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
	noPadding   = -1
	maxTextForm = 1 << 16
)

// forms lists everything that a text string with its modifiers looks for.
func (p *pattern) forms(s string) []text {
	var plain []text
	if p.ascii {
		plain = append(plain, text{[]byte(s), false})
	}
	if p.wide {
		plain = append(plain, text{widen([]byte(s)), true})
	}
	switch {
	case p.base64 || p.base64wide:
		return p.base64Forms(plain)
	case p.xor:
		return p.xorForms(plain)
	}
	return plain
}

func (p *pattern) xorForms(plain []text) []text {
	var out []text
	for _, t := range plain {
		for key := p.xorMin; key <= p.xorMax; key++ {
			x := make([]byte, len(t.text))
			for i, c := range t.text {
				x[i] = c ^ byte(key)
			}
			out = append(out, text{x, t.wide})
		}
	}
	return out
}

func (p *pattern) base64Forms(plain []text) []text {
	var out []text
	for _, t := range plain {
		if p.base64 {
			for _, e := range encodings(t.text, p.base64Set) {
				out = append(out, text{e, false})
			}
		}
		if p.base64wide {
			for _, e := range encodings(t.text, p.base64WSet) {
				out = append(out, text{widen(e), true})
			}
		}
	}
	return out
}

// encodings are the three base64 texts that s can be part of, without the
// characters that depend on what stands around it.
func encodings(s []byte, set string) [][]byte {
	enc := base64.NewEncoding(set).WithPadding(noPadding)
	var out [][]byte
	for lead := range 3 {
		raw := append(make([]byte, lead, lead+len(s)), s...)
		e := make([]byte, enc.EncodedLen(len(raw)))
		enc.Encode(e, raw)
		if len(raw)%3 != 0 {
			e = e[:len(e)-1]
		}
		if lead > 0 {
			e = e[lead+1:]
		}
		if len(e) > 0 {
			out = append(out, e)
		}
	}
	return out
}
