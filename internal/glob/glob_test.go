package glob_test

import (
	"path"
	"strings"
	"testing"

	"github.com/boltseal/boltseal/internal/glob"
)

func TestMatch(t *testing.T) {
	for _, c := range []struct {
		pattern, name string
		want          bool
	}{
		{"", "", true},
		{"", "a", false},
		{"usr/lib/*", "usr/lib/x.so", true},
		{"usr/lib/*", "usr/lib/a/x.so", false},
		{"usr/lib/**", "usr/lib/a/x.so", true},
		{"**/x.so", "x.so", true},
		{"**/x.so", "a/b/x.so", true},
		{"**/x.so", "a/bx.so", false},
		{"a/**/b", "a/b", true},
		{"a/**/b", "a/x/y/b", true},
		{"a/**/b", "ab", false},
		{"GPL-?.0*", "GPL-2.0-only", true},
		{"?", "/", false},
		{"secret/*", "secret/aws-access-key", true},
		{"*", "secret/aws-access-key", false},
		{"**", "secret/aws-access-key", true},
		{"[a]", "[a]", true},
	} {
		if got := glob.Match(c.pattern, c.name); got != c.want {
			t.Errorf("Match(%q, %q) = %v", c.pattern, c.name, got)
		}
	}
}

// Where package path knows the same signs, both agree; and a pattern made to
// branch costs no more than another.
func FuzzMatch(f *testing.F) {
	f.Add("a*b?c", "axxbyc")
	f.Add(strings.Repeat("*a", 50), strings.Repeat("a", 200))
	f.Fuzz(func(t *testing.T, pattern, name string) {
		got := glob.Match(pattern, name)
		for _, c := range []byte(pattern + name) {
			if c >= 0x80 {
				return
			}
		}
		if strings.ContainsAny(pattern, `[\`) || strings.Contains(pattern, "**") {
			return
		}
		if want, err := path.Match(pattern, name); err == nil && want != got {
			t.Errorf("Match(%q, %q) = %v, path.Match says %v", pattern, name, got, want)
		}
	})
}
