package middleware

import (
	"bytes"
	"context"
	"io"
	"regexp"
	"strings"

	"github.com/boltseal/boltseal/scan/scanner"
)

// pattern is a text with a version in it. In the table's notation everything
// stands for itself but these tokens:
//
//	{v}  the version: two or more numbers and what may follow them, as in
//	     "1.22.1", "9.2p1", "3.0.0-rc1", "1.8.0_392"
//	{n}  the same, or one number: "252"
//	{3}  the version: three numbers, whatever follows
//	{2}  the same with two numbers
//	{d}  a version that is a date: "2023-12-20T01-00-02Z", "2022-07-31b"
//	{^}  the beginning of the file
//	{*}  up to 40 characters of one line
//	{~}  up to 300 bytes
//	{h}  a digest of 40 hexadecimal digits
//
// Digits and dots before the version's token are part of it: "3.{2}" is a
// version of three numbers, of which the first is 3.
//
// The longest text between tokens is looked for with bytes.Index, and the
// regular expression that the whole comes to is run where it was found. A
// pattern without a text of two bytes is looked for by the version's first dot.
// One that begins with {^} is run on the beginning of the file.
type pattern struct {
	literal       []byte
	dot           bool // the literal is the version's dot
	start         bool // only the beginning of the file counts
	before, after int  // how far the pattern can reach around the literal
	expression    *regexp.Regexp
}

// suffixExpression is what may follow the numbers of a version.
const suffixExpression = `(?:[a-z]{1,2}[0-9]*\b|_[0-9]{1,4}\b|` +
	`[-._~]?(?i:rc|alpha|beta|milestone|m|final|ga|release|sp|pre|preview|snapshot|patch|lts|p|u)(?:[-._]?[0-9]+)?\b)?`

// token is an element of the notation: its expression, how many bytes that can
// match, and whether it is the version, whose expression ends the group that
// was begun before it.
type token struct {
	expression string
	reach      int
	version    bool
}

var tokens = map[string]token{
	"{v}": {`[0-9]{1,8}(?:\.[0-9]{1,8}){1,4}` + suffixExpression + `)`, 64, true},
	"{n}": {`[0-9]{1,8}(?:\.[0-9]{1,8}){0,4}` + suffixExpression + `)`, 64, true},
	"{3}": {`[0-9]{1,4}\.[0-9]{1,4}\.[0-9]{1,4})`, 16, true},
	"{2}": {`[0-9]{1,4}\.[0-9]{1,4})`, 16, true},
	"{d}": {`20[0-9]{2}-[0-9]{2}-[0-9]{2}(?:T[0-9]{2}-[0-9]{2}-[0-9]{2}Z|[a-z]?\b))`, 32, true},
	"{^}": {expression: `\A`},
	"{*}": {`[^\x00\r\n]{0,40}?`, 160, false}, // characters of four bytes at most
	"{~}": {`(?s:.{0,300}?)`, 1200, false},
	"{h}": {`[0-9a-f]{40}`, 40, false},
}

// compile reads the notation. The table is ours, and a test compiles all of it,
// so that a mistake cannot reach a user.
func compile(notation string) *pattern {
	p := &pattern{start: strings.HasPrefix(notation, "{^}")}
	var expression strings.Builder
	reach := 0
	for rest := notation; rest != ""; {
		at, name := nextToken(rest)
		if at > len(p.literal) {
			p.literal, p.before, p.after = []byte(rest[:at]), reach, 0
		} else {
			p.after += at
		}
		reach += at + tokens[name].reach
		p.after += tokens[name].reach
		before := rest[:at]
		if tokens[name].version {
			digits := before[len(strings.TrimRight(before, "0123456789.")):]
			before = strings.TrimSuffix(before, strings.TrimLeft(digits, "."))
			expression.WriteString(regexp.QuoteMeta(before) + "(" + regexp.QuoteMeta(rest[len(before):at]))
		} else {
			expression.WriteString(regexp.QuoteMeta(before))
		}
		expression.WriteString(tokens[name].expression)
		rest = rest[at+len(name):]
	}
	p.expression = regexp.MustCompile(expression.String())
	if len(p.literal) < 2 {
		p.literal, p.dot, p.before, p.after = []byte("."), true, reach, reach
	}
	return p
}

// nextToken finds the next token of the notation; at is the end without one.
func nextToken(s string) (at int, name string) {
	for at := range len(s) - 2 {
		if _, ok := tokens[s[at:at+3]]; ok {
			return at, s[at : at+3]
		}
	}
	return len(s), ""
}

// maxTries bounds how often a literal is tried in one piece of a file.
const maxTries = 10_000

// find returns the first version in the data, "" without one.
func (p *pattern) find(data []byte) string {
	if p.start {
		return p.match(data[:min(len(data), p.before+len(p.literal)+p.after)])
	}
	for at, try := 0, 0; try < maxTries; at++ {
		i := bytes.Index(data[at:], p.literal)
		if i < 0 {
			return ""
		}
		at += i
		if p.dot && !betweenDigits(data, at) {
			continue
		}
		try++
		begin, end := max(at-p.before, 0), min(at+len(p.literal)+p.after, len(data))
		if v := p.match(data[begin:end]); v != "" {
			return v
		}
	}
	return ""
}

// match runs the expression over a window.
func (p *pattern) match(window []byte) string {
	if m := p.expression.FindSubmatch(window); m != nil && plausible(m[1]) {
		return string(m[1])
	}
	return ""
}

func betweenDigits(data []byte, i int) bool {
	return i > 0 && i+1 < len(data) && isDigit(data[i-1]) && isDigit(data[i+1])
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

// plausible refuses what has the form of a version but is an address or a
// placeholder.
func plausible(version []byte) bool {
	for _, prefix := range []string{"127.0.0.1", "255.255.", "192.168.", "169.254."} {
		if bytes.HasPrefix(version, []byte(prefix)) {
			return false
		}
	}
	return len(bytes.Trim(version, "0.")) > 0
}

const (
	chunkBytes = 1 << 20
	// overlapBytes is more than any pattern can match.
	overlapBytes = 4 << 10
	// searchBytes is how much of a file is searched.
	searchBytes = 512 << 20
)

// search returns the version that the first of the patterns finds, which finds
// any.
func search(ctx context.Context, f *scanner.File, patterns []*pattern) (string, error) {
	if f.Data != nil {
		return first(patterns, f.Data), nil
	}
	found := make([]string, len(patterns))
	buf := make([]byte, chunkBytes+overlapBytes)
	for at := int64(0); at < min(f.Size, searchBytes) && found[0] == ""; at += chunkBytes {
		if err := ctx.Err(); err != nil {
			return "", err
		}
		n, err := f.Content.ReadAt(buf[:min(int64(len(buf)), f.Size-at)], at)
		if err != nil && err != io.EOF {
			return "", err
		}
		for i, p := range patterns {
			if found[i] == "" {
				found[i] = p.find(buf[:n])
			}
		}
	}
	for _, v := range found {
		if v != "" {
			return v, nil
		}
	}
	return "", nil
}

func first(patterns []*pattern, data []byte) string {
	for _, p := range patterns {
		if v := p.find(data); v != "" {
			return v
		}
	}
	return ""
}
