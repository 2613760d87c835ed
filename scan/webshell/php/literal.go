package php

import (
	"math"
	"strconv"
	"strings"
	"unicode/utf8"
)

// number reads an integer or float literal.
func number(s string) value {
	s = strings.ReplaceAll(s, "_", "")
	low := strings.ToLower(s)
	switch {
	case strings.HasPrefix(low, "0x"):
		return based(low[2:], 16)
	case strings.HasPrefix(low, "0b"):
		return based(low[2:], 2)
	case strings.HasPrefix(low, "0o"):
		return based(low[2:], 8)
	case len(low) > 1 && low[0] == '0' && strings.Trim(low, "01234567") == "":
		return based(low[1:], 8)
	}
	if i, err := strconv.ParseInt(low, 10, 64); err == nil {
		return integer(i)
	}
	f, _ := strconv.ParseFloat(low, 64)
	return float(f)
}

func based(digits string, base int) value {
	i, err := strconv.ParseInt(digits, base, 64)
	if err == nil {
		return integer(i)
	}
	f := 0.0
	for _, c := range digits {
		d, err := strconv.ParseInt(string(c), base, 8)
		if err != nil {
			break
		}
		f = f*float64(base) + float64(d)
	}
	if math.IsInf(f, 0) {
		f = 0
	}
	return float(f)
}

// literal is the value of a string token without variables.
func literal(s string) string {
	switch {
	case strings.HasPrefix(s, "<<<"):
		body, raw := heredocBody(s)
		if raw {
			return body
		}
		return unescape(body, 0)
	case s[0] == '\'':
		s = unquote(s)
		if strings.IndexByte(s, '\\') < 0 {
			return s
		}
		var b strings.Builder
		for i := 0; i < len(s); i++ {
			if s[i] == '\\' && i+1 < len(s) && (s[i+1] == '\\' || s[i+1] == '\'') {
				i++
			}
			b.WriteByte(s[i])
		}
		return b.String()
	}
	return unescape(unquote(s), s[0])
}

// unquote drops the quotes; the closing one may be missing.
func unquote(s string) string {
	q := s[0]
	s = s[1:]
	if n := len(s); n > 0 && s[n-1] == q {
		return s[:n-1]
	}
	return s
}

// heredocBody is the text of a heredoc without its words and the closing
// word's indentation, and whether it is a nowdoc.
func heredocBody(s string) (body string, raw bool) {
	head, rest, ok := strings.Cut(s, "\n")
	raw = strings.Contains(head, "'")
	if !ok {
		return "", raw
	}
	i := strings.LastIndexByte(rest, '\n')
	if i < 0 {
		return "", raw
	}
	indent := 0
	for indent < len(rest)-i-1 && (rest[i+1+indent] == ' ' || rest[i+1+indent] == '\t') {
		indent++
	}
	body = strings.TrimSuffix(rest[:i], "\r")
	if indent == 0 {
		return body, raw
	}
	lines := strings.Split(body, "\n")
	for j, line := range lines {
		n := 0
		for n < indent && n < len(line) && (line[n] == ' ' || line[n] == '\t') {
			n++
		}
		lines[j] = line[n:]
	}
	return strings.Join(lines, "\n"), raw
}

var escapes = map[byte]byte{'n': '\n', 't': '\t', 'r': '\r', 'v': '\v', 'e': 27, 'f': '\f', '\\': '\\', '$': '$'}

// unescape resolves the escapes of a double-quoted text; quote may be escaped too.
func unescape(s string, quote byte) string {
	if strings.IndexByte(s, '\\') < 0 {
		return s
	}
	b := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c != '\\' || i+1 == len(s) {
			b = append(b, c)
			continue
		}
		i++
		c = s[i]
		if e, ok := escapes[c]; ok {
			b = append(b, e)
			continue
		}
		switch {
		case c == quote && quote != 0:
			b = append(b, c)
		case c >= '0' && c <= '7':
			n := 0
			for j := 0; j < 3 && i < len(s) && s[i] >= '0' && s[i] <= '7'; j++ {
				n = n*8 + int(s[i]-'0')
				i++
			}
			i--
			b = append(b, byte(n))
		case (c == 'x' || c == 'X') && i+1 < len(s) && isHex(s[i+1]) && c == 'x':
			j := i + 1
			for j < len(s) && j < i+3 && isHex(s[j]) {
				j++
			}
			n, _ := strconv.ParseUint(s[i+1:j], 16, 8)
			b = append(b, byte(n))
			i = j - 1
		case c == 'u' && i+1 < len(s) && s[i+1] == '{':
			j := strings.IndexByte(s[i:], '}')
			n, err := uint64(0), error(nil)
			if j > 0 {
				n, err = strconv.ParseUint(s[i+2:i+j], 16, 32)
			}
			if j < 0 || err != nil {
				b = append(b, '\\', c)
				break
			}
			b = utf8.AppendRune(b, rune(n))
			i += j
		default:
			b = append(b, '\\', c)
		}
	}
	return string(b)
}

func isHex(c byte) bool { return isDigit(c) || c|0x20 >= 'a' && c|0x20 <= 'f' }

// template reads a text with variables in it.
func (p *parser) template(t token) *node {
	s := p.text(t)
	n := p.node(xInterp, t.pos)
	n.end = t.end
	quote := s[0]
	base := t.pos
	switch {
	case strings.HasPrefix(s, "<<<"):
		body, _ := heredocBody(s)
		base += int32(max(strings.IndexByte(s, '\n'), 0)) + 1
		s, quote = body, 0
	case quote == '`':
		n.op = xShell
		fallthrough
	default:
		s = unquote(s)
		base++
	}
	start := 0
	flush := func(end int) {
		if end > start {
			lit := p.node(xLit, base+int32(start))
			lit.lit = str(unescape(s[start:end], quote))
			n.list = append(n.list, lit)
		}
	}
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '\\':
			i++
		case s[i] == '$' && i+1 < len(s) && isNameStart(s[i+1]):
			flush(i)
			end := simpleEnd(s, i)
			n.list = append(n.list, p.simple(s[i:end], base+int32(i)))
			i, start = end-1, end
		case strings.HasPrefix(s[i:], "{$"), strings.HasPrefix(s[i:], "${"):
			flush(i)
			end := braceEnd(s, i)
			n.list = append(n.list, p.braced(s[i:end], base+int32(i)))
			i, start = end-1, end
		}
	}
	flush(len(s))
	return n
}

// simpleEnd is behind $a, $a[...] or $a->b that begins at i.
func simpleEnd(s string, i int) int {
	i++
	for i < len(s) && isNamePart(s[i]) {
		i++
	}
	if i < len(s) && s[i] == '[' {
		if j := strings.IndexByte(s[i:], ']'); j > 1 {
			return i + j + 1
		}
	}
	if strings.HasPrefix(s[i:], "->") && i+2 < len(s) && isNameStart(s[i+2]) {
		i += 2
		for i < len(s) && isNamePart(s[i]) {
			i++
		}
	}
	return i
}

// braceEnd is behind the brace that closes the one at i.
func braceEnd(s string, i int) int {
	depth := 0
	for quote := byte(0); i < len(s); i++ {
		switch c := s[i]; {
		case c == '\\':
			i++
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '\'' || c == '"':
			quote = c
		case c == '{':
			depth++
		case c == '}':
			if depth--; depth == 0 {
				return i + 1
			}
		}
	}
	return len(s)
}

// simple reads $a[key], where key is a bare word, number or variable.
func (p *parser) simple(s string, at int32) *node {
	i := strings.IndexByte(s, '[')
	if i < 0 {
		return p.inner(s, at)
	}
	n := p.node(xIndex, at)
	n.a = p.inner(s[:i], at)
	key := strings.TrimSuffix(s[i+1:], "]")
	switch {
	case strings.HasPrefix(key, "$"):
		n.b = p.inner(key, at)
	default:
		n.b = p.node(xLit, at)
		n.b.lit = str(strings.Trim(key, `'"`))
		if v, ok := intKey(n.b.lit.s); ok {
			n.b.lit = integer(v)
		}
	}
	n.end = at + int32(len(s))
	return n
}

// braced reads {$expression} or ${name}.
func (p *parser) braced(s string, at int32) *node {
	if s[0] == '{' {
		return p.inner(strings.TrimSuffix(s[1:], "}"), at)
	}
	name := strings.TrimSuffix(s[2:], "}")
	k := 0
	for k < len(name) && isNamePart(name[k]) {
		k++
	}
	if k > 0 && (k == len(name) || name[k] == '[') {
		return p.inner("$"+name, at)
	}
	n := p.node(xVar, at)
	n.a = p.inner(name, at)
	n.end = at + int32(len(s))
	return n
}

// inner reads an expression inside a text; its nodes stand where the text does.
func (p *parser) inner(s string, at int32) *node {
	if !p.enter() {
		return p.node(xBad, at)
	}
	defer func() { p.depth-- }()
	l, _ := lexCode(s)
	sub := *p
	sub.src, sub.toks, sub.p = s, l.toks, 0
	n := sub.expr(0)
	p.nodes, p.cut, p.fns, p.classes = sub.nodes, sub.cut || p.cut, sub.fns, sub.classes
	move(n, at, int32(len(s)), 0)
	return n
}

func move(n *node, at, size int32, depth int) {
	if n == nil || depth > maxDepth {
		return
	}
	n.pos, n.end = at, at+size
	for _, c := range []*node{n.a, n.b, n.c, n.d} {
		move(c, at, size, depth+1)
	}
	for _, c := range n.list {
		move(c, at, size, depth+1)
	}
}
