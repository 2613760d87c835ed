package zip_test

import (
	stdzip "archive/zip"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/boltseal/boltseal/image"
	"github.com/boltseal/boltseal/scan/packages/zip"
)

// build makes an archive with the standard library; names that end in ".raw"
// are stored, the others deflated.
func build(t testing.TB, files ...string) []byte {
	t.Helper()
	var buf bytes.Buffer
	w := stdzip.NewWriter(&buf)
	for i := 0; i+1 < len(files); i += 2 {
		method := stdzip.Deflate
		if strings.HasSuffix(files[i], ".raw") {
			method = stdzip.Store
		}
		f, err := w.CreateHeader(&stdzip.FileHeader{Name: files[i], Method: method})
		if err != nil {
			t.Fatal(err)
		}
		io.WriteString(f, files[i+1])
	}
	if err := w.SetComment("comment"); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

// contents reads every entry, as "name=content" or "name: error".
func contents(data []byte, limit int) (out []string, err error) {
	a, err := zip.Open(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, err
	}
	_, err = a.Walk(limit, func(e *zip.Entry) error {
		var b strings.Builder
		if err := a.Read(e, &b); err != nil {
			out = append(out, string(e.Name)+": "+err.Error())
			return nil
		}
		out = append(out, string(e.Name)+"="+b.String())
		return nil
	})
	return out, err
}

func TestRead(t *testing.T) {
	long := strings.Repeat("long ", 100_000)
	data := build(t, "a", "hello", "dir/b.raw", "stored", "empty", "", "long", long)
	want := []string{"a=hello", "dir/b.raw=stored", "empty=", "long=" + long}
	for name, bytes := range map[string][]byte{
		"plain":    data,
		"prefixed": append([]byte("#!/bin/sh\nexec java -jar $0\n"), data...),
	} {
		got, err := contents(bytes, 100)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("%s: entries differ (-want +got):\n%s", name, d)
		}
	}
}

func TestHead(t *testing.T) {
	data := build(t, "a", "hello world")
	a, err := zip.Open(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	_, err = a.Walk(1, func(e *zip.Entry) error {
		for _, size := range []int{0, 5, 11, 100} {
			p := make([]byte, size)
			n, err := a.Head(e, p)
			if want := "hello world"[:min(size, 11)]; err != nil || string(p[:n]) != want {
				t.Errorf("Head of %d bytes = %q, %v; want %q", size, p[:n], err, want)
			}
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

// TestZip64 reads an archive with more entries than the classic end record can
// count.
func TestZip64(t *testing.T) {
	const n = 66_000
	var buf bytes.Buffer
	w := stdzip.NewWriter(&buf)
	for i := range n {
		if _, err := w.CreateHeader(&stdzip.FileHeader{Name: fmt.Sprint(i)}); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	got, err := contents(buf.Bytes(), n)
	if err != nil || len(got) != n || got[n-1] != fmt.Sprintf("%d=", n-1) {
		t.Errorf("got %d entries, %v; want %d", len(got), err, n)
	}
	if _, err := contents(buf.Bytes(), n-1); !errors.Is(err, image.ErrLimit) {
		t.Errorf("one entry too many: got %v, want ErrLimit", err)
	}
}

// edit returns a copy of data in which the little-endian value at offset off of
// the n-th record with this signature is replaced.
func edit(t *testing.T, data []byte, signature string, n, off int, value uint32) []byte {
	t.Helper()
	out := bytes.Clone(data)
	at := -1
	for range n + 1 {
		i := bytes.Index(out[at+1:], []byte(signature))
		if i < 0 {
			t.Fatalf("no record %q", signature)
		}
		at += 1 + i
	}
	binary.LittleEndian.PutUint32(out[at+off:], value)
	return out
}

func TestHostile(t *testing.T) {
	const entry, end = "PK\x01\x02", "PK\x05\x06"
	data := build(t, "a", strings.Repeat("a", 10_000), "b.raw", strings.Repeat("b", 10_000))
	for name, tc := range map[string]struct {
		data []byte
		want string // in the error of the archive or of an entry
	}{
		"empty":                {nil, "no end of central directory"},
		"no zip":               {[]byte(strings.Repeat("x", 100_000)), "no end of central directory"},
		"truncated":            {data[:len(data)/2], "no end of central directory"},
		"directory outside":    {edit(t, data, end, 0, 16, 1<<30), "outside the file"},
		"directory size":       {edit(t, data, end, 0, 12, 46), "ends within a name"},
		"directory elsewhere":  {edit(t, edit(t, data, end, 0, 12, 46), end, 0, 16, 8), "no directory where"},
		"count":                {edit(t, data, end, 0, 8, 3<<16|3), "3 were promised"},
		"size too small":       {edit(t, data, entry, 0, 24, 9_999), "does not have the 9999 bytes"},
		"size too large":       {edit(t, data, entry, 0, 24, 10_001), "does not have the 10001 bytes"},
		"compressed too large": {edit(t, data, entry, 1, 20, 1<<30), "beyond the end"},
		"local header":         {edit(t, data, entry, 1, 42, 12), "no local header"},
		"encrypted":            {edit(t, data, entry, 0, 8, 8<<16|1), "encrypted"},
		"method":               {edit(t, data, entry, 0, 10, 12), "method 12"},
		"not deflated":         {edit(t, data, entry, 1, 10, 8), "content"},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := contents(tc.data, 100)
			all := fmt.Sprint(strings.Join(got, "\n"), err)
			if !strings.Contains(all, tc.want) {
				t.Errorf("got %.300s; want %q", all, tc.want)
			}
			if err != nil && !errors.Is(err, image.ErrCorrupt) {
				t.Errorf("got %v, want ErrCorrupt", err)
			}
		})
	}
}

// TestOverlap lets every entry point at the same large content.
func TestOverlap(t *testing.T) {
	data := build(t, "a.raw", strings.Repeat("a", 10_000), "b.raw", "", "c.raw", "", "d.raw", "")
	for n := 1; n < 4; n++ {
		data = edit(t, data, "PK\x01\x02", n, 20, 10_000) // compressed size
		data = edit(t, data, "PK\x01\x02", n, 24, 10_000) // size
		data = edit(t, data, "PK\x01\x02", n, 42, 0)      // local header
	}
	got, err := contents(data, 100)
	if err != nil || len(got) != 4 || !strings.Contains(got[2], "overlap") || !strings.Contains(got[3], "overlap") {
		t.Errorf("got %.300s, %v; want an error for the third and fourth entry", got, err)
	}
}

func FuzzArchive(f *testing.F) {
	f.Add(build(f, "a", "hello", "b.raw", "stored"))
	f.Add(append([]byte("#!/bin/sh\n"), build(f, "x", strings.Repeat("y", 1000))...))
	f.Fuzz(func(t *testing.T, data []byte) {
		a, err := zip.Open(bytes.NewReader(data), int64(len(data)))
		if err != nil {
			return
		}
		var total int64
		a.Walk(1000, func(e *zip.Entry) error {
			if e.Size < 0 || e.CompressedSize < 0 {
				t.Fatalf("negative size in %+v", e)
			}
			r, err := a.Data(e)
			if err != nil {
				return nil
			}
			total += r.Size()
			a.Head(e, make([]byte, 100))
			return nil
		})
		if total/2 > int64(len(data)) {
			t.Fatalf("%d bytes handed out of %d", total, len(data))
		}
	})
}

func BenchmarkWalk(b *testing.B) {
	var files []string
	for i := range 5000 {
		files = append(files, fmt.Sprintf("org/example/some/packages/Class%d.class", i), "x")
	}
	data := build(b, files...)
	b.ReportAllocs()
	for b.Loop() {
		a, err := zip.Open(bytes.NewReader(data), int64(len(data)))
		if err != nil {
			b.Fatal(err)
		}
		if n, err := a.Walk(1<<20, func(*zip.Entry) error { return nil }); n != 5000 || err != nil {
			b.Fatal(n, err)
		}
	}
}

func BenchmarkStandardLibrary(b *testing.B) {
	var files []string
	for i := range 5000 {
		files = append(files, fmt.Sprintf("org/example/some/packages/Class%d.class", i), "x")
	}
	data := build(b, files...)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := stdzip.NewReader(bytes.NewReader(data), int64(len(data))); err != nil {
			b.Fatal(err)
		}
	}
}
