package php

import "strings"

// kind is what a token is. Comments and white space are no tokens.
type kind uint8

const (
	tEOF      kind = iota
	tHTML          // text outside of PHP
	tVar           // $name
	tName          // keyword or name, with namespace separators
	tNumber        //
	tString        // '...' or "..." without variables
	tTemplate      // "...", heredoc or `...` with variables
	tOp            // operator or punctuation
)

// token is a piece of the source. Text is src[pos:end].
type token struct {
	kind     kind
	pos, end int32
	// doc is 1 + the position of the doc comment before it, 0 if there is none.
	doc int32
}

// lexer cuts a file into tokens. It takes everything: a byte that cannot be
// there is skipped, what is not closed reaches to the end.
type lexer struct {
	src    string
	pos    int
	strict bool // only tags that cannot be there by chance
	doc    int32
	toks   []token
	seen   feature
	// halt is where __halt_compiler's data begins, or -1.
	halt int
}

// maxTokens bounds the memory of one file: 16 bytes a token.
const maxTokens = 2 << 20

// lex cuts the file. It returns false if there are more tokens than maxTokens;
// those up to there are kept.
func lex(src string, strict bool) (*lexer, bool) {
	l := &lexer{src: src, strict: strict, halt: -1, toks: make([]token, 0, min(len(src)/4+16, 1<<16))}
	for l.pos < len(l.src) && len(l.toks) < maxTokens {
		l.html()
		l.code()
	}
	ok := l.pos >= len(l.src)
	l.add(tEOF, len(src), len(src))
	return l, ok
}

// lexCode cuts text that is PHP from its first byte, as eval takes it.
func lexCode(src string) (*lexer, bool) {
	l := &lexer{src: src, halt: -1}
	l.code()
	for l.pos < len(l.src) && len(l.toks) < maxTokens {
		l.html()
		l.code()
	}
	ok := l.pos >= len(l.src)
	l.add(tEOF, len(src), len(src))
	return l, ok
}

func (l *lexer) add(k kind, pos, end int) {
	l.toks = append(l.toks, token{kind: k, pos: int32(pos), end: int32(end), doc: l.doc})
	l.doc = 0
}

// html goes to the next opening tag.
func (l *lexer) html() {
	start := l.pos
	at, after, echo := openTag(l.src, l.pos, l.strict)
	if at > start {
		l.add(tHTML, start, at)
	}
	l.pos = after
	if echo {
		l.add(tName, at, after) // the parser knows "<?=" as echo
	}
}

// openTag finds the next opening tag at or behind from: where it is, where the
// code behind it begins, and whether it is an echo tag.
func openTag(src string, from int, strict bool) (at, after int, echo bool) {
	for i := from; i < len(src); i++ {
		n := strings.IndexByte(src[i:], '<')
		if n < 0 || i+n+1 >= len(src) {
			break
		}
		i += n
		switch src[i+1] {
		case '?':
			if after, echo := tagEnd(src[i:], strict); after > 0 {
				return i, i + after, echo
			}
		case 's', 'S':
			if after := scriptTag(src[i:]); after > 0 {
				return i, i + after, false
			}
		}
	}
	return len(src), len(src), false
}

// tagEnd is the length of the opening tag at the beginning of s, 0 if it is none.
func tagEnd(s string, strict bool) (n int, echo bool) {
	if len(s) >= 5 && strings.EqualFold(s[2:5], "php") && (len(s) == 5 || isSpace(s[5])) {
		return 5, false
	}
	if len(s) < 4 {
		return 0, false
	}
	if s[2] == '=' {
		if strict && !printable(s[3:min(len(s), 16)]) {
			return 0, false
		}
		return 3, true
	}
	if strict || strings.HasPrefix(s[2:], "xml") || strings.HasPrefix(s[2:], "xpacket") || strings.HasPrefix(s[2:], "mso") {
		return 0, false
	}
	return 2, false
}

// printable says whether a text is ASCII without control characters: in an
// image, three bytes make a tag now and then, sixteen do not.
func printable(s string) bool {
	for i := range len(s) {
		if c := s[i]; c >= 0x7f || c < ' ' && !isSpace(c) {
			return false
		}
	}
	return true
}

// scriptTag is the length of <script language="php"> at the beginning of s.
func scriptTag(s string) int {
	end := strings.IndexByte(s[:min(len(s), 64)], '>')
	if end < 0 || !strings.EqualFold(s[:7], "<script"[:min(7, len(s))]) {
		return 0
	}
	tag := strings.ToLower(s[:end])
	tag = strings.NewReplacer(" ", "", "\t", "", "\n", "", "\r", "", "'", "", `"`, "").Replace(tag)
	if tag != "<scriptlanguage=php" {
		return 0
	}
	return end + 1
}

// code cuts until the closing tag.
func (l *lexer) code() {
	for l.pos < len(l.src) && len(l.toks) < maxTokens {
		c := l.src[l.pos]
		switch {
		case isSpace(c):
			l.pos++
		case c == '?' && l.at("?>"):
			l.closeTag(2)
			return
		case c == '<' && len(l.src)-l.pos >= 9 && strings.EqualFold(l.src[l.pos:l.pos+9], "</script>"):
			l.closeTag(9)
			return
		case c == '#' && !l.at("#["), c == '/' && l.at("//"):
			l.lineComment()
		case c == '#':
			l.attribute()
		case c == '/' && l.at("/*"):
			l.comment()
		case c == '$' && l.pos+1 < len(l.src) && isNameStart(l.src[l.pos+1]):
			l.variable()
		case isNameStart(c) || c == '\\':
			if l.name() {
				return
			}
		case c >= '0' && c <= '9', c == '.' && l.pos+1 < len(l.src) && isDigit(l.src[l.pos+1]):
			l.number()
		case c == '\'':
			l.quoted(tString, '\'')
		case c == '"', c == '`':
			l.quoted(tTemplate, c)
		case c == '<' && l.at("<<<") && l.heredoc():
		default:
			l.operator()
		}
	}
}

func (l *lexer) at(s string) bool { return strings.HasPrefix(l.src[l.pos:], s) }

// closeTag ends a statement and swallows one newline.
func (l *lexer) closeTag(n int) {
	l.add(tOp, l.pos, l.pos+1) // "?" alone never begins an expression: the parser takes it for ";"
	l.toks[len(l.toks)-1].kind = tOp
	l.toks[len(l.toks)-1].end = int32(l.pos + n)
	l.pos += n
	if l.at("\r\n") {
		l.pos += 2
	} else if l.at("\n") || l.at("\r") {
		l.pos++
	}
}

func (l *lexer) lineComment() {
	for l.pos < len(l.src) && l.src[l.pos] != '\n' && l.src[l.pos] != '\r' && !l.at("?>") {
		l.pos++
	}
}

func (l *lexer) comment() {
	start := l.pos
	end := strings.Index(l.src[l.pos+2:], "*/")
	if end < 0 {
		l.pos = len(l.src)
	} else {
		l.pos += end + 4
	}
	if strings.HasPrefix(l.src[start:], "/**") {
		l.doc = int32(start) + 1
	}
}

// attribute skips #[...] with brackets inside it.
func (l *lexer) attribute() {
	depth := 0
	for ; l.pos < len(l.src); l.pos++ {
		switch l.src[l.pos] {
		case '[':
			depth++
		case ']':
			if depth--; depth == 0 {
				l.pos++
				return
			}
		}
	}
}

func (l *lexer) variable() {
	start := l.pos
	l.pos++
	for l.pos < len(l.src) && isNamePart(l.src[l.pos]) {
		l.pos++
	}
	l.seen |= variableFeature(l.src[start:l.pos])
	l.add(tVar, start, l.pos)
}

// name cuts a name, and returns true if it ended the code.
func (l *lexer) name() bool {
	start := l.pos
	for l.pos < len(l.src) && (isNamePart(l.src[l.pos]) || l.src[l.pos] == '\\' && l.pos+1 < len(l.src) && isNameStart(l.src[l.pos+1])) {
		l.pos++
	}
	if l.pos == start { // a lone backslash
		l.pos++
		return false
	}
	word := l.src[start:l.pos]
	l.seen |= nameFeature(word)
	l.add(tName, start, l.pos)
	if len(word) == 15 && strings.EqualFold(word, "__halt_compiler") {
		if i := strings.IndexByte(l.src[l.pos:], ';'); i >= 0 {
			l.halt = l.pos + i + 1
		}
		l.pos = len(l.src)
		return true
	}
	return false
}

func (l *lexer) number() {
	start := l.pos
	hex := l.at("0x") || l.at("0X")
	for l.pos < len(l.src) {
		c := l.src[l.pos]
		exp := !hex && (c == '+' || c == '-') && (l.src[l.pos-1]|0x20) == 'e' && l.pos > start
		if !isNamePart(c) && c != '.' && !exp || c >= 0x80 {
			break
		}
		if c == '.' && (hex || l.pos+1 < len(l.src) && (l.src[l.pos+1] == '.' || l.src[l.pos+1] == '=') || strings.Contains(l.src[start:l.pos], ".")) {
			break
		}
		l.pos++
	}
	l.add(tNumber, start, l.pos)
}

// quoted cuts a string with its quotes. A template without a variable is a string.
func (l *lexer) quoted(k kind, quote byte) {
	start := l.pos
	dollar := quote == '`'
	for l.pos++; l.pos < len(l.src) && l.src[l.pos] != quote; l.pos++ {
		switch l.src[l.pos] {
		case '\\':
			l.pos++
			if l.pos < len(l.src) && (l.src[l.pos]|0x20 == 'x' || isDigit(l.src[l.pos])) && quote == '"' {
				l.seen |= hides
			}
		case '$', '{':
			dollar = true
		}
	}
	l.pos = min(l.pos+1, len(l.src))
	if k == tTemplate && !dollar {
		k = tString
	}
	if l.pos-start > 1 && l.pos-start < 64 {
		l.seen |= stringFeature(l.src[start+1 : l.pos-1])
	} else if l.pos-start > 200 {
		l.seen |= long
	}
	if k == tTemplate {
		l.seen |= templateFeature(l.src[start:l.pos])
	}
	l.add(k, start, l.pos)
}

// heredoc cuts <<<WORD with its body and closing word; false if it is none.
func (l *lexer) heredoc() bool {
	start, p := l.pos, l.pos+3
	for p < len(l.src) && (l.src[p] == ' ' || l.src[p] == '\t') {
		p++
	}
	quote := byte(0)
	if p < len(l.src) && (l.src[p] == '\'' || l.src[p] == '"') {
		quote = l.src[p]
		p++
	}
	w := p
	for p < len(l.src) && isNamePart(l.src[p]) {
		p++
	}
	word := l.src[w:p]
	if word == "" || isDigit(word[0]) {
		return false
	}
	end := heredocEnd(l.src, p, word)
	k := tTemplate
	if quote == '\'' {
		k = tString
	}
	l.seen |= templateFeature(l.src[start:end])
	if end-start > 200 {
		l.seen |= long
	}
	l.pos = end
	l.add(k, start, end)
	return true
}

// heredocEnd is behind the word that closes the text: the first on a line of
// its own beginning.
func heredocEnd(src string, p int, word string) int {
	for p < len(src) {
		n := strings.IndexByte(src[p:], '\n')
		if n < 0 {
			return len(src)
		}
		p += n + 1
		q := p
		for q < len(src) && (src[q] == ' ' || src[q] == '\t') {
			q++
		}
		if strings.HasPrefix(src[q:], word) && (q+len(word) == len(src) || !isNamePart(src[q+len(word)])) {
			return q + len(word)
		}
	}
	return len(src)
}

// operators of more than one byte, longest first.
var operators = []string{"<=>", "**=", "...", "<<=", ">>=", "===", "!==", "??=", "?->",
	"+=", "-=", "*=", "/=", ".=", "%=", "&=", "|=", "^=", "==", "!=", "<>", "<=", ">=", "&&", "||", "??", "++", "--", "<<", ">>", "->", "=>", "::", "**"}

func (l *lexer) operator() {
	n := 1
	if l.pos+1 < len(l.src) && strings.IndexByte("=<>&|?+-:*.", l.src[l.pos+1]) >= 0 {
		for _, op := range operators {
			if l.at(op) {
				n = len(op)
				break
			}
		}
	}
	switch l.src[l.pos] {
	case '^', '~':
		l.seen |= hides
	case '$':
		l.seen |= hides // $$x, ${...}
	case '(':
		if k := len(l.toks); k > 0 {
			switch last := l.toks[k-1]; last.kind {
			case tVar:
				l.seen |= dynamic
			case tString:
				l.seen |= dynamic | hides
			case tOp:
				if c := l.src[last.pos]; c == ']' || c == ')' || c == '}' {
					l.seen |= dynamic
				}
			}
		}
	}
	l.add(tOp, l.pos, l.pos+n)
	l.pos += n
}

func isSpace(c byte) bool     { return c == ' ' || c >= '\t' && c <= '\r' }
func isDigit(c byte) bool     { return c >= '0' && c <= '9' }
func isNameStart(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' || c == '_' || c >= 0x80 }
func isNamePart(c byte) bool  { return isNameStart(c) || isDigit(c) }
