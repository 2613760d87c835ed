package dpkg

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/boltseal/boltseal/image"
	"github.com/boltseal/boltseal/scan/scanner"
)

func all(string) bool { return true }

func TestSums(t *testing.T) {
	for path, want := range map[string]bool{
		"var/lib/dpkg/info/libc6:amd64.md5sums": true,
		"var/lib/dpkg/status.d/tzdata.md5sums":  true,
		"var/lib/dpkg/diversions":               true,
		"var/lib/dpkg/info/a.list":              false,
		"opt/a.md5sums":                         false,
	} {
		if got := NewSums(all, 1).Wants(&image.Entry{Path: path}, nil); got != want {
			t.Errorf("Wants(%q) = %v, want %v", path, got, want)
		}
	}
	digest := strings.Repeat("0a", 16)
	text := digest + "  usr/bin/a\n" + strings.ToUpper(digest) + "  ./usr/bin/with blank\nshort  x\n" + digest + "  usr/share/b\n"
	s := NewSums(func(path string) bool { return strings.HasPrefix(path, "usr/bin/") }, 1)
	res, err := s.Scan(t.Context(), file("var/lib/dpkg/info/a.md5sums", []byte(text)))
	if d := cmp.Diff(map[string]string{"usr/bin/a": digest, "usr/bin/with blank": digest}, res.Sums); d != "" || err != nil {
		t.Errorf("sums (-want +got):\n%s%v", d, err)
	}
	res, err = s.Scan(t.Context(), file("var/lib/dpkg/diversions", []byte("/bin/sh\n/bin/sh.distrib\ndash\n/usr/bin/a\n/usr/bin/a.real\n:\n/left\n")))
	want := []scanner.Diversion{{From: "bin/sh", To: "bin/sh.distrib", Package: "dash"}, {From: "usr/bin/a", To: "usr/bin/a.real"}}
	if d := cmp.Diff(want, res.Diversions); d != "" || err != nil {
		t.Errorf("diversions (-want +got):\n%s%v", d, err)
	}
}

func FuzzSums(f *testing.F) {
	f.Add(true, []byte(strings.Repeat("0", 32)+"  a\n"))
	f.Add(false, []byte("/a\n/b\n:\n"))
	s := NewSums(all, 1)
	f.Fuzz(func(t *testing.T, sums bool, data []byte) {
		path := "var/lib/dpkg/diversions"
		if sums {
			path = "var/lib/dpkg/info/a.md5sums"
		}
		res, _ := s.Scan(t.Context(), file(path, data))
		for p, digest := range res.Sums {
			if len(digest) != 32 {
				t.Errorf("sum %q of %q", digest, p)
			}
		}
	})
}
