package build

import (
	"bufio"
	"bytes"
	"cmp"
	"container/heap"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
)

// sorter orders any number of items by their keys in bounded memory: it keeps
// up to limit bytes, and writes what is more as sorted runs to a file that has
// no name.
type sorter struct {
	limit int
	dir   string

	arena []byte
	items []item
	file  *os.File
	runs  []int64 // where each run ends in file
}

// item is where a key and the value behind it stand in the arena.
type item struct{ start, value, end uint32 }

// itemShare is how many bytes of the arena one item is expected to take.
const itemShare = 48

// newSorter keeps its file in dir.
func newSorter(dir string, limit int) *sorter { return &sorter{limit: limit, dir: dir} }

// add copies one item.
func (s *sorter) add(key, value []byte) error {
	if s.arena == nil { // at once, because growing would need twice the memory
		s.arena = make([]byte, 0, s.limit)
		s.items = make([]item, 0, s.limit/itemShare)
	}
	full := len(s.arena)+len(key)+len(value) > s.limit || len(s.items) == cap(s.items)
	if full && len(s.items) > 0 {
		if err := s.spill(); err != nil {
			return fmt.Errorf("spill sorted run: %w", err)
		}
	}
	start := uint32(len(s.arena))
	s.arena = append(append(s.arena, key...), value...)
	s.items = append(s.items, item{start, start + uint32(len(key)), uint32(len(s.arena))})
	return nil
}

func (s *sorter) key(it item) []byte   { return s.arena[it.start:it.value] }
func (s *sorter) value(it item) []byte { return s.arena[it.value:it.end] }

func (s *sorter) sortItems() {
	slices.SortFunc(s.items, func(a, b item) int {
		return cmp.Or(bytes.Compare(s.key(a), s.key(b)), bytes.Compare(s.value(a), s.value(b)))
	})
}

// spill writes what is in memory as one more run.
func (s *sorter) spill() error {
	if s.file == nil {
		f, err := unnamedFile(s.dir)
		if err != nil {
			return err
		}
		s.file = f
	}
	s.sortItems()
	w := bufio.NewWriterSize(s.file, 1<<18)
	size := int64(0)
	for _, it := range s.items {
		size += writeField(w, s.key(it)) + writeField(w, s.value(it))
	}
	if len(s.runs) > 0 {
		size += s.runs[len(s.runs)-1]
	}
	s.runs = append(s.runs, size)
	s.arena, s.items = s.arena[:0], s.items[:0]
	return w.Flush()
}

// unnamedFile makes a file that is gone when it is closed, however the program
// ends.
func unnamedFile(dir string) (*os.File, error) {
	f, err := os.CreateTemp(dir, "boltseal-*")
	if err != nil {
		return nil, err
	}
	if err := os.Remove(f.Name()); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

// writeField writes the length and the bytes; the writer keeps the error.
func writeField(w *bufio.Writer, b []byte) int64 {
	head := binary.AppendUvarint(w.AvailableBuffer(), uint64(len(b)))
	n, _ := w.Write(head)
	m, _ := w.Write(b)
	return int64(n + m)
}

// each calls visit for all items in order. The bytes are valid during the call
// only. The sorter can't be used afterwards.
func (s *sorter) each(visit func(key, value []byte) error) error {
	defer s.close()
	if s.file == nil {
		s.sortItems()
		for _, it := range s.items {
			if err := visit(s.key(it), s.value(it)); err != nil {
				return err
			}
		}
		return nil
	}
	if err := s.spill(); err != nil {
		return fmt.Errorf("spill sorted run: %w", err)
	}
	s.arena, s.items = nil, nil
	return s.merge(visit)
}

func (s *sorter) merge(visit func(key, value []byte) error) error {
	var h runHeap
	start := int64(0)
	for _, end := range s.runs {
		r := &run{r: bufio.NewReaderSize(io.NewSectionReader(s.file, start, end-start), 1<<16)}
		start = end
		if ok, err := r.next(); err != nil {
			return err
		} else if ok {
			h = append(h, r)
		}
	}
	heap.Init(&h)
	for len(h) > 0 {
		if err := visit(h[0].key, h[0].value); err != nil {
			return err
		}
		ok, err := h[0].next()
		if err != nil {
			return err
		}
		if ok {
			heap.Fix(&h, 0)
		} else {
			heap.Pop(&h)
		}
	}
	return nil
}

func (s *sorter) close() {
	if s.file != nil {
		s.file.Close() // nameless and only read since: nothing to lose
		s.file = nil
	}
	s.arena, s.items = nil, nil
}

// run reads one sorted run.
type run struct {
	r          *bufio.Reader
	key, value []byte
}

func (r *run) next() (ok bool, err error) {
	if r.key, err = readField(r.r, r.key); errors.Is(err, io.EOF) {
		return false, nil
	}
	if err == nil {
		r.value, err = readField(r.r, r.value)
	}
	if err != nil {
		return false, fmt.Errorf("read sorted run: %w", err)
	}
	return true, nil
}

// readField reads what writeField wrote, into buf when it fits.
func readField(r *bufio.Reader, buf []byte) ([]byte, error) {
	n, err := binary.ReadUvarint(r)
	if err != nil {
		return buf, err
	}
	buf = slices.Grow(buf[:0], int(n))[:n]
	_, err = io.ReadFull(r, buf)
	return buf, err
}

// runHeap orders runs by their current item.
type runHeap []*run

func (h runHeap) Len() int { return len(h) }
func (h runHeap) Less(i, j int) bool {
	return cmp.Or(bytes.Compare(h[i].key, h[j].key), bytes.Compare(h[i].value, h[j].value)) < 0
}
func (h runHeap) Swap(i, j int) { h[i], h[j] = h[j], h[i] }
func (h *runHeap) Push(x any)   { *h = append(*h, x.(*run)) }
func (h *runHeap) Pop() any {
	last := len(*h) - 1
	r := (*h)[last]
	*h = (*h)[:last]
	return r
}
