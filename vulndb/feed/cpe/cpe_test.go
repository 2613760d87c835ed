package cpe

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestParse(t *testing.T) {
	got, ok := Parse(`cpe:2.3:a:f5:nginx\:plus\.x:1.2:r1:*:*:lts:linux:*:*`)
	want := Name{
		Part: "a", Vendor: "f5", Product: "nginx:plus.x", Version: "1.2", Update: "r1", SWEdition: "lts", TargetSW: "linux",
	}
	if diff := cmp.Diff(want, got); diff != "" || !ok {
		t.Errorf("%v (-want +got):\n%s", ok, diff)
	}
	if !got.OnLinux() || got.Key() != "f5:nginx:plus.x" {
		t.Errorf("on linux %v, key %q", got.OnLinux(), got.Key())
	}
	for _, s := range []string{"", "cpe:/a:x:y", "cpe:2.3:a:b:c", `cpe:2.3:a:::*:*:*:*:*:*:*:*`, `cpe:2.3:a:b:c:*:*:*:*:*:*:*:*:*`} {
		if n, ok := Parse(s); ok {
			t.Errorf("%q is %+v", s, n)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add(`cpe:2.3:a:f5:nginx\:plus:1.2:*:*:*:*:linux:*:*`)
	f.Fuzz(func(t *testing.T, s string) {
		if n, ok := Parse(s); ok && (n.Vendor == "" || n.Product == "") {
			t.Errorf("%q is %+v", s, n)
		}
	})
}
