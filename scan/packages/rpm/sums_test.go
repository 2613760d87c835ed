package rpm

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// sumsOf reads the digests of one header.
func sumsOf(blob []byte) map[string]string {
	var h header
	if h.parse(blob) != nil {
		return nil
	}
	out := map[string]string{}
	_ = h.sums(&budget{longest: 100, paths: 100, bytes: 10_000, room: 10_000}, func(path, digest string) error {
		out[path] = digest
		return nil
	})
	return out
}

// Configuration, ghosts and files that the package exempts are not compared.
func TestSums(t *testing.T) {
	digest := strings.Repeat("ab", 32)
	blob := build(str(tagName, "a"), str(tagVersion, "1"), list(tagDirnames, "/usr/bin/", "/etc/"), list(tagBasenames, "a", "link", "b", "c", "d"),
		ints(tagDirIndexes, 0, 0, 1, 0, 0), list(tagFileDigests, strings.ToUpper(digest), "", digest, digest, digest),
		ints(tagFileFlags, 0, 0, fileConfig, fileGhost, 0), ints(tagVerifyFlags, 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0xfffffffe))
	if d := cmp.Diff(map[string]string{"usr/bin/a": digest}, sumsOf(blob)); d != "" {
		t.Errorf("sums (-want +got):\n%s", d)
	}
}

func FuzzSums(f *testing.F) {
	f.Add(build(str(tagName, "a"), list(tagDirnames, "/"), list(tagBasenames, "a"), ints(tagDirIndexes, 0), list(tagFileDigests, "00"), ints(tagFileFlags, 0)))
	f.Fuzz(func(_ *testing.T, data []byte) { sumsOf(data) })
}
