package inflate

import (
	"bytes"
	"compress/flate"
	"fmt"
	"io"
	"testing"
)

// bitWriter writes DEFLATE streams that no compressor would.
type bitWriter struct {
	out      []byte
	acc, cnt uint
}

func (w *bitWriter) put(v, n uint) {
	w.acc |= v << w.cnt
	for w.cnt += n; w.cnt >= 8; w.cnt -= 8 {
		w.out = append(w.out, byte(w.acc))
		w.acc >>= 8
	}
}

// end writes a last, empty block and returns the stream.
func (w *bitWriter) end() []byte {
	w.put(1|1<<1, 3)
	w.put(0, 7)
	w.put(0, 7)
	return w.out
}

// zeros sends n lengths of 0; the symbol 18 has the code 0 of one bit.
func (w *bitWriter) zeros(n uint) {
	for n >= 11 {
		k := min(n, 138)
		w.put(0, 1)
		w.put(k-11, 7)
		n -= k
	}
}

// shortBlock is a dynamic block whose only codes are those of the byte 0 and the
// end, of one bit each, and one distance. Its n bytes take n bits.
func (w *bitWriter) shortBlock(n int) {
	w.put(2<<1, 3)
	w.put(0, 5)  // 257 literal/length codes
	w.put(0, 5)  // 1 distance code
	w.put(14, 4) // 18 code-length codes
	for _, s := range codeOrder[:18] {
		l := uint(0)
		if s == 18 || s == 1 {
			l = 1
		}
		w.put(l, 3)
	}
	// Code 0 is symbol 1, code 1 is 18.
	w.put(0, 1)
	w.put(1, 1)
	w.put(127, 7)
	w.put(1, 1)
	w.put(117-11, 7)
	w.put(0, 1)
	w.put(0, 1)
	for range n {
		w.put(0, 1)
	}
	w.put(1, 1)
}

// matchBlock is a dynamic block of one byte and n matches of length 3 and
// distance 1, of two bits each.
func (w *bitWriter) matchBlock(n int) {
	w.put(2<<1, 3)
	w.put(1, 5) // 258 literal/length codes
	w.put(0, 5)
	w.put(14, 4)
	for _, s := range codeOrder[:18] {
		w.put(map[uint8]uint{18: 1, 1: 2, 2: 2}[s], 3)
	}
	// The code-length code is 18: 0; 1: 10; 2: 11.
	w.put(3, 2) // the byte 0
	w.zeros(255)
	w.put(3, 2) // the end
	w.put(1, 2) // length 3
	w.put(1, 2) // distance 1
	w.put(1, 2) // 10 is the byte 0
	for range n {
		w.put(0, 2)
	}
	w.put(3, 2)
}

// longBlock is an empty dynamic block with one code of each length from 1 to 14
// and two of 15, so that its tables are as large as tables can be.
func (w *bitWriter) longBlock() {
	w.put(2<<1, 3)
	w.put(0, 5)
	w.put(15, 5) // 16 distance codes
	w.put(15, 4) // 19 code-length codes: of 5 bits but 0, which has none, 18 and 15
	for _, s := range codeOrder {
		l := uint(5)
		switch s {
		case 0, 16, 17:
			l = 0
		case 18:
			l = 1
		case 15:
			l = 4
		}
		w.put(l, 3)
	}
	// The code-length code is 18: 0; 15: 1000; 1-14: 10010 and so on.
	length := func(l uint) {
		if l == 15 {
			w.put(1, 4)
			return
		}
		w.put(reverse(18+l-1, 5), 5)
	}
	chain := func(last uint) {
		for l := uint(1); l <= last; l++ {
			length(l)
		}
	}
	chain(15)
	w.zeros(256 - 15)
	length(15) // the end
	chain(15)
	length(15)
	w.put(1<<15-1, 15)
}

// hostile returns streams that cost much per input byte, each of about size bytes.
func hostile(size int) map[string][]byte {
	streams := map[string][]byte{}
	add := func(name string, block func(w *bitWriter)) {
		w := &bitWriter{}
		for len(w.out) < size {
			block(w)
		}
		streams[name] = w.end()
	}
	add("fixed", func(w *bitWriter) { w.put(1<<1, 3); w.put(0, 7) })
	add("stored", func(w *bitWriter) { w.put(0, 3); w.put(0, (8-w.cnt)%8); w.put(0xffff<<16, 32) })
	add("deep", func(w *bitWriter) { w.longBlock() })
	for _, n := range []int{16, 2048} {
		add(fmt.Sprintf("matches-%d", n), func(w *bitWriter) { w.matchBlock(n) })
	}
	for _, n := range []int{0, 64, 512, 2048, 4096, 8192, 65536} {
		add(fmt.Sprintf("short-%d", n), func(w *bitWriter) { w.shortBlock(n) })
	}
	return streams
}

func TestHostile(t *testing.T) {
	for name, b := range hostile(20000) {
		want, _, err := ref(b, limit)
		if err != nil {
			t.Errorf("%s: the stream is wrong: %v", name, err)
		}
		got, err := io.ReadAll(NewReader(bytes.NewReader(b)))
		if err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s: wrong output, or error %v", name, err)
		}
	}
}

// BenchmarkHostile compares the speed by input byte with the standard library's.
func BenchmarkHostile(b *testing.B) {
	for name, data := range hostile(200000) {
		b.Run(name, func(b *testing.B) {
			z, s := NewReader(nil), flate.NewReader(nil)
			compare(b, int64(len(data)),
				contender{"inflate", func() (int64, error) {
					z.Reset(bytes.NewReader(data))
					return z.WriteTo(io.Discard)
				}},
				contender{"stdlib", func() (int64, error) {
					if err := s.(flate.Resetter).Reset(bytes.NewReader(data), nil); err != nil {
						return 0, err
					}
					return io.Copy(io.Discard, s)
				}})
		})
	}
}

// BenchmarkMembers does the same for a file of empty gzip members.
func BenchmarkMembers(b *testing.B) {
	data := bytes.Repeat(gzipped(b, nil, 6), 10000)
	z := NewGzipReader(nil)
	compare(b, int64(len(data)),
		contender{"inflate", func() (int64, error) {
			z.Reset(bytes.NewReader(data))
			return z.WriteTo(io.Discard)
		}},
		stdGzip(data))
}
