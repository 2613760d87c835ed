package script

// pythonStatement reads one statement, with the block that belongs to it.
func (p *parser) pythonStatement() *Node {
	t := p.peek()
	switch t.Kind {
	case Newline, Dedent, Indent:
		p.next()
		return &Node{Line: t.Line}
	}
	if p.take(";") {
		return &Node{Line: t.Line}
	}
	switch t.Text {
	case "@":
		p.next()
		n := p.suffixes(p.primary())
		mark := n
		if n.Op == Call {
			mark = n.Kids[0]
		}
		p.marks = append(p.marks, mark.dotted())
		return &Node{Line: t.Line}
	case "async":
		if p.ahead(1).Kind == Word {
			p.next()
			return p.statement()
		}
	case "def":
		return p.pythonDef()
	case "class":
		return p.pythonClass()
	case "import", "from":
		return p.pythonImport()
	case "if", "elif":
		n := &Node{Op: If, Line: p.next().Line}
		n.Kids = append(n.Kids, p.expression(0), p.suite())
		if p.peek().is("elif") {
			n.Kids = append(n.Kids, p.statement())
		} else if p.take("else") {
			n.Kids = append(n.Kids, p.suite())
		}
		return n
	case "while":
		line := p.next().Line
		cond := p.expression(0)
		return &Node{Op: Loop, Kids: []*Node{{}, cond, {}, p.suite()}, Line: line}
	case "for":
		return p.pythonFor()
	case "with":
		p.next()
		n := &Node{Op: Block, Line: t.Line}
		for !p.peek().is(":") && p.peek().Kind != Newline && p.peek().Kind != EOF {
			value := p.expression(0)
			if p.take("as") {
				value = &Node{Op: Assign, Kids: []*Node{p.expression(2), value}, Line: t.Line}
			}
			n.Kids = append(n.Kids, value)
			if !p.take(",") {
				break
			}
		}
		n.Kids = append(n.Kids, p.suite())
		return n
	case "try", "else", "finally":
		p.next()
		return p.suite()
	case "except":
		for !p.peek().is(":") && p.peek().Kind != Newline && p.peek().Kind != EOF {
			p.next()
		}
		return p.suite()
	case "return":
		n := &Node{Op: Return, Line: p.next().Line}
		if p.peek().Kind != Newline {
			n.Kids = append(n.Kids, p.tuple())
		}
		return n
	case "break":
		return &Node{Op: Leave, Line: p.next().Line}
	case "continue":
		return &Node{Op: Continue, Line: p.next().Line}
	case "pass", "global", "nonlocal":
		p.line()
		return &Node{Line: t.Line}
	case "raise", "assert", "del":
		p.next()
		return p.tuple()
	case "print", "exec":
		if k := p.ahead(1); k.Kind == Text || k.Kind == Word && k.Text != "in" && k.Text != "is" {
			p.next()
			return &Node{Op: Call, Kids: []*Node{{Op: Name, Text: t.Text, Line: t.Line}, p.tuple()}, Line: t.Line}
		}
	}
	return p.pythonExpression()
}

func (p *parser) pythonExpression() *Node {
	n := p.tuple()
	if p.take(":") { // an annotation
		p.expression(2)
	}
	if p.peek().is("=") {
		line := p.next().Line
		if !p.deeper() {
			return n
		}
		n = &Node{Op: Assign, Kids: []*Node{n, p.pythonExpression()}, Line: line}
		p.shallower()
	} else if a := p.assignment(n, 0); a != nil {
		n = a
	}
	p.take(";")
	return n
}

// tuple reads expressions with commas between.
func (p *parser) tuple() *Node {
	n := p.expression(0)
	if !p.peek().is(",") {
		return n
	}
	list := &Node{Op: List, Kids: []*Node{n}, Line: n.Line}
	for p.take(",") {
		if k := p.peek(); k.Kind == Newline || k.is("=") || k.is(")") {
			break
		}
		list.Kids = append(list.Kids, p.expression(1))
	}
	if a := p.assignment(list, 0); a != nil {
		return a
	}
	return list
}

func (p *parser) line() {
	for k := p.peek().Kind; k != Newline && k != EOF; k = p.peek().Kind {
		p.next()
	}
}

// suite reads ": statement" or an indented block.
func (p *parser) suite() *Node {
	n := &Node{Op: Block, Line: p.peek().Line}
	p.take(":")
	if p.peek().Kind != Newline {
		for p.peek().Kind != Newline && p.peek().Kind != EOF {
			before := p.pos
			n.Kids = append(n.Kids, p.statement())
			if p.pos == before {
				p.next()
			}
		}
		p.next()
		return n
	}
	for p.peek().Kind == Newline {
		p.next()
	}
	if p.peek().Kind != Indent {
		return n
	}
	p.next()
	for p.peek().Kind != Dedent && p.peek().Kind != EOF {
		before := p.pos
		n.Kids = append(n.Kids, p.statement())
		if p.pos == before {
			p.next()
		}
	}
	p.next()
	return n
}

func (p *parser) pythonDef() *Node {
	p.next()
	name := p.next()
	f := &Func{Name: name.Text, Class: p.class, Marks: p.marks, Line: name.Line}
	p.marks = nil
	p.take("(")
	for !p.peek().is(")") && p.peek().Kind != EOF {
		q := Param{}
		if p.take("*") || p.take("**") {
			q.Rest = true
		}
		if p.peek().Kind == Word {
			q.Name = p.next().Text
		} else if !p.peek().is(",") {
			p.next()
		}
		if p.take(":") {
			q.Type = p.expression(1).dotted()
		}
		if p.take("=") {
			p.expression(0)
		}
		if q.Name != "" && (len(f.Params) > 0 || p.class == "" || q.Name != "self") {
			f.Params = append(f.Params, q)
		}
		p.take(",")
		p.spaces()
	}
	p.take(")")
	if p.take("->") {
		p.expression(1)
	}
	outer := p.class
	p.class = ""
	f.Body = p.suite()
	p.class = outer
	p.prog.Funcs = append(p.prog.Funcs, f)
	return &Node{Op: Function, Func: f, Line: name.Line}
}

func (p *parser) pythonClass() *Node {
	p.next()
	n := &Node{Op: Class, Text: p.next().Text, Line: p.peek().Line}
	if p.take("(") {
		var supers []string
		for _, k := range p.list(")") {
			supers = append(supers, k.dotted())
		}
		p.prog.Supers[n.Text] = supers
		if len(supers) > 0 {
			n.Type = supers[0]
		}
	}
	outer := p.class
	p.class, p.marks = n.Text, nil
	n.Kids = p.suite().Kids
	p.class = outer
	return n
}

func (p *parser) pythonFor() *Node {
	line := p.next().Line
	target := p.expression(8)
	for i := 0; i < maxChain && p.take(","); i++ {
		target = &Node{Op: List, Kids: []*Node{target, p.expression(8)}, Line: line}
	}
	p.take("in")
	from := p.tuple()
	return &Node{Op: Each, Kids: []*Node{target, from, p.suite()}, Line: line}
}

// pythonImport turns imports into declarations of names that stand for dotted
// ones.
func (p *parser) pythonImport() *Node {
	t := p.next()
	n := &Node{Op: Block, Line: t.Line}
	prefix := ""
	if t.Text == "from" {
		for p.take(".") || p.take("...") {
		}
		prefix = p.modulePath() + "."
		p.take("import")
		p.take("(")
	}
	for p.peek().Kind == Word {
		full := prefix + p.modulePath()
		alias := ""
		if p.take("as") {
			alias = p.next().Text
		} else if prefix != "" {
			alias = full[len(prefix):]
		}
		if alias != "" {
			n.Kids = append(n.Kids, &Node{Op: Declare, Text: alias, Type: "import", Kids: []*Node{{Op: Name, Text: full, Line: t.Line}}, Line: t.Line})
		}
		if !p.take(",") {
			break
		}
	}
	for k := p.peek(); k.Kind != Newline && k.Kind != EOF && !k.is(";"); k = p.peek() {
		p.next()
	}
	return n
}

func (p *parser) modulePath() string {
	if p.peek().Kind != Word {
		return ""
	}
	name := p.next().Text
	for p.peek().is(".") && p.ahead(1).Kind == Word {
		p.next()
		name += "." + p.next().Text
	}
	return name
}
