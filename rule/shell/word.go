package shell

import (
	"strconv"
	"strings"
)

// word reads one word: up to a blank or operator that is not quoted.
func (p *parser) word(depth int) word {
	*p.left--
	var w word
	var text strings.Builder
	begin := p.at
	for p.at < len(p.src) && *p.left > 0 {
		c := p.src[p.at]
		switch {
		case c == '\\':
			p.escaped(&text)
		case c == '\'':
			p.single(&text)
		case c == '"':
			p.double(&w, &text, depth)
		case c == '$' && p.peek(1) == '\'':
			p.at++
			p.ansi(&text)
		case c == '$' || c == '`':
			p.dollar(&w, &text, depth)
		case (c == '<' || c == '>') && p.peek(1) == '(' && p.at == begin:
			p.at += 2
			w.file = true
			w.subs = append(w.subs, p.sub(')', depth)...)
		case strings.IndexByte(" \t\r\n;&|()<>", c) >= 0:
			if p.at == begin {
				p.at++ // an operator where a word should be
			}
			w.text = text.String()
			return w
		default:
			text.WriteByte(c)
			p.at++
		}
	}
	w.text = text.String()
	return w
}

// sub reads what is inside a substitution.
func (p *parser) sub(end byte, depth int) []pipeline {
	if depth >= maxDepth {
		*p.left = 0 // no one writes so; nothing behind it is understood
		return nil
	}
	inner := parser{src: p.src, at: p.at, line: p.line, left: p.left}
	list := inner.list(end, depth+1)
	p.at, p.line = inner.at, inner.line
	return list
}

func (p *parser) escaped(text *strings.Builder) {
	p.at++
	if p.at >= len(p.src) {
		return
	}
	if p.src[p.at] == '\n' {
		p.line++
	} else {
		text.WriteByte(p.src[p.at])
	}
	p.at++
}

func (p *parser) single(text *strings.Builder) {
	body, _, ok := strings.Cut(p.src[p.at+1:], "'")
	text.WriteString(body)
	p.line += strings.Count(body, "\n")
	p.at += 1 + len(body)
	if ok {
		p.at++
	}
}

func (p *parser) double(w *word, text *strings.Builder, depth int) {
	for p.at++; p.at < len(p.src) && *p.left > 0; {
		switch c := p.src[p.at]; c {
		case '"':
			p.at++
			return
		case '\\':
			if strings.IndexByte("$`\"\\\n", p.peek(1)) < 0 {
				text.WriteByte('\\')
			}
			p.escaped(text)
		case '$', '`':
			p.dollar(w, text, depth)
		default:
			if c == '\n' {
				p.line++
			}
			text.WriteByte(c)
			p.at++
		}
	}
}

// ansi reads $'...', where \x62 is "b".
func (p *parser) ansi(text *strings.Builder) {
	for p.at++; p.at < len(p.src); p.at++ {
		switch c := p.src[p.at]; {
		case c == '\'':
			p.at++
			return
		case c == '\\' && p.at+1 < len(p.src):
			n, b := escapedByte(p.src[p.at+1:])
			text.WriteByte(b)
			p.at += n
		default:
			if c == '\n' {
				p.line++
			}
			text.WriteByte(c)
		}
	}
}

// escapedByte decodes what follows a backslash and says how long it is.
func escapedByte(s string) (n int, b byte) {
	digits := func(from, most, base int) (int, byte) {
		end := from
		for end < len(s) && end-from < most {
			if _, err := strconv.ParseUint(s[end:end+1], base, 8); err != nil {
				break
			}
			end++
		}
		v, err := strconv.ParseUint(s[from:end], base, 16)
		if err != nil {
			return 1, s[0]
		}
		return end, byte(v)
	}
	switch {
	case s[0] == 'x':
		return digits(1, 2, 16)
	case s[0] >= '0' && s[0] <= '7':
		return digits(0, 3, 8)
	case s[0] == 'n':
		return 1, '\n'
	case s[0] == 't':
		return 1, '\t'
	}
	return 1, s[0]
}

// dollar reads an expansion: a command substitution is parsed, the rest is
// kept as written.
func (p *parser) dollar(w *word, text *strings.Builder, depth int) {
	switch {
	case p.src[p.at] == '`':
		p.backtick(w, depth)
	case p.peek(1) == '(' && p.peek(2) == '(':
		begin := p.at
		if n := strings.Index(p.ahead(), "))"); n > 0 {
			p.at += n + 2
		} else {
			p.at += 3
		}
		text.WriteString(p.src[begin:p.at])
	case p.peek(1) == '(':
		p.at += 2
		w.subs = append(w.subs, p.sub(')', depth)...)
	case p.peek(1) == '{':
		n := strings.IndexByte(p.ahead(), '}')
		if n < 0 {
			n = 1
		}
		p.expansion(text, p.src[p.at:p.at+n+1])
		p.at += n + 1
	default:
		text.WriteByte('$')
		p.at++
	}
}

// ahead is where the end of an expansion is looked for.
func (p *parser) ahead() string { return p.src[p.at:min(len(p.src), p.at+maxExpansion)] }

// expansion writes ${IFS} as the blank that it stands for where someone hides
// blanks so, and everything else as it is.
func (p *parser) expansion(text *strings.Builder, s string) {
	p.line += strings.Count(s, "\n")
	if s == "${IFS}" {
		text.WriteByte(' ')
		return
	}
	text.WriteString(s)
}

// backtick reads `...`, in which a backslash escapes ` $ and itself.
func (p *parser) backtick(w *word, depth int) {
	var body strings.Builder
	for p.at++; p.at < len(p.src); p.at++ {
		c := p.src[p.at]
		if c == '`' {
			p.at++
			break
		}
		if c == '\\' && strings.IndexByte("`$\\", p.peek(1)) >= 0 {
			p.at++
			c = p.src[p.at]
		}
		body.WriteByte(c)
	}
	if depth >= maxDepth {
		*p.left = 0
		return
	}
	inner := parser{src: body.String(), line: p.line, left: p.left}
	w.subs = append(w.subs, inner.list(0, depth+1)...)
}
