package emergency

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/boltseal/boltseal/finding"
	"github.com/boltseal/boltseal/inventory"
	"github.com/boltseal/boltseal/match"
	"github.com/boltseal/boltseal/vulndb"
	"github.com/boltseal/boltseal/vulndb/update/updatetest"
)

// TestAgainstFeeds compares every embedded advisory with what the feeds say
// about the same vulnerability of the same package: on each version that is a
// bound of either, and beside it, both must give the same verdict.
func TestAgainstFeeds(t *testing.T) {
	db := updatetest.Open(t, "osv-2025-02/[DMnPGRcN]*", "debian-tracker-lists/*", "alpine-secdb-2025-01/*", "anchore-nvd-overrides-2026-08/*", "kev/*")
	a, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	for id, v := range a.vulnerabilities {
		theirs, err := db.Vulnerability(id)
		if err != nil {
			t.Fatal(err)
		}
		if theirs == nil || id != v.ID {
			continue
		}
		if diff := cmp.Diff(exploited(theirs.KEV), exploited(v.KEV)); diff != "" {
			t.Errorf("%s: the known exploited vulnerabilities (-feed +ours):\n%s", id, diff)
		}
	}
	checked := 0
	for _, k := range slices.Sorted(maps.Keys(a.affected)) {
		namespace, pkg, _ := strings.Cut(k, " ")
		theirs, err := db.Advisories(namespace, pkg, nil)
		if err != nil {
			t.Fatal(err)
		}
		ours, err := a.Advisories(namespace, pkg, nil)
		if err != nil {
			t.Fatal(err)
		}
		for i := range ours {
			id := ours[i].Vulnerability
			theirs := slices.DeleteFunc(slices.Clone(theirs), func(adv vulndb.Advisory) bool { return adv.Vulnerability != id })
			if len(theirs) > 0 {
				checked++
				agree(t, ours[i:i+1], theirs)
			}
		}
	}
	t.Logf("%d statements compared", checked)
	if checked < 100 {
		t.Error("too few for a comparison")
	}
}

// exploited is what an embedded advisory says of an entry in CISA's catalogue.
func exploited(kev *finding.KEV) finding.KEV {
	if kev == nil {
		return finding.KEV{}
	}
	return finding.KEV{Added: kev.Added, Ransomware: kev.Ransomware}
}

func agree(t *testing.T, ours, theirs statements) {
	t.Helper()
	namespace, pkg, id := ours[0].Namespace, ours[0].Package, ours[0].Vulnerability
	for _, v := range bounds(ours, theirs) {
		own, feed := affects(t, v, ours), affects(t, v, theirs)
		if own != feed {
			t.Errorf("%s %s %s: version %s affected: ours %v, feeds %v\n\tours  %+v\n\tfeeds %+v", id, namespace, pkg, v, own, feed, describe(ours), describe(theirs))
		}
	}
}

func describe(as []vulndb.Advisory) (out []string) {
	for _, a := range as {
		out = append(out, a.Source+" "+a.Advisory+" "+string(a.Status))
		for _, r := range a.Ranges {
			out = append(out, "["+r.Introduced+","+r.Fixed+","+r.LastAffected+"]")
		}
	}
	return out
}

// bounds are the versions at which a verdict may change.
func bounds(sets ...statements) []string {
	versions := map[string]bool{}
	for _, set := range sets {
		for _, a := range set {
			for _, r := range a.Ranges {
				for _, v := range []string{r.Introduced, r.Fixed, r.LastAffected} {
					versions[v] = true
				}
			}
		}
	}
	delete(versions, "")
	return slices.Sorted(maps.Keys(versions))
}

// affects says whether a database of these statements finds the version.
func affects(t *testing.T, version string, statements statements) bool {
	t.Helper()
	namespace, name := statements[0].Namespace, statements[0].Package
	inv := &inventory.Inventory{Packages: []inventory.Package{{Type: namespace, Name: name, Version: version}}}
	p := &inv.Packages[0]
	switch base, release, _ := strings.Cut(namespace, ":"); base {
	case "debian":
		p.Type, inv.OS = "deb", &inventory.OS{ID: base, VersionID: release}
	case "alpine":
		p.Type, inv.OS = "apk", &inventory.OS{ID: base, VersionID: release}
	case "generic":
		p.CPE = name
	}
	res, err := match.Match(t.Context(), inv, statements)
	if err != nil {
		t.Fatal(err)
	}
	return len(res.Findings) > 0
}

// statements is a database of a few advisories about one package.
type statements []vulndb.Advisory

func (s statements) Advisories(namespace, pkg string, dst []vulndb.Advisory) ([]vulndb.Advisory, error) {
	if namespace == s[0].Namespace && pkg == s[0].Package {
		dst = append(dst, s...)
	}
	return dst, nil
}

func (statements) Vulnerability(string) (*finding.Vulnerability, error) { return nil, nil }

func (statements) Summary(string) (*finding.Vulnerability, error) { return nil, nil }

func (statements) Has(string) bool { return true }
