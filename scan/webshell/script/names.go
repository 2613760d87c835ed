package script

import "strings"

// named reads what begins with a word.
func (p *parser) named() *Node {
	t := p.peek()
	if !p.deeper() {
		p.next()
		return &Node{Line: t.Line}
	}
	defer p.shallower()
	if p.d.Name == "perl" {
		if n := p.perlNamed(); n != nil {
			return n
		}
	}
	switch t.Text {
	case "new":
		if p.d.Name != "python" && p.d.Name != "perl" {
			return p.make()
		}
	case "function", "sub", "def":
		if p.d.Name == "javascript" || p.d.Name == "perl" {
			p.next()
			p.take("*")
			return p.anonymous()
		}
	case "async":
		if p.d.Name == "javascript" && !p.ahead(1).is("=") && !p.ahead(1).is(".") {
			p.next()
			return p.primary()
		}
	case "lambda":
		if p.d.Name == "python" {
			return p.pythonLambda()
		}
	case "delegate":
		if p.d.Name == "csharp" {
			p.next()
			var params []Param
			if p.peek().is("(") {
				params = p.params()
			}
			f := &Func{Params: params, Body: p.block(), Line: t.Line}
			return &Node{Op: Lambda, Func: f, Line: t.Line}
		}
	case "class":
		if p.d.Name == "javascript" {
			return p.classOf()
		}
	case "null", "None", "undefined", "nil", "nothing", "empty":
		p.next()
		return &Node{Op: Literal, Kind: Unknown, Text: t.Text, Line: t.Line}
	case "true", "True":
		p.next()
		return &Node{Op: Literal, Kind: IsNumber, Num: 1, Line: t.Line}
	case "false", "False":
		p.next()
		return &Node{Op: Literal, Kind: IsNumber, Line: t.Line}
	}
	if (p.ahead(1).is("=>") || p.ahead(1).is("->")) && p.d.Name != "perl" && !p.d.Lines {
		p.next()
		return p.lambda([]Param{{Name: t.Text}})
	}
	p.next()
	return &Node{Op: Name, Text: t.Text, Line: t.Line}
}

// anonymous reads "name(params) {body}" of a function expression.
func (p *parser) anonymous() *Node {
	f := &Func{Line: p.peek().Line}
	if p.peek().Kind == Word {
		f.Name = p.next().Text
	}
	if p.peek().is("(") {
		f.Params = p.params()
	}
	f.Body = p.block()
	if f.Name != "" {
		p.prog.Funcs = append(p.prog.Funcs, f)
	}
	return &Node{Op: Lambda, Func: f, Line: f.Line}
}

func (p *parser) pythonLambda() *Node {
	f := &Func{Line: p.next().Line, Expr: true}
	for !p.peek().is(":") && p.peek().Kind != EOF && p.peek().Kind != Newline {
		if t := p.next(); t.Kind == Word {
			f.Params = append(f.Params, Param{Name: t.Text})
			if p.take("=") {
				p.expression(1)
			}
		}
	}
	p.take(":")
	f.Body = p.expression(1)
	return &Node{Op: Lambda, Func: f, Line: f.Line}
}

// make reads "new Type(arguments) {body}" and arrays.
func (p *parser) make() *Node {
	n := &Node{Op: Make, Line: p.next().Line}
	if p.d.Name == "javascript" || p.d.Name == "vbscript" {
		callee := p.path(p.primary())
		n.Text = callee.dotted()
		if n.Text == "" {
			n.Type = "computed"
			n.Body = &Node{Op: Block, Kids: []*Node{callee}}
		}
		if p.take("(") {
			n.Kids = p.list(")")
		}
		return n
	}
	n.Text = p.typeNameOf(false)
	if p.peek().is("[") { // an array with a length, or with elements
		for p.take("[") {
			n.Kids = append(n.Kids, p.list("]")...)
		}
		if p.peek().is("{") {
			elements := p.braces()
			elements.Type = n.Text
			return elements
		}
		n.Text += "[]"
		return n
	}
	if p.take("(") {
		n.Kids = p.list(")")
	}
	if p.peek().is("{") {
		p.body(n)
	}
	return n
}

// body reads the braces behind new: the members of an anonymous class, or in
// C# what the new object is filled with.
func (p *parser) body(n *Node) {
	if p.d.Name == "csharp" {
		n.Kids = append(n.Kids, p.braces().Kids...)
		return
	}
	outer := p.class
	p.class = n.Text
	n.Body = p.block()
	p.class = outer
}

// path reads members only, as of the type behind JavaScript's new.
func (p *parser) path(n *Node) *Node {
	for i := 0; i < maxChain && p.take("."); i++ {
		n = &Node{Op: Member, Text: p.next().Text, Kids: []*Node{n}, Line: n.Line}
	}
	return n
}

// maxPath is how many members a dotted name may have.
const maxPath = 16

// dotted gives "a.b.c" for members of a name, "" for anything else.
func (n *Node) dotted() string { return n.dottedUpTo(maxPath) }

func (n *Node) dottedUpTo(most int) string {
	switch {
	case n.Op == Name:
		return n.Text
	case n.Op == Member && most > 0:
		if left := n.Kids[0].dottedUpTo(most - 1); left != "" {
			return left + "." + n.Text
		}
	}
	return ""
}

// typeName reads a type with its arguments and dimensions, which it drops; ""
// if there is none.
func (p *parser) typeName() string { return p.typeNameOf(true) }

func (p *parser) typeNameOf(array bool) string {
	if p.peek().Kind != Word {
		return ""
	}
	name := p.next().Text
	for p.peek().is(".") && p.ahead(1).Kind == Word || p.peek().is("::") {
		p.next()
		name += "." + p.next().Text
	}
	if p.peek().is("<") && !p.typeArguments() {
		return name
	}
	for p.peek().is(".") && p.ahead(1).Kind == Word {
		p.next()
		name += "." + p.next().Text
	}
	if !array {
		return name
	}
	for p.peek().is("[") && (p.ahead(1).is("]") || p.ahead(1).is(",")) {
		p.skipGroup()
		name += "[]"
	}
	if p.d.Name == "csharp" && p.peek().is("?") && p.ahead(1).Kind == Word && p.ahead(2).is("=") {
		p.next()
	}
	if p.peek().is("...") {
		p.next()
		name += "[]"
	}
	return name
}

// typeArguments moves behind <...> and returns false where it is no type's.
func (p *parser) typeArguments() bool {
	depth, n := 0, 0
	for ; n < 64; n++ {
		t := p.ahead(n)
		switch {
		case t.Kind == Word || t.is(",") || t.is("?") || t.is("[") || t.is("]") || t.is(".") || t.is("&"):
		case t.is("<"):
			depth++
		case t.Kind == Punct && strings.Trim(t.Text, ">") == "":
			depth -= len(t.Text)
		default:
			return false
		}
		if depth <= 0 {
			p.pos += n + 1
			return true
		}
	}
	return false
}

// suffixes reads calls, members and indexes behind a value.
func (p *parser) suffixes(n *Node) *Node {
	for range maxChain {
		t := p.peek()
		switch {
		case t.is(".") && p.d.Name != "perl", t.is("?."), t.is("::"), t.is("->") && p.d.Name == "perl":
			n = p.member(n)
		case t.is("("):
			if n.Op == Nothing {
				return n
			}
			p.next()
			n = &Node{Op: Call, Kids: append([]*Node{n}, p.list(")")...), Line: t.Line}
		case t.is("[") && n.Op != Nothing:
			n = p.index(n)
		case t.is("{") && p.d.Name == "perl" && p.subscript(n):
			p.next()
			n = &Node{Op: Index, Kids: append([]*Node{n}, p.key("}")...), Line: t.Line}
		case t.is("++") || t.is("--"):
			p.next()
			n = &Node{Op: Unary, Text: "post" + t.Text, Kids: []*Node{n}, Line: t.Line}
		case t.is("!") && p.d.Name == "csharp" && (p.ahead(1).is(".") || p.ahead(1).is(")")):
			p.next()
		case t.is("as") && p.d.Name == "csharp":
			p.next()
			n = &Node{Op: Cast, Text: p.typeName(), Kids: []*Node{n}, Line: t.Line}
		case t.Kind == Spliced && p.d.Name == "javascript":
			n = &Node{Op: Call, Kids: []*Node{n, p.primary()}, Line: t.Line}
		default:
			return n
		}
	}
	return n
}

func (p *parser) member(n *Node) *Node {
	op := p.next()
	t := p.peek()
	switch {
	case t.Kind == Word:
		p.next()
		if t.Text == "new" && p.d.Name == "java" { // outer.new Inner() and X::new
			if op.is("::") {
				return &Node{Op: Member, Text: "new", Kids: []*Node{n}, Line: t.Line}
			}
			p.pos--
			return p.make()
		}
		return &Node{Op: Member, Text: t.Text, Kids: []*Node{n}, Line: t.Line}
	case t.is("<"):
		if p.typeArguments() && p.peek().Kind == Word {
			return &Node{Op: Member, Text: p.next().Text, Kids: []*Node{n}, Line: t.Line}
		}
	case t.is("{") && p.d.Name == "perl":
		p.next()
		return &Node{Op: Index, Kids: append([]*Node{n}, p.key("}")...), Line: t.Line}
	}
	return n // "->[" and "?.(" go on as suffixes
}

// index reads [i], [a, b] and Python's [from:to:step].
func (p *parser) index(n *Node) *Node {
	line := p.next().Line
	if p.d.Name != "python" {
		return &Node{Op: Index, Kids: append([]*Node{n}, p.list("]")...), Line: line}
	}
	bounds := []*Node{n}
	part := &Node{Line: line}
	ranged := false
	for !p.peek().is("]") && p.peek().Kind != EOF && p.peek().Kind != Newline {
		before := p.pos
		if p.take(":") {
			bounds, part, ranged = append(bounds, part), &Node{Line: line}, true
			continue
		}
		part = p.expression(1)
		p.take(",")
		if p.pos == before {
			p.next()
		}
	}
	p.take("]")
	if !ranged {
		return &Node{Op: Index, Kids: []*Node{n, part}, Line: line}
	}
	bounds = append(bounds, part)
	for len(bounds) < 4 {
		bounds = append(bounds, &Node{Line: line})
	}
	return &Node{Op: Range, Kids: bounds, Line: line}
}

// perlNamed reads "my ($a, $b)", "print FH list" and "system $x, $y".
func (p *parser) perlNamed() *Node {
	t := p.peek()
	switch t.Text {
	case "my", "our", "local":
		p.next()
		return p.primary()
	case "do", "eval":
		if p.ahead(1).is("{") {
			p.next()
			return &Node{Op: Lambda, Text: "do", Func: &Func{Body: p.block(), Line: t.Line}, Line: t.Line}
		}
	case "map", "grep", "sort":
		p.next()
		parens := p.take("(")
		n := &Node{Op: Call, Kids: []*Node{{Op: Name, Text: t.Text, Line: t.Line}}, Line: t.Line}
		if p.peek().is("{") {
			n.Kids = append(n.Kids, &Node{Op: Lambda, Func: &Func{Body: p.block(), Params: []Param{{Name: "$_"}}, Line: t.Line}, Line: t.Line})
			p.take(",")
		}
		n.Kids = append(n.Kids, p.perlList())
		if parens {
			p.take(")")
		}
		return n
	}
	if !p.perlCall(t) {
		return nil
	}
	p.next()
	n := &Node{Op: Call, Kids: []*Node{{Op: Name, Text: t.Text, Line: t.Line}}, Line: t.Line}
	for {
		n.Kids = append(n.Kids, p.expression(4))
		if !p.take(",") && !p.take("=>") {
			break
		}
		if q := p.peek(); q.is(")") || q.is(";") || q.is("}") {
			break
		}
	}
	if len(n.Kids) == 2 && p.peek().Kind != Punct && p.peek().Kind != EOF && precedence[p.peek().Text] == 0 && !p.peek().is("if") && !p.peek().is("unless") && !p.peek().is("for") && !p.peek().is("foreach") && !p.peek().is("while") {
		for { // print HANDLE list
			n.Kids = append(n.Kids, p.expression(4))
			if !p.take(",") {
				break
			}
		}
	}
	return n
}
