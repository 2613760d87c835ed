package script

import "strings"

// Java, CSharp and JavaScript (which JScript is too) are the languages whose
// words look like C's.
var (
	Java       = Dialect{Name: "java", Lex: lexJava, Typed: true}
	CSharp     = Dialect{Name: "csharp", Lex: lexCSharp, Typed: true}
	JavaScript = Dialect{Name: "javascript", Lex: lexJavaScript}
)

func lexJava(src string, line int) []Token {
	return lexC(clike{chars: true}, javaEscapes(src), line)
}

func lexCSharp(src string, line int) []Token {
	return lexC(clike{chars: true, verbatim: true}, src, line)
}

func lexJavaScript(src string, line int) []Token {
	return lexC(clike{patterns: true}, src, line)
}

// javaEscapes resolves \uXXXX, which Java does before anything else: even a
// comment can end in the middle of what looks like one.
func javaEscapes(src string) string {
	if !strings.Contains(src, `\u`) {
		return src
	}
	var b strings.Builder
	for i := 0; i < len(src); {
		switch {
		case src[i] != '\\' || i+1 >= len(src):
			b.WriteByte(src[i])
			i++
		case src[i+1] == 'u':
			i += 1 + codePoint(&b, src[i+1:])
		default:
			b.WriteString(src[i : i+2])
			i += 2
		}
	}
	return b.String()
}

// clike says how the lexers of the family differ.
type clike struct {
	chars    bool // 'x' is a character
	verbatim bool // @"..." and $"..."
	patterns bool // /.../ and `...`
}

var operators = []string{
	">>>=", "...", "===", "!==", "**=", "<<=", ">>=", "&&=", "||=", "??=", "<=>",
	"->", "=>", "==", "!=", "<=", ">=", "&&", "||", "??", "?.", "::", "++", "--", "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "<<", "**",
}

func lexC(d clike, src string, line int) []Token {
	s := &source{src: src, line: line}
	for s.more() {
		c := s.src[s.pos]
		switch {
		case isSpace(c):
			s.skip(1)
		case s.has("//"):
			s.toLineEnd()
		case s.has("/*"):
			s.past("*/")
		case s.has(`"""`) && d.chars:
			s.block()
		case c == '"' || c == '\'':
			s.quoted(c, d)
		case c == '`' && d.patterns:
			s.template()
		case (c == '@' || c == '$') && d.verbatim && s.verbatim():
		case c == '/' && d.patterns && !value(s.out):
			s.pattern()
		case isDigit(c) || c == '.' && isDigit(s.at(1)):
			s.number()
		case isWord(c) || c == '\\':
			s.emit(Word, s.name(), s.line)
		default:
			s.punct(operators)
		}
	}
	return s.finish()
}

// name takes a name, in which \uXXXX may stand for letters.
func (s *source) name() string {
	start := s.pos
	for s.pos < len(s.src) && (isWord(s.src[s.pos]) || s.src[s.pos] == '\\') {
		if s.src[s.pos] == '\\' && s.at(1) == 'u' && s.at(2) == '{' {
			s.past("}")
			continue
		}
		s.pos++
	}
	return unescape(s.src[start:s.pos])
}

func (s *source) quoted(q byte, d clike) {
	line, start := s.line, s.pos+1
	s.skip(1)
	for s.pos < len(s.src) && s.src[s.pos] != q && (s.src[s.pos] != '\n') {
		if s.src[s.pos] == '\\' {
			s.skip(1)
		}
		s.skip(1)
	}
	kind := Text
	if q == '\'' && d.chars && s.pos-start <= 8 {
		kind = Char
	}
	s.emit(kind, unescape(s.src[start:min(s.pos, len(s.src))]), line)
	s.skip(1)
}

// block takes a Java text block or a C# raw string.
func (s *source) block() {
	line := s.line
	s.skip(3)
	start := s.pos
	s.past(`"""`)
	s.emit(Text, unescape(s.src[start:max(start, s.pos-3)]), line)
}

// verbatim takes @"..." and $"...", and returns false where there is none.
func (s *source) verbatim() bool {
	n := 0
	raw, spliced := false, false
	for ; s.at(n) == '@' || s.at(n) == '$'; n++ {
		raw = raw || s.at(n) == '@'
		spliced = spliced || s.at(n) == '$'
	}
	if s.at(n) != '"' {
		if s.at(0) != '@' {
			return false
		}
		s.skip(1) // @name is a name
		return true
	}
	line := s.line
	s.skip(n + 1)
	start := s.pos
	for s.pos < len(s.src) {
		if s.src[s.pos] == '"' {
			if !raw || s.at(1) != '"' {
				break
			}
			s.pos++
		} else if s.src[s.pos] == '\\' && !raw {
			s.skip(1)
		}
		s.skip(1)
	}
	text := s.src[start:min(s.pos, len(s.src))]
	s.skip(1)
	if raw {
		text = strings.ReplaceAll(text, `""`, `"`)
	} else if !spliced {
		text = unescape(text)
	}
	if spliced {
		s.out = append(s.out, Token{Kind: Spliced, Parts: splice(text, "{", false), Line: line})
	} else {
		s.emit(Text, text, line)
	}
	return true
}

// template takes a JavaScript template.
func (s *source) template() {
	line := s.line
	s.skip(1)
	start, depth := s.pos, 0
	for s.pos < len(s.src) && (s.src[s.pos] != '`' || depth > 0) {
		switch {
		case s.src[s.pos] == '\\':
			s.skip(1)
		case s.has("${"):
			depth++
		case s.src[s.pos] == '}' && depth > 0:
			depth--
		}
		s.skip(1)
	}
	s.out = append(s.out, Token{Kind: Spliced, Parts: splice(s.src[start:min(s.pos, len(s.src))], "${", false), Line: line})
	s.skip(1)
}

// splice cuts text at expressions between open and "}". Python's and C#'s
// doubled braces stand for themselves.
func splice(text, open string, raw bool) []Part {
	var parts []Part
	lit := func(s string) {
		if s == "" {
			return
		}
		if !raw {
			s = unescape(s)
		}
		parts = append(parts, Part{Text: s})
	}
	for {
		i := strings.Index(text, open)
		if i < 0 {
			break
		}
		if open == "{" && strings.HasPrefix(text[i:], "{{") {
			lit(text[:i+1])
			text = text[i+2:]
			continue
		}
		end := closing(text[i+len(open):])
		lit(text[:i])
		parts = append(parts, Part{Text: text[i+len(open) : i+len(open)+end], Code: true})
		text = text[min(i+len(open)+end+1, len(text)):]
	}
	lit(text)
	return parts
}

// closing finds the brace that closes one that is open.
func closing(s string) int {
	depth := 0
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '{':
			depth++
		case '}':
			if depth == 0 {
				return i
			}
			depth--
		}
	}
	return len(s)
}

// pattern takes a JavaScript regular expression.
func (s *source) pattern() {
	line, start, class := s.line, s.pos, false
	s.skip(1)
	for s.pos < len(s.src) && s.src[s.pos] != '\n' && (s.src[s.pos] != '/' || class) {
		switch s.src[s.pos] {
		case '\\':
			s.skip(1)
		case '[':
			class = true
		case ']':
			class = false
		}
		s.skip(1)
	}
	end := min(s.pos, len(s.src))
	s.skip(1)
	s.word()
	s.emit(Pattern, s.src[min(start+1, end):end], line)
}
