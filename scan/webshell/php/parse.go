package php

import "strings"

// parser makes a tree of tokens. It never fails: what it does not understand it
// skips up to the next semicolon, so that the rest of a broken file is still seen.
type parser struct {
	src   string
	toks  []token
	p     int
	depth int
	nodes int
	// cut is set when the file has more than this parser reads.
	cut bool
	// fns and classes are all of the file, also nested ones.
	fns     []*function
	classes []*class
	aliases map[string]string
	fn      *function
	cls     *class
	readers map[string]func(*parser, token) *node
}

const (
	maxDepth = 400     // nesting of expressions and blocks
	maxNodes = 1 << 20 // about 150 bytes each
)

func newParser(l *lexer) *parser {
	return &parser{src: l.src, toks: l.toks, aliases: map[string]string{}, readers: statementReaders()}
}

func (p *parser) file() []*node { return p.statements("") }

func (p *parser) tok() token          { return p.toks[p.p] }
func (p *parser) text(t token) string { return p.src[t.pos:t.end] }

func (p *parser) next() token {
	t := p.toks[p.p]
	if t.kind != tEOF {
		p.p++
	}
	return t
}

func (p *parser) isOp(s string) bool {
	t := p.toks[p.p]
	return t.kind == tOp && p.src[t.pos:t.end] == s
}

func (p *parser) op(s string) bool {
	if p.isOp(s) {
		p.p++
		return true
	}
	return false
}

// isWord compares with a keyword in lower case.
func (p *parser) isWord(s string) bool {
	t := p.toks[p.p]
	return t.kind == tName && int(t.end-t.pos) == len(s) && strings.EqualFold(p.src[t.pos:t.end], s)
}

func (p *parser) word(s string) bool {
	if p.isWord(s) {
		p.p++
		return true
	}
	return false
}

func (p *parser) peekOp(n int, s string) bool {
	return p.p+n < len(p.toks) && p.toks[p.p+n].kind == tOp && p.text(p.toks[p.p+n]) == s
}

func (p *parser) node(o op, at int32) *node {
	p.nodes++
	if p.nodes > maxNodes {
		p.cut = true
		p.p = len(p.toks) - 1
	}
	return &node{op: o, pos: at, end: at}
}

func (p *parser) end(n *node) *node {
	if p.p > 0 {
		n.end = p.toks[p.p-1].end
	}
	return n
}

// enter guards recursion; false means that the file nests too deep.
func (p *parser) enter() bool {
	p.depth++
	if p.depth > maxDepth {
		p.cut = true
		p.depth--
		p.next()
		return false
	}
	return true
}

// semi ends a statement: a semicolon, a closing tag or the end of a block. On
// anything else it skips.
func (p *parser) semi() {
	t := p.tok()
	switch {
	case t.kind == tEOF || t.kind == tHTML || p.isOp("}"):
	case p.op(";"), p.op("?>"), p.op("</script>"):
	case t.kind == tOp && p.src[t.pos] == '?' && t.end-t.pos > 1 && p.src[t.pos+1] == '>':
		p.p++
	case t.kind == tName || t.kind == tVar:
		// the next statement after a forgotten semicolon
	default:
		p.p++
	}
}

// statements reads up to "}" or one of the words that end an alternative block.
func (p *parser) statements(ends string) []*node {
	var list []*node
	if !p.enter() {
		return nil
	}
	defer func() { p.depth-- }()
	for p.tok().kind != tEOF {
		if p.isOp("}") {
			if p.fn != nil || p.cls != nil || p.depth > 1 {
				return list
			}
			p.next() // one too many
			continue
		}
		if ends != "" && p.tok().kind == tName && hasWord(ends, strings.ToLower(p.text(p.tok()))) {
			return list
		}
		before := p.p
		if s := p.statement(); s != nil {
			list = append(list, s)
		}
		if p.p == before {
			p.next()
		}
	}
	return list
}

func hasWord(list, w string) bool {
	for list != "" {
		var one string
		one, list, _ = strings.Cut(list, " ")
		if one == w {
			return true
		}
	}
	return false
}

func (p *parser) block() *node {
	b := p.node(sBlock, p.tok().pos)
	b.list = p.statements("")
	p.op("}")
	return p.end(b)
}

// body is the statement behind if, for and so on; ends are the words that end
// its alternative form with a colon.
func (p *parser) body(ends string) *node {
	if p.op(":") {
		b := p.node(sBlock, p.tok().pos)
		b.list = p.statements(ends)
		return p.end(b)
	}
	if !p.enter() {
		return nil
	}
	defer func() { p.depth-- }()
	return p.statement()
}

func (p *parser) statement() *node {
	t := p.tok()
	if t.kind == tHTML {
		p.next()
		n := p.node(sHTML, t.pos)
		return p.end(n)
	}
	if t.kind == tName {
		if p.src[t.pos] == '<' { // <?=
			p.next()
			return p.echo(t)
		}
		if n, ok := p.keyword(t); ok {
			return n
		}
		if p.peekOp(1, ":") && !p.peekOp(1, "::") && !strings.EqualFold(p.text(t), "default") && !strings.EqualFold(p.text(t), "parent") {
			p.p += 2
			n := p.node(sLabel, t.pos)
			n.s = p.text(t)
			return n
		}
	}
	if p.op("{") {
		return p.block()
	}
	if p.op(";") || t.kind == tOp && p.src[t.pos] == '?' && t.end-t.pos > 1 && p.src[t.pos+1] == '>' {
		if p.p > 0 && p.toks[p.p-1] != t {
			p.next()
		}
		return nil
	}
	n := p.node(sExpr, t.pos)
	n.a = p.expr(0)
	p.semi()
	return p.end(n)
}

func (p *parser) echo(t token) *node {
	n := p.node(sEcho, t.pos)
	n.list = p.exprs()
	p.semi()
	return p.end(n)
}

// exprs reads expressions with commas between them.
func (p *parser) exprs() []*node {
	list := []*node{p.expr(0)}
	for p.op(",") {
		list = append(list, p.expr(0))
	}
	return list
}

func (p *parser) paren() *node {
	p.op("(")
	e := p.expr(0)
	p.op(")")
	return e
}

// keyword reads a statement that begins with a keyword; false if it is none.
func (p *parser) keyword(t token) (*node, bool) {
	if t.end-t.pos > 15 || p.peekOp(1, "::") || p.peekOp(1, "->") {
		return nil, false
	}
	w := strings.ToLower(p.text(t))
	read, ok := p.readers[w]
	if !ok {
		return nil, false
	}
	start := p.p
	p.next()
	n := read(p, t)
	if n == nil && p.p == start {
		return nil, false
	}
	if n != nil {
		p.end(n)
	}
	return n, true
}

func (p *parser) ifStatement(t token) *node {
	n := p.node(sIf, t.pos)
	n.a = p.paren()
	if p.isOp(":") {
		n.b = p.body("elseif else endif")
	} else {
		n.b = p.body("")
	}
	e := p.tok()
	switch {
	case p.word("elseif"):
		if p.enter() {
			n.c = p.ifStatement(e)
			p.depth--
		}
		return n
	case p.isWord("else"):
		p.next()
		if p.isWord("if") {
			p.next()
			if p.enter() {
				n.c = p.ifStatement(e)
				p.depth--
			}
			return n
		}
		n.c = p.body("endif")
	}
	if p.word("endif") {
		p.semi()
	}
	return n
}

func (p *parser) loop(o op, ends string, n *node) *node {
	n.op = o
	n.b = p.body(ends)
	if p.word(ends) {
		p.semi()
	}
	return n
}

func (p *parser) forStatement(t token) *node {
	n := p.node(sFor, t.pos)
	p.op("(")
	for range 3 {
		part := p.node(sBlock, p.tok().pos)
		for !p.isOp(";") && !p.isOp(")") && p.tok().kind != tEOF {
			before := p.p
			part.list = append(part.list, p.expr(0))
			if !p.op(",") && p.p == before {
				p.next()
			}
		}
		p.op(";")
		n.list = append(n.list, part)
	}
	p.op(")")
	return p.loop(sFor, "endfor", n)
}

func (p *parser) foreach(t token) *node {
	n := p.node(sForeach, t.pos)
	p.op("(")
	n.a = p.expr(0)
	p.word("as")
	n.ref = p.op("&")
	n.d = p.expr(0)
	if p.op("=>") {
		n.c = n.d
		n.ref = p.op("&")
		n.d = p.expr(0)
	}
	p.op(")")
	return p.loop(sForeach, "endforeach", n)
}

func (p *parser) switchStatement(t token) *node {
	n := p.node(sSwitch, t.pos)
	n.a = p.paren()
	alt := p.op(":")
	if !alt {
		p.op("{")
	}
	for p.tok().kind != tEOF && !p.isOp("}") && !p.isWord("endswitch") {
		c := p.node(sCase, p.tok().pos)
		switch {
		case p.word("case"):
			c.a = p.expr(0)
		case p.word("default"):
		default:
			p.next()
			continue
		}
		if !p.op(":") {
			p.op(";")
		}
		c.list = p.statements("case default endswitch")
		n.list = append(n.list, c)
	}
	if alt {
		p.word("endswitch")
		p.semi()
	} else {
		p.op("}")
	}
	return n
}

func (p *parser) try(t token) *node {
	n := p.node(sTry, t.pos)
	n.b = p.body("")
	for p.isWord("catch") {
		c := p.node(sCatch, p.next().pos)
		p.op("(")
		for p.tok().kind != tEOF && !p.isOp(")") {
			if v := p.next(); v.kind == tVar {
				c.s = p.text(v)[1:]
			}
		}
		p.op(")")
		c.b = p.body("")
		n.list = append(n.list, c)
	}
	if p.word("finally") {
		n.c = p.body("")
	}
	return n
}

// list reads "a, b = c;" into a statement of that kind.
func (p *parser) listed(o op, t token) *node {
	n := p.node(o, t.pos)
	n.list = p.exprs()
	p.semi()
	return n
}

func (p *parser) optional(o op, t token) *node {
	n := p.node(o, t.pos)
	if k := p.tok(); !p.isOp(";") && !p.isOp("}") && k.kind != tEOF && k.kind != tHTML && p.src[k.pos] != '?' {
		n.a = p.expr(0)
	}
	p.semi()
	return n
}

// use reads "use function a as b;" and notes the other name.
func (p *parser) use(token) *node {
	for p.tok().kind != tEOF && !p.isOp(";") && !p.isOp("}") {
		t := p.next()
		if t.kind != tName {
			continue
		}
		name := p.text(t)
		if p.word("as") && p.tok().kind == tName {
			p.aliases[strings.ToLower(p.text(p.next()))] = last(name)
		}
	}
	p.op("}")
	p.semi()
	return nil
}

// last is a name without its namespace.
func last(name string) string {
	return name[strings.LastIndexByte(name, '\\')+1:]
}
