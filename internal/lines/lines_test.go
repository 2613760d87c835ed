package lines_test

import (
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"

	"github.com/boltseal/boltseal/internal/lines"
)

func all(r *lines.Reader) (out []string) {
	for line, ok := r.Next(); ok; line, ok = r.Next() {
		out = append(out, string(line))
	}
	return out
}

func TestNext(t *testing.T) {
	big := strings.Repeat("x", 100_000)
	for name, tc := range map[string]struct {
		text  string
		limit int
		want  []string
		cut   int
	}{
		"empty":          {"", 10, nil, 0},
		"no newline":     {"a\nb", 10, []string{"a", "b"}, 0},
		"blank and crlf": {"a\r\n\r\n\nb\n", 10, []string{"a", "", "", "b"}, 0},
		"cut":            {"abcdef\ng\n", 3, []string{"abc", "g"}, 1},
		"exact":          {"abc\n", 3, []string{"abc"}, 0},
		"over buffer":    {big + "\nz\n", 1 << 20, []string{big, "z"}, 0},
		"cut big":        {big + "\n" + big, 5, []string{"xxxxx", "xxxxx"}, 2},
	} {
		t.Run(name, func(t *testing.T) {
			for kind, r := range map[string]io.Reader{
				"plain":  strings.NewReader(tc.text),
				"byte":   iotest.OneByteReader(strings.NewReader(tc.text)),
				"dataed": iotest.DataErrReader(strings.NewReader(tc.text)),
			} {
				l := lines.NewReader(r, tc.limit)
				if d := cmp.Diff(tc.want, all(l)); d != "" {
					t.Errorf("%s: lines differ (-want +got):\n%s", kind, d)
				}
				if l.Cut() != tc.cut || l.Err() != nil {
					t.Errorf("%s: Cut %d, Err %v; want %d, nil", kind, l.Cut(), l.Err(), tc.cut)
				}
			}
		})
	}
}

func TestErr(t *testing.T) {
	broken := errors.New("broken")
	l := lines.NewReader(io.MultiReader(strings.NewReader("a\nb"), iotest.ErrReader(broken)), 10)
	if d := cmp.Diff([]string{"a", "b"}, all(l)); d != "" {
		t.Error(d)
	}
	if !errors.Is(l.Err(), broken) {
		t.Errorf("Err = %v, want %v", l.Err(), broken)
	}
}

// endless is one line that never ends within size bytes.
type endless struct{ size int }

func (e *endless) Read(p []byte) (int, error) {
	if e.size <= 0 {
		return 0, io.EOF
	}
	n := min(len(p), e.size)
	for i := range n {
		p[i] = 'x'
	}
	e.size -= n
	return n, nil
}

func TestLongLineCostsNoMemory(t *testing.T) {
	allocated := testing.AllocsPerRun(1, func() {
		l := lines.NewReader(&endless{1 << 28}, 1000)
		if got := all(l); len(got) != 1 || len(got[0]) != 1000 {
			t.Fatalf("got %d lines", len(got))
		}
	})
	if allocated > 50 {
		t.Errorf("%v allocations for one long line", allocated)
	}
}
