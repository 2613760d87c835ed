package inflate

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"sync"
	"testing"
)

// zipped returns the samples as a zip archive.
func zipped(t *testing.T) []byte {
	t.Helper()
	var w bytes.Buffer
	z := zip.NewWriter(&w)
	for i, s := range samples() {
		f, err := z.Create(fmt.Sprint(i))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.Write(s); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return w.Bytes()
}

func TestPool(t *testing.T) {
	b, want := zipped(t), samples()
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	var pool Pool
	z.RegisterDecompressor(zip.Deflate, pool.NewReadCloser)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for i, f := range z.File {
				r, err := f.Open()
				if err != nil {
					t.Error(err)
					return
				}
				got, err := io.ReadAll(r)
				if err != nil || !bytes.Equal(got, want[i]) {
					t.Errorf("file %d: wrong output, or error %v", i, err)
				}
				if err := r.Close(); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
}

func TestPoolAfterClose(t *testing.T) {
	var pool Pool
	r := pool.NewReadCloser(bytes.NewReader(deflate([]byte("text"), 6)))
	for range 2 {
		if err := r.Close(); err != nil {
			t.Fatal(err)
		}
	}
	other := pool.NewReadCloser(bytes.NewReader(deflate([]byte("other"), 6)))
	if _, err := r.Read(make([]byte, 5)); !errors.Is(err, ErrClosed) {
		t.Errorf("error %v, want %v", err, ErrClosed)
	}
	if got, err := io.ReadAll(other); err != nil || string(got) != "other" {
		t.Errorf("got %q, %v", got, err)
	}
}
