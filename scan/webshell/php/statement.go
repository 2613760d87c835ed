package php

import "strings"

// statementReaders are the statements by their first keyword.
func statementReaders() map[string]func(*parser, token) *node {
	return map[string]func(*parser, token) *node{
		"echo":    (*parser).echo,
		"if":      (*parser).ifStatement,
		"for":     (*parser).forStatement,
		"foreach": (*parser).foreach,
		"switch":  (*parser).switchStatement,
		"try":     (*parser).try,
		"use":     (*parser).use,
		"while": func(p *parser, t token) *node {
			n := p.node(sWhile, t.pos)
			n.a = p.paren()
			return p.loop(sWhile, "endwhile", n)
		},
		"do": func(p *parser, t token) *node {
			n := p.node(sDo, t.pos)
			n.b = p.body("")
			if p.word("while") {
				n.a = p.paren()
			}
			p.semi()
			return n
		},
		"declare": func(p *parser, t token) *node {
			p.paren()
			if p.isOp(":") || p.isOp("{") {
				return p.body("enddeclare")
			}
			p.semi()
			return nil
		},
		"break":    func(p *parser, t token) *node { return p.optional(sBreak, t) },
		"continue": func(p *parser, t token) *node { return p.optional(sContinue, t) },
		"return":   func(p *parser, t token) *node { return p.optional(sReturn, t) },
		"global":   func(p *parser, t token) *node { return p.listed(sGlobal, t) },
		"unset": func(p *parser, t token) *node {
			n := p.node(sUnset, t.pos)
			n.list = p.args()
			p.semi()
			return n
		},
		"const": func(p *parser, t token) *node { return p.listed(sConst, t) },
		"goto": func(p *parser, t token) *node {
			n := p.node(sGoto, t.pos)
			n.s = p.text(p.next())
			p.semi()
			return n
		},
		"namespace": (*parser).namespace,
		"static": func(p *parser, t token) *node {
			if p.tok().kind != tVar {
				p.p--
				return nil
			}
			return p.listed(sStaticVar, t)
		},
		"function": func(p *parser, t token) *node {
			amp := p.op("&")
			if p.tok().kind != tName {
				if amp {
					p.p--
				}
				p.p--
				return nil
			}
			n := p.node(sFunc, t.pos)
			n.fn = p.function(p.text(p.next()), t)
			return n
		},
		"class": (*parser).class, "interface": (*parser).class, "trait": (*parser).class,
		"abstract": (*parser).modified, "final": (*parser).modified, "readonly": (*parser).modified,
		"enum": (*parser).modified,
	}
}

func (p *parser) namespace(t token) *node {
	if p.tok().kind == tName {
		p.next()
	}
	if p.op("{") {
		return p.block()
	}
	p.semi()
	return nil
}

func (p *parser) modified(t token) *node {
	k := p.p
	for p.isWord("abstract") || p.isWord("final") || p.isWord("readonly") {
		p.next()
	}
	if strings.EqualFold(p.text(t), "enum") && p.tok().kind == tName {
		return p.class(t)
	}
	if p.isWord("class") {
		return p.class(p.next())
	}
	p.p = k - 1
	return nil
}

// function reads the parameters and the body of a function whose name was read.
func (p *parser) function(name string, t token) *function {
	f := &function{name: name, class: p.cls, pos: t.pos, doc: p.doc(t)}
	p.fns = append(p.fns, f)
	outer := p.fn
	p.fn = f
	defer func() { p.fn = outer }()
	f.params = p.params()
	if p.word("use") {
		f.uses = p.params()
	}
	p.skipType()
	if p.op("{") {
		f.body = p.statements("")
		p.op("}")
	} else {
		p.semi()
	}
	return f
}

// doc is the text of the doc comment before a token.
func (p *parser) doc(t token) string {
	if t.doc == 0 {
		return ""
	}
	s := p.src[t.doc-1:]
	if i := strings.Index(s, "*/"); i >= 0 {
		return s[:i+2]
	}
	return s
}

// skipType skips ": type" behind parameters.
func (p *parser) skipType() {
	if !p.op(":") {
		return
	}
	for p.tok().kind == tName || p.isOp("?") || p.isOp("|") || p.isOp("&") || p.isOp("(") || p.isOp(")") {
		p.next()
	}
}

func (p *parser) params() []param {
	var out []param
	if !p.op("(") {
		return nil
	}
	var q param
	for p.tok().kind != tEOF && !p.op(")") {
		switch t := p.tok(); {
		case p.op("&"):
			q.ref = true
		case p.op("..."):
			q.variadic = true
		case t.kind == tName:
			w := strings.ToLower(p.text(p.next()))
			q.promoted = q.promoted || w == "public" || w == "private" || w == "protected" || w == "readonly"
		case t.kind == tVar:
			q.name = p.text(p.next())[1:]
			if p.op("=") {
				q.def = p.expr(0)
			}
			out = append(out, q)
			q = param{}
		case p.isOp("{") || p.isOp(";"):
			return out
		default:
			p.next()
		}
	}
	return out
}

// class reads what stands behind the word class.
func (p *parser) class(t token) *node {
	if p.tok().kind != tName {
		p.p--
		return nil
	}
	n := p.node(sClass, t.pos)
	n.cls = p.classBody(p.text(p.next()), t)
	return n
}

func (p *parser) classBody(name string, t token) *class {
	c := &class{name: name, pos: t.pos, doc: p.doc(t), consts: map[string]*node{}, methods: map[string]*function{}, static: map[string]*cell{}}
	p.classes = append(p.classes, c)
	outer, outerFn := p.cls, p.fn
	p.cls, p.fn = c, nil
	defer func() { p.cls, p.fn = outer, outerFn }()
	for p.tok().kind != tEOF && !p.op("{") {
		if p.word("extends") && p.tok().kind == tName {
			c.parent = last(p.text(p.tok()))
		}
		p.next()
	}
	for p.tok().kind != tEOF && !p.op("}") {
		p.member(c)
	}
	return c
}

// member reads one constant, property, method or used trait.
func (p *parser) member(c *class) {
	static := false
	doc := p.tok()
	for p.tok().kind != tEOF && !p.isOp("}") {
		t := p.tok()
		switch {
		case p.word("static"):
			static = true
		case p.word("function"):
			p.op("&")
			f := p.function(p.text(p.next()), doc)
			f.static = static
			c.methods[strings.ToLower(f.name)] = f
			c.order = append(c.order, f)
			return
		case p.word("const"):
			for p.tok().kind == tName {
				name := p.text(p.next())
				if p.op("=") {
					c.consts[name] = p.expr(0)
				}
				p.op(",")
			}
			p.semi()
			return
		case p.word("use"):
			for p.tok().kind == tName {
				c.traits = append(c.traits, last(p.text(p.next())))
				p.op(",")
			}
			if p.op("{") {
				for p.tok().kind != tEOF && !p.op("}") {
					p.next()
				}
			}
			return
		case p.word("case"):
			p.next()
			if p.op("=") {
				p.expr(0)
			}
			p.semi()
			return
		case t.kind == tVar:
			p.props(c, static)
			return
		default:
			p.next()
			if p.isOp(";") {
				p.next()
				return
			}
		}
	}
}

func (p *parser) props(c *class, static bool) {
	for p.tok().kind == tVar {
		q := property{name: p.text(p.next())[1:], static: static}
		if p.op("=") {
			q.def = p.expr(0)
		}
		c.props = append(c.props, q)
		p.op(",")
	}
	p.semi()
}
