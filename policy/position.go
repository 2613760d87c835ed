package policy

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"cel.dev/cel-go/common"
	"go.yaml.in/yaml/v3"
)

// Error is a mistake in a policy or test file.
type Error struct {
	File string
	// Line and Column count from 1.
	Line, Column int
	Message      string
	// Text is the line at fault, "" where there is none to show.
	Text string
}

// Error names the place, and shows it with a caret below.
func (e *Error) Error() string {
	head := fmt.Sprintf("%s:%d:%d: %s", e.File, e.Line, e.Column, e.Message)
	if e.Text == "" || len(e.Text) > maxShown {
		return head
	}
	indent := strings.Map(func(r rune) rune {
		if r == '\t' {
			return r
		}
		return ' '
	}, e.Text[:min(e.Column-1, len(e.Text))])
	return head + "\n  | " + e.Text + "\n  | " + indent + "^"
}

// maxShown is the longest line that an error shows.
const maxShown = 200

// source is the text of a file.
type source struct {
	name  string
	lines []string
}

func newSource(name string, text []byte) *source {
	return &source{name, strings.Split(string(text), "\n")}
}

// at makes an error at a place.
func (s *source) at(line, column int, format string, args ...any) *Error {
	e := &Error{File: s.name, Line: max(line, 1), Column: max(column, 1), Message: clip(fmt.Sprintf(format, args...), 1000)}
	if e.Line <= len(s.lines) {
		e.Text = strings.TrimRight(s.lines[e.Line-1], "\r")
	}
	return e
}

// errorAt makes an error at a node.
func (s *source) errorAt(n *yaml.Node, format string, args ...any) error {
	return s.at(n.Line, n.Column, format, args...)
}

// inside makes an error at a byte of a scalar's value. YAML folds lines, takes
// indentation away and quotes; so both texts are walked side by side over what
// is no blank. Where that does not work out, the scalar's beginning is named.
func (s *source) inside(n *yaml.Node, offset int, message string) error {
	line, column := n.Line, n.Column
	switch n.Style {
	case yaml.LiteralStyle, yaml.FoldedStyle:
		line, column = line+1, 1
	case yaml.SingleQuotedStyle, yaml.DoubleQuotedStyle:
		column++
	}
	for i := 0; i <= offset; i++ {
		if i < len(n.Value) && i < offset && blank(n.Value[i]) {
			continue
		}
		for line <= len(s.lines) && (column > len(s.lines[line-1]) || blank(s.lines[line-1][column-1])) {
			if column++; column > len(s.lines[line-1]) {
				line, column = line+1, 1
			}
		}
		if i == offset {
			break
		}
		if line > len(s.lines) || s.lines[line-1][column-1] != n.Value[i] {
			return s.errorAt(n, "%s", message)
		}
		column++
		if column > len(s.lines[line-1]) && i+1 == offset {
			break // behind the end of the text
		}
	}
	return s.at(line, column, "%s", message)
}

func blank(c byte) bool { return c == ' ' || c == '\n' || c == '\r' || c == '\t' }

// offsetOf is the byte of a text at a location of CEL's, which counts lines from
// 1 and characters from 0.
func offsetOf(text string, at common.Location) int {
	offset := 0
	for range at.Line() - 1 {
		i := strings.IndexByte(text[offset:], '\n')
		if i < 0 {
			return offset
		}
		offset += i + 1
	}
	for range max(at.Column(), 0) {
		_, size := utf8.DecodeRuneInString(text[offset:])
		offset += size
	}
	return offset
}

// clip shortens text to n bytes at most, between characters.
func clip(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n] + "…"
}
