package report

import (
	"bytes"
	"encoding/json"
	"io"
)

// homepage is where the program is explained.
const homepage = "https://github.com/boltseal/boltseal"

// JSON writes the report as indented JSON; see docs/format/report.md.
func JSON(w io.Writer, r *Report, _ Options) error {
	doc := *r
	// What is always there is an array also when it is empty, not null.
	doc.Findings = orEmpty(doc.Findings)
	doc.Inventory.Packages = orEmpty(doc.Inventory.Packages)
	return writeJSON(w, &doc)
}

func orEmpty[T any](s []T) []T {
	if s == nil {
		return []T{}
	}
	return s
}

// writeJSON writes any document as indented JSON in which every control
// character is escaped, for JSON is printed to terminals too.
func writeJSON(w io.Writer, doc any) error {
	var compact bytes.Buffer
	enc := json.NewEncoder(&compact)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(doc); err != nil {
		return err
	}
	i := indenter{w: w, out: make([]byte, 0, indentBuffer+1<<10)}
	return i.write(bytes.TrimSuffix(compact.Bytes(), []byte("\n")))
}

// indentBuffer is how much is collected for one Write.
const indentBuffer = 64 << 10

// indenter lays out compact JSON as json.Indent with two spaces does, and
// escapes the control characters that package json lets stand, U+007F to
// U+009F. It trusts its input to be valid, which makes it several times as
// fast: reports have megabytes.
type indenter struct {
	w     io.Writer
	out   []byte
	depth int
}

func (n *indenter) write(text []byte) error {
	for i := 0; i < len(text); i++ {
		switch c := text[i]; c {
		case '"':
			end := stringEnd(text, i)
			if err := n.string(text[i:end]); err != nil {
				return err
			}
			i = end - 1
		case '{', '[':
			n.out = append(n.out, c)
			if next := text[i+1]; next == '}' || next == ']' {
				n.out = append(n.out, next)
				i++
				continue
			}
			n.depth++
			n.line()
		case '}', ']':
			n.depth--
			n.line()
			n.out = append(n.out, c)
		case ',':
			n.out = append(n.out, c)
			n.line()
		case ':':
			n.out = append(n.out, ": "...)
		default:
			n.out = append(n.out, c)
		}
		if len(n.out) >= indentBuffer {
			if err := n.flush(); err != nil {
				return err
			}
		}
	}
	n.out = append(n.out, '\n')
	return n.flush()
}

// line begins a new line.
func (n *indenter) line() {
	n.out = append(n.out, '\n')
	for range n.depth {
		n.out = append(n.out, "  "...)
	}
}

func (n *indenter) flush() error {
	_, err := n.w.Write(n.out)
	n.out = n.out[:0]
	return err
}

// string copies a string with its quotes.
func (n *indenter) string(s []byte) error {
	const hex = "0123456789abcdef"
	start := 0
	for i := 0; i < len(s); i++ {
		size, code := 0, byte(0)
		switch {
		case s[i] == 0x7f:
			size, code = 1, 0x7f
		case s[i] == 0xc2 && s[i+1] < 0xa0:
			size, code = 2, s[i+1]
		default:
			continue
		}
		n.out = append(n.out, s[start:i]...)
		n.out = append(n.out, '\\', 'u', '0', '0', hex[code>>4], hex[code&15])
		start = i + size
		i = start - 1
	}
	n.out = append(n.out, s[start:]...)
	if len(n.out) >= indentBuffer {
		return n.flush()
	}
	return nil
}

// stringEnd is where the string that begins at i ends, behind its quote.
func stringEnd(text []byte, i int) int {
	for i++; ; {
		i += bytes.IndexByte(text[i:], '"') + 1
		slashes := 0
		for text[i-2-slashes] == '\\' {
			slashes++
		}
		if slashes%2 == 0 {
			return i
		}
	}
}
