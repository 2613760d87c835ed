package php

import "strings"

// binding is how strongly binary operators bind; PHP 8's table.
var binding = map[string]int{
	"or": 1, "xor": 2, "and": 3, "?": 5, "??": 6, "||": 7, "&&": 8, "|": 9, "^": 10, "&": 11,
	"==": 12, "!=": 12, "===": 12, "!==": 12, "<>": 12, "<=>": 12,
	"<": 13, "<=": 13, ">": 13, ">=": 13, ".": 14, "<<": 15, ">>": 15,
	"+": 16, "-": 16, "*": 17, "/": 17, "%": 17, "instanceof": 19, "**": 21,
}

const (
	bindAssign = 4
	bindNot    = 18
	bindUnary  = 20
)

// expr reads an expression of operators that bind at least as strongly as least.
func (p *parser) expr(least int) *node {
	if !p.enter() {
		return p.node(xBad, p.tok().pos)
	}
	defer func() { p.depth-- }()
	left := p.unary()
	for {
		t := p.tok()
		if t.kind != tOp && t.kind != tName {
			return left
		}
		sign := p.text(t)
		if t.kind == tName {
			sign = strings.ToLower(sign)
		}
		b := binding[sign]
		if b == 0 || b < least {
			return left
		}
		p.next()
		left = p.binary(left, sign, b)
	}
}

func (p *parser) binary(left *node, sign string, b int) *node {
	n := p.node(xBinary, left.pos)
	n.s, n.a = sign, left
	switch sign {
	case "?":
		n.op = xTernary
		if !p.op(":") {
			n.b = p.expr(bindAssign)
			p.op(":")
		}
		n.c = p.expr(b + 1)
	case "instanceof":
		n.op = xInstance
		n.b = p.unary()
	case "??", "**":
		n.b = p.expr(b)
	default:
		n.b = p.expr(b + 1)
	}
	return p.end(n)
}

// unary reads prefix operators and what they stand before.
func (p *parser) unary() *node {
	t := p.tok()
	if t.kind == tOp {
		switch sign := p.text(t); sign {
		case "!":
			return p.prefix(xUnary, "!", bindNot)
		case "-", "+", "~":
			return p.prefix(xUnary, sign, bindUnary)
		case "@":
			return p.prefix(xSilence, "@", bindUnary)
		case "&":
			p.next()
			n := p.expr(bindUnary)
			return n
		case "...":
			return p.prefix(xSpread, "...", bindAssign)
		case "++", "--":
			n := p.prefix(xIncDec, sign, bindUnary)
			n.n = 1
			return n
		case "(":
			if kind, ok := p.cast(); ok {
				return p.prefixed(xCast, kind, t, bindUnary)
			}
		}
	}
	return p.postfix(p.primary())
}

func (p *parser) prefix(o op, sign string, b int) *node {
	t := p.next()
	return p.prefixed(o, sign, t, b)
}

func (p *parser) prefixed(o op, sign string, t token, b int) *node {
	n := p.node(o, t.pos)
	n.s = sign
	n.a = p.expr(b)
	return p.end(n)
}

// cast reads "(type)" and returns the type.
func (p *parser) cast() (string, bool) {
	if p.p+2 >= len(p.toks) || p.toks[p.p+1].kind != tName || !p.peekOp(2, ")") {
		return "", false
	}
	switch w := strings.ToLower(p.text(p.toks[p.p+1])); w {
	case "int", "integer", "string", "bool", "boolean", "float", "double", "real", "array", "object", "binary", "unset":
		p.p += 3
		return w, true
	}
	return "", false
}

func (p *parser) primary() *node {
	t := p.tok()
	switch t.kind {
	case tVar:
		p.next()
		n := p.node(xVar, t.pos)
		n.s = p.text(t)[1:]
		return p.end(n)
	case tNumber:
		p.next()
		n := p.node(xLit, t.pos)
		n.lit = number(p.text(t))
		return p.end(n)
	case tString:
		p.next()
		n := p.node(xLit, t.pos)
		n.lit = str(literal(p.text(t)))
		return p.end(n)
	case tTemplate:
		p.next()
		return p.template(t)
	case tName:
		return p.named(t)
	case tOp:
		switch {
		case p.op("("):
			n := p.expr(0)
			p.op(")")
			if n.op == xLit || n.op == xConst || n.op == xVar { // (x) is no reference and no name
				return n
			}
			return n
		case p.op("["):
			return p.array(t, "]")
		case p.isOp("$"):
			return p.varVar()
		}
	}
	n := p.node(xBad, t.pos)
	if t.kind == tOp && !p.isOp(")") && !p.isOp("]") && !p.isOp("}") && !p.isOp(";") && !p.isOp(",") && p.src[t.pos] != '?' && p.src[t.pos] != '<' {
		p.next()
	}
	return n
}

// varVar reads $$a and ${expression}.
func (p *parser) varVar() *node {
	t := p.next()
	n := p.node(xVar, t.pos)
	switch {
	case p.op("{"):
		n.a = p.expr(0)
		p.op("}")
	case p.isOp("$"):
		if !p.enter() {
			return n
		}
		n.a = p.varVar()
		p.depth--
	default:
		n.a = p.primary()
	}
	return p.end(n)
}

func (p *parser) array(t token, closing string) *node {
	n := p.node(xArray, t.pos)
	for p.tok().kind != tEOF && !p.op(closing) {
		before := p.p
		if p.isOp(",") {
			p.next()
			n.list = append(n.list, nil)
			continue
		}
		item := p.node(xItem, p.tok().pos)
		item.ref = p.op("&")
		item.b = p.expr(0)
		if p.op("=>") {
			item.a = item.b
			item.ref = p.op("&")
			item.b = p.expr(0)
		}
		n.list = append(n.list, item)
		if !p.op(",") && !p.isOp(closing) && (p.p == before || p.isOp(";")) {
			break
		}
	}
	return p.end(n)
}

// args reads "(a, b)".
func (p *parser) args() []*node {
	var list []*node
	if !p.op("(") {
		return nil
	}
	for p.tok().kind != tEOF && !p.op(")") {
		before := p.p
		if p.tok().kind == tName && p.peekOp(1, ":") && !p.peekOp(1, "::") {
			p.p += 2 // a named argument counts by its place
		}
		list = append(list, p.expr(0))
		if !p.op(",") && !p.isOp(")") && (p.p == before || p.isOp(";") || p.isOp("{")) {
			break
		}
	}
	return list
}

// postfix reads what stands behind a value: indexes, members, calls, assignment.
func (p *parser) postfix(n *node) *node {
	for p.nodes <= maxNodes {
		t := p.tok()
		if t.kind != tOp {
			return n
		}
		switch p.text(t) {
		case "[":
			p.next()
			n = p.wrap(xIndex, n)
			if !p.isOp("]") {
				n.b = p.expr(0)
			}
			p.op("]")
		case "{":
			if p.p == 0 || p.toks[p.p-1].end != t.pos || n.op != xVar && n.op != xIndex && n.op != xProp && n.op != xLit {
				return n
			}
			p.next()
			n = p.wrap(xIndex, n)
			n.b = p.expr(0)
			p.op("}")
		case "->", "?->":
			p.next()
			n = p.arrowMember(n)
		case "::":
			p.next()
			n = p.scoped(n)
		case "(":
			n = p.wrap(xCall, n)
			if p.peekOp(1, "...") && p.peekOp(2, ")") {
				p.p += 3
				n.n = 1
				break
			}
			n.list = p.args()
		case "++", "--":
			n = p.wrap(xIncDec, n)
			n.s = p.text(p.next())
		default:
			return p.assign(n)
		}
		p.end(n)
	}
	return n
}

func (p *parser) wrap(o op, inner *node) *node {
	n := p.node(o, inner.pos)
	n.a = inner
	return n
}

// arrowMember reads what stands behind an arrow.
func (p *parser) arrowMember(obj *node) *node {
	n := p.wrap(xProp, obj)
	switch t := p.tok(); {
	case t.kind == tName:
		n.s = p.text(p.next())
	case p.op("{"):
		n.b = p.expr(0)
		p.op("}")
	default:
		n.b = p.primary()
	}
	if p.isOp("(") {
		n.op = xMethod
		n.list = p.args()
	}
	return n
}

// scoped reads what stands behind two colons.
func (p *parser) scoped(cls *node) *node {
	if cls.op == xConst {
		cls.op = xName
	}
	n := p.wrap(xClassConst, cls)
	switch t := p.tok(); {
	case t.kind == tName:
		n.s = p.text(p.next())
		if p.isOp("(") {
			n.op = xStaticCall
			n.list = p.args()
		}
	case t.kind == tVar:
		p.next()
		if p.isOp("(") {
			n.op, n.b = xStaticCall, p.node(xVar, t.pos)
			n.b.s = p.text(t)[1:]
			n.list = p.args()
			break
		}
		n.op, n.s = xStatic, p.text(t)[1:]
	case p.op("{"):
		n.op, n.b = xStaticCall, p.expr(0)
		p.op("}")
		n.list = p.args()
	case p.isOp("$"):
		n.op = xStatic
		n.b = p.varVar().a
	}
	return n
}

func (p *parser) assign(n *node) *node {
	switch n.op {
	case xVar, xIndex, xProp, xStatic, xArray, xCall, xMethod, xStaticCall:
	default:
		return n
	}
	switch sign := p.text(p.tok()); sign {
	case "=":
		p.next()
		a := p.wrap(xAssign, n)
		if p.isOp("&") {
			p.next()
			a.op = xAssignRef
		}
		a.b = p.expr(bindAssign)
		return p.end(a)
	case "+=", "-=", "*=", "/=", ".=", "%=", "&=", "|=", "^=", "<<=", ">>=", "**=", "??=":
		p.next()
		a := p.wrap(xAssignOp, n)
		a.s = sign[:len(sign)-1]
		a.b = p.expr(bindAssign)
		return p.end(a)
	}
	return n
}

// named reads an expression that begins with a name.
func (p *parser) named(t token) *node {
	word := strings.ToLower(p.text(t))
	p.next()
	if !p.isOp("::") {
		if n := p.construct(word, t); n != nil {
			return p.end(n)
		}
	}
	n := p.node(xConst, t.pos)
	n.s = last(p.text(t))
	if p.isOp("(") || p.isOp("::") {
		n.op = xName
		if real, ok := p.aliases[strings.ToLower(n.s)]; ok {
			n.s = real
		}
	}
	return p.end(n)
}

// construct reads what is part of the language; nil if word is just a name.
func (p *parser) construct(word string, t token) *node {
	switch word {
	case "array":
		if p.op("(") {
			return p.array(t, ")")
		}
	case "list":
		if p.op("(") {
			return p.array(t, ")")
		}
	case "isset", "unset":
		n := p.node(xIsset, t.pos)
		n.list = p.args()
		return n
	case "empty":
		n := p.node(xEmpty, t.pos)
		n.a = p.paren()
		return n
	case "eval":
		n := p.node(xEval, t.pos)
		n.a = p.paren()
		return n
	case "exit", "die":
		n := p.node(xExit, t.pos)
		if p.op("(") && !p.op(")") {
			n.a = p.expr(0)
			p.op(")")
		}
		return n
	case "include", "include_once", "require", "require_once":
		return p.prefixed(xInclude, word, t, bindAssign)
	case "print":
		return p.prefixed(xPrint, word, t, bindAssign)
	case "clone":
		return p.prefixed(xClone, word, t, bindUnary)
	case "throw":
		return p.prefixed(xThrow, word, t, 0)
	case "new":
		return p.newObject(t)
	case "yield":
		return p.yield(t)
	case "function", "fn", "static":
		return p.closure(word, t)
	case "match":
		if p.isOp("(") {
			return p.match(t)
		}
	}
	return nil
}

func (p *parser) yield(t token) *node {
	n := p.node(xYield, t.pos)
	if p.fn != nil {
		p.fn.gen = true
	}
	n.ref = p.word("from")
	if p.isOp(";") || p.isOp(")") || p.isOp(",") || p.isOp("]") {
		return n
	}
	n.b = p.expr(bindAssign)
	if p.op("=>") {
		n.a = n.b
		n.b = p.expr(bindAssign)
	}
	return n
}

func (p *parser) newObject(t token) *node {
	n := p.node(xNew, t.pos)
	for p.word("readonly") {
	}
	switch k := p.tok(); {
	case p.isWord("class"):
		p.next()
		if p.isOp("(") {
			n.list = p.args()
		}
		c := p.classBody("class@anonymous", t)
		n.a = p.node(xName, k.pos)
		n.a.s = c.name
		decl := p.node(sClass, k.pos)
		decl.cls = c
		n.b = decl
		return n
	case k.kind == tName:
		p.next()
		n.a = p.node(xName, k.pos)
		n.a.s = last(p.text(k))
		if real, ok := p.aliases[strings.ToLower(n.a.s)]; ok {
			n.a.s = real
		}
	case p.op("("):
		n.a = p.expr(0)
		p.op(")")
	default:
		n.a = p.classRef()
	}
	if p.isOp("(") {
		n.list = p.args()
	}
	return n
}

// classRef reads the variable behind new: indexes and members, no call.
func (p *parser) classRef() *node {
	n := p.primary()
	for {
		switch {
		case p.op("["):
			n = p.wrap(xIndex, n)
			n.b = p.expr(0)
			p.op("]")
		case p.isOp("->") && p.p+1 < len(p.toks) && p.toks[p.p+1].kind == tName:
			p.next()
			n = p.wrap(xProp, n)
			n.s = p.text(p.next())
		case p.isOp("::") && p.p+1 < len(p.toks) && p.toks[p.p+1].kind == tVar:
			p.next()
			n = p.wrap(xStatic, n)
			n.s = p.text(p.next())[1:]
		default:
			return n
		}
	}
}

func (p *parser) closure(word string, t token) *node {
	if word == "static" {
		if !p.isWord("function") && !p.isWord("fn") {
			return nil
		}
		word = strings.ToLower(p.text(p.next()))
	}
	p.op("&")
	if !p.isOp("(") {
		return nil
	}
	n := p.node(xFunc, t.pos)
	if word == "function" {
		n.fn = p.function("{closure}", t)
		return n
	}
	f := &function{name: "{closure}", class: p.cls, arrow: true, pos: t.pos}
	p.fns = append(p.fns, f)
	outer := p.fn
	p.fn = f
	f.params = p.params()
	p.skipType()
	p.op("=>")
	ret := p.node(sReturn, p.tok().pos)
	ret.a = p.expr(bindAssign)
	f.body = []*node{p.end(ret)}
	p.fn = outer
	n.fn = f
	return n
}

func (p *parser) match(t token) *node {
	n := p.node(xMatch, t.pos)
	n.a = p.paren()
	p.op("{")
	for p.tok().kind != tEOF && !p.op("}") {
		before := p.p
		arm := p.node(xArm, p.tok().pos)
		if !p.word("default") {
			arm.list = append(arm.list, p.expr(0))
			for p.op(",") && !p.isOp("=>") {
				arm.list = append(arm.list, p.expr(0))
			}
		} else {
			p.op(",")
		}
		p.op("=>")
		arm.a = p.expr(0)
		n.list = append(n.list, arm)
		p.op(",")
		if p.p == before {
			p.next()
		}
	}
	return n
}
