package verdict

import (
	"strings"
	"testing"
)

func TestExcerpt(t *testing.T) {
	for in, want := range map[string]string{
		"  eval(\n\t$x ); ":      "eval( $x );",
		"a\x00b\xffc":            "a.b.c",
		strings.Repeat("中", 200): strings.Repeat("中", 40) + "…",
		strings.Repeat("x", 120): strings.Repeat("x", 120),
		strings.Repeat("x", 121): strings.Repeat("x", 120) + "…",
		"":                       "",
	} {
		if got := Excerpt([]byte(in)); got != want {
			t.Errorf("Excerpt(%q) = %q, want %q", in, got, want)
		}
	}
}
