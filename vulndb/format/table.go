package format

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"sort"
)

// Table is a set of strings in byte order, found by number or by content.
//
// It is framed like a List. The first string of a block of 16 stands whole,
// behind its length; each further one is the length of the beginning that it
// shares with the one before, the length of the rest, and the rest.
type Table struct{ list List }

// ParseTable reads the frame of a table.
func ParseTable(section []byte) (Table, error) {
	l, err := ParseList(section)
	return Table{l}, err
}

// Len is the number of strings.
func (t *Table) Len() int { return t.list.count }

// Append appends string i to dst.
func (t *Table) Append(dst []byte, i int) ([]byte, error) {
	if i < 0 || i >= t.list.count {
		return dst, fmt.Errorf("%w: no string %d in a table of %d", ErrFormat, i, t.list.count)
	}
	b, err := t.list.block(i / blockSize)
	if err != nil {
		return dst, err
	}
	c, base := NewCursor(b), len(dst)
	dst = append(dst, c.Bytes()...)
	for range i % blockSize {
		if dst, err = appendNext(dst, base, &c); err != nil {
			return dst[:base], err
		}
	}
	return dst, c.Err()
}

// appendNext turns the string in dst[base:] into the one that follows it.
func appendNext(dst []byte, base int, c *Cursor) ([]byte, error) {
	shared := c.Int(len(dst) - base + 1)
	dst = append(dst[:base+shared], c.Bytes()...)
	return dst, c.Err()
}

// String returns string i.
func (t *Table) String(i int) (string, error) {
	var buf [128]byte
	b, err := t.Append(buf[:0], i)
	return string(b), err
}

// Seek returns the number of the first string that is not before key, which is
// Len when all are, and whether it equals key.
func (t *Table) Seek(key []byte) (i int, found bool, err error) {
	blocks := (t.list.count + blockSize - 1) / blockSize
	after := sort.Search(blocks, func(b int) bool {
		head, e := t.head(b)
		if e != nil {
			err = e
		}
		return bytes.Compare(head, key) > 0
	})
	if err != nil || after == 0 {
		return 0, false, err
	}
	return t.seekBlock(after-1, key)
}

// head returns the first string of a block.
func (t *Table) head(block int) ([]byte, error) {
	b, err := t.list.block(block)
	if err != nil {
		return nil, err
	}
	c := NewCursor(b)
	head := c.Bytes()
	return head, c.Err()
}

// seekBlock is Seek within one block, whose head is not after key.
func (t *Table) seekBlock(block int, key []byte) (int, bool, error) {
	first := block * blockSize
	last := min(first+blockSize, t.list.count)
	var buf [128]byte
	i, found := last, false
	err := t.walk(buf[:0], first, last, func(n int, s []byte) bool {
		order := bytes.Compare(s, key)
		if order >= 0 {
			i, found = n, order == 0
		}
		return order < 0
	})
	return i, found, err
}

// Walk calls visit for the strings from number first on until it returns
// false. The bytes are valid during the call only.
func (t *Table) Walk(first int, visit func(i int, s []byte) bool) error {
	return t.walk(nil, first, t.list.count, visit)
}

func (t *Table) walk(buf []byte, first, last int, visit func(i int, s []byte) bool) error {
	var c Cursor
	for i := first - first%blockSize; i < last; i++ {
		var err error
		if i%blockSize == 0 {
			var b []byte
			if b, err = t.list.block(i / blockSize); err != nil {
				return err
			}
			c = NewCursor(b)
			buf = append(buf[:0], c.Bytes()...)
			err = c.Err()
		} else {
			buf, err = appendNext(buf, 0, &c)
		}
		if err != nil {
			return err
		}
		if i >= first && !visit(i, buf) {
			return nil
		}
	}
	return nil
}

// TableWriter makes a table.
type TableWriter struct {
	list ListWriter
	last []byte
}

// NewTableWriter writes the section to w.
func NewTableWriter(w io.Writer) *TableWriter { return &TableWriter{list: ListWriter{w: w}} }

// Add appends a string, which must be after all that were added before, and
// returns its number.
func (t *TableWriter) Add(s []byte) int {
	l := &t.list
	n := l.count
	if n > 0 && bytes.Compare(t.last, s) >= 0 {
		l.err = errors.Join(l.err, fmt.Errorf("write table: %q after %q", s, t.last))
	}
	shared := 0
	l.begin()
	l.frame = l.frame[:0]
	if n%blockSize != 0 {
		shared = sharedPrefix(t.last, s)
		l.frame = binary.AppendUvarint(l.frame, uint64(shared))
	}
	l.frame = binary.AppendUvarint(l.frame, uint64(len(s)-shared))
	l.write(l.frame)
	l.write(s[shared:])
	t.last = append(t.last[:0], s...)
	return n
}

func sharedPrefix(a, b []byte) int {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return n
}

// Close writes the frame and reports the first error.
func (t *TableWriter) Close() error { return t.list.Close() }
