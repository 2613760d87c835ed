package script

// declared says whether a declaration of a variable begins here: a type and a
// name, and then what can follow one.
func (p *parser) declared() bool {
	start := p.pos
	defer func() { p.pos = start }()
	for p.take("final") {
	}
	if p.typeName() == "" || p.peek().Kind != Word {
		return false
	}
	switch p.peek().Text {
	case "instanceof", "in", "is", "as":
		return false
	}
	p.next()
	t := p.peek()
	return t.is("=") || t.is(";") || t.is(":") || t.is(",") || t.is(")") || t.is("[") || t.is("in") || t.is("{") && p.d.Name == "csharp"
}

// declaration reads a type, names and values, and the semicolon.
func (p *parser) declaration() *Node {
	n := p.declaratorList()
	if p.peek().is("{") { // a C# property
		if p.d.Name == "csharp" {
			return &Node{Op: Block, Kids: []*Node{n, p.block()}, Line: n.Line}
		}
		return n
	}
	p.take(";")
	return n
}

func (p *parser) declaratorList() *Node {
	for p.take("final") {
	}
	return p.declarators(p.typeName())
}

// declarators reads "a = 1, b[] = {2}, {c, d} = e".
func (p *parser) declarators(typ string) *Node {
	list := &Node{Op: Block, Line: p.peek().Line}
	for {
		t := p.peek()
		n := &Node{Op: Declare, Type: typ, Line: t.Line}
		switch {
		case t.Kind == Word:
			n.Text = p.next().Text
		case t.is("{") || t.is("["):
			n = &Node{Op: Assign, Kids: []*Node{p.primary()}, Line: t.Line}
		default:
			return list
		}
		for p.peek().is("[") && p.d.Typed {
			p.skipGroup()
		}
		if p.d.Name == "javascript" && p.peek().is(":") { // a type of JScript.NET
			p.next()
			n.Type = p.typeName()
		}
		if p.take("=") {
			n.Kids = append(n.Kids, p.expression(0))
		}
		if n.Op == Assign && len(n.Kids) < 2 {
			n.Kids = append(n.Kids, &Node{})
		}
		list.Kids = append(list.Kids, n)
		if !p.take(",") {
			break
		}
	}
	if len(list.Kids) == 1 {
		return list.Kids[0]
	}
	return list
}

func (p *parser) variables() *Node {
	p.next()
	n := p.declarators("")
	p.take(";")
	return n
}

// function reads a declaration of a function or method, nil if there is none.
func (p *parser) function() *Node {
	start := p.pos
	t := p.peek()
	javascript := p.d.Name == "javascript"
	switch {
	case javascript && t.is("function"):
		p.next()
		p.take("*")
	case javascript && p.class != "":
		if t.is("get") || t.is("set") || t.is("async") {
			if p.ahead(1).Kind == Word {
				p.next()
			}
		}
	case p.d.Typed && p.ahead(1).is("("): // a constructor
		if p.class == "" {
			return nil
		}
	case p.d.Typed:
		if p.typeName() == "" {
			p.pos = start
			return nil
		}
	default:
		return nil
	}
	name := p.peek()
	if name.Kind == Word && !p.ahead(1).is("(") && p.d.Name == "csharp" && p.ahead(1).is("<") {
		p.next()
		p.typeArguments()
		p.pos--
	}
	if name.Kind != Word || !p.ahead(1).is("(") {
		p.pos = start
		return nil
	}
	p.next()
	after := p.ahead(p.matching() + 1)
	if !after.is("{") && !after.is("throws") && !after.is("where") && !after.is(":") && !after.is("=>") || after.is(":") && p.class == "" {
		p.pos = start
		return nil
	}
	return p.functionBody(name)
}

// functionBody reads what follows the name of a function.
func (p *parser) functionBody(name Token) *Node {
	f := &Func{Name: name.Text, Class: p.class, Marks: p.marks, Line: name.Line}
	p.marks = nil
	f.Params = p.params()
	if p.take("=>") {
		f.Body, f.Expr = p.expression(0), true
		p.take(";")
	} else {
		for !p.peek().is("{") && !p.peek().is(";") && p.peek().Kind != EOF {
			p.next()
		}
		f.Body = p.block()
	}
	p.prog.Funcs = append(p.prog.Funcs, f)
	return &Node{Op: Function, Func: f, Line: name.Line}
}

// params reads (Type name, name: type = default, ...rest).
func (p *parser) params() []Param {
	p.take("(")
	var ps []Param
	for !p.peek().is(")") && p.peek().Kind != EOF {
		before := p.pos
		ps = append(ps, p.param())
		if !p.take(",") && p.pos == before {
			p.next()
		}
	}
	p.take(")")
	return ps
}

func (p *parser) param() Param {
	var q Param
	for p.peek().is("final") || p.peek().is("ref") || p.peek().is("out") || p.peek().is("this") || p.peek().is("@") || p.peek().is("params") || p.peek().is("[") && p.d.Name == "csharp" {
		switch {
		case p.take("@"):
			q.Marks = append(q.Marks, p.typeName())
			if p.peek().is("(") {
				p.skipGroup()
			}
		case p.peek().is("["):
			if p.ahead(1).Kind == Word {
				q.Marks = append(q.Marks, p.ahead(1).Text)
			}
			p.skipGroup()
		default:
			p.next()
		}
	}
	if p.take("...") {
		q.Rest = true
	}
	if p.peek().is("{") || p.peek().is("[") {
		p.primary() // a pattern: its names are unknown values
		return q
	}
	if p.d.Typed {
		typ := p.typeName()
		if p.peek().Kind == Word {
			q.Type, q.Name = typ, p.next().Text
		} else {
			q.Name = typ // of a lambda
		}
		for p.peek().is("[") {
			p.skipGroup()
		}
	} else if p.peek().Kind == Word {
		q.Name = p.next().Text
		if p.take("?"); p.take(":") {
			q.Type = p.typeName()
		}
	}
	if p.take("=") {
		p.expression(0)
	}
	return q
}

// classOf reads a class, interface, enum or namespace.
func (p *parser) classOf() *Node {
	n := &Node{Op: Class, Line: p.next().Line}
	if p.peek().Kind == Word && !p.peek().is("extends") {
		n.Text = p.typeNameOf(false)
	}
	var supers []string
	for !p.peek().is("{") && !p.peek().is(";") && p.peek().Kind != EOF {
		switch {
		case p.peek().is("("):
			p.skipGroup() // of a record
		case p.take("extends") || p.take("implements") || p.take(",") || p.take(":"):
			if typ := p.typeName(); typ != "" {
				supers = append(supers, typ)
			}
		default:
			p.next()
		}
	}
	p.take(";") // a namespace of the whole file
	p.prog.Supers[n.Text] = supers
	if len(supers) > 0 {
		n.Type = supers[0]
	}
	outer := p.class
	p.class = n.Text
	n.Kids = p.block().Kids
	p.class = outer
	return n
}
