package image

import (
	"math"
	"strconv"
	"strings"
)

// span is a run of a sparse file that is stored; all else is zeros.
type span struct{ offset, size int64 }

// zeros is what holes are made of. It is never written.
var zeros [64 << 10]byte

// sparseReader expands a sparse file. The holes' zeros are never materialised.
type sparseReader struct {
	spans []span // not yet read
	pos   int64
	size  int64
}

// step returns how many bytes come next at pos, and whether they are stored.
func (r *sparseReader) step() (n int64, stored bool) {
	for len(r.spans) > 0 && r.spans[0].offset+r.spans[0].size <= r.pos {
		r.spans = r.spans[1:]
	}
	switch {
	case len(r.spans) == 0:
		return r.size - r.pos, false
	case r.pos < r.spans[0].offset:
		return r.spans[0].offset - r.pos, false
	}
	return r.spans[0].offset + r.spans[0].size - r.pos, true
}

// newSparseReader checks that the spans are in order, inside the file and as
// long together as what is stored.
func newSparseReader(spans []span, size, stored int64) (*sparseReader, error) {
	var end, sum int64
	for _, s := range spans {
		if s.offset < end || s.size < 0 || s.offset > math.MaxInt64-s.size {
			return nil, corrupt("sparse map out of order")
		}
		end = s.offset + s.size
		sum += s.size
	}
	if end > size || sum != stored {
		return nil, corrupt("sparse map does not fit the file: %d of %d bytes in a file of %d", sum, stored, size)
	}
	return &sparseReader{spans: spans, size: size}, nil
}

// oldSparseMap reads the map of an old GNU sparse entry, in the header and in
// the blocks that follow it. Source: GNU tar manual, "Old GNU Format".
func (t *tarReader) oldSparseMap(block []byte) ([]span, error) {
	var spans []span
	entries, more := fieldGNUSparse.of(block), block[offsetGNUExtended]
	for size := int64(0); ; size += blockSize {
		for ; len(entries) >= 24 && entries[0] != 0; entries = entries[24:] {
			offset, ok1 := parseNumber(entries[:12])
			n, ok2 := parseNumber(entries[12:24])
			if !ok1 || !ok2 {
				return nil, corrupt("bad number in a sparse map")
			}
			spans = append(spans, span{offset, n})
		}
		if more == 0 {
			return spans, nil
		}
		if size >= t.limits.HeaderBytes {
			return nil, beyond("sparse map of more than %d bytes", t.limits.HeaderBytes)
		}
		block, err := t.nextBlock()
		if err != nil {
			return nil, noEOF(err)
		}
		entries, more = fieldMoreSparse.of(block), block[offsetMoreExtended]
	}
}

// version tells which PAX format of sparse files the records are: 0 for 0.0
// and 0.1, 1 for 1.0, -1 for none that is known.
func (s *paxSparse) version() int {
	switch {
	case s.major == "1" && s.minor == "0":
		return 1
	case s.major == "0" && (s.minor == "0" || s.minor == "1"):
		return 0
	case s.major == "" && s.minor == "" && s.mapped != "":
		return 0 // these two came before the version records
	}
	return -1
}

// paxSparseMap reads the map of a sparse entry in a PAX format, for 1.0 from
// the beginning of its content, and returns the file's size with it.
func (t *tarReader) paxSparseMap(s *paxSparse, size int64) ([]span, int64, error) {
	text := s.size
	if text == "" {
		text = s.realSize
	}
	if text != "" {
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return nil, 0, corrupt("bad size of a sparse file")
		}
		size = n
	}
	numbers, err := t.sparseNumbers(s)
	if err != nil {
		return nil, 0, err
	}
	spans := make([]span, 0, len(numbers)/2)
	for i := 0; i+1 < len(numbers); i += 2 {
		offset, err1 := strconv.ParseInt(numbers[i], 10, 64)
		n, err2 := strconv.ParseInt(numbers[i+1], 10, 64)
		if err1 != nil || err2 != nil {
			return nil, 0, corrupt("bad number in a sparse map")
		}
		spans = append(spans, span{offset, n})
	}
	return spans, size, nil
}

// sparseNumbers returns the map's numbers: offset, size, offset, size...
func (t *tarReader) sparseNumbers(s *paxSparse) ([]string, error) {
	if s.version() == 1 {
		return t.storedSparseMap()
	}
	var numbers []string
	if s.mapped != "" {
		numbers = strings.Split(s.mapped, ",")
	}
	if n, err := strconv.Atoi(s.blocks); err != nil || len(numbers)%2 != 0 || n != len(numbers)/2 {
		return nil, corrupt("sparse map of %d numbers for %.20q runs", len(numbers), s.blocks)
	}
	return numbers, nil
}

// storedSparseMap reads the map that format 1.0 puts before the content, in
// whole blocks: the count of runs and then the numbers, one a line.
func (t *tarReader) storedSparseMap() ([]string, error) {
	var text []byte
	want, lines := 1, 0
	for first := true; lines < want; {
		if int64(len(text)) >= t.limits.HeaderBytes {
			return nil, beyond("sparse map of more than %d bytes", t.limits.HeaderBytes)
		}
		if t.left < blockSize {
			return nil, corrupt("sparse map longer than the file")
		}
		block, err := t.nextBlock()
		if err != nil {
			return nil, noEOF(err)
		}
		t.left -= blockSize
		text = append(text, block...)
		for _, c := range block {
			if c == '\n' {
				lines++
			}
		}
		if first && lines > 0 {
			line, _, _ := strings.Cut(string(text), "\n")
			n, err := strconv.Atoi(line)
			if err != nil || n < 0 || int64(n) > t.limits.HeaderBytes {
				return nil, corrupt("sparse map of %.20q runs", line)
			}
			want, first = 1+2*n, false
		}
	}
	return strings.SplitN(string(text), "\n", want+1)[1:want], nil
}
