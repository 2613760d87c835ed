package script

import (
	"strconv"
	"strings"
)

const (
	// maxDepth bounds how deep a tree is: expressions in brackets in brackets.
	maxDepth = 200
	// maxChain bounds how many operators, or calls, follow each other in one
	// expression: they make the tree deep as well. What comes behind is another
	// statement.
	maxChain = 4000
)

// Parse reads source text, whose first line has the number given.
func Parse(d *Dialect, src string, line int) *Program {
	return ParseTokens(d, d.Lex(src, line))
}

// ParseTokens reads a program from its tokens.
func ParseTokens(d *Dialect, ts []Token) *Program {
	p := &parser{d: d, ts: ts, prog: &Program{Supers: make(map[string][]string)}}
	p.prog.Cut = len(ts) >= maxTokens
	root := &Node{Op: Block, Line: p.peek().Line}
	for p.peek().Kind != EOF {
		before := p.pos
		root.Kids = append(root.Kids, p.statement())
		if p.pos == before {
			p.pos++ // a bracket too many
		}
	}
	p.prog.Root = root
	return p.prog
}

// parser is a position among tokens. Whatever it meets, it goes on.
type parser struct {
	d      *Dialect
	ts     []Token
	pos    int
	depth  int
	splice int // how deep in strings in strings
	class  string
	marks  []string
	prog   *Program
}

func (p *parser) peek() Token { return p.ahead(0) }

func (p *parser) ahead(n int) Token {
	if p.pos+n >= len(p.ts) {
		return p.ts[len(p.ts)-1]
	}
	return p.ts[p.pos+n]
}

func (p *parser) next() Token {
	t := p.peek()
	if p.pos < len(p.ts)-1 {
		p.pos++
	}
	return t
}

// take moves on if the next token is s.
func (p *parser) take(s string) bool {
	if p.peek().is(s) {
		p.next()
		return true
	}
	return false
}

// precedence of binary operators; what is not here ends an expression.
var precedence = map[string]int{
	"?:": 2, "||": 3, "or": 3, "??": 3, "xor": 3, "//": 9, "&&": 4, "and": 4, "|": 5, "^": 6, "eqv": 6, "imp": 6,
	"==": 7, "!=": 7, "===": 7, "!==": 7, "<>": 7, "eq": 7, "ne": 7, "is": 7, "=~": 7, "!~": 7, "like": 7,
	"<": 8, ">": 8, "<=": 8, ">=": 8, "instanceof": 8, "in": 8, "<=>": 8, "lt": 8, "gt": 8, "le": 8, "ge": 8,
	"<<": 9, ">>": 9, ">>>": 9, "..": 10, "&": 7, "+": 11, "-": 11, ".": 11, "mod": 12, "*": 13, "/": 13, "%": 13, "\\": 12, "x": 13, "**": 14,
}

// operator says how tightly the next token binds, 0 if it is no operator here.
func (p *parser) operator() int {
	t := p.peek()
	if t.Kind != Punct && t.Kind != Word {
		return 0
	}
	switch t.Text {
	case "or", "and", "xor", "eqv", "imp", "is", "mod", "not":
		if p.d.Typed || p.d.Name == "javascript" {
			return 0
		}
	case "eq", "ne", "lt", "gt", "le", "ge", "x", "..":
		if p.d.Name != "perl" && t.Text != ".." {
			return 0
		}
	case "^", "\\":
		if p.d.Name == "vbscript" {
			return 12
		}
	case "&":
		if p.d.Name == "vbscript" {
			return 10
		}
	case ".":
		if p.d.Name != "perl" {
			return 0
		}
	case "in":
		if p.d.Name == "vbscript" {
			return 0
		}
	case "=":
		if p.d.Name == "vbscript" {
			return 7
		}
	}
	return precedence[t.Text]
}

// expression reads operators that bind tighter than min.
func (p *parser) expression(min int) *Node {
	if p.depth++; p.depth > maxDepth {
		p.depth--
		p.skipGroup()
		return &Node{Line: p.peek().Line}
	}
	defer func() { p.depth-- }()
	left := p.unary()
	for range maxChain {
		t := p.peek()
		if n := p.assignment(left, min); n != nil {
			left = n
			continue
		}
		if t.is("?") && min < 2 && p.d.Name != "vbscript" {
			left = p.choice(left)
			continue
		}
		if p.d.Name == "python" && t.is("if") && min < 2 {
			left = p.pythonChoice(left)
			continue
		}
		prec := p.operator()
		if t.is("not") && p.ahead(1).is("in") {
			p.next()
			prec, t = 8, p.peek()
		}
		if prec == 0 || prec <= min {
			return left
		}
		p.next()
		left = p.binary(left, t, prec)
	}
	return left
}

// deeper counts one more level of the tree, and returns false where there are
// too many. Whoever gets true calls shallower.
func (p *parser) deeper() bool {
	if p.depth >= maxDepth {
		return false
	}
	p.depth++
	return true
}

func (p *parser) shallower() { p.depth-- }

func (p *parser) binary(left *Node, op Token, prec int) *Node {
	if op.Text == "instanceof" && p.d.Typed {
		p.typeName()
		if p.peek().Kind == Word { // a pattern variable
			return &Node{Op: Declare, Text: p.next().Text, Kids: []*Node{left}, Line: op.Line}
		}
		return &Node{Op: Unary, Text: "instanceof", Kids: []*Node{left}, Line: op.Line}
	}
	if op.Text == "is" {
		p.take("not")
	}
	if op.Text == "**" {
		prec--
	}
	return &Node{Op: Binary, Text: op.Text, Kids: []*Node{left, p.expression(prec)}, Line: op.Line}
}

var assignments = map[string]string{
	"=": "", ":=": "", "+=": "+", "-=": "-", "*=": "*", "/=": "/", "%=": "%", "&=": "&", "|=": "|", "^=": "^", "<<=": "<<", ">>=": ">>", ">>>=": ">>>", ".=": ".", "||=": "||", "&&=": "&&", "??=": "??", "**=": "**", "//=": "//", "x=": "x",
}

func (p *parser) assignment(left *Node, min int) *Node {
	t := p.peek()
	op, ok := assignments[t.Text]
	if !ok || t.Kind != Punct || min > 1 {
		return nil
	}
	if p.d.Name == "vbscript" {
		return nil // "=" compares, except at the beginning of a statement
	}
	p.next()
	return &Node{Op: Assign, Text: op, Kids: []*Node{left, p.expression(0)}, Line: t.Line}
}

func (p *parser) choice(cond *Node) *Node {
	line := p.next().Line
	then := p.expression(1)
	p.take(":")
	return &Node{Op: Choice, Kids: []*Node{cond, then, p.expression(1)}, Line: line}
}

func (p *parser) pythonChoice(then *Node) *Node {
	line := p.next().Line
	cond := p.expression(2)
	other := &Node{Line: line}
	if p.take("else") {
		other = p.expression(1)
	}
	return &Node{Op: Choice, Kids: []*Node{cond, then, other}, Line: line}
}

func (p *parser) unary() *Node {
	t := p.peek()
	switch {
	case t.Kind == Punct && strings.Contains(" ! - + ~ ++ -- ", " "+t.Text+" "),
		t.Kind == Word && (t.Text == "not" || t.Text == "typeof" || t.Text == "await" || t.Text == "void" || t.Text == "delete"),
		(t.is("*") || t.is("**") || t.is("&") || t.is("\\") || t.is("@")) && p.pos+1 < len(p.ts):
		p.next()
		n := p.expression(14)
		if t.is("await") || t.is("*") || t.is("**") || t.is("&") || t.is("\\") || t.is("@") || t.is("+") && p.d.Name != "javascript" {
			return n
		}
		return &Node{Op: Unary, Text: t.Text, Kids: []*Node{n}, Line: t.Line}
	case t.is("...") || t.is("yield"):
		p.next()
		if p.peek().is(")") || p.peek().Kind == Newline {
			return &Node{Line: t.Line}
		}
		return p.expression(1)
	}
	if n := p.cast(); n != nil {
		return n
	}
	return p.suffixes(p.primary())
}

// cast reads "(Type) operand", and gives back the tokens if there is none.
func (p *parser) cast() *Node {
	if !p.d.Typed || !p.peek().is("(") {
		return nil
	}
	start := p.pos
	line := p.next().Line
	typ := p.typeName()
	if typ == "" || !p.take(")") || !p.operand(typ) {
		p.pos = start
		return nil
	}
	return &Node{Op: Cast, Text: typ, Kids: []*Node{p.expression(14)}, Line: line}
}

var primitives = map[string]bool{"int": true, "char": true, "byte": true, "long": true, "short": true, "float": true, "double": true, "boolean": true, "bool": true, "string": true, "object": true, "uint": true, "ulong": true, "sbyte": true}

// operand says whether what comes next can be what is cast to typ.
func (p *parser) operand(typ string) bool {
	t := p.peek()
	switch t.Kind {
	case Word:
		return t.Text != "instanceof" && t.Text != "as" && t.Text != "is"
	case Text, Char, Number, Spliced:
		return true
	}
	return t.is("(") || t.is("!") || t.is("~") || primitives[typ] && (t.is("-") || t.is("+"))
}

// number gives the value of a number as written.
func number(s string) (int64, bool) {
	s = strings.ToLower(strings.ReplaceAll(s, "_", ""))
	if strings.HasPrefix(s, "0x") {
		v, err := strconv.ParseUint(strings.TrimRight(s[2:], "lun"), 16, 64)
		return int64(v), err == nil
	}
	s = strings.TrimRight(s, "lufdn")
	base := 10
	if strings.HasPrefix(s, "0b") || strings.HasPrefix(s, "0o") {
		base = 0
	} else if len(s) > 1 && s[0] == '0' && strings.Trim(s, "01234567") == "" {
		base = 8
	}
	if v, err := strconv.ParseInt(s, base, 64); err == nil {
		return v, true
	}
	f, err := strconv.ParseFloat(s, 64)
	return int64(f), err == nil
}
