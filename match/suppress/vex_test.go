package suppress

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/boltseal/boltseal/finding"
	"github.com/boltseal/boltseal/inventory"
	"github.com/boltseal/boltseal/vulndb/feed"
	"github.com/boltseal/boltseal/vulndb/feed/feedtest"
)

func TestProductIs(t *testing.T) {
	for _, c := range []struct {
		name, id string
		want     bool
	}{
		{"nginx:1", "pkg:oci/nginx", true},
		{"docker.io/library/nginx:1", "pkg:oci/nginx?repository_url=index.docker.io/library/nginx", true},
		{"localhost:5000/team/nginx", "pkg:oci/nginx?repository_url=localhost%3A5000%2Fteam%2Fnginx", true},
		{"ghcr.io/other/trivy:1", "pkg:oci/trivy?repository_url=ghcr.io%2Faquasecurity%2Ftrivy", false},
		{"ghcr.io/aquasecurity/trivy:1", "pkg:oci/trivy?repository_url=ghcr.io%2Faquasecurity%2Ftrivy", true},
		{"ghcr.io/other/trivy:1", "pkg:oci/trivy@sha256%3Aab?repository_url=ghcr.io%2Faquasecurity%2Ftrivy", true},
		{"nginx:1", "pkg:oci/nginx@sha256%3Acd", false},
		{"nginx:1", "pkg:oci/httpd", false},
		{"nginx:1", "nginx:1", true},
		{"nginx:1", "sha256:ab", true},
		{"", "pkg:oci/nginx", false},
	} {
		if got := (Product{Name: c.name, Digest: "sha256:ab"}).is(c.id); got != c.want {
			t.Errorf("%s is %s: %v, want %v", c.name, c.id, got, c.want)
		}
	}
}

// TestPrecedence decides between statements that contradict one another.
func TestPrecedence(t *testing.T) {
	at := func(day int, status string) Rule {
		return Rule{IDs: []string{"CVE-1"}, By: vex, Status: status, Stated: time.Date(2024, 1, day, 0, 0, 0, 0, time.UTC)}
	}
	ignore := Rule{IDs: []string{"CVE-1"}, By: "ignore"}
	for _, c := range []struct {
		name  string
		rules Rules
		want  string // who withdrew it
	}{
		{"the later takes it back", Rules{at(1, "not_affected"), at(2, "affected")}, ""},
		{"in whatever order", Rules{at(2, "affected"), at(1, "not_affected")}, ""},
		{"the later withdraws", Rules{at(1, "under_investigation"), at(2, "not_affected")}, "not_affected"},
		{"of one time, the affected", Rules{at(1, "affected"), at(1, "not_affected")}, ""},
		{"of one time, the affected, in whatever order", Rules{at(1, "not_affected"), at(1, "affected")}, ""},
		{"the user's decision", Rules{ignore, at(2, "affected")}, "ignore"},
		{"the user's decision, in whatever order", Rules{at(2, "affected"), ignore}, "ignore"},
		{"no time is the oldest", Rules{{IDs: []string{"CVE-1"}, By: vex, Status: "not_affected"}, at(1, "affected")}, ""},
	} {
		fs := []finding.Finding{findingOf("CVE-1", "pkg:npm/x@1", "p")}
		c.rules.Apply(fs, &inventory.Inventory{}, time.Time{})
		got := ""
		if s := fs[0].Suppressed; s != nil {
			if got = s.Status; got == "" {
				got = s.By
			}
		}
		if got != c.want {
			t.Errorf("%s: withdrawn by %q, want %q", c.name, got, c.want)
		}
	}
}

// TestPlatform: what a vendor says of one release counts for no other.
func TestPlatform(t *testing.T) {
	rule := Rule{IDs: []string{"CVE-1"}, PURLs: []string{"pkg:rpm/redhat/openssl"}, By: vex, Status: "not_affected",
		Platform: "cpe:/o:redhat:enterprise_linux:9"}
	for cpe, want := range map[string]bool{
		"cpe:/o:redhat:enterprise_linux:9::baseos": true, "cpe:/o:redhat:enterprise_linux:8.6::baseos": false,
		"cpe:2.3:o:redhat:enterprise_linux:9.4:*": true, "cpe:/o:centos:centos:9": false, "": true,
	} {
		fs := []finding.Finding{findingOf("CVE-1", "pkg:rpm/redhat/openssl@3.0", "p")}
		Rules{rule}.Apply(fs, &inventory.Inventory{OS: &inventory.OS{CPE: cpe}}, time.Time{})
		if got := fs[0].Suppressed != nil; got != want {
			t.Errorf("%q: withdrawn %v, want %v", cpe, got, want)
		}
	}
}

// TestVEXHub reads the documents of a real VEX repository.
func TestVEXHub(t *testing.T) {
	var rules Rules
	documents := 0
	feedtest.Real(t, "vexhub-aqua-2026-03/*", func(d feed.Document) error {
		data, err := io.ReadAll(d.Body)
		if err != nil {
			return err
		}
		more, err := ParseVEX(data, d.Name, Product{}, false)
		if len(more) > 0 {
			documents++
		}
		rules = append(rules, more...)
		return err
	})
	t.Logf("%d documents with %d rules", documents, len(rules))
	if documents < 50 {
		t.Fatal("too few documents")
	}
	inv := &inventory.Inventory{Packages: []inventory.Package{
		goModule("github.com/aquasecurity/trivy", "v0.50.0", "usr/local/bin/trivy"),
		goModule("helm.sh/helm/v3", "v3.14.0", "usr/local/bin/trivy"),
		goModule("helm.sh/helm/v3", "v3.14.0", "usr/local/bin/other"),
	}}
	inv.FillPURLs()
	for i, want := range []bool{false, true, false} {
		p := &inv.Packages[i]
		fs := []finding.Finding{{
			Package: p, Location: p.Locations[0], Vulnerability: &finding.Vulnerability{ID: "CVE-2024-26147", Aliases: []string{"GHSA-r53h-jv2g-vpx6"}},
		}}
		rules.Apply(fs, inv, time.Time{})
		if got := fs[0].Suppressed != nil; got != want {
			t.Errorf("%s in %s: withdrawn %v, want %v", p.Name, p.Path(), got, want)
		}
	}
}

func goModule(name, version, path string) inventory.Package {
	return inventory.Package{Type: "golang", Name: name, Version: version, Locations: []inventory.Location{{Path: path}}}
}

// TestRealCSAF reads Red Hat's documents, each of which has statements about
// packages.
func TestRealCSAF(t *testing.T) {
	documents, statements := 0, 0
	feedtest.Real(t, "fixtures-vunnel/*.tar.zst", func(d feed.Document) error {
		data, err := io.ReadAll(d.Body)
		if err != nil {
			return err
		}
		if !bytes.Contains(data, []byte("csaf_version")) {
			return nil
		}
		rules, err := ParseVEX(data, d.Name, Product{}, true)
		if err != nil {
			return err
		}
		if len(rules) == 0 {
			return errors.New(d.Name + ": no statement")
		}
		for _, r := range rules {
			if r.Stated.IsZero() || len(r.IDs) == 0 || !strings.HasPrefix(r.PURLs[0], "pkg:") {
				t.Errorf("%s: %+v", d.Name, r)
				break
			}
		}
		documents++
		statements += len(rules)
		return nil
	}, "tests/unit/providers/rhel/test-fixtures/csaf/*/*/*.json")
	t.Logf("%d documents, %d statements", documents, statements)
	if documents < 3 {
		t.Error("too few documents")
	}
}
