package script

import "unicode/utf8"

// primary reads a name, a literal, a bracket or what a keyword begins.
func (p *parser) primary() *Node {
	t := p.peek()
	switch t.Kind {
	case Text:
		return p.texts()
	case Char:
		p.next()
		r, _ := utf8.DecodeRuneInString(t.Text)
		return &Node{Op: Literal, Kind: IsChar, Num: int64(r), Text: t.Text, Line: t.Line}
	case Number:
		p.next()
		v, ok := number(t.Text)
		if !ok {
			return &Node{Line: t.Line}
		}
		return &Node{Op: Literal, Kind: IsNumber, Num: v, Text: t.Text, Line: t.Line}
	case Pattern:
		p.next()
		return &Node{Op: Literal, Kind: IsText, Text: t.Text, Type: "pattern", Line: t.Line}
	case Spliced:
		p.next()
		return p.spliced(t)
	case Word:
		return p.named()
	}
	switch {
	case t.is("("):
		return p.group()
	case t.is("["):
		p.next()
		return p.comprehension(&Node{Op: List, Kids: p.list("]"), Line: t.Line})
	case t.is("{"):
		return p.braces()
	}
	return &Node{Line: t.Line}
}

// texts joins strings that stand next to each other.
func (p *parser) texts() *Node {
	t := p.next()
	n := &Node{Op: Literal, Kind: IsText, Text: t.Text, Line: t.Line}
	if p.d.Name != "python" {
		return n
	}
	for i := 0; i < maxChain && (p.peek().Kind == Text || p.peek().Kind == Spliced); i++ {
		right := p.peek()
		p.next()
		if right.Kind == Text {
			n = &Node{Op: Join, Kids: []*Node{n, {Op: Literal, Kind: IsText, Text: right.Text, Line: right.Line}}, Line: t.Line}
		} else {
			n = &Node{Op: Join, Kids: []*Node{n, p.spliced(right)}, Line: t.Line}
		}
	}
	return n
}

// maxSplice bounds strings in expressions in strings.
const maxSplice = 4

func (p *parser) spliced(t Token) *Node {
	n := &Node{Op: Join, Line: t.Line}
	for _, part := range t.Parts {
		if !part.Code {
			n.Kids = append(n.Kids, &Node{Op: Literal, Kind: IsText, Text: part.Text, Line: t.Line})
		} else if p.splice < maxSplice {
			sub := &parser{d: p.d, ts: p.d.Lex(part.Text, t.Line), prog: p.prog, splice: p.splice + 1, depth: p.depth}
			n.Kids = append(n.Kids, sub.expression(0))
		}
	}
	return n
}

// group reads what is in parentheses: an expression, a tuple, or the
// parameters of a lambda.
func (p *parser) group() *Node {
	line := p.peek().Line
	if p.lambdaAhead() {
		return p.lambda(p.params())
	}
	p.next()
	kids := p.list(")")
	if len(kids) == 1 {
		return p.comprehension(kids[0])
	}
	return &Node{Op: List, Kids: kids, Line: line}
}

// lambdaAhead looks behind the parentheses that open here for an arrow.
func (p *parser) lambdaAhead() bool {
	if p.d.Lines {
		return false
	}
	depth := 0
	for n := 0; n < 64; n++ {
		switch t := p.ahead(n); {
		case t.Kind == EOF || t.is(";"):
			return false
		case t.is("("):
			depth++
		case t.is(")"):
			if depth--; depth == 0 {
				after := p.ahead(n + 1)
				return after.is("->") && p.d.Name != "perl" || after.is("=>")
			}
		}
	}
	return false
}

// lambda reads "-> expression" or "=> {block}".
func (p *parser) lambda(params []Param) *Node {
	line := p.next().Line
	f := &Func{Name: "", Params: params, Line: line}
	if p.peek().is("{") {
		f.Body = p.block()
	} else {
		f.Body, f.Expr = p.expression(1), true
	}
	return &Node{Op: Lambda, Func: f, Line: line}
}

// braces reads a literal of keys and values, or of elements.
func (p *parser) braces() *Node {
	n := &Node{Op: Pairs, Line: p.next().Line}
	for !p.peek().is("}") && p.peek().Kind != EOF {
		before := p.pos
		if p.d.Name == "javascript" && p.method(n) {
			p.take(",")
			continue
		}
		key := p.element()
		if p.take(":") || p.take("=>") {
			if key.Op == Name && (p.d.Name == "javascript" || p.d.Name == "perl") {
				key = &Node{Op: Literal, Kind: IsText, Text: key.Text, Line: key.Line}
			}
			n.Kids = append(n.Kids, key, p.element())
		} else {
			if key.Op == Assign && key.Kids[0].Op == Name {
				n.Kids = append(n.Kids, &Node{Op: Literal, Kind: IsText, Text: key.Kids[0].Text}, key.Kids[1])
			} else if n.Op == Pairs && p.d.Name == "javascript" && key.Op == Name {
				n.Kids = append(n.Kids, &Node{Op: Literal, Kind: IsText, Text: key.Text, Line: key.Line}, key)
			} else {
				n.Op = List
				n.Kids = append(n.Kids, key)
			}
		}
		p.spaces()
		if !p.take(",") && p.pos == before {
			p.next()
		}
		p.spaces()
	}
	p.take("}")
	return p.comprehension(n)
}

// method reads "name(params) {...}" in an object literal.
func (p *parser) method(n *Node) bool {
	start := p.pos
	if p.peek().is("async") || p.peek().is("get") || p.peek().is("set") {
		p.next()
	}
	p.take("*")
	name := p.peek()
	if name.Kind != Word || !p.ahead(1).is("(") {
		p.pos = start
		return false
	}
	p.next()
	close := p.matching()
	if !p.ahead(close + 1).is("{") {
		p.pos = start
		return false
	}
	f := &Func{Name: name.Text, Params: p.params(), Line: name.Line}
	f.Body = p.block()
	n.Kids = append(n.Kids, &Node{Op: Literal, Kind: IsText, Text: name.Text, Line: name.Line}, &Node{Op: Lambda, Func: f, Line: name.Line})
	return true
}

// matching is how far ahead the parenthesis is that closes the next token.
func (p *parser) matching() int {
	depth := 0
	for n := 0; p.pos+n < len(p.ts); n++ {
		switch t := p.ahead(n); {
		case t.is("("):
			depth++
		case t.is(")"):
			if depth--; depth <= 0 {
				return n
			}
		case t.Kind == EOF:
			return n
		}
	}
	return 0
}

// list reads expressions up to close, which it takes.
func (p *parser) list(close string) []*Node {
	var kids []*Node
	for !p.peek().is(close) && p.peek().Kind != EOF && !p.peek().is(";") {
		before := p.pos
		p.spaces()
		if p.peek().is(close) {
			break
		}
		kids = append(kids, p.element())
		p.spaces()
		if p.take(",") || p.take("=>") {
			continue
		}
		if p.peek().is("for") || p.peek().is("async") && p.ahead(1).is("for") {
			kids[len(kids)-1] = p.comprehension(kids[len(kids)-1])
		}
		if p.peek().is(")") || p.peek().is("]") || p.peek().is("}") {
			break
		}
		if p.pos == before {
			p.next()
		}
	}
	p.take(close)
	return kids
}

// element reads an argument, with the name it may have been given.
func (p *parser) element() *Node {
	t := p.peek()
	if t.Kind == Word && (p.d.Typed || p.d.Name == "vbscript") && (p.ahead(1).is(":") || p.ahead(1).is(":=")) && p.d.Name != "java" {
		p.next()
		p.next()
	}
	if p.d.Name == "csharp" && (t.is("ref") || t.is("out") || t.is("in")) {
		p.next()
		if p.declared() {
			return p.declaration()
		}
	}
	if t.is(",") { // left out
		return &Node{Line: t.Line}
	}
	return p.expression(0)
}

// comprehension reads "for x in y if z" behind an element of Python.
func (p *parser) comprehension(n *Node) *Node {
	if p.d.Name != "python" {
		return n
	}
	p.spaces()
	p.take("async")
	if !p.peek().is("for") || !p.deeper() {
		return n
	}
	defer p.shallower()
	line := p.next().Line
	target := p.expression(8)
	for i := 0; i < maxChain && p.take(","); i++ {
		target = &Node{Op: List, Kids: []*Node{target, p.expression(8)}, Line: line}
	}
	p.take("in")
	from := p.expression(2)
	for p.take("if") {
		p.expression(2)
		p.spaces()
	}
	inner := p.comprehension(n)
	return &Node{Op: Each, Text: "collect", Kids: []*Node{target, from, inner}, Line: line}
}

// spaces skips line ends inside brackets.
func (p *parser) spaces() {
	for k := p.peek().Kind; k == Newline || k == Indent || k == Dedent; k = p.peek().Kind {
		p.next()
	}
}

// skipGroup moves behind the bracket that opens here, or one token.
func (p *parser) skipGroup() {
	depth := 0
	for {
		t := p.peek()
		switch {
		case t.Kind == EOF:
			return
		case t.is("(") || t.is("[") || t.is("{"):
			depth++
		case t.is(")") || t.is("]") || t.is("}"):
			depth--
		}
		p.next()
		if depth <= 0 {
			return
		}
	}
}
