package format

import (
	"encoding/binary"
	"fmt"
	"io"
	"math"
)

// blockSize is how many records or strings share one entry of the offset
// table. Reading one passes over eight others on average.
const blockSize = 16

// List is a sequence of records of any bytes, found by number.
//
// Its section is the records, each behind its length; the offset of every
// 16th record as 32-bit numbers; and the number of records.
type List struct {
	data    []byte
	offsets []byte
	count   int
}

// ParseList reads the frame of a list.
func ParseList(section []byte) (List, error) {
	if len(section) < 4 {
		return List{}, fmt.Errorf("%w: truncated list", ErrFormat)
	}
	end := len(section) - 4
	count := int(binary.LittleEndian.Uint32(section[end:]))
	blocks := (count + blockSize - 1) / blockSize
	if blocks > end/4 || count > end {
		return List{}, fmt.Errorf("%w: list of %d records in %d bytes", ErrFormat, count, len(section))
	}
	split := end - 4*blocks
	return List{data: section[:split:split], offsets: section[split:end:end], count: count}, nil
}

// Len is the number of records.
func (l *List) Len() int { return l.count }

// block returns the bytes from the beginning of block b.
func (l *List) block(b int) ([]byte, error) {
	offset := binary.LittleEndian.Uint32(l.offsets[4*b:])
	if uint64(offset) > uint64(len(l.data)) {
		return nil, fmt.Errorf("%w: offset beyond the list", ErrFormat)
	}
	return l.data[offset:], nil
}

// At returns record i, which is not copied.
func (l *List) At(i int) ([]byte, error) {
	if i < 0 || i >= l.count {
		return nil, fmt.Errorf("%w: no record %d in a list of %d", ErrFormat, i, l.count)
	}
	b, err := l.block(i / blockSize)
	if err != nil {
		return nil, err
	}
	c := NewCursor(b)
	for range i % blockSize {
		c.Bytes()
	}
	record := c.Bytes()
	return record, c.Err()
}

// ListWriter makes a list. Records go to w as they come; the offsets stay in
// memory, a quarter of a byte for each record.
type ListWriter struct {
	w       io.Writer
	frame   []byte
	offsets []byte
	count   int
	size    uint64
	err     error
}

// NewListWriter writes the section to w.
func NewListWriter(w io.Writer) *ListWriter { return &ListWriter{w: w} }

// Add appends a record.
func (l *ListWriter) Add(record []byte) {
	l.begin()
	l.frame = binary.AppendUvarint(l.frame[:0], uint64(len(record)))
	l.write(l.frame)
	l.write(record)
}

// begin counts one more item and notes its offset if it begins a block.
func (l *ListWriter) begin() {
	if l.count%blockSize == 0 {
		if l.size > math.MaxUint32 {
			l.err = fmt.Errorf("write list: more than 4 GiB")
		}
		l.offsets = binary.LittleEndian.AppendUint32(l.offsets, uint32(l.size))
	}
	l.count++
}

func (l *ListWriter) write(b []byte) {
	if l.err == nil {
		_, l.err = l.w.Write(b)
		l.size += uint64(len(b))
	}
}

// Len is the number of records so far.
func (l *ListWriter) Len() int { return l.count }

// Close writes the frame and reports the first error.
func (l *ListWriter) Close() error {
	l.write(l.offsets)
	l.write(binary.LittleEndian.AppendUint32(nil, uint32(l.count)))
	return l.err
}
