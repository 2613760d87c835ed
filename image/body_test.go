package image

import (
	"bytes"
	"errors"
	"io"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// pieces returns a next function over copies of ps, each made unreadable after
// the following call, as a decoder's window is.
func pieces(ps [][]byte, end error) func() ([]byte, error) {
	var last []byte
	return func() ([]byte, error) {
		for i := range last {
			last[i] = '#'
		}
		if len(ps) == 0 {
			return nil, end
		}
		last = bytes.Clone(ps[0])
		ps = ps[1:]
		return last, nil
	}
}

func TestBodyHeadThenNext(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ps := rapid.SliceOf(rapid.SliceOfN(rapid.Byte(), 1, 40)).Draw(t, "pieces")
		whole := bytes.Join(ps, nil)
		b := NewBody(pieces(ps, io.EOF))
		done := 0
		for step := 0; done < len(whole) || step < 3; step++ {
			n := rapid.IntRange(0, 100).Draw(t, "head")
			h, err := b.Head(n)
			if err != nil {
				t.Fatal(err)
			}
			if want := whole[done:min(done+n, len(whole))]; !bytes.Equal(h, want) {
				t.Fatalf("head(%d) at %d: got %q, want %q", n, done, h, want)
			}
			p, err := b.Next()
			if err == io.EOF {
				break
			}
			if err != nil || len(p) == 0 {
				t.Fatalf("next: %q, %v", p, err)
			}
			if !bytes.HasPrefix(whole[done:], p) {
				t.Fatalf("next at %d: got %q, want a prefix of %q", done, p, whole[done:])
			}
			done += len(p)
		}
		if done != len(whole) {
			t.Fatalf("got %d of %d bytes", done, len(whole))
		}
	})
}

func TestBodyReadAllAfterHead(t *testing.T) {
	b := NewBody(pieces([][]byte{[]byte("ab"), []byte("cdef"), []byte("g")}, io.EOF))
	if h, err := b.Head(3); err != nil || string(h) != "abc" {
		t.Fatalf("head: %q, %v", h, err)
	}
	got, err := b.ReadAll([]byte("x"))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff("xabcdefg", string(got)); diff != "" {
		t.Error(diff)
	}
}

func TestBodyErrors(t *testing.T) {
	bad := errors.New("bad")
	b := NewBody(pieces([][]byte{[]byte("ab")}, bad))
	if h, err := b.Head(3); err != bad || string(h) != "ab" {
		t.Fatalf("head: %q, %v", h, err)
	}
	got, err := b.ReadAll(nil)
	if err != bad || string(got) != "ab" {
		t.Fatalf("read all: %q, %v", got, err)
	}
	var none *Body
	if h, err := none.Head(3); err != nil || len(h) != 0 {
		t.Fatalf("head of no body: %q, %v", h, err)
	}
	if _, err := none.Next(); err != io.EOF {
		t.Fatalf("next of no body: %v", err)
	}
}
