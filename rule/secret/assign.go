package secret

import "bytes"

// assignment is a name and the value that it gets, in whatever language:
//
//	name = value   "name": "value"   name: value   NAME=value   name := `value`
//	array['name'] = 'value'   define('NAME', 'value')   setName("value")
//	<name>value</name>   name="x" value="y"   --name value   ENV NAME value
//	name: NAME, value: "y"   (Kubernetes, compose, ECS)
type assignment struct {
	nameStart, nameEnd int
	start, end         int // of the value, without quotes
	quoted             bool
}

const (
	maxName  = 80
	maxGap   = 40
	maxValue = 4096
)

func isName(c byte) bool {
	return isLetter(c) || isDigit(c) || c == '_' || c == '-' || c == '.'
}

func isQuote(c byte) bool { return c == '"' || c == '\'' || c == '`' }

// assignmentAt reads the assignment whose name is at at.
func assignmentAt(text []byte, at int) (assignment, bool) {
	var a assignment
	a.nameStart, a.nameEnd = nameAround(text, at)
	if a.nameEnd-a.nameStart > maxName {
		return a, false
	}
	c := cursor{text: text, pos: a.nameEnd}
	if !c.operator(a.nameStart) {
		return a, false
	}
	a.start, a.end, a.quoted = c.value()
	return a, a.end > a.start
}

func nameAround(text []byte, at int) (int, int) {
	start, end := at, at
	for start > 0 && isName(text[start-1]) && at-start <= maxName {
		start--
	}
	for end < len(text) && isName(text[end]) && end-at <= maxName {
		end++
	}
	return start, end
}

// cursor reads what follows a name.
type cursor struct {
	text     []byte
	pos      int
	element  bool // the value ends at "<"
	mustHave bool // the value must be quoted
}

func (c *cursor) peek() byte {
	if c.pos < len(c.text) {
		return c.text[c.pos]
	}
	return 0
}

// at returns the byte n behind the current one.
func (c *cursor) at(n int) byte {
	if c.pos+n < len(c.text) {
		return c.text[c.pos+n]
	}
	return 0
}

func (c *cursor) spaces() int {
	start := c.pos
	for c.pos-start < maxGap && (c.peek() == ' ' || c.peek() == '\t') {
		c.pos++
	}
	return c.pos - start
}

// operator steps over what separates name and value.
func (c *cursor) operator(nameStart int) bool {
	quoted := c.closeName()
	gap := c.spaces()
	switch ch := c.peek(); ch {
	case '=':
		if n := c.at(1); n == '=' || n == '~' {
			return false
		}
		c.pos++
		if c.peek() == '>' {
			c.pos++
		}
		return true
	case ':':
		return c.colon()
	case '?', '+', '.', '|':
		if c.at(1) != '=' && !(ch == '|' && c.at(1) == '|' && c.at(2) == '=') {
			return false
		}
		c.pos = c.pos + 1 + bytes.IndexByte(c.text[c.pos:], '=')
		return true
	case '>':
		c.pos++
		c.element = true
		return inTag(c.text, nameStart)
	case ',':
		if quoted && c.pairValue() {
			return true
		}
		c.pos++
		c.mustHave = true
		return quoted
	case '(':
		c.pos++
		c.mustHave = true
		return gap == 0
	case '\n', '\r':
		return c.pairValue()
	}
	if quoted && gap > 0 || c.peek() == 'v' || c.peek() == 'V' {
		return c.pairValue()
	}
	return gap > 0 && takesSpace(c.text, nameStart)
}

// closeName steps over what ends a quoted name or an index.
func (c *cursor) closeName() (quoted bool) {
	if c.peek() == '\\' && isQuote(c.at(1)) {
		c.pos++
	}
	if isQuote(c.peek()) {
		c.pos++
		quoted = true
	}
	if c.peek() == ']' || c.peek() == ')' && quoted && (c.at(1) == ' ' || c.at(1) == '=') {
		c.pos++
	}
	return quoted
}

func (c *cursor) colon() bool {
	switch c.at(1) {
	case '/', ':':
		if c.at(2) != '=' {
			return false
		}
		c.pos += 3
	case '=':
		c.pos += 2
	default:
		c.pos++
	}
	return true
}

// pairValue steps over a separator and the word "value" with its operator.
func (c *cursor) pairValue() bool {
	p := c.pos
	for p < len(c.text) && p-c.pos < maxGap && bytes.IndexByte([]byte(" \t\r\n,\"'"), c.text[p]) >= 0 {
		p++
	}
	if p+6 > len(c.text) || !bytes.EqualFold(c.text[p:p+5], []byte("value")) {
		return false
	}
	n := cursor{text: c.text, pos: p + 5}
	n.closeName()
	n.spaces()
	if ch := n.peek(); ch != ':' && ch != '=' {
		return false
	}
	c.pos = n.pos + 1
	return true
}

// inTag says whether a "<" opened on the line in front of the name.
func inTag(text []byte, at int) bool {
	from := max(0, at-200)
	i := bytes.LastIndexAny(text[from:at], "<>\n")
	return i >= 0 && text[from+i] == '<'
}

// takesSpace says whether a blank separates name and value here: a long option
// or a Dockerfile's ENV.
func takesSpace(text []byte, nameStart int) bool {
	if bytes.HasPrefix(text[nameStart:], []byte("--")) {
		return true
	}
	line := text[max(0, nameStart-8):nameStart]
	if i := bytes.LastIndexByte(line, '\n'); i >= 0 {
		line = line[i+1:]
	}
	line = bytes.TrimSpace(line)
	return bytes.EqualFold(line, []byte("ENV"))
}

// value reads the value, which starts here.
func (c *cursor) value() (start, end int, quoted bool) {
	c.spaces()
	if c.element {
		return c.until('<')
	}
	if ch := c.peek(); (ch == '@' || isLetter(ch)) && isQuote(c.at(1)) {
		c.pos++ // b"", r"", u"", @""
	}
	if c.peek() == '\\' && isQuote(c.at(1)) {
		c.pos++
		return c.escaped()
	}
	if q := c.peek(); isQuote(q) {
		c.pos++
		for c.peek() == q && c.at(1) == q {
			c.pos += 2 // triple quotes
		}
		return c.until(q)
	}
	if c.mustHave {
		return 0, 0, false
	}
	start = c.pos
	for c.pos < len(c.text) && c.pos-start <= maxValue && !endsBare(c.text[c.pos]) {
		c.pos++
	}
	return start, c.pos, false
}

func endsBare(ch byte) bool {
	return ch <= ' ' || isQuote(ch) || ch == '<' || ch == '>' || ch == ',' || ch == ';'
}

// until reads up to a closing byte on the same line.
func (c *cursor) until(q byte) (start, end int, quoted bool) {
	start = c.pos
	for c.pos < len(c.text) && c.pos-start <= maxValue {
		switch ch := c.text[c.pos]; {
		case ch == q:
			return start, c.pos, true
		case ch == '\n':
			return 0, 0, false
		case ch == '\\' && q != '<':
			c.pos++
		}
		c.pos++
	}
	return 0, 0, false
}

// escaped reads up to the next escaped quote: JSON in a string.
func (c *cursor) escaped() (start, end int, quoted bool) {
	start = c.pos + 1
	rest := c.text[start:min(len(c.text), start+maxValue)]
	if i := bytes.IndexByte(rest, '\\'); i > 0 {
		return start, start + i, true
	}
	return 0, 0, false
}
