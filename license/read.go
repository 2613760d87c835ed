package license

import "strings"

// Bounds of one expression.
const (
	maxText  = 4096
	maxTerms = 256
	maxDepth = 32
)

// Read understands a licence as a package names it. It always gives something:
// what it cannot take apart is one licence that is not on the list.
func Read(text string) Expression {
	text = strings.TrimSpace(text)
	if text == "" {
		return Expression{}
	}
	if len(text) > maxText {
		return Expression{ID: strings.ToValidUTF8(text[:100], "")}
	}
	if i := strings.LastIndex(text, "::"); i >= 0 { // a classifier of PyPI's
		text = strings.TrimSpace(text[i+2:])
	}
	if e, ok := known(text); ok {
		return e
	}
	p := &reader{tokens: tokens(text)}
	if e, ok := p.any(0); ok && p.at == len(p.tokens) {
		return e
	}
	return Expression{ID: text}
}

// reader takes tokens apart by recursive descent: OR binds weakest, then AND,
// then WITH.
type reader struct {
	tokens []token
	at     int
	terms  int
}

// token is an operator ("and", "or", "with", "(", ")", ",") or a name.
type token struct {
	op, name string
}

// later are the ways to say "+".
var later = strings.NewReplacer(", version", " version", ", Version", " version", ", v", " v", ", with ", " with ",
	" or later versions", "+", " or later version", "+", " or any later version", "+", " or later", "+",
	" or newer", "+", " or above", "+", " or greater", "+", " OR LATER", "+", " Or later", "+", " or Later", "+", " or-later", "+")

// tokens cuts a text at operators. Words between them are one name, and what
// stands in parentheses behind a name explains it.
func tokens(text string) []token {
	var out []token
	var name []string
	flush := func() {
		if len(name) > 0 {
			out = append(out, token{name: strings.Join(name, " ")})
			name = nil
		}
	}
	spaced := strings.NewReplacer("(", " ( ", ")", " ) ", ",", " , ", ";", " , ", "|", " | ", "&", " & ").Replace(later.Replace(text))
	if !strings.Contains(spaced, "://") {
		spaced = strings.ReplaceAll(spaced, "/", " / ")
	}
	words := strings.Fields(spaced)
	for i := 0; i < len(words); i++ {
		op := operators[strings.ToLower(words[i])]
		switch {
		case op == "(" && len(name) > 0:
			i = skip(words, i)
			continue
		case op == "":
			name = append(name, words[i])
			continue
		}
		flush()
		// "a, and b" has one operator.
		if n := len(out); op != "(" && op != ")" && n > 0 && out[n-1].op == "," {
			out = out[:n-1]
		}
		out = append(out, token{op: op})
	}
	flush()
	return out
}

var operators = map[string]string{
	"and": "and", "&": "and", "or": "or", "|": "or", "/": "or", "and/or": "or", "with": "with", "(": "(", ")": ")", ",": ",",
}

// skip is where the parenthesis that opens at i closes.
func skip(words []string, i int) int {
	depth := 0
	for ; i < len(words); i++ {
		switch words[i] {
		case "(":
			depth++
		case ")":
			if depth--; depth == 0 {
				return i
			}
		}
	}
	return i
}

func (p *reader) next(ops ...string) bool {
	if p.at < len(p.tokens) {
		for _, op := range ops {
			if p.tokens[p.at].op == op {
				p.at++
				return true
			}
		}
	}
	return false
}

// any reads "a OR b".
func (p *reader) any(depth int) (Expression, bool) {
	return p.joined(Or, func() (Expression, bool) { return p.all(depth) }, "or")
}

// all reads "a AND b". A comma says that both are there.
func (p *reader) all(depth int) (Expression, bool) {
	return p.joined(And, func() (Expression, bool) { return p.term(depth) }, "and", ",")
}

func (p *reader) joined(op Operator, part func() (Expression, bool), words ...string) (Expression, bool) {
	var parts []Expression
	for {
		e, ok := part()
		if !ok {
			return e, false
		}
		if parts = append(parts, e); !p.next(words...) {
			return join(op, parts...), true
		}
	}
}

// term reads a licence with its exception, or parentheses.
func (p *reader) term(depth int) (Expression, bool) {
	if p.terms++; p.terms > maxTerms || depth > maxDepth || p.at >= len(p.tokens) {
		return Expression{}, false
	}
	if p.next("(") {
		e, ok := p.any(depth + 1)
		return e, ok && p.next(")")
	}
	t := p.tokens[p.at]
	if t.name == "" {
		return Expression{}, false
	}
	p.at++
	e, ok := known(t.name)
	if !ok {
		e = Expression{ID: t.name}
	}
	if p.next("with") {
		if p.at >= len(p.tokens) || p.tokens[p.at].name == "" {
			return e, false
		}
		e.Exception = exception(p.tokens[p.at].name)
		p.at++
	}
	return e, true
}
