package scanner

import (
	"fmt"
	"io"
)

// Mapper is a content that can show itself as one piece of memory without
// being read into it.
type Mapper interface {
	// Map shows the first n bytes, until done is called.
	Map(n int64) (data []byte, done func(), err error)
}

// Whole returns the content as one piece, of a larger file its first max bytes.
// A spilled file is mapped where the system can, so that its pages are the
// system's to drop; else it is read into memory. The data must not be changed,
// and not be used after done.
func (f *File) Whole(max int64) (data []byte, done func(), err error) {
	n := min(f.Size, max)
	if f.Data != nil {
		return f.Data[:n], func() {}, nil
	}
	if m, ok := f.Content.(Mapper); ok {
		if data, done, err := m.Map(n); err == nil {
			return data, done, nil
		}
	}
	data = make([]byte, n)
	if _, err := io.ReadFull(f.Reader(), data); err != nil {
		return nil, nil, fmt.Errorf("read file: %w", err)
	}
	return data, func() {}, nil
}
