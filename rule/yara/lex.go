package yara

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

type tokenKind uint8

const (
	tokEOF tokenKind = iota
	tokIdent
	tokString
	tokInt
	tokFloat
	tokStringID    // $a, $a*
	tokStringCount // #a
	tokStringAt    // @a
	tokStringLen   // !a
	tokRegex
	tokOp
)

type token struct {
	kind tokenKind
	text string // identifier, decoded string, operator, regex source
	i    int64
	f    float64
	line int
	pos  int // of the first byte
	// flags of a regular expression: i, s.
	flags string
}

// syntaxError stops the compilation of one rule; the parser recovers it.
type syntaxError struct {
	line   int
	reason string
}

type lexer struct {
	src  string
	pos  int
	line int
}

func (l *lexer) fail(format string, args ...any) {
	panic(syntaxError{l.line, fmt.Sprintf(format, args...)})
}

// space skips white space and comments.
func (l *lexer) space() {
	for l.pos < len(l.src) {
		switch c := l.src[l.pos]; {
		case c == '\n':
			l.line++
			l.pos++
		case c == ' ' || c == '\t' || c == '\r':
			l.pos++
		case strings.HasPrefix(l.src[l.pos:], "//"):
			n := strings.IndexByte(l.src[l.pos:], '\n')
			if n < 0 {
				n = len(l.src) - l.pos
			}
			l.pos += n
		case strings.HasPrefix(l.src[l.pos:], "/*"):
			n := strings.Index(l.src[l.pos+2:], "*/")
			if n < 0 {
				l.fail("comment without end")
			}
			l.line += strings.Count(l.src[l.pos:l.pos+2+n], "\n")
			l.pos += n + 4
		default:
			return
		}
	}
}

func isIdent(c byte) bool {
	return c == '_' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9'
}

func (l *lexer) word() string {
	start := l.pos
	for l.pos < len(l.src) && isIdent(l.src[l.pos]) {
		l.pos++
	}
	return l.src[start:l.pos]
}

// next reads one token. Hexadecimal strings are read by hexString.
func (l *lexer) next() token {
	l.space()
	t := token{line: l.line, pos: l.pos}
	if l.pos == len(l.src) {
		return t
	}
	switch c := l.src[l.pos]; {
	case '0' <= c && c <= '9':
		l.number(&t)
	case isIdent(c):
		t.kind, t.text = tokIdent, l.word()
		if len(t.text) > 128 {
			l.fail("identifier longer than 128 bytes")
		}
	case c == '"':
		t.kind, t.text = tokString, l.quoted()
	case c == '/':
		l.regex(&t)
	case c == '$' || c == '#' || c == '@' || c == '!' && l.peek(1) != '=':
		t.kind = map[byte]tokenKind{'$': tokStringID, '#': tokStringCount, '@': tokStringAt, '!': tokStringLen}[c]
		l.pos++
		t.text = "$" + l.word()
		if c == '$' && l.peek(0) == '*' {
			t.text += "*"
			l.pos++
		}
	default:
		t.kind, t.text = tokOp, l.operator()
	}
	return t
}

func (l *lexer) peek(n int) byte {
	if l.pos+n < len(l.src) {
		return l.src[l.pos+n]
	}
	return 0
}

func (l *lexer) operator() string {
	for _, op := range []string{"<<", ">>", "<=", ">=", "==", "!=", ".."} {
		if strings.HasPrefix(l.src[l.pos:], op) {
			l.pos += 2
			return op
		}
	}
	c := l.src[l.pos]
	if !strings.ContainsRune("{}()[]:=,.<>+-*\\%&|^~?", rune(c)) {
		l.fail("unexpected byte %q", c)
	}
	l.pos++
	return string(c)
}

func (l *lexer) number(t *token) {
	start := l.pos
	s := l.word()
	if l.peek(0) == '.' && l.peek(1) >= '0' && l.peek(1) <= '9' && !strings.HasPrefix(s, "0x") {
		l.pos++
		l.word()
		s = l.src[start:l.pos]
		f, err := strconv.ParseFloat(s, 64)
		if err != nil {
			l.fail("bad number %q", s)
		}
		t.kind, t.f = tokFloat, f
		return
	}
	t.kind = tokInt
	digits, unit := s, int64(1)
	if d, ok := strings.CutSuffix(s, "KB"); ok {
		digits, unit = d, 1<<10
	} else if d, ok := strings.CutSuffix(s, "MB"); ok {
		digits, unit = d, 1<<20
	}
	base := 10
	if strings.HasPrefix(digits, "0x") {
		base, digits = 16, digits[2:]
	} else if strings.HasPrefix(digits, "0o") {
		base, digits = 8, digits[2:]
	}
	v, err := strconv.ParseInt(digits, base, 64)
	if err != nil || v > math.MaxInt64/unit {
		l.fail("bad number %q", s)
	}
	t.i = v * unit
}

// quoted reads a string in double quotes with its escapes.
func (l *lexer) quoted() string {
	var b strings.Builder
	for l.pos++; ; l.pos++ {
		c := l.peek(0)
		switch {
		case l.pos >= len(l.src) || c == '\n':
			l.fail("string without end")
		case c == '"':
			l.pos++
			return b.String()
		case c == '\\':
			l.pos++
			b.WriteByte(l.escape())
		default:
			b.WriteByte(c)
		}
	}
}

// escape decodes what follows a backslash in a string.
func (l *lexer) escape() byte {
	switch c := l.peek(0); c {
	case 't':
		return '\t'
	case 'n':
		return '\n'
	case 'r':
		return '\r'
	case '"', '\\':
		return c
	case 'x':
		if l.pos+3 <= len(l.src) {
			if v, err := strconv.ParseUint(l.src[l.pos+1:l.pos+3], 16, 8); err == nil {
				l.pos += 2
				return byte(v)
			}
		}
	}
	l.fail("illegal escape sequence")
	return 0
}

// regex reads a regular expression and its flags; it is parsed later.
func (l *lexer) regex(t *token) {
	start := l.pos + 1
	for l.pos++; ; l.pos++ {
		c := l.peek(0)
		if l.pos >= len(l.src) || c == '\n' {
			l.fail("regular expression without end")
		}
		if c == '\\' {
			l.pos++
			continue
		}
		if c == '/' {
			break
		}
	}
	t.kind, t.text = tokRegex, l.src[start:l.pos]
	if t.text == "" {
		l.fail("empty regular expression")
	}
	l.pos++
	for l.peek(0) == 'i' || l.peek(0) == 's' {
		t.flags += string(l.peek(0))
		l.pos++
	}
}

// hexBody reads the text of a hexadecimal string whose "{" was read.
func (l *lexer) hexBody() string {
	start := l.pos
	for l.pos < len(l.src) {
		l.space()
		if l.peek(0) == '}' {
			l.pos++
			return l.src[start : l.pos-1]
		}
		l.pos++
	}
	l.fail("hexadecimal string without end")
	return ""
}
