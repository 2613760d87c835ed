package script

// vbStatement reads one statement of VBScript.
func (p *parser) vbStatement() *Node {
	t := p.peek()
	if t.Kind == Newline {
		p.next()
		return &Node{Line: t.Line}
	}
	switch t.Text {
	case "dim", "redim", "private", "public", "const", "option", "on":
		return p.vbDeclaration()
	case "set", "let", "call":
		p.next()
		return p.statement()
	case "if", "elseif":
		return p.vbIf()
	case "function", "sub", "property":
		return p.vbFunction()
	case "class":
		n := &Node{Op: Class, Line: p.next().Line}
		n.Text = p.next().Text
		outer := p.class
		p.class = n.Text
		n.Kids = p.vbUntil().Kids
		p.class = outer
		p.vbEnd()
		return n
	case "for":
		return p.vbFor()
	case "while", "do", "loop", "select", "case", "with", "wend", "next", "else", "until":
		return p.vbBlock(t)
	case "return":
		n := &Node{Op: Return, Line: p.next().Line}
		if p.peek().Kind != Newline {
			n.Kids = append(n.Kids, p.expression(0))
		}
		return n
	case "imports", "try", "catch", "finally", "using", "namespace", "protected", "shared", "friend", "overrides", "byval":
		p.next()
		if t.is("catch") || t.is("imports") {
			p.line()
		}
		return &Node{Line: t.Line}
	case "end", "exit":
		p.next()
		p.line()
		return &Node{Line: t.Line}
	}
	return p.vbAssignment()
}

// vbAssignment reads "target = value", a call with or without parentheses, or
// an expression.
func (p *parser) vbAssignment() *Node {
	n := p.suffixes(p.primary())
	t := p.peek()
	switch {
	case t.is("="):
		p.next()
		return &Node{Op: Assign, Kids: []*Node{n, p.expression(0)}, Line: t.Line}
	case t.Kind == Newline || t.Kind == EOF || t.is("else") || t.is("end"):
		if n.Op == Name || n.Op == Member {
			return &Node{Op: Call, Kids: []*Node{n}, Line: n.Line}
		}
		return n
	case n.Op == Nothing:
		p.next()
		return n
	}
	// A call without parentheses, of which the first argument may begin with
	// some: "execute (a) & b".
	call := &Node{Op: Call, Kids: []*Node{n}, Line: n.Line}
	if n.Op == Call && len(n.Kids) == 2 && p.operator() > 0 {
		first := p.vbRest(n.Kids[1])
		call.Kids = []*Node{n.Kids[0], first}
	} else if n.Op == Call {
		return n
	} else {
		call.Kids = append(call.Kids, p.expression(0))
	}
	for p.take(",") {
		call.Kids = append(call.Kids, p.expression(0))
	}
	return call
}

// vbRest goes on with an expression that began with a bracket.
func (p *parser) vbRest(left *Node) *Node {
	for range maxChain {
		t := p.peek()
		prec := p.operator()
		if prec == 0 {
			return left
		}
		p.next()
		left = &Node{Op: Binary, Text: t.Text, Kids: []*Node{left, p.expression(prec)}, Line: t.Line}
	}
	return left
}

func (p *parser) vbDeclaration() *Node {
	t := p.next()
	if p.peek().is("function") || p.peek().is("sub") || p.peek().is("default") || p.peek().is("property") {
		p.take("default")
		return p.statement()
	}
	if t.is("const") {
		return p.vbAssignment()
	}
	n := &Node{Op: Block, Line: t.Line}
	for (t.is("dim") || t.is("private") || t.is("public")) && p.peek().Kind == Word {
		n.Kids = append(n.Kids, p.vbVariable())
		if !p.take(",") {
			break
		}
	}
	p.line()
	return n
}

// vbVariable reads "name(size) As New Type(arguments) = value" of Visual Basic.
func (p *parser) vbVariable() *Node {
	name := p.next()
	n := &Node{Op: Declare, Text: name.Text, Line: name.Line}
	if p.peek().is("(") {
		p.skipGroup()
	}
	if p.take("as") {
		if p.peek().is("new") {
			n.Kids = append(n.Kids, p.make())
		} else {
			n.Type = p.modulePath()
			if p.peek().is("(") {
				p.skipGroup()
			}
		}
	}
	if p.take("=") {
		n.Kids = []*Node{p.expression(0)}
	}
	return n
}

func (p *parser) vbIf() *Node {
	n := &Node{Op: If, Line: p.next().Line}
	n.Kids = append(n.Kids, p.expression(0))
	p.take("then")
	if p.peek().Kind != Newline { // on one line
		n.Kids = append(n.Kids, p.vbOneLine())
		if p.take("else") {
			n.Kids = append(n.Kids, p.vbOneLine())
		}
		return n
	}
	n.Kids = append(n.Kids, p.vbUntil("else", "elseif"))
	switch {
	case p.peek().is("elseif"):
		n.Kids = append(n.Kids, p.statement())
		return n
	case p.take("else"):
		n.Kids = append(n.Kids, p.vbUntil())
	}
	p.vbEnd()
	return n
}

func (p *parser) vbOneLine() *Node {
	n := &Node{Op: Block, Line: p.peek().Line}
	line := p.peek().Line
	for p.peek().Kind != EOF && !p.peek().is("else") && p.peek().Line == line {
		if p.peek().Kind == Newline {
			if p.ahead(1).Line != line {
				break
			}
			p.next()
			continue
		}
		before := p.pos
		n.Kids = append(n.Kids, p.statement())
		if p.pos == before {
			p.next()
		}
	}
	return n
}

// vbUntil reads statements up to one that ends a block, or to one of more.
func (p *parser) vbUntil(more ...string) *Node {
	n := &Node{Op: Block, Line: p.peek().Line}
	for p.peek().Kind != EOF {
		t := p.peek()
		if t.is("end") && (p.ahead(1).Kind == Word) {
			return n
		}
		for _, m := range more {
			if t.is(m) {
				return n
			}
		}
		before := p.pos
		n.Kids = append(n.Kids, p.statement())
		if p.pos == before {
			p.next()
		}
	}
	return n
}

// vbEnd takes "end if" and the like.
func (p *parser) vbEnd() {
	if p.take("end") {
		p.next()
	}
}

func (p *parser) vbFunction() *Node {
	p.next()
	if p.peek().is("get") || p.peek().is("let") || p.peek().is("set") {
		p.next()
	}
	name := p.next()
	f := &Func{Name: name.Text, Class: p.class, Line: name.Line}
	if p.take("(") {
		for !p.peek().is(")") && p.peek().Kind != EOF {
			t := p.next()
			switch {
			case t.is("as") && len(f.Params) > 0:
				f.Params[len(f.Params)-1].Type = p.modulePath()
			case t.Kind == Word && t.Text != "byval" && t.Text != "byref" && t.Text != "optional":
				f.Params = append(f.Params, Param{Name: t.Text})
			}
		}
		p.take(")")
	}
	f.Body = p.vbUntil()
	p.vbEnd()
	p.prog.Funcs = append(p.prog.Funcs, f)
	return &Node{Op: Function, Func: f, Line: name.Line}
}

// vbFor reads "for i = a to b step c" and "for each x in y".
func (p *parser) vbFor() *Node {
	line := p.next().Line
	if p.take("each") {
		target := p.primary()
		p.take("in")
		from := p.expression(0)
		body := p.vbUntil("next")
		p.line()
		return &Node{Op: Each, Kids: []*Node{target, from, body}, Line: line}
	}
	target := p.primary()
	p.take("=")
	from := p.expression(0)
	p.take("to")
	to := p.expression(0)
	step := &Node{Op: Literal, Kind: IsNumber, Num: 1, Line: line}
	down := false
	if p.take("step") {
		down = p.peek().is("-")
		step = p.expression(0)
	}
	body := p.vbUntil("next")
	p.line()
	compare := "<="
	if down {
		compare = ">="
	}
	return &Node{Op: Loop, Kids: []*Node{
		{Op: Assign, Kids: []*Node{target, from}, Line: line},
		{Op: Binary, Text: compare, Kids: []*Node{target, to}, Line: line},
		{Op: Assign, Text: "+", Kids: []*Node{target, step}, Line: line},
		body,
	}, Line: line}
}

// vbBlock reads what stands around blocks whose order does not matter here:
// the condition is evaluated, and the statements inside follow.
func (p *parser) vbBlock(t Token) *Node {
	p.next()
	switch t.Text {
	case "while", "do":
		cond := (*Node)(nil)
		if p.take("while") || p.take("until") || t.Text == "while" {
			cond = p.expression(0)
			if cond.Op != Nothing {
				cond = &Node{Op: Block, Kids: []*Node{cond}, Line: t.Line}
			}
		}
		body := p.vbUntil("loop", "wend")
		p.next()
		p.line()
		return &Node{Op: Loop, Kids: []*Node{{}, cond, {}, body}, Line: t.Line}
	case "select":
		p.take("case")
		return p.expression(0)
	case "with":
		return &Node{Op: Assign, Kids: []*Node{{Op: Name, Text: "(with)"}, p.expression(0)}, Line: t.Line}
	case "case":
		n := &Node{Op: Block, Line: t.Line}
		for p.peek().Kind != Newline && p.peek().Kind != EOF {
			before := p.pos
			n.Kids = append(n.Kids, p.expression(0))
			p.take(",")
			if p.pos == before {
				p.next()
			}
		}
		return n
	}
	return &Node{Line: t.Line}
}
