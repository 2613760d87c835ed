package sbom

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
)

// Read reads one document, whose format it finds by its first bytes. Packages
// come back sorted, with Evidence Declared. What has no package URL is counted
// in the inventory's notes.
func Read(r io.Reader) (*Document, error) {
	in := &limited{r: r, left: maxBytes}
	b := bufio.NewReaderSize(in, 64<<10)
	head, err := b.Peek(4096)
	if err != nil && err != io.EOF {
		return nil, err
	}
	head = bytes.TrimPrefix(head, []byte("\xef\xbb\xbf"))
	head = bytes.TrimLeft(head, " \t\r\n")
	d := newDraft()
	switch {
	case len(head) == 0:
		return nil, ErrFormat
	case head[0] == '{':
		err = d.json(skipMark(b))
	case head[0] == '<':
		in.left -= maxBytes - maxXML
		err = d.cyclonedxXML(b)
	default:
		err = d.tagValue(skipMark(b))
	}
	if err != nil {
		return nil, err
	}
	return d.document()
}

// skipMark passes over a byte order mark.
func skipMark(b *bufio.Reader) *bufio.Reader {
	if mark, _ := b.Peek(3); string(mark) == "\xef\xbb\xbf" {
		b.Discard(3)
	}
	return b
}

// limited is a reader that fails at a limit, where io.LimitReader would make a
// long document look like a short one.
type limited struct {
	r    io.Reader
	left int64
}

// Read implements io.Reader.
func (l *limited) Read(p []byte) (int, error) {
	if l.left <= 0 {
		return 0, fmt.Errorf("document: %w", ErrLimit)
	}
	n, err := l.r.Read(p[:min(int64(len(p)), l.left)])
	l.left -= int64(n)
	return n, err
}
