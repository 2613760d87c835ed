package match_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/boltseal/boltseal/internal/apt"
	"github.com/boltseal/boltseal/inventory"
	"github.com/boltseal/boltseal/match"
	"github.com/boltseal/boltseal/vulndb"
	"github.com/boltseal/boltseal/vulndb/feed"
	"github.com/boltseal/boltseal/vulndb/feed/feedtest"
	"github.com/boltseal/boltseal/vulndb/update/updatetest"
)

// TestAllOfDebian matches every source package of a release, in the version of
// its main suite, and compares with a second computation that reads Debian's
// lists and OSV's records on its own and leaves every comparison of versions to
// dpkg's library.
func TestAllOfDebian(t *testing.T) {
	db := updatetest.Open(t, "debian-tracker-lists/*", "osv-2025-02/Debian.*")
	truth := readTruth(t)
	for codename, release := range map[string]string{"bookworm": "12", "bullseye": "11"} {
		t.Run(codename, func(t *testing.T) {
			sources := apt.Open(t, codename).Sources(t, codename)
			inv := &inventory.Inventory{OS: &inventory.OS{ID: "debian", VersionID: release}}
			for _, name := range slices.Sorted(maps.Keys(sources)) {
				if strings.HasPrefix(name, "linux-signed") {
					delete(sources, name) // stands for the kernel's own source package
					continue
				}
				inv.Packages = append(inv.Packages, inventory.Package{Type: "deb", Name: name, Version: sources[name]})
			}
			got := matchAll(t, inv, db)
			want := truth.vulnerable(t, codename, release, sources)
			compare(t, want, got)
			t.Logf("%d source packages, %d vulnerabilities", len(sources), len(got))
			if len(sources) < 20000 || len(got) < 500 {
				t.Error("too few of them for a test")
			}
			checkRepairs(t, inv, db)
		})
	}
}

// key is a vulnerability of a source package.
type key struct{ source, vulnerability string }

// matchAll returns the fixed version of every finding, "" where there is none.
func matchAll(t *testing.T, inv *inventory.Inventory, db *vulndb.DB) map[key]string {
	t.Helper()
	res, err := match.Match(t.Context(), inv, db)
	if err != nil {
		t.Fatal(err)
	}
	found := map[key]string{}
	for _, f := range res.Findings {
		found[key{f.Package.Name, f.Vulnerability.ID}] = f.FixedVersion
	}
	return found
}

// compare reports what only one side has, and fixed versions that differ.
func compare(t *testing.T, want, got map[key]string) {
	t.Helper()
	for k, fixed := range want {
		if g, ok := got[k]; !ok {
			t.Errorf("%s %s: not found, want it (fixed in %q)", k.source, k.vulnerability, fixed)
		} else if g != fixed {
			t.Errorf("%s %s: fixed in %q, want %q", k.source, k.vulnerability, g, fixed)
		}
	}
	for k := range got {
		if _, ok := want[k]; !ok {
			t.Errorf("%s %s: found, but dpkg does not think so", k.source, k.vulnerability)
		}
	}
}

// checkRepairs installs the fixed version of every finding, as often as one
// brings another, and requires that nothing is left to be repaired.
func checkRepairs(t *testing.T, inv *inventory.Inventory, db *vulndb.DB) {
	t.Helper()
	for range 5 {
		newest := map[string]string{}
		before := matchAll(t, inv, db)
		for k, fixed := range before {
			if fixed != "" && (newest[k.source] == "" || match.Scheme("debian:12").Compare(fixed, newest[k.source]) > 0) {
				newest[k.source] = fixed
			}
		}
		if len(newest) == 0 {
			return
		}
		for i := range inv.Packages {
			if v := newest[inv.Packages[i].Name]; v != "" {
				inv.Packages[i].Version = v
			}
		}
		for k := range matchAll(t, inv, db) {
			if before[k] != "" {
				t.Errorf("%s %s is still found in %s, which repairs it", k.source, k.vulnerability, before[k])
			}
		}
	}
	t.Error("repairs bring more repairs without end")
}

// interval is an affected range: since "" is from the beginning, fixed "" is
// without end, never says that the package is not affected.
type interval struct {
	since, fixed string
	never        bool
}

// truth is what Debian's lists (by codename) and OSV (by release) say.
type truth struct{ lists, osv map[string]map[key][]interval }

var (
	head      = regexp.MustCompile(`^\[[^]]*\] (\S+)(.*)`)
	statement = regexp.MustCompile(`^\s+\[(\w+)\] - (\S+) (\S+)`)
	cves      = regexp.MustCompile(`CVE-[0-9]+-[0-9]+`)
)

func readTruth(t *testing.T) *truth {
	t.Helper()
	all := &truth{lists: map[string]map[key][]interval{}, osv: map[string]map[key][]interval{}}
	for _, list := range []string{"DSA", "DLA"} {
		feedtest.Real(t, "debian-tracker-lists/"+list+"-list*", func(d feed.Document) error { return all.list(d) })
	}
	feedtest.Real(t, "osv-2025-02/Debian.jsonl*", all.record)
	return all
}

func add(m map[string]map[key][]interval, release string, k key, i interval) {
	if m[release] == nil {
		m[release] = map[key][]interval{}
	}
	m[release][k] = append(m[release][k], i)
}

func (all *truth) list(d feed.Document) error {
	var ids []string
	s := bufio.NewScanner(d.Body)
	for s.Scan() {
		line := s.Text()
		if m := head.FindStringSubmatch(line); m != nil {
			ids = nil
			if strings.HasSuffix(m[1], "-1") && !strings.Contains(m[2], "regression") {
				ids = []string{m[1]} // its own vulnerability unless it names others
			}
			continue
		}
		if found := cves.FindAllString(line, -1); strings.HasPrefix(strings.TrimSpace(line), "{") && len(found) > 0 {
			ids = found
		}
		m := statement.FindStringSubmatch(line)
		for _, id := range ids {
			switch {
			case m == nil:
			case m[3] == "<not-affected>":
				add(all.lists, m[1], key{m[2], id}, interval{never: true})
			case m[3][0] == '<':
				add(all.lists, m[1], key{m[2], id}, interval{})
			default:
				add(all.lists, m[1], key{m[2], id}, interval{fixed: m[3]})
			}
		}
	}
	return s.Err()
}

// record reads one record of OSV.
func (all *truth) record(d feed.Document) error {
	var r struct {
		ID        string
		Withdrawn string
		Aliases   []string
		Related   []string
		Upstream  []string
		Affected  []struct {
			Package struct{ Ecosystem, Name string }
			Ranges  []struct {
				Type   string
				Events []map[string]string
			}
		}
	}
	if err := json.NewDecoder(d.Body).Decode(&r); err != nil || r.Withdrawn != "" {
		return err
	}
	ids := cves.FindAllString(strings.Join(append([]string{r.ID}, append(append(r.Aliases, r.Related...), r.Upstream...)...), " "), -1)
	if len(ids) == 0 || ids[0] == r.ID { // another CVE may be an alias, but is one of its own
		ids = []string{r.ID}
	}
	for _, a := range r.Affected {
		release, ok := strings.CutPrefix(a.Package.Ecosystem, "Debian:")
		for _, rng := range a.Ranges {
			if !ok || rng.Type != "ECOSYSTEM" {
				continue
			}
			var i interval
			for _, event := range rng.Events {
				if since := event["introduced"]; since != "" && since != "0" {
					i.since = since
				}
				i.fixed = event["fixed"]
				i.never = i.fixed == "0"
			}
			for _, id := range ids {
				add(all.osv, release, key{a.Package.Name, id}, i)
			}
		}
	}
	return nil
}

// vulnerable decides every statement about the installed versions, with the
// highest of the fixed versions. Where the lists speak of a vulnerability, OSV
// only adds a repair.
func (all *truth) vulnerable(t *testing.T, codename, release string, installed map[string]string) map[key]string {
	t.Helper()
	order := newOrder(t, installed, all.lists[codename], all.osv[release])
	decided := map[key]string{}
	for _, own := range []bool{true, false} {
		statements := all.osv[release]
		if own {
			statements = all.lists[codename]
		}
		for k, intervals := range statements {
			_, listed := all.lists[codename][k]
			old, affected := decided[k]
			if installed[k.source] == "" || !own && listed && (!affected || old != "") {
				continue
			}
			for _, i := range intervals {
				v := installed[k.source]
				if i.never || i.since != "" && order.less(v, i.since) || i.fixed != "" && !order.less(v, i.fixed) {
					continue
				}
				if fixed, ok := decided[k]; !ok || i.fixed != "" && (fixed == "" || order.less(fixed, i.fixed)) {
					decided[k] = i.fixed
				}
			}
		}
	}
	return decided
}

// order is dpkg's order of all versions that occur for one source package.
type order map[string]int

func (o order) less(a, b string) bool {
	x, ok := o[a]
	y, too := o[b]
	if !ok || !too {
		panic(fmt.Sprintf("dpkg was not asked about %s and %s", a, b))
	}
	return x < y
}

// newOrder has dpkg's library sort all versions once; equal ones get one rank.
func newOrder(t *testing.T, installed map[string]string, sets ...map[key][]interval) order {
	t.Helper()
	if exec.Command("perl", "-MDpkg::Version", "-e1").Run() != nil {
		t.Skip("Perl's Dpkg::Version is not installed")
	}
	versions := map[string]bool{}
	for _, set := range sets {
		for k, intervals := range set {
			if installed[k.source] == "" {
				continue
			}
			versions[installed[k.source]] = true
			for _, i := range intervals {
				versions[i.since], versions[i.fixed] = true, true
			}
		}
	}
	delete(versions, "")
	cmd := exec.Command("perl", "-MDpkg::Version", "-e", `my @v = sort { version_compare($a, $b) } map { chomp; $_ } <>;
		my ($rank, $last) = (0, $v[0]);
		for (@v) { $rank++ if version_compare($last, $_); print "$rank\t$_\n"; $last = $_ }`)
	cmd.Stdin = strings.NewReader(strings.Join(slices.Collect(maps.Keys(versions)), "\n") + "\n")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("sort versions: %v: %s", err, stderr.String())
	}
	o := order{}
	for line := range strings.Lines(string(out)) {
		var rank int
		var v string
		if _, err := fmt.Sscanf(line, "%d\t%s", &rank, &v); err != nil {
			t.Fatal(err)
		}
		o[v] = rank
	}
	return o
}
