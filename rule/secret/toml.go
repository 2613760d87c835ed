package secret

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// node is a TOML table, with the line of every key.
type node struct {
	line   int
	keys   []string // in order
	values map[string]value
}

// value is a string, bool, float64, []value, *node or []*node (an array of
// tables).
type value struct {
	line int
	v    any
}

func newNode(line int) *node { return &node{line: line, values: map[string]value{}} }

func (n *node) set(key string, v value) error {
	if _, ok := n.values[key]; ok {
		return fmt.Errorf("%s is defined twice", key)
	}
	n.keys = append(n.keys, key)
	n.values[key] = v
	return nil
}

// Limits of a rule file.
const (
	tomlBytes = 8 << 20
	tomlDepth = 32
)

// toml reads TOML 1.0 without dates. A line that is wrong is reported and the
// rest of its table is skipped, so that one bad rule costs one rule.
type toml struct {
	file   string
	text   string
	pos    int
	line   int
	depth  int
	errors []error
}

func parseTOML(file string, text []byte) (*node, []error) {
	p := &toml{file: file, text: string(text), line: 1}
	root := newNode(1)
	if len(text) > tomlBytes {
		return root, []error{fmt.Errorf("%s:1: %d bytes, at most %d are read", file, len(text), tomlBytes)}
	}
	if !utf8.Valid(text) {
		return root, []error{fmt.Errorf("%s:1: not UTF-8", file)}
	}
	p.text = strings.TrimPrefix(p.text, "\ufeff")
	p.document(root)
	return root, p.errors
}

// document reads tables until the end. A broken table is marked by its error
// key, so that the loader leaves it out.
func (p *toml) document(root *node) {
	current := root
	for {
		p.blank()
		if p.pos >= len(p.text) {
			return
		}
		var err error
		if p.text[p.pos] == '[' {
			current, err = p.header(root)
		} else {
			err = p.pair(current)
		}
		if err == nil {
			err = p.lineEnd()
		}
		if err != nil {
			p.errors = append(p.errors, fmt.Errorf("%s:%d: %w", p.file, p.line, err))
			if current != nil {
				current.values[broken] = value{line: p.line}
			} else {
				current = newNode(p.line)
			}
			p.skipTable()
		}
	}
}

// broken is the key that marks a table with a syntax error; no TOML key has a
// line break in it unless quoted with an escape, which no rule file does.
const broken = "\n"

// skipTable goes on at the next line that starts with "[".
func (p *toml) skipTable() {
	for p.pos < len(p.text) {
		i := strings.IndexByte(p.text[p.pos:], '\n')
		if i < 0 {
			p.pos = len(p.text)
			return
		}
		p.pos += i + 1
		p.line++
		if strings.HasPrefix(strings.TrimLeft(p.text[p.pos:min(len(p.text), p.pos+40)], " \t"), "[") {
			return
		}
	}
}

// blank skips white space, line breaks and comments.
func (p *toml) blank() {
	for p.pos < len(p.text) {
		switch p.text[p.pos] {
		case '\n':
			p.line++
			p.pos++
		case ' ', '\t', '\r':
			p.pos++
		case '#':
			p.comment()
		default:
			return
		}
	}
}

func (p *toml) comment() {
	if i := strings.IndexByte(p.text[p.pos:], '\n'); i >= 0 {
		p.pos += i
	} else {
		p.pos = len(p.text)
	}
}

func (p *toml) spaces() {
	for p.pos < len(p.text) && (p.text[p.pos] == ' ' || p.text[p.pos] == '\t') {
		p.pos++
	}
}

func (p *toml) lineEnd() error {
	p.spaces()
	if p.pos < len(p.text) && p.text[p.pos] == '#' {
		p.comment()
	}
	if p.pos < len(p.text) && p.text[p.pos] == '\r' {
		p.pos++
	}
	if p.pos < len(p.text) && p.text[p.pos] != '\n' {
		return fmt.Errorf("%q where the line should end", p.text[p.pos])
	}
	return nil
}

// header reads [a.b] or [[a.b]] and returns the table.
func (p *toml) header(root *node) (*node, error) {
	line := p.line
	p.pos++
	array := p.accept('[')
	path, err := p.dotted()
	if err != nil {
		return nil, err
	}
	if !p.accept(']') || array && !p.accept(']') {
		return nil, fmt.Errorf("table header without ]")
	}
	at := root
	for _, key := range path[:len(path)-1] {
		if at, err = at.child(key, line); err != nil {
			return nil, err
		}
	}
	last := path[len(path)-1]
	if !array {
		return at.child(last, line)
	}
	t := newNode(line)
	switch old := at.values[last].v.(type) {
	case nil:
		return t, at.set(last, value{line, []*node{t}})
	case []*node:
		at.values[last] = value{at.values[last].line, append(old, t)}
		return t, nil
	}
	return nil, fmt.Errorf("%s is no array of tables", last)
}

// child returns the table below key: of an array of tables, the last one.
func (n *node) child(key string, line int) (*node, error) {
	switch old := n.values[key].v.(type) {
	case nil:
		t := newNode(line)
		return t, n.set(key, value{line, t})
	case *node:
		return old, nil
	case []*node:
		return old[len(old)-1], nil
	}
	return nil, fmt.Errorf("%s is no table", key)
}

func (p *toml) accept(c byte) bool {
	p.spaces()
	if p.pos < len(p.text) && p.text[p.pos] == c {
		p.pos++
		return true
	}
	return false
}

// dotted reads a.b."c d".
func (p *toml) dotted() ([]string, error) {
	var path []string
	for {
		key, err := p.key()
		if err != nil {
			return nil, err
		}
		if path = append(path, key); len(path) > tomlDepth {
			return nil, fmt.Errorf("key of more than %d parts", tomlDepth)
		}
		if !p.accept('.') {
			return path, nil
		}
	}
}

func (p *toml) key() (string, error) {
	p.spaces()
	if p.pos < len(p.text) && (p.text[p.pos] == '"' || p.text[p.pos] == '\'') {
		return p.str()
	}
	start := p.pos
	for p.pos < len(p.text) && isBare(p.text[p.pos]) {
		p.pos++
	}
	if start == p.pos {
		return "", fmt.Errorf("no key")
	}
	return p.text[start:p.pos], nil
}

func isBare(c byte) bool {
	return c == '_' || c == '-' || '0' <= c && c <= '9' || 'a' <= c|0x20 && c|0x20 <= 'z'
}

func (p *toml) pair(n *node) error {
	line := p.line
	path, err := p.dotted()
	if err != nil {
		return err
	}
	if !p.accept('=') {
		return fmt.Errorf("no = behind %s", path[len(path)-1])
	}
	p.spaces()
	v, err := p.value()
	if err != nil {
		return err
	}
	for _, key := range path[:len(path)-1] {
		if n, err = n.child(key, line); err != nil {
			return err
		}
	}
	return n.set(path[len(path)-1], value{line, v})
}

func (p *toml) value() (any, error) {
	if p.depth++; p.depth > tomlDepth {
		return nil, fmt.Errorf("values nested more than %d deep", tomlDepth)
	}
	defer func() { p.depth-- }()
	if p.pos >= len(p.text) {
		return nil, fmt.Errorf("no value")
	}
	switch p.text[p.pos] {
	case '"', '\'':
		return p.str()
	case '[':
		return p.array()
	case '{':
		return p.inline()
	}
	return p.scalar()
}

func (p *toml) array() ([]value, error) {
	p.pos++
	list := []value{}
	for {
		p.blank()
		if p.pos < len(p.text) && p.text[p.pos] == ']' {
			p.pos++
			return list, nil
		}
		line := p.line
		v, err := p.value()
		if err != nil {
			return nil, err
		}
		list = append(list, value{line, v})
		p.blank()
		if p.pos < len(p.text) && p.text[p.pos] == ',' {
			p.pos++
		} else if p.pos >= len(p.text) || p.text[p.pos] != ']' {
			return nil, fmt.Errorf("array without ]")
		}
	}
}

func (p *toml) inline() (*node, error) {
	p.pos++
	n := newNode(p.line)
	for {
		p.blank()
		if p.accept('}') {
			return n, nil
		}
		if err := p.pair(n); err != nil {
			return nil, err
		}
		p.blank()
		if !p.accept(',') && (p.pos >= len(p.text) || p.text[p.pos] != '}') {
			return nil, fmt.Errorf("inline table without }")
		}
	}
}

// scalar reads true, false and numbers.
func (p *toml) scalar() (any, error) {
	start := p.pos
	for p.pos < len(p.text) && (isBare(p.text[p.pos]) || p.text[p.pos] == '.' || p.text[p.pos] == '+') {
		p.pos++
	}
	word := p.text[start:p.pos]
	switch word {
	case "true":
		return true, nil
	case "false":
		return false, nil
	}
	f, err := strconv.ParseFloat(strings.ReplaceAll(word, "_", ""), 64)
	if err != nil {
		return nil, fmt.Errorf("value %q is no string, number, true or false", word)
	}
	return f, nil
}

// str reads the four forms of strings.
func (p *toml) str() (string, error) {
	quote := p.text[p.pos : p.pos+1]
	if long := strings.Repeat(quote, 3); strings.HasPrefix(p.text[p.pos:], long) {
		return p.long(long)
	}
	p.pos++
	end := p.pos
	for end < len(p.text) && p.text[end] != quote[0] {
		if p.text[end] == '\n' {
			return "", fmt.Errorf("string without closing %s", quote)
		}
		if quote == `"` && p.text[end] == '\\' {
			end++
		}
		end++
	}
	if end >= len(p.text) {
		return "", fmt.Errorf("string without closing %s", quote)
	}
	s := p.text[p.pos:end]
	p.pos = end + 1
	if quote == "'" {
		return s, nil
	}
	return unescape(s)
}

func (p *toml) long(quote string) (string, error) {
	p.pos += 3
	rest := p.text[p.pos:]
	end := 0
	for {
		i := strings.Index(rest[end:], quote)
		if i < 0 {
			return "", fmt.Errorf("string without closing %s", quote)
		}
		end += i
		if quote[0] == '\'' || !escaped(rest[:end]) {
			break
		}
		end++
	}
	for n := 0; n < 2 && end+3 < len(rest) && rest[end+3] == quote[0]; n++ {
		end++ // quotes that belong to the string
	}
	s := rest[:end]
	p.pos += end + 3
	p.line += strings.Count(s, "\n")
	s = strings.TrimPrefix(strings.TrimPrefix(s, "\r"), "\n")
	if quote[0] == '\'' {
		return s, nil
	}
	return unescape(s)
}

// escaped says whether an odd number of backslashes ends s.
func escaped(s string) bool {
	return (len(s)-len(strings.TrimRight(s, `\`)))%2 == 1
}

var escapes = map[byte]byte{'b': '\b', 't': '\t', 'n': '\n', 'f': '\f', 'r': '\r', '"': '"', '\\': '\\', 'e': 0x1b}

func unescape(s string) (string, error) {
	if !strings.Contains(s, `\`) {
		return s, nil
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] != '\\' {
			b.WriteByte(s[i])
			continue
		}
		if i++; i >= len(s) {
			return "", fmt.Errorf(`string ends in \`)
		}
		if c, ok := escapes[s[i]]; ok {
			b.WriteByte(c)
			continue
		}
		n := map[byte]int{'u': 4, 'U': 8}[s[i]]
		rest := s[i+1:]
		if trimmed := strings.TrimLeft(s[i:], " \t\r\n"); n == 0 && len(trimmed) < len(s[i:]) {
			i = len(s) - len(trimmed) - 1 // a line that goes on
			continue
		}
		if n == 0 || len(rest) < n {
			return "", fmt.Errorf(`unknown escape \%c`, s[i])
		}
		r, err := strconv.ParseUint(rest[:n], 16, 32)
		if err != nil || !utf8.ValidRune(rune(r)) {
			return "", fmt.Errorf(`\%c%s is no character`, s[i], rest[:n])
		}
		b.WriteRune(rune(r))
		i += n
	}
	return b.String(), nil
}
