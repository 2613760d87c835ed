package inflate

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"testing"
)

// FuzzInflate decodes arbitrary, mostly invalid streams.
func FuzzInflate(f *testing.F) {
	for _, s := range samples() {
		if len(s) < 20000 {
			f.Add(deflate(s, 6))
			f.Add(deflate(s, 1))
		}
	}
	for _, b := range hostile(1000) {
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) { check(t, b) })
}

// FuzzCompressed compresses the input, so that streams are valid, then damages
// them as told.
func FuzzCompressed(f *testing.F) {
	for i, s := range samples() {
		if len(s) < 20000 {
			f.Add(s, i%10, 0, uint16(0), byte(0))
			f.Add(s, i%10, 7, uint16(i), byte(1))
		}
	}
	f.Fuzz(func(t *testing.T, s []byte, level, cut int, pos uint16, flip byte) {
		b := deflate(s, int(uint(level)%10))
		check(t, b)
		// Long inputs reach the fast loop: say it a few times.
		b = deflate(bytes.Repeat(append(s, s[:len(s)/2]...), 8), int(uint(level)%10))
		check(t, b)
		check(t, b[:uint(cut)%uint(len(b)+1)])
		b[int(pos)%len(b)] ^= flip
		check(t, b)
	})
}

// FuzzGzip decodes arbitrary files. What compress/gzip accepts must come out the
// same; what only it rejects is padding, or a header text longer than it likes.
func FuzzGzip(f *testing.F) {
	member := gzipped(f, []byte("hello, hello, hello"), 6)
	f.Add(member)
	f.Add(append(bytes.Clone(member), member...))
	f.Add(append(bytes.Clone(member), 0, 0, 0))
	f.Add(append(bytes.Clone(member), "garbage"...))
	f.Add(withHeader(member, flagCRC|flagExtra|flagName|flagComment, "name", "comment"))
	f.Add(withHeader(member, flagName, string(bytes.Repeat([]byte("n"), 511)), ""))
	f.Fuzz(func(t *testing.T, b []byte) {
		want, werr := refGzip(b)
		if len(want) == limit {
			return
		}
		got, err := io.ReadAll(NewGzipReader(bytes.NewReader(b)))
		switch {
		case werr == nil && err != nil:
			t.Fatalf("error %v, the standard library has none", err)
		case werr == nil && !bytes.Equal(got, want):
			t.Fatal("wrong output")
		case errors.Is(werr, gzip.ErrChecksum) && !errors.Is(err, ErrChecksum):
			t.Fatalf("error %v, the standard library's is %v", err, werr)
		case werr != nil && err == nil && !padded(b, got) && len(b) < 512:
			t.Fatalf("no error, the standard library's is %v", werr)
		}
	})
}

// padded reports that b is zeros after a file that the standard library decodes
// to want.
func padded(b, want []byte) bool {
	for bytes.HasSuffix(b, []byte{0}) {
		b = b[:len(b)-1]
		if got, err := refGzip(b); err == nil && bytes.Equal(got, want) {
			return true
		}
	}
	return false
}

// refGzip decodes b with the standard library.
func refGzip(b []byte) ([]byte, error) {
	r, err := gzip.NewReader(bytes.NewReader(b))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(io.LimitReader(r, limit))
}
