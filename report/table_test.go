package report

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/boltseal/boltseal/finding"
	"github.com/boltseal/boltseal/inventory"
)

// Columns line up and end before the terminal does, also where characters are
// two columns wide; identifiers and fixed versions stay whole.
func TestTableColumnsFit(t *testing.T) {
	for _, width := range []int{60, 80, 100, 120, 200} {
		for _, lang := range Languages {
			out := string(write(t, "table", manyFindings(40), Options{Lang: lang, Width: width}))
			for line := range strings.SplitSeq(out, "\n") {
				if !strings.Contains(line, "CVE-") {
					continue
				}
				if w := displayWidth(line); w > width {
					t.Errorf("width %d, %s: a row has %d columns: %q", width, lang, w, line)
				}
				if !strings.Contains(line, "CVE-2024-10") || !strings.Contains(line, "1.2.3-4+deb12u") {
					t.Errorf("width %d, %s: identifier or fixed version is cut: %q", width, lang, line)
				}
			}
		}
	}
}

// A table with a limit counts what it leaves out, never leaves out what is
// exploited, and says how to see the rest.
func TestTableRows(t *testing.T) {
	r := manyFindings(40)
	last := &r.Findings[39]
	last.Severity, last.Vulnerability.KEV = finding.Negligible, &finding.KEV{Added: "2024-01-01"}
	r.Findings[0].Severity = finding.Negligible
	r.Summarize()
	out := string(write(t, "table", r, Options{Lang: "en", Rows: 5}))
	for _, want := range []string{
		"… not listed: 33 high, 1 negligible", last.Vulnerability.ID, "Findings not listed: 34.", "--rows 0",
		"40 packages, findings: 40 (38 high, 2 negligible)", "Upgrade first: 40 upgrades repair 40 findings", "… and 32 more upgrades",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("%q is missing in\n%s", want, out)
		}
	}
	if all := string(write(t, "table", r, Options{Lang: "en"})); strings.Contains(all, "not listed") {
		t.Error("a table without a limit leaves something out")
	}
}

// Only a terminal gets colour.
func TestTableColor(t *testing.T) {
	if out := write(t, "table", fixture(), Options{Width: 80}); strings.Contains(string(out), "\x1b") {
		t.Error("colour without being asked for")
	}
	if out := write(t, "table", fixture(), Options{Width: 80, Color: true}); !strings.Contains(string(out), "\x1b[1;31mcritical\x1b[0m") {
		t.Error("no colour")
	}
}

// One upgrade repairs all findings of a source package, and goes to the highest
// of their fixed versions by the order of its ecosystem.
func TestUpgrades(t *testing.T) {
	pkg := func(typ, name, source, version string) *inventory.Package {
		return &inventory.Package{Type: typ, Name: name, Version: version, Source: inventory.Source{Name: source, Version: version}}
	}
	at := func(p *inventory.Package, path, fixed string, priority float64) finding.Finding {
		return finding.Finding{Package: p, Location: inventory.Location{Path: path}, FixedVersion: fixed, Priority: priority, Severity: finding.High}
	}
	ignored := at(pkg("npm", "qs", "", "1.0.0"), "b", "9.0.0", 99)
	ignored.Suppressed = &finding.Suppression{By: "ignore"}
	var got []string
	for _, u := range upgrades([]finding.Finding{
		ignored,
		at(pkg("deb", "libssl3", "openssl", "3.0.9-1"), "status", "3.0.9-1+deb12u9", 70),
		at(pkg("npm", "qs", "", "1.0.0"), "a", "1.9.0", 70),
		at(pkg("npm", "qs", "", "1.0.0"), "a", "1.10.0", 60),
		at(pkg("npm", "qs", "", "1.0.0"), "b", "1.9.0", 50),
		at(pkg("deb", "openssl", "openssl", "3.0.9-1"), "status", "3.0.9-1+deb12u10", 40),
		at(pkg("golang", "stdlib", "", "1.20"), "c", "", 30),
		at(pkg("deb", "openssl", "openssl", "3.0.9-1"), "status", "3.0.9-1~rc", 20),
	}) {
		got = append(got, fmt.Sprintf("%s %s %s %d", u.first.Package.Name, u.first.Location.Path, u.to, u.count))
	}
	want := []string{"libssl3 status 3.0.9-1+deb12u10 3", "qs a 1.10.0 2", "qs b 1.9.0 1"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// Every phrase is there in every language and takes the same arguments.
func TestPhrases(t *testing.T) {
	verbs := func(s string) int { return strings.Count(s, "%d") + strings.Count(s, "%s") + strings.Count(s, "]") }
	for key, p := range phrases {
		if strings.TrimSpace(p.en) == "" || strings.TrimSpace(p.zh) == "" {
			t.Errorf("%s lacks a language", key)
		}
		if verbs(p.en) != verbs(p.zh) {
			t.Errorf("%s: other arguments in %q than in %q", key, p.zh, p.en)
		}
		for _, s := range []string{"critical", "high", "medium", "low", "negligible", "unknown"} {
			if key == s && p.en != s {
				t.Errorf("%s is called %s", s, p.en)
			}
		}
	}
}

// manyFindings is a report with n findings in as many packages.
func manyFindings(n int) *Report {
	r := fixture()
	r.Findings, r.Inventory.Packages = nil, nil
	for i := range n {
		p := inventory.Package{
			Type: "deb", Name: fmt.Sprintf("package-with-a-long-name-%d", i), Version: "1.2.3-4",
			Locations: []inventory.Location{{Path: "var/lib/dpkg/status", Layer: layer1}},
		}
		r.Inventory.Packages = append(r.Inventory.Packages, p)
		r.Findings = append(r.Findings, finding.Finding{
			ID: fmt.Sprint(i), Kind: finding.KindVulnerability, Severity: finding.High, Priority: 70, Package: &p, Location: p.Locations[0],
			FixedVersion: fmt.Sprintf("1.2.3-4+deb12u%d", i), Title: "缓冲区溢出导致任意代码执行 and more of a text that is longer than any terminal is wide",
			Vulnerability: &finding.Vulnerability{ID: fmt.Sprintf("CVE-2024-%d", 10000+i)},
		})
	}
	r.Summarize()
	return r
}

// However narrow the terminal, what is exploited is marked and the mark explained.
func TestTableMarksExploited(t *testing.T) {
	for _, width := range []int{40, 60, 80, 200, 0} {
		for _, lang := range Languages {
			out := string(write(t, "table", fixture(), Options{Lang: lang, Width: width}))
			if n := strings.Count(out, say(lang, "critical")+exploitedMark); n != 1 || !strings.Contains(out, "!)") && !strings.Contains(out, "!）") {
				t.Errorf("%s at width %d: %d findings are marked, want 1:\n%s", lang, width, n, out)
			}
		}
	}
}
