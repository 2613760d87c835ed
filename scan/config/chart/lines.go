package chart

import (
	"bytes"
	"strconv"
	"text/template/parse"
)

// mark puts into the texts of a template, behind each line break, which line of
// the template comes next, between NULs. It is done in what a file writes itself,
// never in what it defines for others: that passes through functions.
func mark(tree *parse.Tree, source string) {
	if tree == nil || tree.Root == nil {
		return
	}
	m := marker{source: source}
	m.list(tree.Root)
}

type marker struct {
	source string
	at     int // offset up to which lines were counted
	line   int // breaks before at
}

func (m *marker) list(l *parse.ListNode) {
	if l == nil {
		return
	}
	for _, n := range l.Nodes {
		switch n := n.(type) {
		case *parse.TextNode:
			n.Text = m.text(n)
		case *parse.IfNode:
			m.list(n.List)
			m.list(n.ElseList)
		case *parse.RangeNode:
			m.list(n.List)
			m.list(n.ElseList)
		case *parse.WithNode:
			m.list(n.List)
			m.list(n.ElseList)
		}
	}
}

func (m *marker) text(n *parse.TextNode) []byte {
	line := m.lineAt(int(n.Pos))
	var out []byte
	for i, part := range bytes.SplitAfter(n.Text, []byte("\n")) {
		if i > 0 {
			line++
			out = append(append(strconv.AppendInt(append(out, 0), int64(line), 10), 0), part...)
			continue
		}
		out = append(out, part...)
	}
	return out
}

// lineAt counts from 1.
func (m *marker) lineAt(pos int) int {
	if pos < m.at || pos > len(m.source) {
		m.at, m.line = 0, 0
	}
	pos = min(pos, len(m.source))
	for i := m.at; i < pos; i++ {
		if m.source[i] == '\n' {
			m.line++
		}
	}
	m.at = pos
	return m.line + 1
}

// unmark takes the marks out and says for each line of the text, the first
// first, which line of the template it came from.
func unmark(marked []byte) (text []byte, lines []int) {
	now := 1
	for line := range bytes.Lines(marked) {
		first, had := true, len(text)
		for {
			before, rest, ok := bytes.Cut(line, []byte{0})
			text = append(text, before...)
			if !ok {
				break
			}
			number, after, _ := bytes.Cut(rest, []byte{0})
			if n, err := strconv.Atoi(string(number)); err == nil && (first || len(bytes.TrimSpace(before)) == 0) {
				now = n
			}
			first, line = false, after
		}
		if len(text) > had {
			lines = append(lines, now)
		}
	}
	return text, lines
}
