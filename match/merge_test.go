package match

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/boltseal/boltseal/finding"
	"github.com/boltseal/boltseal/inventory"
	"github.com/boltseal/boltseal/vulndb"
)

func TestBinariesOfOneSourceAreOneRow(t *testing.T) {
	db := &memory{advisories: []vulndb.Advisory{adv(d12, "curl", "CVE-1 debian fixed", ",2")}}
	pkgs := []inventory.Package{deb("libcurl4", "1", "curl"), deb("curl", "1", ""), deb("libcurl3-gnutls", "1", "curl"), deb("curl-old", "0.9", "curl")}
	_, res := matched(t, debian, pkgs, db)
	if len(res.Findings) != 2 {
		t.Fatalf("%d findings, want one per source version", len(res.Findings))
	}
	f := res.Findings[0]
	if f.Package.Name != "curl" || !slices.Equal(f.Also, []string{"libcurl3-gnutls", "libcurl4"}) {
		t.Errorf("row of %s, also %v", f.Package.Name, f.Also)
	}
}

// RPM advisories name binary packages or their source: both are one row.
func TestRPMBinaryAndSourceAreOneRow(t *testing.T) {
	libs, utils := rpm("bind-libs", "1-1", ""), rpm("bind-utils", "1-1", "")
	libs.Source.Name, utils.Source.Name = "bind", "bind"
	db := &memory{advisories: []vulndb.Advisory{
		adv("rocky:9", "bind-libs", "CVE-1 rocky fixed", ",1-2"), adv("rocky:9", "bind-utils", "CVE-1 rocky fixed", ",1-2"),
		adv("rocky:9", "bind", "CVE-1 rocky affected"),
	}}
	got, res := matched(t, rocky, []inventory.Package{libs, utils}, db)
	if diff := cmp.Diff([]string{"bind-libs CVE-1 fixed <1-2"}, got); diff != "" || !slices.Equal(res.Findings[0].Also, []string{"bind-utils"}) {
		t.Errorf("%s also %v", diff, res.Findings[0].Also)
	}
}

// What two feeds call by two names is one row with all names and advisories,
// the fix that satisfies both and the best-known identifier.
func TestAliasesAreOneRow(t *testing.T) {
	db := &memory{
		advisories: []vulndb.Advisory{
			adv("golang", "m", "GHSA-1 osv/golang fixed", ",1.4.0"), adv("golang", "m", "GO-1 osv/golang fixed", ",1.3.0"),
			adv("golang", "m", "CVE-1 osv/golang affected"),
		},
		vulnerabilities: []finding.Vulnerability{{ID: "CVE-1", Aliases: []string{"GHSA-1", "GO-1"}, Title: "hole"}},
	}
	got, res := matched(t, nil, []inventory.Package{lang("golang", "m", "v1.2.0")}, db)
	if diff := cmp.Diff([]string{"m CVE-1 fixed <v1.4.0"}, got); diff != "" {
		t.Fatal(diff)
	}
	v := res.Findings[0].Vulnerability
	if !slices.Equal(v.Aliases, []string{"GHSA-1", "GO-1"}) || len(v.Advisories) != 3 {
		t.Errorf("%+v", v)
	}
}

func TestEachPlaceOfALanguagePackageIsARow(t *testing.T) {
	db := &memory{advisories: []vulndb.Advisory{adv("npm", "x", "CVE-1 osv/npm fixed", ",2.0.0")}}
	a, b := lang("npm", "x", "1.0.0"), lang("npm", "x", "1.0.0")
	a.Locations, b.Locations = []inventory.Location{{Path: "b/x"}}, []inventory.Location{{Path: "a/x"}}
	_, res := matched(t, nil, []inventory.Package{a, b}, db)
	if len(res.Findings) != 2 || res.Findings[0].Location.Path != "a/x" || res.Findings[0].ID == res.Findings[1].ID {
		t.Errorf("%+v", res.Findings)
	}
}

// Emergency advisories add to what a feed says, and silence none of it.
func TestEmergencyAddsToTheFeeds(t *testing.T) {
	feeds := &memory{
		advisories: []vulndb.Advisory{
			adv("npm", "x", "CVE-1 osv/npm fixed", ",1.5.0"), adv("npm", "x", "CVE-2 osv/npm fixed", ",1.6.0"),
		},
		vulnerabilities: []finding.Vulnerability{{ID: "CVE-1", Description: "Long.", Severities: []finding.SourcedSeverity{{Source: "nvd", Severity: finding.Low}}}},
	}
	emergencies := &memory{
		advisories:      []vulndb.Advisory{adv("npm", "x", "CVE-1 emergency affected"), adv("npm", "x", "CVE-3 emergency fixed", ",9.0.0")},
		vulnerabilities: []finding.Vulnerability{{ID: "CVE-1", Title: "short", KEV: &finding.KEV{Added: "2024-01-01"}}},
	}
	got, res := matched(t, nil, []inventory.Package{lang("npm", "x", "1.0.0")}, emergencies, feeds)
	if diff := cmp.Diff([]string{"x CVE-1 fixed <1.5.0 low", "x CVE-2 fixed <1.6.0", "x CVE-3 fixed <9.0.0"}, got); diff != "" {
		t.Error(diff)
	}
	v := res.Findings[0].Vulnerability
	if v.KEV == nil || v.Title != "short" || v.Description != "Long." || len(v.Advisories) != 2 {
		t.Errorf("merged %+v", v)
	}
	if feeds.vulnerabilities[0].Title != "" || len(feeds.vulnerabilities[0].Advisories) != 0 {
		t.Error("the database's own value was changed")
	}
}

func TestChangelogWithdraws(t *testing.T) {
	db := &memory{
		advisories:      []vulndb.Advisory{adv(d12, "glibc", "CVE-1 debian affected"), adv(d12, "glibc", "CVE-2 debian affected")},
		vulnerabilities: []finding.Vulnerability{{ID: "CVE-1", Aliases: []string{"GHSA-1"}}},
	}
	bin, lib := deb("libc-bin", "2.36-9", "glibc"), deb("libc6", "2.36-9", "glibc")
	lib.FixedCVEs = map[string]string{"GHSA-1": "2.36-8"} // another package of the source, another name
	got, res := matched(t, debian, []inventory.Package{bin, lib}, db)
	if diff := cmp.Diff([]string{"libc-bin CVE-2 affected", "libc-bin CVE-1 affected suppressed"}, got); diff != "" {
		t.Fatal(diff)
	}
	want := &finding.Suppression{By: "changelog", Status: "fixed", Source: "glibc 2.36-8",
		Reason: "the package's changelog says that version 2.36-8 fixes GHSA-1"}
	if diff := cmp.Diff(want, res.Findings[1].Suppressed); diff != "" {
		t.Error(diff)
	}
}

// A distribution that names a repair above the installed version knows better
// than an old entry: CVE-2019-1387 came back to git in bullseye.
func TestChangelogDoesNotOverruleAKnownRepair(t *testing.T) {
	db := &memory{advisories: []vulndb.Advisory{adv("debian:11", "git", "CVE-2019-1387 debian fixed", ",1:2.30.2-1+deb11u3")}}
	git := deb("git", "1:2.30.2-1+deb11u2", "")
	git.FixedCVEs = map[string]string{"CVE-2019-1387": "1:2.24.0-2"}
	got, _ := matched(t, &inventory.OS{ID: "debian", VersionID: "11"}, []inventory.Package{git}, db)
	if diff := cmp.Diff([]string{"git CVE-2019-1387 fixed <1:2.30.2-1+deb11u3"}, got); diff != "" {
		t.Error(diff)
	}
}

func TestSeverityOfTheDistributionComesFirst(t *testing.T) {
	graded := with(adv(d12, "a", "CVE-1 debian affected"), func(a *vulndb.Advisory) { a.Severity = finding.Negligible })
	db := &memory{
		advisories: []vulndb.Advisory{graded, adv(d12, "b", "CVE-1 debian affected"), adv(d12, "b", "CVE-2 debian affected")},
		vulnerabilities: []finding.Vulnerability{{ID: "CVE-1", Severities: []finding.SourcedSeverity{
			{Source: "empty"}, {Source: "nvd", Severity: finding.High}, {Source: "ubuntu", Severity: finding.Low},
		}}},
	}
	got, _ := matched(t, debian, []inventory.Package{deb("a", "1", ""), deb("b", "1", "")}, db)
	if diff := cmp.Diff([]string{"b CVE-1 affected high", "b CVE-2 affected", "a CVE-1 affected negligible"}, got); diff != "" {
		t.Error(diff)
	}
}

func TestTitle(t *testing.T) {
	for _, c := range []struct{ title, description, want string }{
		{"Own title", "Text.", "Own title"},
		{"", "First of\ntwo. Second.", "First of two"},
		{"", "Only one.", "Only one"},
		{"", "", ""},
		{"", strings.Repeat("word ", 100), strings.TrimSpace(strings.Repeat("word ", titleLength/5)) + " ..."},
		{"", strings.Repeat("é", 400), " ..."}, // no place to break it
	} {
		got := title(&finding.Vulnerability{Title: c.title, Description: c.description})
		if got != c.want {
			t.Errorf("%q: %q, want %q", c.description, got, c.want)
		}
	}
}

// The same input gives the same findings in the same order, whatever the order
// of the packages.
func TestOrderIsStable(t *testing.T) {
	db := &memory{}
	var pkgs []inventory.Package
	for _, name := range []string{"a", "b", "c", "d", "e"} {
		pkgs = append(pkgs, deb(name, "1", ""), deb("lib"+name, "1", name))
		for _, id := range []string{"CVE-1", "CVE-2", "GHSA-1"} {
			db.advisories = append(db.advisories, adv(d12, name, id+" debian fixed", ",2"))
		}
	}
	db.vulnerabilities = []finding.Vulnerability{{ID: "CVE-1", Aliases: []string{"GHSA-1"}, KEV: &finding.KEV{}}, {ID: "CVE-2"}}
	_, first := matched(t, debian, pkgs, db)
	if len(first.Findings) != 10 || first.Findings[0].Vulnerability.ID != "CVE-1" || first.Findings[9].Vulnerability.ID != "CVE-2" {
		t.Fatalf("%d findings", len(first.Findings))
	}
	other := slices.Clone(pkgs) // findings point into pkgs
	slices.Reverse(other)
	_, second := matched(t, debian, other, db)
	if diff := cmp.Diff(first.Findings, second.Findings); diff != "" {
		t.Error(diff)
	}
}

func TestResultCounts(t *testing.T) {
	db := &memory{advisories: []vulndb.Advisory{adv(d12, "a", "CVE-1 debian affected")}}
	owned := lang("npm", "x", "1.0.0")
	owned.Owner = "deb/node-x"
	_, res := matched(t, debian, []inventory.Package{owned, lang("npm", "y", "")}, db)
	if res.Namespace != d12 || !res.Covered || res.Owned != 1 || res.Unmatched != 1 {
		t.Errorf("%+v", res)
	}
	if _, res := matched(t, &inventory.OS{ID: "kylin", VersionID: "10"}, nil, db); res.Covered || res.Namespace != "kylin:10" {
		t.Errorf("%+v", res)
	}
}
