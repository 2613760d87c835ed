package script

import "strings"

// Python and VBScript end statements with lines.
var (
	Python   = Dialect{Name: "python", Lex: lexPython, Lines: true}
	VBScript = Dialect{Name: "vbscript", Lex: lexVB, Fold: true, Lines: true}
)

var pythonOperators = []string{"**=", "//=", ">>=", "<<=", ":=", "->", "==", "!=", "<=", ">=", "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "**", "//", "<<", ">>"}

func lexPython(src string, line int) []Token {
	s := &source{src: src, line: line}
	depth := 0
	indents := []int{0}
	s.indentation(&indents)
	for s.more() {
		c := s.src[s.pos]
		switch {
		case c == '\n':
			s.skip(1)
			if depth == 0 {
				s.emit(Newline, "", s.line)
				s.indentation(&indents)
			}
		case c == '\\' && s.at(1) == '\n':
			s.skip(2)
		case isSpace(c):
			s.skip(1)
		case c == '#':
			s.toLineEnd()
		case s.pythonText():
		case isDigit(c):
			s.number()
		case isWord(c) && c != '$':
			s.emit(Word, s.word(), s.line)
		default:
			switch c {
			case '(', '[', '{':
				depth++
			case ')', ']', '}':
				depth = max(0, depth-1)
			}
			s.punct(pythonOperators)
		}
	}
	s.emit(Newline, "", s.line)
	for range indents[1:] {
		s.emit(Dedent, "", s.line)
	}
	return s.finish()
}

// indentation compares the indentation of the next line that says something
// with that of the blocks it is in.
func (s *source) indentation(indents *[]int) {
	width, p := 0, s.pos
	for p < len(s.src) {
		switch s.src[p] {
		case ' ', '\f', '\r':
			width++
		case '\t':
			width += 8 - width%8
		case '\n', '#':
			return // an empty line
		default:
			in := *indents
			if width > in[len(in)-1] {
				in = append(in, width)
				s.emit(Indent, "", s.line)
			}
			for len(in) > 1 && width < in[len(in)-1] {
				in = in[:len(in)-1]
				s.emit(Dedent, "", s.line)
			}
			*indents = in
			return
		}
		p++
	}
}

// pythonText takes a string with its prefix, if one starts here.
func (s *source) pythonText() bool {
	n := 0
	raw, spliced := false, false
	for n < 3 && strings.IndexByte("rRbBuUfF", s.at(n)) >= 0 && s.at(n) != 0 {
		raw = raw || s.at(n)|0x20 == 'r'
		spliced = spliced || s.at(n)|0x20 == 'f'
		n++
	}
	q := s.at(n)
	if q != '"' && q != '\'' {
		return false
	}
	line, end := s.line, string(q)
	s.skip(n)
	if triple := strings.Repeat(end, 3); s.has(triple) {
		end = triple
	}
	s.skip(len(end))
	start := s.pos
	for s.pos < len(s.src) && !s.has(end) && (len(end) == 3 || s.src[s.pos] != '\n') {
		if s.src[s.pos] == '\\' {
			s.skip(1)
		}
		s.skip(1)
	}
	text := s.src[start:min(s.pos, len(s.src))]
	s.skip(len(end))
	switch {
	case spliced:
		s.out = append(s.out, Token{Kind: Spliced, Parts: splice(text, "{", raw), Line: line})
	case raw:
		s.emit(Text, text, line)
	default:
		s.emit(Text, unescape(text), line)
	}
	return true
}

var vbOperators = []string{"<>", "<=", ">="}

func lexVB(src string, line int) []Token {
	s := &source{src: src, line: line}
	for s.more() {
		c := s.src[s.pos]
		switch {
		case c == '\n' || c == ':' && s.at(1) != '=':
			s.skip(1)
			s.emit(Newline, "", s.line)
		case c == '_' && s.continued():
		case isSpace(c):
			s.skip(1)
		case c == '\'':
			s.toLineEnd()
		case c == '"':
			s.vbText()
		case c == '&' && s.at(1)|0x20 == 'h' && isHex(s.at(2)):
			s.pos += 2
			start := s.pos
			for isHex(s.at(0)) {
				s.pos++
			}
			s.emit(Number, "0x"+s.src[start:s.pos], s.line)
			if s.at(0) == '&' {
				s.pos++
			}
		case c == '&' && (s.at(1)|0x20 == 'o' || isDigit(s.at(1)) && !value(s.out)):
			s.pos++
			if s.at(0)|0x20 == 'o' {
				s.pos++
			}
			start := s.pos
			for isDigit(s.at(0)) {
				s.pos++
			}
			s.emit(Number, "0"+s.src[start:s.pos], s.line)
		case isDigit(c):
			s.number()
		case isWord(c) && c != '$':
			w := strings.ToLower(s.vbWord())
			if w == "rem" {
				s.toLineEnd()
			} else {
				s.emit(Word, w, s.line)
			}
		case c == '[':
			s.skip(1)
			start := s.pos
			s.past("]")
			s.emit(Word, strings.ToLower(s.src[start:max(start, s.pos-1)]), s.line)
		default:
			s.punct(vbOperators)
		}
	}
	s.emit(Newline, "", s.line)
	return s.finish()
}

// vbWord takes a name, without a "$" or "%" that tells its type.
func (s *source) vbWord() string {
	start := s.pos
	for s.pos < len(s.src) && isWord(s.src[s.pos]) && s.src[s.pos] != '$' {
		s.pos++
	}
	w := s.src[start:s.pos]
	if s.at(0) == '$' {
		s.pos++
	}
	return w
}

// continued skips an underscore that joins two lines.
func (s *source) continued() bool {
	for n := 1; ; n++ {
		switch s.at(n) {
		case ' ', '\t', '\r':
		case '\n':
			s.skip(n + 1)
			return true
		default:
			return false
		}
	}
}

func (s *source) vbText() {
	line := s.line
	s.skip(1)
	start := s.pos
	for s.pos < len(s.src) && s.src[s.pos] != '\n' {
		if s.src[s.pos] == '"' {
			if s.at(1) != '"' {
				break
			}
			s.pos++
		}
		s.pos++
	}
	s.emit(Text, strings.ReplaceAll(s.src[start:min(s.pos, len(s.src))], `""`, `"`), line)
	if s.at(0) == '"' {
		s.pos++
	}
}
