package suppress

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/boltseal/boltseal/finding"
	"github.com/boltseal/boltseal/inventory"
)

// findingOf is a finding about a vulnerability of a package.
func findingOf(id, purl, path string) finding.Finding {
	return finding.Finding{
		ID: "f-" + id, Vulnerability: &finding.Vulnerability{ID: id, Aliases: []string{"GHSA-of-" + id}},
		Package: &inventory.Package{Name: "openssl", PURL: purl}, Location: inventory.Location{Path: path},
	}
}

func TestReadIgnore(t *testing.T) {
	rules, err := ReadIgnore(strings.NewReader("# why\n\nCVE-1 package=openssl path=usr/lib/* until=2026-12-31 -- reviewed -- twice\nGHSA-2 -- x\n"), "f")
	if err != nil {
		t.Fatal(err)
	}
	want := Rules{
		{IDs: []string{"CVE-1"}, Package: "openssl", Path: "usr/lib/*", By: "ignore", Reason: "reviewed -- twice", Source: "f:3",
			Expires: time.Date(2026, 12, 31, 23, 59, 59, 0, time.UTC)},
		{IDs: []string{"GHSA-2"}, By: "ignore", Reason: "x", Source: "f:4"},
	}
	if diff := cmp.Diff(want, rules); diff != "" {
		t.Error(diff)
	}
	for text, want := range map[string]string{
		"CVE-1":                     "line 1: no reason",
		"CVE-1 -- ":                 "no reason",
		" -- because":               "no reason",
		"CVE-1 until=tomorrow -- x": "want YYYY-MM-DD",
		"CVE-1 colour=red -- x":     "unknown key",
		"CVE-1 package -- x":        "want key=value",
		"** -- x":                   "would ignore everything",
		"CVE-1 path=" + strings.Repeat("a*", 600) + " -- x": "longer than 1024 bytes",
		"\n\n" + strings.Repeat("x", 70000):                 "line 3: ",
	} {
		if _, err := ReadIgnore(strings.NewReader(text), "f"); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.40q: error %v, want %q", text, err, want)
		}
	}
}

func TestRulesApply(t *testing.T) {
	now := time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)
	f := findingOf("CVE-1", "pkg:deb/debian/openssl@3.0.9-1?arch=amd64&distro=debian-12", "usr/lib/x")
	tests := []struct {
		name string
		rule Rule
		want bool
	}{
		{"id", Rule{IDs: []string{"cve-1"}}, true},
		{"alias", Rule{IDs: []string{"GHSA-of-CVE-1"}}, true},
		{"finding", Rule{IDs: []string{"f-CVE-1"}}, true},
		{"other id", Rule{IDs: []string{"CVE-2"}}, false},
		{"package", Rule{IDs: []string{"CVE-1"}, Package: "openssl"}, true},
		{"other package", Rule{IDs: []string{"CVE-1"}, Package: "curl"}, false},
		{"path", Rule{IDs: []string{"CVE-1"}, Path: "usr/lib/*"}, true},
		{"other path", Rule{IDs: []string{"CVE-1"}, Path: "opt/*"}, false},
		{"purl", Rule{IDs: []string{"CVE-1"}, PURLs: []string{"pkg:deb/debian/openssl"}}, true},
		{"purl with version", Rule{IDs: []string{"CVE-1"}, PURLs: []string{"pkg:deb/debian/openssl@3.0.9-1"}}, true},
		{"purl with other version", Rule{IDs: []string{"CVE-1"}, PURLs: []string{"pkg:deb/debian/openssl@3.0.8"}}, false},
		{"purl with qualifier", Rule{IDs: []string{"CVE-1"}, PURLs: []string{"pkg:deb/debian/openssl?arch=amd64"}}, true},
		{"purl with other qualifier", Rule{IDs: []string{"CVE-1"}, PURLs: []string{"pkg:deb/debian/openssl?arch=arm64"}}, false},
		{"expired", Rule{IDs: []string{"CVE-1"}, Expires: now.Add(-time.Hour)}, false},
		{"not yet expired", Rule{IDs: []string{"CVE-1"}, Expires: now.Add(time.Hour)}, true},
	}
	for _, test := range tests {
		fs := []finding.Finding{f}
		expired := Rules{test.rule}.Apply(fs, &inventory.Inventory{}, now)
		if (fs[0].Suppressed != nil) != test.want {
			t.Errorf("%s: suppressed %v, want %v", test.name, fs[0].Suppressed, test.want)
		}
		if (len(expired) > 0) != (test.name == "expired") {
			t.Errorf("%s: %d rules reported as expired", test.name, len(expired))
		}
	}
}

func TestMatchPURL(t *testing.T) {
	for _, c := range []struct {
		pattern, purl string
		want          bool
	}{
		{"pkg:npm/%40babel/core", "pkg:npm/%40babel/core@7.0.0", true},
		{"pkg:npm/@babel/core@7.0.0", "pkg:npm/%40babel/core@7.0.0", true},
		{"pkg:npm/%40babel/traverse", "pkg:npm/%40babel/core@7.0.0", false},
		{"pkg:deb/debian/x@1%3A2", "pkg:deb/debian/x@1:2", true},
		{"pkg:golang/github.com/a/b#sub", "pkg:golang/github.com/a/b@v1", true},
		{"pkg:*", "pkg:npm/x@1", true},
	} {
		if got := MatchPURL(c.pattern, c.purl); got != c.want {
			t.Errorf("%s meets %s: %v, want %v", c.pattern, c.purl, got, c.want)
		}
	}
}

const openVEX020 = `{"@context": "https://openvex.dev/ns/v0.2.0", "statements": [
 {"vulnerability": {"name": "CVE-1", "aliases": ["GHSA-1"]}, "status": "not_affected", "justification": "vulnerable_code_not_present", "products": [{"@id": "pkg:deb/debian/openssl"}]},
 {"vulnerability": {"name": "CVE-2"}, "status": "affected", "products": [{"@id": "pkg:deb/debian/openssl"}]},
 {"vulnerability": {"name": "CVE-3"}, "status": "fixed", "products": [{"@id": "pkg:oci/app@sha256%3Aab?repository_url=x", "subcomponents": [{"@id": "pkg:npm/x"}]}]},
 {"vulnerability": {"name": "CVE-4"}, "status": "not_affected", "impact_statement": "no", "products": [{"@id": "pkg:oci/other", "subcomponents": [{"@id": "pkg:npm/x"}]}]}]}`

func TestOpenVEX(t *testing.T) {
	about := Product{Name: "registry.example/team/app:1", Digest: "sha256:ab"}
	rules, err := ParseVEX([]byte(openVEX020), "f", about, true)
	if err != nil {
		t.Fatal(err)
	}
	want := Rules{
		{IDs: []string{"CVE-1", "GHSA-1"}, PURLs: []string{"pkg:deb/debian/openssl"}, By: "vex", Status: "not_affected",
			Reason: "vulnerable_code_not_present", Source: "f statement 1"},
		{IDs: []string{"CVE-2"}, PURLs: []string{"pkg:deb/debian/openssl"}, By: "vex", Status: "affected", Source: "f statement 2"},
		{IDs: []string{"CVE-3"}, PURLs: []string{"pkg:npm/x"}, By: "vex", Status: "fixed", Source: "f statement 3"},
		// Another image's statement names its product and meets nothing here.
		{IDs: []string{"CVE-4"}, PURLs: []string{"pkg:npm/x"}, Within: "pkg:oci/other", By: "vex", Status: "not_affected", Reason: "no", Source: "f statement 4"},
	}
	if diff := cmp.Diff(want, rules); diff != "" {
		t.Error(diff)
	}
	old := `{"@context": "https://openvex.dev/ns", "statements": [{"vulnerability": "CVE-1", "products": ["pkg:npm/x@1"], "status": "fixed"}]}`
	if rules, err = ParseVEX([]byte(old), "f", about, true); err != nil || len(rules) != 1 || rules[0].PURLs[0] != "pkg:npm/x@1" {
		t.Errorf("version 0.0.1: %v, %v", rules, err)
	}
}

func TestCSAF(t *testing.T) {
	doc := `{"document": {"category": "csaf_vex", "tracking": {"id": "T-1", "current_release_date": "2024-05-06T07:08:09+00:00"}}, "product_tree": {
	 "branches": [{"branches": [{"product": {"product_id": "R", "product_identification_helper": {"cpe": "cpe:/o:redhat:enterprise_linux:9"}}},
	  {"product": {"product_id": "P1", "product_identification_helper": {"purl": "pkg:rpm/redhat/openssl"}}}]}],
	 "relationships": [{"full_product_name": {"product_id": "R:P1"}, "product_reference": "P1", "relates_to_product_reference": "R"}]},
	 "vulnerabilities": [{"cve": "CVE-1", "product_status": {"known_not_affected": ["R:P1"], "known_affected": ["P1"]},
	  "flags": [{"label": "component_not_present", "product_ids": ["R:P1"]}]}]}`
	rules, err := ParseVEX([]byte(doc), "f", Product{}, true)
	if err != nil {
		t.Fatal(err)
	}
	stated := time.Date(2024, 5, 6, 7, 8, 9, 0, time.UTC)
	want := Rules{
		{IDs: []string{"CVE-1"}, PURLs: []string{"pkg:rpm/redhat/openssl"}, Platform: "cpe:/o:redhat:enterprise_linux:9", By: "vex",
			Status: "not_affected", Reason: "component_not_present", Source: "f T-1", Stated: stated},
		{IDs: []string{"CVE-1"}, PURLs: []string{"pkg:rpm/redhat/openssl"}, By: "vex", Status: "affected", Source: "f T-1", Stated: stated},
	}
	if diff := cmp.Diff(want, rules); diff != "" {
		t.Error(diff)
	}
	if _, err := ParseVEX([]byte(`{"hello": 1}`), "f", Product{}, true); err == nil {
		t.Error("a document of another kind is accepted")
	}
	if rules, err := ParseVEX([]byte(`{"hello": 1}`), "f", Product{}, false); err != nil || rules != nil {
		t.Errorf("an index in a directory: %v, %v", rules, err)
	}
}

func FuzzParseVEX(f *testing.F) {
	f.Add([]byte(openVEX020))
	f.Add([]byte(`{"document": {}, "product_tree": {"branches": [{"branches": []}]}, "vulnerabilities": [{}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		rules, _ := ParseVEX(data, "f", Product{Name: "a/b:c", Digest: "sha256:ab"}, true)
		rules.Apply([]finding.Finding{findingOf("CVE-1", "pkg:npm/x@1", "p")}, &inventory.Inventory{}, time.Time{})
	})
}

func FuzzReadIgnore(f *testing.F) {
	f.Add("CVE-1 package=openssl path=usr/lib/* until=2026-12-31 -- reviewed\n")
	f.Fuzz(func(t *testing.T, text string) {
		rules, _ := ReadIgnore(strings.NewReader(text), "f")
		rules.Apply([]finding.Finding{findingOf("CVE-1", "pkg:npm/x@1", "p")}, &inventory.Inventory{}, time.Time{})
	})
}
