package script

// statement reads one statement of a language with braces. Languages of lines
// have their own.
func (p *parser) statement() *Node {
	if p.depth++; p.depth > maxDepth {
		p.depth--
		p.skipGroup()
		return &Node{}
	}
	defer func() { p.depth-- }()
	switch p.d.Name {
	case "python":
		return p.pythonStatement()
	case "vbscript":
		return p.vbStatement()
	case "perl":
		return p.perlStatement()
	}
	return p.braceStatement()
}

func (p *parser) braceStatement() *Node {
	t := p.peek()
	switch {
	case t.is("{"):
		return p.block()
	case t.is(";") || t.is(",") || t.is(")") || t.is("]"):
		p.next()
		return &Node{Line: t.Line}
	case t.is("@") && p.d.Name != "perl":
		return p.mark()
	case t.is("[") && p.d.Name == "csharp":
		start := p.pos
		p.skipGroup()
		for _, u := range p.ts[start:p.pos] {
			if u.Kind == Word && len(p.marks) < 16 {
				p.marks = append(p.marks, u.Text)
			}
		}
		return &Node{Line: t.Line}
	}
	if t.Kind == Word {
		if n := p.keyword(t); n != nil {
			return n
		}
		if n := p.function(); n != nil {
			return n
		}
		if p.d.Typed && p.declared() {
			return p.declaration()
		}
	}
	n := p.expression(0)
	for i := 0; i < maxChain && p.take(","); i++ {
		n = &Node{Op: Block, Kids: []*Node{n, p.expression(0)}, Line: n.Line}
	}
	p.take(";")
	return n
}

// mark reads an annotation, which belongs to the function that follows.
func (p *parser) mark() *Node {
	line := p.next().Line
	if p.peek().is("interface") {
		return &Node{Line: line}
	}
	p.marks = append(p.marks, p.typeName())
	if p.peek().is("(") {
		p.skipGroup()
	}
	return &Node{Line: line}
}

// block reads {statements}.
func (p *parser) block() *Node {
	n := &Node{Op: Block, Line: p.peek().Line}
	if !p.take("{") {
		return n
	}
	if p.depth++; p.depth > maxDepth {
		p.depth--
		p.pos--
		p.skipGroup()
		return n
	}
	defer func() { p.depth-- }()
	for !p.peek().is("}") && p.peek().Kind != EOF {
		before := p.pos
		n.Kids = append(n.Kids, p.statement())
		if p.pos == before {
			p.next()
		}
	}
	p.take("}")
	return n
}

// keyword reads a statement that a keyword begins, nil if t is none.
func (p *parser) keyword(t Token) *Node {
	switch t.Text {
	case "if":
		return p.ifStatement()
	case "while", "switch", "synchronized", "using", "lock", "fixed", "with", "until", "unless":
		return p.condition()
	case "for", "foreach":
		return p.forStatement()
	case "do", "try", "else", "finally", "unsafe", "checked":
		if p.ahead(1).is("{") {
			p.next()
			return p.block()
		}
		if p.ahead(1).is("(") && t.Text == "try" { // with resources
			p.next()
			p.next()
			return p.until(")")
		}
		if t.Text == "else" || t.Text == "do" {
			p.next()
			return p.statement()
		}
	case "catch":
		p.next()
		if p.peek().is("(") {
			p.skipGroup()
		}
		return p.block()
	case "return", "throw":
		p.next()
		n := &Node{Op: Return, Line: t.Line}
		if !p.peek().is(";") && !p.peek().is("}") {
			n.Kids = append(n.Kids, p.expression(0))
		}
		if t.Text == "throw" {
			n = &Node{Op: Block, Kids: n.Kids, Line: t.Line}
		}
		p.take(";")
		return n
	case "break":
		p.next()
		p.take(";")
		return &Node{Op: Leave, Line: t.Line}
	case "continue":
		p.next()
		p.take(";")
		return &Node{Op: Continue, Line: t.Line}
	case "case", "default":
		return p.label()
	case "class", "interface", "enum", "record", "namespace", "struct", "module":
		if p.ahead(1).Kind == Word {
			return p.classOf()
		}
	case "import", "package", "export":
		return p.importing()
	case "var", "let", "const":
		if p.d.Name == "javascript" {
			return p.variables()
		}
	case "public", "private", "protected", "static", "final", "abstract", "native", "transient", "volatile", "override", "virtual", "readonly", "internal", "sealed", "partial", "async", "strictfp", "extern":
		if p.d.Typed && p.ahead(1).Kind != Punct || p.d.Name == "javascript" && t.Text == "static" {
			p.next()
			return p.statement()
		}
		if p.ahead(1).is("<") { // a generic method
			p.next()
			p.typeArguments()
			return p.statement()
		}
	}
	return nil
}

// until reads statements and declarations up to close.
func (p *parser) until(close string) *Node {
	n := &Node{Op: Block, Line: p.peek().Line}
	for !p.peek().is(close) && p.peek().Kind != EOF {
		before := p.pos
		if p.d.Typed && p.declared() {
			n.Kids = append(n.Kids, p.declaration())
		} else {
			n.Kids = append(n.Kids, p.expression(0))
		}
		p.take(";")
		p.take(",")
		if p.pos == before {
			p.next()
		}
	}
	p.take(close)
	return n
}

func (p *parser) ifStatement() *Node {
	n := &Node{Op: If, Line: p.next().Line}
	p.take("(")
	n.Kids = append(n.Kids, p.until(")"), p.statement())
	for p.peek().is("elsif") {
		p.next()
		p.take("(")
		p.until(")")
		n.Kids = append(n.Kids, p.statement())
	}
	if p.take("else") {
		n.Kids = append(n.Kids, p.statement())
	}
	return n
}

// condition reads keyword (condition) statement.
func (p *parser) condition() *Node {
	t := p.next()
	if p.d.Name == "csharp" && t.is("using") && !p.peek().is("(") {
		p.upTo(";")
		return &Node{Line: t.Line}
	}
	var cond *Node
	if p.take("(") {
		cond = p.until(")")
	}
	body := p.statement()
	switch t.Text {
	case "while":
		return &Node{Op: Loop, Kids: []*Node{{}, cond, {}, body}, Line: t.Line}
	case "switch":
		return &Node{Op: Loop, Text: "switch", Kids: []*Node{cond, nil, {}, body}, Line: t.Line}
	}
	return &Node{Op: Block, Kids: []*Node{cond, body}, Line: t.Line}
}

// forStatement reads for (a; b; c), for (x : y), for (x of y) and foreach.
func (p *parser) forStatement() *Node {
	line := p.next().Line
	p.take("await")
	if !p.take("(") {
		return &Node{Line: line}
	}
	var first *Node
	switch {
	case p.peek().is(";"):
		first = &Node{Line: line}
	case p.d.Typed && (p.declared() || p.peek().is("final")):
		p.take("final")
		first = p.declaratorList()
	case p.peek().is("var") || p.peek().is("let") || p.peek().is("const"):
		p.next()
		first = p.declarators("")
	default:
		first = p.expression(8)
		if !p.peek().is("in") && !p.peek().is("of") {
			first = p.resume(first)
		}
	}
	if p.take(":") || p.take("in") || p.take("of") {
		from := p.expression(0)
		p.take(")")
		return &Node{Op: Each, Kids: []*Node{first, from, p.statement()}, Line: line}
	}
	p.take(";")
	var cond *Node
	if !p.peek().is(";") {
		cond = p.expression(0)
	}
	p.take(";")
	step := p.until(")")
	return &Node{Op: Loop, Kids: []*Node{first, cond, step, p.statement()}, Line: line}
}

// resume goes on with an expression whose left side was read.
func (p *parser) resume(left *Node) *Node {
	if n := p.assignment(left, 0); n != nil {
		left = n
	}
	for i := 0; i < maxChain && p.take(","); i++ {
		left = &Node{Op: Block, Kids: []*Node{left, p.expression(0)}, Line: left.Line}
	}
	return left
}

func (p *parser) label() *Node {
	t := p.next()
	n := &Node{Op: Nothing, Text: "case", Line: t.Line}
	if t.Text == "case" {
		n.Kids = []*Node{p.expression(2)}
	}
	for p.take(",") {
		p.expression(2)
	}
	if !p.take(":") {
		p.take("->")
	}
	return n
}

func (p *parser) importing() *Node {
	t := p.next()
	if p.d.Name == "javascript" && (t.is("export") || p.peek().is("(")) {
		p.take("default")
		if t.is("import") {
			p.pos--
			p.ts[p.pos].Text = "require"
			return p.expression(0)
		}
		return p.statement()
	}
	if p.d.Name == "javascript" {
		return p.jsImport(t.Line)
	}
	p.upTo(";")
	return &Node{Line: t.Line}
}

// jsImport turns import x, {y as z} from "m" into declarations from require.
func (p *parser) jsImport(line int) *Node {
	var names []Token
	for p.peek().Kind != EOF && p.peek().Kind != Text && !p.peek().is(";") {
		if t := p.next(); t.Kind == Word && t.Text != "from" && t.Text != "as" {
			names = append(names, t)
		}
	}
	from := p.next()
	p.take(";")
	n := &Node{Op: Block, Line: line}
	module := func() *Node {
		return &Node{Op: Call, Kids: []*Node{{Op: Name, Text: "require", Line: line}, {Op: Literal, Kind: IsText, Text: from.Text, Line: line}}, Line: line}
	}
	for i, t := range names {
		value := module()
		if i > 0 || len(names) > 1 || !t.is("default") {
			n.Kids = append(n.Kids, &Node{Op: Declare, Text: t.Text, Type: "import", Kids: []*Node{value, {Op: Member, Text: t.Text, Kids: []*Node{module()}, Line: line}}, Line: line})
		}
	}
	return n
}

// upTo skips everything up to a token, and takes it.
func (p *parser) upTo(s string) {
	for p.peek().Kind != EOF && !p.take(s) {
		p.next()
	}
}
