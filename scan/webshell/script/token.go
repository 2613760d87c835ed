// Package script reads programs loosely and follows values through them. It
// has lexers for the languages that WebShells are written in, one tree for all
// of them, and a Machine that runs the tree: constants are computed, as the
// program would, and what is unknown carries where it came from.
//
// What a call means (a source, a transformation, a sink) is said by whoever
// runs a Machine, in a Library. The package knows no WebShell.
//
// Source text is an attacker's: every input gives a tree, whatever is wrong
// with it, and the work is bounded by steps, not by time.
package script

// TokenKind is what a Token is.
type TokenKind uint8

// The kinds of token.
const (
	EOF     TokenKind = iota
	Word              // a name or keyword
	Text              // a string, its escapes resolved
	Char              // a character in quotes, in languages that have them
	Number            // as written
	Punct             // an operator or bracket
	Newline           // the end of a statement, where lines end statements
	Indent            // a deeper block begins
	Dedent            // and ends
	Pattern           // a regular expression
	Spliced           // a string with expressions in it, see Parts
)

// Token is one word of a program.
type Token struct {
	Kind  TokenKind
	Text  string
	Parts []Part // of a Spliced
	Line  int
}

// Part is a piece of a Spliced: text, or the source of an expression.
type Part struct {
	Text string
	Code bool
}

func (t Token) is(s string) bool {
	return (t.Kind == Punct || t.Kind == Word) && t.Text == s
}

// Dialect is what the reader must know of a language.
type Dialect struct {
	// Name is shown nowhere; it tells dialects apart.
	Name string
	// Lex cuts source into tokens, of which the last is EOF.
	Lex func(src string, line int) []Token
	// Fold: names differ by more than case.
	Fold bool
	// Lines: statements end with lines, as in Python and VBScript.
	Lines bool
	// Typed: declarations begin with a type.
	Typed bool
}

// maxTokens bounds what is read of one program; the longest WebShells have
// 100,000.
const maxTokens = 1 << 20

// source is a position in a program.
type source struct {
	src  string
	pos  int
	line int
	out  []Token
}

func (s *source) more() bool { return s.pos < len(s.src) && len(s.out) < maxTokens }

// at returns the byte n ahead, or 0.
func (s *source) at(n int) byte {
	if s.pos+n >= len(s.src) {
		return 0
	}
	return s.src[s.pos+n]
}

func (s *source) has(prefix string) bool {
	return len(s.src)-s.pos >= len(prefix) && s.src[s.pos:s.pos+len(prefix)] == prefix
}

// skip moves n bytes on and counts lines.
func (s *source) skip(n int) {
	end := min(s.pos+n, len(s.src))
	for ; s.pos < end; s.pos++ {
		if s.src[s.pos] == '\n' {
			s.line++
		}
	}
}

func (s *source) emit(k TokenKind, text string, line int) {
	s.out = append(s.out, Token{Kind: k, Text: text, Line: line})
}

func (s *source) finish() []Token {
	return append(s.out, Token{Kind: EOF, Line: s.line})
}

// word takes a name that starts here.
func (s *source) word() string {
	start := s.pos
	for s.pos < len(s.src) && isWord(s.src[s.pos]) {
		s.pos++
	}
	return s.src[start:s.pos]
}

// number takes a number that starts here, with its suffixes.
func (s *source) number() {
	start := s.pos
	for s.pos < len(s.src) {
		c := s.src[s.pos]
		if !isWord(c) && (c != '.' || !isDigit(s.at(1))) || c == '$' {
			break
		}
		s.pos++
	}
	if s.pos == start {
		s.pos++
	}
	s.emit(Number, s.src[start:s.pos], s.line)
}

// toLineEnd moves to the next newline.
func (s *source) toLineEnd() {
	for s.pos < len(s.src) && s.src[s.pos] != '\n' {
		s.pos++
	}
}

// past moves behind the next close, or to the end.
func (s *source) past(close string) {
	for s.pos < len(s.src) && !s.has(close) {
		s.skip(1)
	}
	s.skip(len(close))
}

// punct takes the longest operator of ops, or one byte.
func (s *source) punct(ops []string) {
	for _, op := range ops {
		if s.has(op) {
			s.emit(Punct, op, s.line)
			s.pos += len(op)
			return
		}
	}
	s.emit(Punct, s.src[s.pos:s.pos+1], s.line)
	s.skip(1)
}

func isWord(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_' || c == '$' || c >= 0x80
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

func isSpace(c byte) bool {
	return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\f' || c == '\v'
}

// value reports whether a token ends a value, so that what follows is an
// operator and not, for instance, a regular expression.
func value(ts []Token) bool {
	if len(ts) == 0 {
		return false
	}
	switch t := ts[len(ts)-1]; t.Kind {
	case Text, Char, Number, Spliced, Pattern:
		return true
	case Word:
		switch t.Text {
		case "return", "typeof", "case", "in", "of", "and", "or", "not", "if", "unless", "else", "split", "grep", "map", "join", "when", "yield", "await", "push", "x", "=~", "print":
			return false
		}
		return true
	case Punct:
		return t.Text == ")" || t.Text == "]" || t.Text == "}"
	}
	return false
}

// Lower is text with the letters of ASCII in lower case. Unlike strings.ToLower
// it keeps every byte in its place.
func Lower(s string) string {
	i := 0
	for i < len(s) && (s[i] < 'A' || s[i] > 'Z') {
		i++
	}
	if i == len(s) {
		return s
	}
	b := []byte(s)
	for ; i < len(b); i++ {
		if b[i] >= 'A' && b[i] <= 'Z' {
			b[i] += 'a' - 'A'
		}
	}
	return string(b)
}
