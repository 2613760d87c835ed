package yara

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// parser reads one file; rules are compiled while they are read, because a
// condition can only refer to what stands before it.
type parser struct {
	*compiler
	src     Source
	depth   int
	lex     lexer
	tok     token
	imports map[string]bool
	rule    *rule
	vars    []variable // of the enclosing for loops
	slots   int
	inOf    int // depth of "for .. of" bodies, where $ alone is allowed
	nesting int
}

var ruleStart = regexp.MustCompile(`(?m)^[ \t]*(?:(?:private|global)\s+)*rule[ \t]+[A-Za-z_]`)

func (p *parser) fail(format string, args ...any) {
	panic(syntaxError{p.tok.line, fmt.Sprintf(format, args...)})
}

func (p *parser) advance() { p.tok = p.lex.next() }

// peek is the token after the current one.
func (p *parser) peek() token {
	l := p.lex
	return l.next()
}

func (p *parser) is(text string) bool {
	return (p.tok.kind == tokOp || p.tok.kind == tokIdent) && p.tok.text == text
}

func (p *parser) accept(text string) bool {
	if !p.is(text) {
		return false
	}
	p.advance()
	return true
}

func (p *parser) expect(text string) {
	if !p.accept(text) {
		p.fail("expected %q, found %s", text, p.tok.describe())
	}
}

func (t token) describe() string {
	switch t.kind {
	case tokEOF:
		return "end of file"
	case tokInt:
		return fmt.Sprint(t.i)
	case tokFloat:
		return fmt.Sprint(t.f)
	}
	return fmt.Sprintf("%q", t.text)
}

func (p *parser) ident() string {
	if p.tok.kind != tokIdent || keywords[p.tok.text] {
		p.fail("expected an identifier, found %s", p.tok.describe())
	}
	s := p.tok.text
	p.advance()
	return s
}

var keywords = func() map[string]bool {
	m := map[string]bool{}
	for _, k := range strings.Fields(`all and any ascii at base64 base64wide condition contains defined endswith
		entrypoint false filesize for fullword global icontains iendswith iequals import in include int16 int16be
		int32 int32be int8 int8be istartswith matches meta nocase none not of or private rule startswith strings
		them true uint16 uint16be uint32 uint32be uint8 uint8be wide xor`) {
		m[k] = true
	}
	return m
}()

// file reads statements until the end; after an error it goes on at the next rule.
func (p *parser) file() {
	p.try(p.advance)
	for p.tok.kind != tokEOF {
		from := p.tok.pos
		if p.try(p.statement) {
			continue
		}
		p.resume(from)
	}
}

// try runs f and records the error that stops it.
func (p *parser) try(f func()) (ok bool) {
	defer func() {
		r := recover()
		if r == nil {
			return
		}
		e, is := r.(syntaxError)
		if !is {
			panic(r)
		}
		name := ""
		if p.rule != nil {
			name = p.rule.name
		}
		p.errs = append(p.errs, Error{p.src.Name, e.line, name, e.reason})
		p.rule, p.vars, p.inOf, p.slots, p.nesting = nil, nil, 0, 0, 0
	}()
	f()
	return true
}

// resume finds the next line that begins a rule, behind from.
func (p *parser) resume(from int) {
	for {
		at := max(from+1, p.lex.pos)
		if at > len(p.lex.src) {
			at = len(p.lex.src)
		}
		loc := ruleStart.FindStringIndex(p.lex.src[at:])
		next := len(p.lex.src)
		if loc != nil {
			next = at + loc[0]
		}
		p.lex.pos = next
		p.lex.line = 1 + strings.Count(p.lex.src[:next], "\n")
		from = next
		if p.try(p.advance) {
			return
		}
	}
}

func (p *parser) statement() {
	switch {
	case p.accept("import"):
		name := p.tok.text
		if p.tok.kind != tokString {
			p.fail("expected a module name, found %s", p.tok.describe())
		}
		if modules[name] == nil {
			p.fail("unknown module %q", name)
		}
		p.imports[name] = true
		p.advance()
	case p.accept("include"):
		name := p.tok.text
		if p.tok.kind != tokString {
			p.fail("expected a file name, found %s", p.tok.describe())
		}
		p.include(p, name)
		p.advance()
	default:
		p.ruleStatement()
	}
}

func (p *parser) ruleStatement() {
	r := &rule{namespace: p.src.Namespace, file: p.src.Name}
	for {
		if p.accept("private") {
			r.private = true
		} else if p.accept("global") {
			r.global = true
		} else {
			break
		}
	}
	r.line = p.tok.line
	p.expect("rule")
	p.rule = r
	name := p.ident()
	r.name = name
	if p.byName[[2]string{r.namespace, name}] != nil {
		p.fail("duplicated identifier %q", name)
	}
	if len(p.rules.rules) >= p.o.Limits.Rules {
		p.fail("more than %d rules", p.o.Limits.Rules)
	}
	if p.accept(":") {
		for p.tok.kind == tokIdent && !p.is("{") {
			tag := p.ident()
			if slices.Contains(r.tags, tag) {
				p.fail("duplicated tag %q", tag)
			}
			r.tags = append(r.tags, tag)
		}
	}
	p.expect("{")
	if p.is("meta") {
		p.advance()
		p.expect(":")
		p.meta()
	}
	if p.is("strings") {
		p.advance()
		p.stringSection()
	}
	if !p.is("condition") {
		p.fail("expected \"condition\", found %s", p.tok.describe())
	}
	p.advance()
	p.expect(":")
	r.condition, r.needsMatch = p.condition()
	if !p.is("}") {
		p.fail("unexpected %s", p.tok.describe())
	}
	for _, s := range r.patterns {
		if !s.used && !strings.HasPrefix(s.id, "$_") {
			p.fail("unreferenced string %q", s.id)
		}
		s.used = true
	}
	p.addRule(r)
	p.rule = nil
	p.advance()
}

func (p *parser) meta() {
	for p.tok.kind == tokIdent && !p.is("strings") && !p.is("condition") {
		m := Meta{Name: p.ident()}
		p.expect("=")
		minus := p.accept("-")
		switch {
		case p.tok.kind == tokString && !minus:
			m.Value = p.tok.text
		case p.tok.kind == tokInt:
			m.Value = p.tok.i
			if minus {
				m.Value = -p.tok.i
			}
		case p.is("true"), p.is("false"):
			m.Value = p.is("true")
		default:
			p.fail("bad meta value %s", p.tok.describe())
		}
		p.advance()
		p.rule.meta = append(p.rule.meta, m)
	}
}

func (p *parser) stringSection() {
	if !p.is(":") {
		p.fail("expected \":\", found %s", p.tok.describe())
	}
	p.advance()
	for p.tok.kind == tokStringID {
		p.stringDeclaration()
	}
	if len(p.rule.patterns) == 0 {
		p.fail("no strings")
	}
}

func (p *parser) stringDeclaration() {
	s := &pattern{id: p.tok.text, rule: p.rule}
	if strings.HasSuffix(s.id, "*") {
		p.fail("bad string name %s", s.id)
	}
	if s.id != "$" && slices.ContainsFunc(p.rule.patterns, func(o *pattern) bool { return o.id == s.id }) {
		p.fail("duplicated string identifier %q", s.id)
	}
	if len(p.rule.patterns) >= p.o.Limits.Strings {
		p.fail("more than %d strings", p.o.Limits.Strings)
	}
	p.advance()
	if !p.is("=") {
		p.fail("expected \"=\", found %s", p.tok.describe())
	}
	p.advance()
	value := p.tok
	hex := ""
	switch {
	case p.is("{"):
		hex = p.lex.hexBody()
	case value.kind != tokString && value.kind != tokRegex:
		p.fail("expected a string, found %s", value.describe())
	}
	p.advance()
	p.modifiers(s, value, hex != "")
	switch {
	case hex != "" || value.kind == tokOp:
		p.hexPattern(s, hex, value.line)
	case value.kind == tokRegex:
		re := parseRegex(value.text, s.nocase || strings.Contains(value.flags, "i"), strings.Contains(value.flags, "s"), value.line)
		s.nocase = s.nocase || strings.Contains(value.flags, "i")
		s.greedy = re.greedy
		s.tree(re.tree)
	default:
		if value.text == "" {
			p.fail("empty string %q", s.id)
		}
		s.texts = s.forms(value.text)
	}
	p.rule.patterns = append(p.rule.patterns, s)
}

func (p *parser) hexPattern(s *pattern, body string, line int) {
	pieces := parseHex(body, line)
	if len(pieces) == 1 {
		s.tree(pieces[0].tree)
		return
	}
	for _, piece := range pieces {
		part := newPart(piece.tree, false)
		part.min, part.max = piece.min, piece.max
		s.parts = append(s.parts, part)
	}
}

// modifiers reads the words behind a string and checks that they go together.
func (p *parser) modifiers(s *pattern, value token, hex bool) {
	kind := map[bool]string{true: "hexadecimal", false: map[tokenKind]string{tokString: "text", tokRegex: "regex"}[value.kind]}[hex || value.kind == tokOp]
	for p.tok.kind == tokIdent {
		word := p.tok.text
		allowed, known := modifierKinds[word]
		if !known {
			break
		}
		if !strings.Contains(allowed, kind) {
			p.fail("modifier %s is not for %s strings", word, kind)
		}
		p.advance()
		p.modifier(s, word)
	}
	if (s.base64 || s.base64wide) && (s.nocase || s.xor || s.fullword) {
		p.fail("base64 does not go with nocase, xor or fullword")
	}
	if s.xor && s.nocase {
		p.fail("xor does not go with nocase")
	}
	if s.base64 && s.base64wide && s.base64Set != s.base64WSet {
		p.fail("base64 and base64wide have different alphabets")
	}
	if (s.base64 || s.base64wide) && len(value.text) < 3 {
		p.fail("base64 needs a string of at least 3 bytes")
	}
	if !s.wide {
		s.ascii = true
	}
}

var modifierKinds = map[string]string{
	"ascii": "text regex", "wide": "text regex", "nocase": "text regex", "fullword": "text regex",
	"xor": "text", "base64": "text", "base64wide": "text", "private": "text regex hexadecimal",
}

func (p *parser) modifier(s *pattern, word string) {
	switch word {
	case "ascii":
		s.ascii = true
	case "wide":
		s.wide = true
	case "nocase":
		s.nocase = true
	case "fullword":
		s.fullword = true
	case "private":
		s.private = true
	case "xor":
		s.xor, s.xorMax = true, 255
		p.xorRange(s)
	case "base64":
		s.base64, s.base64Set = true, p.alphabet()
	case "base64wide":
		s.base64wide, s.base64WSet = true, p.alphabet()
	}
}

func (p *parser) xorRange(s *pattern) {
	if !p.accept("(") {
		return
	}
	number := func() int {
		if p.tok.kind != tokInt || p.tok.i > 255 {
			p.fail("bad xor range")
		}
		v := int(p.tok.i)
		p.advance()
		return v
	}
	s.xorMin = number()
	s.xorMax = s.xorMin
	if p.accept("-") {
		s.xorMax = number()
	}
	if s.xorMax < s.xorMin {
		p.fail("bad xor range")
	}
	p.expect(")")
}

func (p *parser) alphabet() string {
	if !p.accept("(") {
		return alphabet
	}
	set := p.tok.text
	unique := new(byteSet)
	for i := range len(set) {
		unique.add(set[i])
	}
	if p.tok.kind != tokString || len(set) != 64 || len(unique.members()) != 64 || strings.ContainsAny(set, "\r\n") {
		p.fail("a base64 alphabet has 64 different characters")
	}
	p.advance()
	p.expect(")")
	return set
}
