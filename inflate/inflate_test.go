package inflate

import (
	"bytes"
	"compress/flate"
	"errors"
	"io"
	"math/rand"
	"strings"
	"sync"
	"testing"
	"testing/iotest"
)

// ref decodes b with the standard library, which reads no byte too many of it.
func ref(b []byte, limit int64) (out []byte, consumed int, err error) {
	src := bytes.NewReader(b)
	out, err = io.ReadAll(io.LimitReader(flate.NewReader(src), limit))
	return out, len(b) - src.Len(), err
}

const limit = 4 << 20

// used lends decoders that have seen other streams, also broken ones.
var used Pool

// check compares all ways of decoding b with the standard library.
func check(t *testing.T, b []byte) {
	t.Helper()
	want, consumed, werr := ref(b, limit)
	if int64(len(want)) == limit {
		return // too large for a test
	}
	one := func(name string, r io.Reader) {
		t.Helper()
		z := used.NewReadCloser(r)
		defer z.Close()
		got, gerr := io.ReadAll(z)
		if (werr == nil) != (gerr == nil) {
			t.Fatalf("%s: error %v, the standard library's is %v", name, gerr, werr)
		}
		if werr == nil {
			if !bytes.Equal(got, want) {
				t.Fatalf("%s: wrong output", name)
			}
			if n := z.(*pooled).z.d.offset(); n != int64(consumed) {
				t.Fatalf("%s: consumed %d bytes, the standard library %d", name, n, consumed)
			}
			return
		}
		// The two need not give up at the same point, but what came out until
		// then is the same.
		n := min(len(got), len(want))
		if !bytes.Equal(got[:n], want[:n]) {
			t.Fatalf("%s: wrong output before error", name)
		}
		// Where data is cut short right after an error in it, either complaint
		// is right; but what is merely cut short is not corrupt.
		if errors.Is(werr, io.ErrUnexpectedEOF) && !errors.Is(gerr, io.ErrUnexpectedEOF) && !doomed(b) {
			t.Fatalf("%s: error %v, the standard library's is %v", name, gerr, werr)
		}
	}
	one("reader", bytes.NewReader(b))
	if len(b) < 20000 {
		one("small reads", iotest.OneByteReader(bytes.NewReader(b)))
	}
	one("data with EOF", iotest.DataErrReader(bytes.NewReader(b)))
}

// doomed reports that b is corrupt whatever follows. The standard library does
// not say so when fewer bits are left than the end of the block would take.
func doomed(b []byte) bool {
	for _, v := range []byte{0x00, 0x55, 0xaa, 0xff} {
		var corrupt flate.CorruptInputError
		_, _, err := ref(append(b[:len(b):len(b)], bytes.Repeat([]byte{v}, 8)...), limit)
		if !errors.As(err, &corrupt) {
			return false
		}
	}
	return true
}

// samples returns plain texts of many kinds.
func samples() [][]byte {
	rng := rand.New(rand.NewSource(1))
	var out [][]byte
	add := func(b []byte) { out = append(out, b) }
	add(nil)
	add([]byte("a"))
	for d := 1; d <= 40; d++ { // every small distance
		p := make([]byte, d)
		rng.Read(p)
		add(bytes.Repeat(p, 3000/d+1))
	}
	sizes := []int{10, 1000, 70000, 300000}
	if testing.Short() {
		sizes = sizes[:3]
	}
	for _, n := range sizes {
		for _, alphabet := range []int{1, 2, 3, 17, 64, 256} {
			b := make([]byte, n)
			for i := range b {
				b[i] = byte(rng.Intn(rng.Intn(alphabet) + 1)) // skewed: long codes
			}
			add(b)
			// The same with matches of all lengths and distances.
			for i := 0; i < n/40; i++ {
				l := 3 + rng.Intn(300)
				from, to := rng.Intn(n), rng.Intn(n)
				if from < to && to-from < 32768 && to+l < n {
					copy(b[to:to+l], b[from:])
				}
			}
			add(b)
		}
	}
	add([]byte(strings.Repeat("the quick brown fox jumps over the lazy dog; ", 4000)))
	return out
}

// writers has a flate.Writer for every level: they are costly to make.
var writers [12]sync.Pool

func deflate(b []byte, level int) []byte {
	var w bytes.Buffer
	pool := &writers[level+2]
	z, ok := pool.Get().(*flate.Writer)
	if !ok {
		z, _ = flate.NewWriter(nil, level) // levels from -2 to 9 are right
	}
	defer pool.Put(z)
	z.Reset(&w)
	z.Write(b) // a bytes.Buffer takes everything
	z.Close()
	return w.Bytes()
}

func TestRoundTrip(t *testing.T) {
	levels := []int{flate.HuffmanOnly, 0, 1, 6}
	if testing.Short() {
		levels = levels[2:3]
	}
	for _, s := range samples() {
		for _, level := range levels {
			check(t, deflate(s, level))
		}
	}
}

func TestTruncatedAndCorrupt(t *testing.T) {
	rng := rand.New(rand.NewSource(2))
	for _, s := range samples() {
		if len(s) > 80000 {
			continue
		}
		b := deflate(s, 6)
		for i := 0; i < 20; i++ {
			check(t, b[:rng.Intn(len(b))])
			c := bytes.Clone(b)
			for k := rng.Intn(4); k >= 0; k-- {
				p := rng.Intn(len(c))
				if i&1 == 0 {
					p = rng.Intn(min(len(c), 100)) // headers
				}
				c[p] ^= 1 << rng.Intn(8)
			}
			check(t, c)
		}
	}
}

func TestReset(t *testing.T) {
	z := NewReader(bytes.NewReader(deflate(make([]byte, 500000), 6)))
	z.Read(make([]byte, 1000))
	for _, s := range samples() {
		z.Reset(bytes.NewReader(deflate(s, 6)))
		got, err := io.ReadAll(z)
		if err != nil || !bytes.Equal(got, s) {
			t.Fatal("wrong output or error", err)
		}
	}
}
