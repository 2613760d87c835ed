package emergency

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/boltseal/boltseal/finding"
	"github.com/boltseal/boltseal/inventory"
	"github.com/boltseal/boltseal/match"
)

func TestEmbeddedAdvisoriesAreEnough(t *testing.T) {
	a, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	if a.Len() < 150 {
		t.Errorf("%d advisories, at least 150 wanted", a.Len())
	}
	for key := range a.affected {
		namespace, pkg, _ := strings.Cut(key, " ")
		if _, err := a.Advisories(namespace, pkg, nil); err != nil {
			t.Error(err)
		}
	}
}

// TestKnownVersions checks famous vulnerabilities on both sides of their fixes.
func TestKnownVersions(t *testing.T) {
	a, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	debian := &inventory.OS{ID: "debian", VersionID: "12"}
	tests := []struct {
		pkg  inventory.Package
		id   string
		want bool
	}{
		{inventory.Package{Type: "maven", Name: "org.apache.logging.log4j:log4j-core", Version: "2.14.1"}, "CVE-2021-44228", true},
		{inventory.Package{Type: "maven", Name: "org.apache.logging.log4j:log4j-core", Version: "2.17.1"}, "CVE-2021-44228", false},
		{inventory.Package{Type: "maven", Name: "org.apache.logging.log4j:log4j-core", Version: "2.12.2"}, "CVE-2021-44228", false},
		{inventory.Package{Type: "golang", Name: "github.com/opencontainers/runc", Version: "v1.1.11"}, "CVE-2024-21626", true},
		{inventory.Package{Type: "golang", Name: "github.com/opencontainers/runc", Version: "v1.1.12"}, "CVE-2024-21626", false},
		{inventory.Package{Type: "npm", Name: "next", Version: "14.1.0"}, "CVE-2025-29927", true},
		{inventory.Package{Type: "npm", Name: "next", Version: "14.2.25"}, "CVE-2025-29927", false},
		{inventory.Package{Type: "deb", Name: "libc6", Version: "2.36-9", Source: inventory.Source{Name: "glibc"}}, "CVE-2023-4911", true},
		{inventory.Package{Type: "deb", Name: "libc6", Version: "2.36-9+deb12u9", Source: inventory.Source{Name: "glibc"}}, "CVE-2023-4911", false},
		{inventory.Package{Type: "generic", Name: "nginx", CPE: "nginx:nginx", Version: "1.18.0"}, "CVE-2021-23017", true},
		{inventory.Package{Type: "generic", Name: "nginx", CPE: "nginx:nginx", Version: "1.25.4"}, "CVE-2021-23017", false},
		{inventory.Package{Type: "generic", Name: "openssl", CPE: "openssl:openssl", Version: "1.0.1f"}, "CVE-2014-0160", true},
		{inventory.Package{Type: "generic", Name: "openssl", CPE: "openssl:openssl", Version: "1.0.1g"}, "CVE-2014-0160", false},
	}
	for _, test := range tests {
		inv := &inventory.Inventory{OS: debian, Packages: []inventory.Package{test.pkg}}
		res, err := match.Match(t.Context(), inv, a)
		if err != nil {
			t.Fatal(err)
		}
		found := false
		for _, f := range res.Findings {
			found = found || f.Vulnerability.ID == test.id
		}
		if found != test.want {
			t.Errorf("%s in %s %s: found %v, want %v", test.id, test.pkg.Name, test.pkg.Version, found, test.want)
		}
	}
}

func TestLoadNamesTheMistake(t *testing.T) {
	for text, want := range map[string]string{
		"nonsense":                                    "mine.txt:1",
		"CVE-2026-1 bad":                              "parse severity",
		"\tnpm x <1":                                  "without an advisory",
		"CVE-2026-1 high\n":                           "no title",
		"CVE-2026-1 high\n\tx\n":                      "affects nothing",
		"CVE-2026-1 high\n\tx\n\tnpm x":               "want NAMESPACE",
		"CVE-2026-1 high\n\tx\n\tdebian:12 x >1":      "mine.txt:3: constraint",
		"CVE-2026-1 high kev=soon\n\tx\n\tnpm x <1":   "YYYY-MM-DD",
		"CVE-2026-1 high because\n\tx\n\tnpm x <1":    "unknown word",
		"CVE-2026-1 high ransomware\n\tx\n\tnpm x <1": "only behind kev=",
	} {
		path := filepath.Join(t.TempDir(), "mine.txt")
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		_, err := Load(path)
		if err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "mine.txt") {
			t.Errorf("%q: error %v, want one that names the file and says %q", text, err, want)
		}
	}
}

func BenchmarkLoad(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Load(); err != nil {
			b.Fatal(err)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add("CVE-2026-1 high kev=2026-01-01 ransomware alias=GHSA-x cvss=9.1\n\ttitle\n\tnpm x >=1 <2 || >=3 <4\n\tsee https://example.com\n")
	f.Fuzz(func(t *testing.T, text string) {
		a := &Advisories{affected: map[string][]statement{}, vulnerabilities: map[string]*finding.Vulnerability{}}
		if a.parse(text, "fuzz", true) != nil {
			return
		}
		for key := range a.affected {
			namespace, pkg, _ := strings.Cut(key, " ")
			if _, err := a.Advisories(namespace, pkg, nil); err != nil {
				t.Error(err)
			}
		}
	})
}
