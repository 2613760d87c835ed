package manifest

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/boltseal/boltseal/image"
)

func TestValue(t *testing.T) {
	docs, err := Documents([]byte("a: &x\n  b: [1, yes, 2.5, ~]\nc:\n  <<: *x\n  d: |\n    text\n---\n---\n- e\n"))
	if err != nil || len(docs) != 3 {
		t.Fatal(docs, err)
	}
	lines := func(from, to int) map[string]any {
		return map[string]any{"startline": from, "endline": to, "filepath": "f", "offset": 0}
	}
	list := []any{int64(1), "yes", 2.5, nil}
	want := map[string]any{
		"a": map[string]any{"b": list, Metadata: lines(1, 2)},
		"c": map[string]any{"b": list, "d": "text\n", Metadata: lines(3, 5)}, Metadata: lines(1, 5),
	}
	got, err := Value(docs[0], "f")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestLimits(t *testing.T) {
	bomb := "a: &a [x, x, x, x, x, x, x, x, x, x]\n"
	for i := range 8 {
		ref := "*" + string(rune('a'+i))
		bomb += string(rune('b'+i)) + ": &" + string(rune('b'+i)) + " [" + strings.Repeat(ref+", ", 9) + ref + "]\n"
	}
	for name, text := range map[string]string{"aliases": bomb, "depth": strings.Repeat("[", 1000) + strings.Repeat("]", 1000)} {
		docs, err := Documents([]byte(text))
		if err != nil {
			t.Fatal(name, err)
		}
		if _, err := Value(docs[0], "f"); !errors.Is(err, image.ErrLimit) {
			t.Errorf("%s: error is %v", name, err)
		}
	}
}

func FuzzValue(f *testing.F) {
	f.Add("a: &a {b: *a}")
	f.Add("? [a]\n: b\n<<: [x]\n---\n!!binary x")
	f.Fuzz(func(t *testing.T, text string) {
		docs, _ := Documents([]byte(text))
		for _, d := range docs {
			if v, err := Value(d, "f"); err == nil {
				Translate(v, []int{1, 2, 3})
			}
		}
	})
}
