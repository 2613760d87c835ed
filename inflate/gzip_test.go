package inflate

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"strings"
	"testing"
	"testing/iotest"
)

// gzipped compresses b into one member.
func gzipped(t testing.TB, b []byte, level int) []byte {
	t.Helper()
	var w bytes.Buffer
	z, err := gzip.NewWriterLevel(&w, level)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := z.Write(b); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return w.Bytes()
}

// manyMembers returns the samples as one file, with all kinds of headers.
func manyMembers(t *testing.T) (file, want []byte) {
	t.Helper()
	var w bytes.Buffer
	for i, s := range samples() {
		if i%3 == 0 {
			w.Write(withHeader(gzipped(t, s, 6), flagCRC|flagExtra|flagName|flagComment, "name", "comment"))
		} else {
			w.Write(gzipped(t, s, i%10))
		}
		want = append(want, s...)
	}
	return w.Bytes(), want
}

// withHeader replaces the plain header of a member by one with all the optional
// fields of flags.
func withHeader(member []byte, flags byte, name, comment string) []byte {
	h := bytes.Clone(member[:10])
	h[3] = flags
	if flags&flagExtra != 0 {
		h = append(h, 200, 0)
		h = append(h, make([]byte, 200)...)
	}
	if flags&flagName != 0 {
		h = append(append(h, name...), 0)
	}
	if flags&flagComment != 0 {
		h = append(append(h, comment...), 0)
	}
	if flags&flagCRC != 0 {
		c := crc32.ChecksumIEEE(h)
		h = append(h, byte(c), byte(c>>8))
	}
	return append(h, member[10:]...)
}

func TestGzip(t *testing.T) {
	file, want := manyMembers(t)
	for name, r := range map[string]io.Reader{
		"whole":         bytes.NewReader(file),
		"half reads":    iotest.HalfReader(bytes.NewReader(file)),
		"one byte":      iotest.OneByteReader(bytes.NewReader(file)),
		"data with EOF": iotest.DataErrReader(bytes.NewReader(file)),
	} {
		got, err := io.ReadAll(NewGzipReader(r))
		if err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s: wrong output, or error %v", name, err)
		}
	}
}

func TestGzipErrors(t *testing.T) {
	member := gzipped(t, []byte("hello, hello, hello"), 6)
	change := func(i int, v byte) []byte {
		b := bytes.Clone(member)
		b[(i+len(b))%len(b)] = v
		return b
	}
	then := func(s string) []byte { return append(bytes.Clone(member), s...) }
	const whole = "hello, hello, hello"
	for _, c := range []struct {
		name string
		file []byte
		out  string
		want error
	}{
		{"whole", member, whole, nil},
		{"empty", nil, "", io.ErrUnexpectedEOF},
		{"two", then(string(member)), whole + whole, nil},
		{"zero padding", then(strings.Repeat("\x00", 100000)), whole, nil},
		{"one zero", then("\x00"), whole, nil},
		{"garbage", then("garbage"), whole, ErrTrailing},
		{"one byte of garbage", then("\x1f"), whole, ErrTrailing},
		{"member after padding", then("\x00" + string(member)), whole, ErrTrailing},
		{"half a header", then("\x1f\x8b\x08"), whole, io.ErrUnexpectedEOF},
		{"other method", then("\x1f\x8b\x07abcdefghijk"), whole, ErrHeader},
		{"zeros first", append([]byte{0}, member...), "", ErrHeader},
		{"magic", change(0, 0x1e), "", ErrHeader},
		{"method", change(2, 7), "", ErrHeader},
		{"reserved flags", change(3, 0xe0), whole, nil},
		{"data", change(12, 0xff), "", ErrCorrupt},
		{"checksum", change(-8, member[len(member)-8]+1), whole, ErrChecksum},
		{"length", change(-1, 1), whole, ErrChecksum},
		{"no trailer", member[:len(member)-8], whole, io.ErrUnexpectedEOF},
		{"half a trailer", member[:len(member)-3], whole, io.ErrUnexpectedEOF},
		{"long name", withHeader(member, flagName, strings.Repeat("n", maxHeaderText-1), ""), whole, nil},
		{"too long name", withHeader(member, flagName, strings.Repeat("n", maxHeaderText), ""), "", ErrHeader},
		{"too long comment", withHeader(member, flagName|flagComment, "n", strings.Repeat("n", maxHeaderText)), "", ErrHeader},
		{"no end of name", withHeader(member, flagName, "n", "")[:11], "", io.ErrUnexpectedEOF},
		{"header checksum", append([]byte{0x1f, 0x8b, 8, flagCRC, 0, 0, 0, 0, 0, 0, 1, 2}, member[10:]...), "", ErrHeader},
	} {
		for _, one := range []bool{false, true} {
			var r io.Reader = bytes.NewReader(c.file)
			if one {
				r = iotest.OneByteReader(r)
			}
			got, err := io.ReadAll(NewGzipReader(r))
			if !errors.Is(err, c.want) {
				t.Errorf("%s: error %v, want %v", c.name, err, c.want)
			}
			if c.want != ErrCorrupt && string(got) != c.out {
				t.Errorf("%s: got %q, want %q", c.name, got, c.out)
			}
		}
	}
}

func TestErrorOffset(t *testing.T) {
	b := gzipped(t, bytes.Repeat([]byte("0123456789"), 10000), 0)
	b[len(b)-8]++
	b = append(gzipped(t, nil, 6), b...)
	_, err := io.ReadAll(NewGzipReader(bytes.NewReader(b)))
	var e *Error
	if !errors.As(err, &e) || e.Offset != int64(len(b)) {
		t.Fatalf("error %#v, want the offset %d", err, len(b))
	}
	want := fmt.Sprintf("inflate input at byte %d: gzip checksum or length mismatch", len(b))
	if err.Error() != want {
		t.Errorf("error %q, want %q", err, want)
	}
}

func TestSourceErrors(t *testing.T) {
	member := gzipped(t, samples()[60], 6)
	broken := errors.New("broken pipe")
	for n := range 30 {
		r := io.MultiReader(bytes.NewReader(member[:n]), iotest.ErrReader(broken))
		if _, err := io.ReadAll(NewGzipReader(r)); !errors.Is(err, broken) {
			t.Errorf("after %d bytes: error %v, want %v", n, err, broken)
		}
	}
	if _, err := NewGzipReader(stuck{}).Next(); !errors.Is(err, io.ErrNoProgress) {
		t.Errorf("error %v, want %v", err, io.ErrNoProgress)
	}
	if _, err := NewGzipReader(liar{}).Next(); !errors.Is(err, errSource) {
		t.Errorf("error %v, want %v", err, errSource)
	}
}

type stuck struct{}

func (stuck) Read([]byte) (int, error) { return 0, nil }

type liar struct{}

func (liar) Read(p []byte) (int, error) { return len(p) + 1, nil }

// TestNextAfterRead mixes the ways to get output.
func TestNextAfterRead(t *testing.T) {
	want := bytes.Repeat([]byte("0123456789abcdef"), 40000)
	g := NewGzipReader(bytes.NewReader(gzipped(t, want, 6)))
	var got []byte
	for i := 0; ; i++ {
		var p []byte
		var err error
		if i%3 == 0 {
			p, err = g.Next()
		} else {
			p = make([]byte, 1000*i)
			var n int
			n, err = g.Read(p)
			p = p[:n]
		}
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, p...)
	}
	if !bytes.Equal(got, want) {
		t.Error("wrong output")
	}
}
