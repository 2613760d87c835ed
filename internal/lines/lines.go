// Package lines reads text line by line with a bound on what one line may
// cost: however long a line is, only its beginning is held. It does not decode
// characters; a line is bytes up to a newline, and one carriage return before
// the newline is dropped.
package lines

import (
	"bufio"
	"bytes"
	"errors"
	"io"
)

// Reader hands out lines. It is for one goroutine.
type Reader struct {
	r     *bufio.Reader
	limit int
	long  []byte // holds a line that is larger than the buffer of r
	cut   int
	err   error
}

// bufferBytes is enough for nearly every line of a package database.
const bufferBytes = 16 << 10

// NewReader reads lines from r and keeps at most limit bytes of each.
func NewReader(r io.Reader, limit int) *Reader {
	return &Reader{r: bufio.NewReaderSize(r, bufferBytes), limit: limit}
}

// Next returns the next line without its newline, valid until the following
// call. It returns false at the end and after a read error.
func (l *Reader) Next() ([]byte, bool) {
	if l.err != nil {
		return nil, false
	}
	line, err := l.r.ReadSlice('\n')
	if errors.Is(err, bufio.ErrBufferFull) {
		line, err = l.gather(line)
	}
	if err != nil {
		l.err = err
		if len(line) == 0 {
			return nil, false
		}
	}
	line = bytes.TrimSuffix(line, []byte("\n"))
	line = bytes.TrimSuffix(line, []byte("\r"))
	if len(line) > l.limit {
		l.cut++
		line = line[:l.limit]
	}
	return line, true
}

// gather collects the rest of a line that did not fit into the buffer: at most
// the limit and a line ending.
func (l *Reader) gather(part []byte) ([]byte, error) {
	l.long = l.long[:0]
	for {
		room := l.limit + 2 - len(l.long)
		l.long = append(l.long, part[:min(len(part), max(room, 0))]...)
		if len(part) > 0 && part[len(part)-1] == '\n' {
			return l.long, nil
		}
		var err error
		part, err = l.r.ReadSlice('\n')
		if err != nil && !errors.Is(err, bufio.ErrBufferFull) {
			room = l.limit + 2 - len(l.long)
			return append(l.long, part[:min(len(part), max(room, 0))]...), err
		}
	}
}

// Cut counts the lines that were longer than the limit.
func (l *Reader) Cut() int { return l.cut }

// Err is the read error that ended the lines, nil at the end of the text.
func (l *Reader) Err() error {
	if errors.Is(l.err, io.EOF) {
		return nil
	}
	return l.err
}
