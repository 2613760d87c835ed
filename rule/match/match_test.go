package match

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

type occurrence struct{ ID, Start int }

// found lists what a Set reports, in order.
func found(t testing.TB, ls []Literal, data []byte) []occurrence {
	t.Helper()
	s, err := Compile(ls)
	if err != nil {
		t.Fatal(err)
	}
	var out []occurrence
	s.Scan(data, func(id, start int) bool {
		out = append(out, occurrence{id, start})
		return true
	})
	sortOccurrences(out)
	return out
}

// expected lists the same by bytes.Index, one literal at a time.
func expected(ls []Literal, data []byte) []occurrence {
	var out []occurrence
	for id, l := range ls {
		d, text := lowerIf(l.Fold, data), lowerIf(l.Fold, l.Text)
		for at := 0; ; at++ {
			i := bytes.Index(d[at:], text)
			if i < 0 {
				break
			}
			at += i
			out = append(out, occurrence{id, at})
		}
	}
	sortOccurrences(out)
	return out
}

func sortOccurrences(o []occurrence) {
	slices.SortFunc(o, func(a, b occurrence) int {
		if a.ID != b.ID {
			return a.ID - b.ID
		}
		return a.Start - b.Start
	})
}

func lits(texts ...string) []Literal {
	var ls []Literal
	for _, t := range texts {
		text, fold := bytes.CutSuffix([]byte(t), []byte("~"))
		ls = append(ls, Literal{Text: text, Fold: fold})
	}
	return ls
}

func TestScan(t *testing.T) {
	for _, c := range []struct {
		name string
		ls   []Literal
		data string
	}{
		{"nothing", nil, "text"},
		{"empty text", lits("abcd"), ""},
		{"four bytes", lits("abcd"), "abcdabcd.abcd"},
		{"fold", lits("aBcD~", "aBcD"), "abcd ABCD aBcD"},
		{"fold leaves other bytes alone", lits("a@`[{~"), "A@`[{ A``[{ a@@[{"},
		{"equal literals", lits("same", "same", "SAME~"), "same"},
		{"overlapping", lits("aaaa", "aaa", "aa", "a"), "aaaaaaa"},
		{"short alone", lits("ab"), "ababab"},
		{"short with long", lits("ab", "abc", "abcdefgh"), "xabcdefghab"},
		{"one byte", lits("\x00", "word"), "a\x00word\x00"},
		{"zeros are not beyond the end", lits("a\x00\x00\x00", "a\x00", "a\x00\x00"), "xa\x00"},
		{"long only", lits("long literal", "another one"), "..long literal.another onelong literal"},
		{"prefix and suffix", lits("prefix", "fix", "prefixed", "re"), "prefixed"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if d := cmp.Diff(expected(c.ls, []byte(c.data)), found(t, c.ls, []byte(c.data))); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestScanStops(t *testing.T) {
	for _, text := range []string{"a", "ab", "abc", "abcd", "abcdabcd"} {
		s, err := Compile(lits(text))
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		s.Scan(bytes.Repeat([]byte("abcd"), 100), func(int, int) bool { n++; return n < 3 })
		if n != 3 {
			t.Errorf("%q: %d calls after being told to stop at 3", text, n)
		}
	}
}

func TestCompileRejectsEmpty(t *testing.T) {
	if _, err := Compile(lits("a", "")); err == nil {
		t.Error("no error")
	}
}

// TestScanAgrees compares with bytes.Index on literals cut from the text itself,
// over alphabets that make every kind of overlap.
func TestScanAgrees(t *testing.T) {
	for seed := range uint64(300) {
		r := rand.New(rand.NewPCG(seed, 0))
		ls, data := random(r)
		if d := cmp.Diff(expected(ls, data), found(t, ls, data)); d != "" {
			t.Fatalf("seed %d: %s", seed, d)
		}
	}
}

func random(r *rand.Rand) ([]Literal, []byte) {
	alphabet := []string{"ab", "abAB \x00", "abcdefgh\x00\xff@`[{", ""}[r.IntN(4)]
	data := make([]byte, r.IntN(2000))
	for i := range data {
		if alphabet == "" {
			data[i] = byte(r.Uint32())
			continue
		}
		data[i] = alphabet[r.IntN(len(alphabet))]
	}
	shortest := 1 + r.IntN(9)
	var ls []Literal
	for range r.IntN(60) {
		n := shortest + r.IntN(12)
		if len(data) < n {
			continue
		}
		at := r.IntN(len(data) - n + 1)
		text := slices.Clone(data[at : at+n])
		if r.IntN(3) == 0 {
			text[r.IntN(n)] ^= 0x20
		}
		ls = append(ls, Literal{Text: text, Fold: r.IntN(2) == 0})
	}
	return ls, data
}

func TestScanAllocatesNothing(t *testing.T) {
	s, err := Compile(lits("ab", "abc", "abcd", "abcdefgh", "x"))
	if err != nil {
		t.Fatal(err)
	}
	data := bytes.Repeat([]byte("abcdefghx"), 100)
	n := 0
	if a := testing.AllocsPerRun(10, func() { s.Scan(data, func(int, int) bool { n++; return true }) }); a != 0 {
		t.Errorf("%v allocations", a)
	}
}

func FuzzScan(f *testing.F) {
	f.Add([]byte("\x04abcd\x82ab\x03abc"), []byte("abcdABcd"))
	f.Fuzz(func(t *testing.T, spec, data []byte) {
		var ls []Literal
		for len(spec) > 1 && len(ls) < 200 {
			n := min(1+int(spec[0]&0x1f), len(spec)-1)
			ls = append(ls, Literal{Text: spec[1 : 1+n], Fold: spec[0]&0x80 != 0})
			spec = spec[1+n:]
		}
		if len(data) > 1<<14 {
			return
		}
		if d := cmp.Diff(expected(ls, data), found(t, ls, data)); d != "" {
			t.Fatal(d)
		}
	})
}

func ExampleSet_Scan() {
	s, _ := Compile([]Literal{{Text: []byte("needle")}, {Text: []byte("HAY"), Fold: true}})
	s.Scan([]byte("hay needle Hay"), func(id, start int) bool {
		fmt.Println(id, start)
		return true
	})
	// Unordered output:
	// 1 0
	// 0 4
	// 1 11
}
