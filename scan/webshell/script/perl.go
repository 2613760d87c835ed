package script

import "strings"

// Perl has its own lexer for quotes; sigils are dropped, so that $x, @x and
// $x[0] are all x.
var Perl = Dialect{Name: "perl", Lex: lexPerl}

var perlOperators = []string{"<=>", "**=", "||=", "&&=", "//=", "...", "->", "=>", "==", "!=", "<=", ">=", "&&", "||", "//", "=~", "!~", "::", "++", "--", "+=", "-=", "*=", "/=", ".=", "x=", "%=", "|=", "^=", "<<", ">>", "**", ".."}

func lexPerl(src string, line int) []Token {
	s := &source{src: src, line: line}
	var docs []string // here-documents that begin at the next line
	for s.more() {
		c := s.src[s.pos]
		switch {
		case c == '\n':
			s.skip(1)
			for _, end := range docs {
				s.hereText(end)
			}
			docs = nil
			if s.at(0) == '=' && s.at(1) >= 'a' && s.at(1) <= 'z' {
				s.past("\n=cut")
				s.toLineEnd()
			}
		case isSpace(c):
			s.skip(1)
		case c == '#':
			s.toLineEnd()
		case c == '$' && s.at(1) == '#' && (isWord(s.at(2)) || s.at(2) == '{'):
			s.emit(Word, "scalar", s.line)
			s.pos += 2
		case strings.IndexByte("$@%&", c) >= 0 && s.sigil(c):
		case c == '"':
			s.perlQuote("qq", 1)
		case c == '\'':
			s.perlQuote("q", 1)
		case c == '`':
			s.perlQuote("qx", 1)
		case s.has("<<") && s.hereDoc(&docs):
		case c == '/' && !value(s.out):
			s.perlQuote("m", 1)
		case c == '<' && !value(s.out) && s.readLine():
		case isDigit(c):
			s.number()
		case isWord(c):
			if s.has("__END__") || s.has("__DATA__") {
				return s.finish()
			}
			w := s.word()
			if !s.quoteLike(w) {
				for s.has("::") && isWord(s.at(2)) {
					s.pos += 2
					w += "::" + s.word()
				}
				s.emit(Word, w, s.line)
			}
		default:
			s.punct(perlOperators)
		}
	}
	return s.finish()
}

// sigil takes a variable, and returns false if c is an operator.
func (s *source) sigil(c byte) bool {
	if c != '$' && c != '@' && value(s.out) {
		return false
	}
	n := 1
	for s.at(n) == '$' {
		n++
	}
	switch {
	case s.at(n) == '{' && isWord(s.at(n+1)): // ${name}
		end := strings.IndexByte(s.src[s.pos+n:], '}')
		name := ""
		if end > 0 {
			name = s.src[s.pos+n+1 : s.pos+n+end]
		}
		if strings.Trim(name, " ") == "" || strings.ContainsAny(name, "()$[,'\"") {
			s.pos += n
			return true
		}
		s.emit(Word, "$"+strings.Trim(name, " ^"), s.line)
		s.pos += n + end + 1
	case s.at(n) == '{': // an expression: the braces are like parentheses
		s.pos += n
	case isWord(s.at(n)):
		s.pos += n
		w := s.word()
		for s.has("::") && isWord(s.at(2)) {
			s.pos += 2
			w += "::" + s.word()
		}
		if c != '&' {
			w = "$" + w
		}
		s.emit(Word, w, s.line)
	case c == '$' && s.at(n) > ' ':
		s.emit(Word, "$"+s.src[s.pos+n:s.pos+n+1], s.line)
		s.pos += n + 1
	default:
		return false
	}
	return true
}

// quoteLike takes what follows q, qq, qw, qx, m, s, tr, y and qr.
func (s *source) quoteLike(w string) bool {
	parts := map[string]int{"q": 1, "qq": 1, "qw": 1, "qx": 1, "m": 1, "qr": 1, "s": 2, "tr": 2, "y": 2}[w]
	if parts == 0 || len(s.out) > 0 && (s.out[len(s.out)-1].is("->") || s.out[len(s.out)-1].is("{") && s.at(0) == '}') {
		return false
	}
	n := 0
	for isSpace(s.at(n)) {
		n++
	}
	c := s.at(n)
	if c == 0 || c == ',' || c == ';' || c == ')' || c == '=' && (s.at(n+1) == '>' || s.at(n+1) == ' ' || s.at(n+1) == '=') || isWord(c) || n > 0 && c == '#' || c == '-' && s.at(n+1) == '>' || c == '}' {
		return false
	}
	s.skip(n)
	s.perlQuote(w, parts)
	return true
}

var closers = map[byte]byte{'(': ')', '[': ']', '{': '}', '<': '>'}

// delimited takes text between delimiters, which nest if they are brackets.
func (s *source) delimited() string {
	open := s.at(0)
	close, nests := closers[open]
	if !nests {
		close = open
	}
	s.skip(1)
	start, depth := s.pos, 0
	for s.pos < len(s.src) {
		switch c := s.src[s.pos]; {
		case c == '\\':
			s.skip(1)
		case c == close && depth == 0:
			text := s.src[start:s.pos]
			s.skip(1)
			return text
		case c == close:
			depth--
		case c == open:
			depth++
		}
		s.skip(1)
	}
	return s.src[start:min(s.pos, len(s.src))]
}

func (s *source) perlQuote(w string, parts int) {
	line := s.line
	open := s.at(0)
	text := s.delimited()
	second := ""
	if parts == 2 {
		if _, nests := closers[open]; nests {
			for isSpace(s.at(0)) {
				s.skip(1)
			}
			second = s.delimited()
		} else {
			s.pos--
			second = s.delimited()
		}
	}
	switch w {
	case "q":
		s.emit(Text, strings.ReplaceAll(text, `\`+string(open), string(open)), line)
	case "qw":
		s.emit(Punct, "(", line)
		for _, f := range strings.Fields(text) {
			s.emit(Text, f, line)
			s.emit(Punct, ",", line)
		}
		s.emit(Punct, ")", line)
	case "qq":
		s.perlSpliced(text, line)
	case "qx":
		s.emit(Word, "qx", line)
		s.emit(Punct, "(", line)
		s.perlSpliced(text, line)
		s.emit(Punct, ")", line)
	default:
		start := s.pos
		for s.at(0) >= 'a' && s.at(0) <= 'z' {
			s.pos++
		}
		flags := s.src[start:s.pos]
		if w == "s" && strings.Contains(flags, "e") { // the replacement is code
			s.emit(Word, "substitute", line)
			s.emit(Punct, "(", line)
			s.out = append(s.out, Token{Kind: Spliced, Parts: []Part{{Text: second, Code: true}}, Line: line})
			s.emit(Punct, ",", line)
			s.emit(Text, flags, line)
			s.emit(Punct, ")", line)
			return
		}
		if w == "tr" || w == "y" {
			s.emit(Word, "transliterate", line)
			s.emit(Punct, "(", line)
			s.emit(Text, text, line)
			s.emit(Punct, ",", line)
			s.emit(Text, second, line)
			s.emit(Punct, ")", line)
			return
		}
		s.emit(Pattern, text, line)
	}
}

// perlSpliced emits a string with $variables and @{[ code ]} in it.
func (s *source) perlSpliced(text string, line int) {
	var parts []Part
	lit := 0
	flush := func(end int) {
		if end > lit {
			parts = append(parts, Part{Text: unescape(text[lit:end])})
		}
	}
	for i := 0; i < len(text); {
		if text[i] == '\\' {
			i += 2
			continue
		}
		n := 0
		if text[i] == '$' || text[i] == '@' {
			n = variable(text[i:])
		}
		if n == 0 {
			i++
			continue
		}
		flush(i)
		parts = append(parts, Part{Text: text[i : i+n], Code: true})
		i += n
		lit = i
	}
	if parts == nil {
		s.emit(Text, unescape(text), line)
		return
	}
	flush(len(text))
	s.out = append(s.out, Token{Kind: Spliced, Parts: parts, Line: line})
}

// variable is how long the variable is that s begins with, with its
// subscripts, 0 if there is none.
func variable(s string) int {
	n := 1
	switch {
	case n < len(s) && s[n] == '{':
		n += 1 + closing(s[n+1:]) + 1
	case n < len(s) && isWord(s[n]):
		for n < len(s) && (isWord(s[n]) || strings.HasPrefix(s[n:], "::") && s[0] == '$') {
			n++
		}
	default:
		return 0
	}
	for n < len(s) {
		rest := s[n:]
		switch {
		case strings.HasPrefix(rest, "->{"):
			n += 3 + closing(rest[3:]) + 1
		case strings.HasPrefix(rest, "{"):
			n += 1 + closing(rest[1:]) + 1
		case strings.HasPrefix(rest, "["):
			end := strings.IndexByte(rest, ']')
			if end < 0 {
				return min(n, len(s))
			}
			n += end + 1
		default:
			return min(n, len(s))
		}
	}
	return min(n, len(s))
}

// hereDoc takes <<"NAME", whose text begins at the next line.
func (s *source) hereDoc(docs *[]string) bool {
	n := 2
	if s.at(n) == '~' {
		n++
	}
	q := s.at(n)
	quoted := q == '"' || q == '\''
	if quoted {
		n++
	}
	start := s.pos + n
	for isWord(s.at(n)) || quoted && s.at(n) == ' ' {
		n++
	}
	end := s.src[start : s.pos+n]
	if end == "" || isDigit(end[0]) {
		return false
	}
	if quoted {
		n++
	}
	s.emit(Text, "", s.line)
	*docs = append(*docs, end)
	s.skip(n)
	return true
}

// hereText gives the text of a here-document as an assignment to nothing: what
// is spliced into it is not followed.
func (s *source) hereText(end string) {
	for s.pos < len(s.src) {
		start := s.pos
		s.toLineEnd()
		line := strings.TrimSpace(s.src[start:s.pos])
		s.skip(1)
		if line == end {
			return
		}
	}
}

// readLine takes <STDIN>, <$fh> and <> as calls to readline.
func (s *source) readLine() bool {
	end := 1
	for isWord(s.at(end)) {
		end++
	}
	if s.at(end) != '>' {
		return false
	}
	s.emit(Word, "readline", s.line)
	s.emit(Punct, "(", s.line)
	if end > 1 {
		s.emit(Word, s.src[s.pos+1:s.pos+end], s.line)
	}
	s.emit(Punct, ")", s.line)
	s.pos += end + 1
	return true
}

// subscript says whether "{" behind n opens a subscript.
func (p *parser) subscript(n *Node) bool {
	return n.Op == Index || n.Op == Name && strings.HasPrefix(n.Text, "$") || n.Op == Member
}

// key reads a subscript, in which a bare word is text.
func (p *parser) key(close string) []*Node {
	if t := p.peek(); t.Kind == Word && p.ahead(1).is(close) && !strings.HasPrefix(t.Text, "$") {
		p.next()
		p.next()
		return []*Node{{Op: Literal, Kind: IsText, Text: t.Text, Line: t.Line}}
	}
	return p.list(close)
}

// perlStatement reads one statement.
func (p *parser) perlStatement() *Node {
	t := p.peek()
	switch t.Text {
	case "sub":
		if t.Kind == Word && p.ahead(1).Kind == Word {
			p.next()
			name := p.next()
			if p.peek().is("(") {
				p.skipGroup()
			}
			f := &Func{Name: name.Text, Params: []Param{{Name: "$_", Rest: true}}, Line: name.Line}
			f.Body = p.block()
			p.prog.Funcs = append(p.prog.Funcs, f)
			return &Node{Op: Function, Func: f, Line: name.Line}
		}
	case "use", "no", "package", "require":
		if t.Text == "require" {
			break
		}
		p.upTo(";")
		return &Node{Line: t.Line}
	case "foreach", "for":
		return p.perlFor()
	case "BEGIN", "END", "do", "eval":
		if p.ahead(1).is("{") && t.Text != "do" {
			p.next()
			n := p.block()
			p.take(";")
			return n
		}
	}
	n := p.braceOrModified()
	return n
}

// braceOrModified reads a statement as in C, and conditions behind it.
func (p *parser) braceOrModified() *Node {
	if t := p.peek(); t.is("if") || t.is("while") || t.is("unless") || t.is("until") || t.is("{") || t.is(";") || t.is("return") || t.is("else") || t.is("last") || t.is("next") {
		switch t.Text {
		case "last", "next":
			p.upTo(";")
			return &Node{Line: t.Line}
		case "return":
			p.next()
			n := &Node{Op: Return, Line: t.Line}
			if !p.peek().is(";") && !p.peek().is("if") && !p.peek().is("unless") && !p.peek().is("}") {
				n.Kids = append(n.Kids, p.perlList())
			}
			p.perlModifier()
			return &Node{Op: If, Kids: []*Node{{}, n}, Line: t.Line}
		}
		return p.braceStatement()
	}
	n := p.perlList()
	if cond := p.perlModifier(); cond != nil {
		n = &Node{Op: Block, Kids: []*Node{cond, n}, Line: n.Line}
	}
	return n
}

// perlModifier reads "if condition;" behind a statement.
func (p *parser) perlModifier() *Node {
	var cond *Node
	for t := p.peek(); t.is("if") || t.is("unless") || t.is("for") || t.is("foreach") || t.is("while") || t.is("until"); t = p.peek() {
		p.next()
		cond = p.perlList()
		if t.is("for") || t.is("foreach") {
			cond = &Node{Op: Assign, Kids: []*Node{{Op: Name, Text: "$_", Line: t.Line}, cond}, Line: t.Line}
		}
	}
	p.take(";")
	return cond
}

// perlList reads expressions with commas between, where a name may be a call
// without parentheses.
func (p *parser) perlList() *Node {
	n := p.expression(0)
	if !p.peek().is(",") && !p.peek().is("=>") {
		return n
	}
	list := &Node{Op: List, Kids: []*Node{n}, Line: n.Line}
	for p.take(",") || p.take("=>") {
		if t := p.peek(); t.is(")") || t.is(";") || t.is("}") {
			break
		}
		list.Kids = append(list.Kids, p.expression(0))
	}
	return list
}

func (p *parser) perlFor() *Node {
	line := p.next().Line
	for p.take("my") || p.take("our") {
	}
	target := &Node{Op: Name, Text: "$_", Line: line}
	if p.peek().Kind == Word {
		target = p.primary()
	}
	if p.lookLoop() {
		p.take("(")
		first := p.expression(0)
		p.take(";")
		cond := p.expression(0)
		p.take(";")
		step := p.until(")")
		return &Node{Op: Loop, Kids: []*Node{first, cond, step, p.block()}, Line: line}
	}
	p.take("(")
	from := &Node{Op: List, Kids: p.list(")"), Line: line}
	if len(from.Kids) == 1 {
		from = from.Kids[0]
	}
	return &Node{Op: Each, Kids: []*Node{target, from, p.block()}, Line: line}
}

// lookLoop says whether a semicolon stands in the parentheses that open here.
func (p *parser) lookLoop() bool {
	for n, end := 0, p.matching(); n < end; n++ {
		if p.ahead(n).is(";") {
			return true
		}
	}
	return false
}

// perlCall says whether a word is a function that takes what follows it
// without parentheses.
func (p *parser) perlCall(t Token) bool {
	if p.d.Name != "perl" || strings.HasPrefix(t.Text, "$") {
		return false
	}
	next := p.ahead(1)
	switch next.Kind {
	case Text, Spliced, Number, Pattern:
		return true
	case Word:
		return precedence[next.Text] == 0 && !next.is("if") && !next.is("unless") && !next.is("for") && !next.is("foreach") && !next.is("while") && !next.is("or") && !next.is("and")
	}
	return false
}
