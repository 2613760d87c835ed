package cli

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/boltseal/boltseal/finding"
	"github.com/boltseal/boltseal/internal/apt"
	"github.com/boltseal/boltseal/inventory"
	"github.com/boltseal/boltseal/vulndb/feed/feedtest"
	"github.com/boltseal/boltseal/vulndb/update/updatetest"
)

// TestDebootstrap scans images that debootstrap made without the security
// suite, and compares with what apt would upgrade from it.
//
// The advisories at hand end in February 2025; the archive is today's. Bookworm's
// main suite has since taken in all that they know, so there the test shows that
// nothing that is up to date is called fixable. Bullseye's last point release is
// of August 2024, so there they know of many updates that only its security
// suite has.
func TestDebootstrap(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("debootstrap needs root")
	}
	if _, err := exec.LookPath("debootstrap"); err != nil {
		t.Skip(err)
	}
	db := updatetest.Build(t, "debian-tracker-lists/*", "osv-2025-02/Debian.*")
	for codename, c := range map[string]struct {
		include string
		least   int // source packages that must be found with a known update
	}{
		"bookworm": {"", 0},
		"bullseye": {"git", 8},
	} {
		t.Run(codename, func(t *testing.T) {
			t.Parallel()
			release := apt.Open(t, codename)
			root := debootstrap(t, release, c.include)
			upgrades := release.Upgrades(t, root+"/var/lib/dpkg/status")
			report := scanRoot(t, root, db)
			if len(report.Findings) == 0 {
				t.Fatalf("no findings about %d packages of %v", len(report.Inventory.Packages), report.Inventory.OS)
			}
			checkFixable(t, report, upgrades)
			if n := checkKnown(t, report, upgrades, knownUpdates(t, codename)); n < c.least {
				t.Errorf("%d source packages have a known update, at least %d wanted", n, c.least)
			}
		})
	}
}

// run runs a command line of boltseal and returns what it prints.
func run(t *testing.T, args ...string) []byte {
	t.Helper()
	var out, errs bytes.Buffer
	if code := Run(t.Context(), args, Streams{strings.NewReader(""), &out, &errs}); code != 0 {
		t.Fatalf("boltseal %v: exit code %d: %s", args, code, errs.String())
	}
	return out.Bytes()
}

func debootstrap(t *testing.T, release *apt.Release, include string) string {
	t.Helper()
	root := filepath.Join(t.TempDir(), "root")
	args := []string{"--variant=minbase"}
	if include != "" {
		args = append(args, "--include="+include)
	}
	cmd := exec.CommandContext(t.Context(), "debootstrap", append(args, release.Codename, root, release.Mirror)...)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("debootstrap %s: %v: %s", release.Codename, err, out[max(0, len(out)-2000):])
	}
	return root
}

// scanned is the part of a report that the test reads.
type scanned struct {
	Inventory inventory.Inventory `json:"inventory"`
	Findings  []finding.Finding   `json:"findings"`
}

func scanRoot(t *testing.T, root, db string) scanned {
	t.Helper()
	var r scanned
	out := run(t, "scan", "dir:"+root, "--db", db, "--no-cache", "--no-progress", "--format", "json")
	if err := json.Unmarshal(out, &r); err != nil {
		t.Fatal(err)
	}
	return r
}

// checkFixable requires that apt offers, of every finding that has a fixed
// version, at least that version.
func checkFixable(t *testing.T, r scanned, upgrades map[string]apt.Upgrade) {
	t.Helper()
	for _, f := range r.Findings {
		if f.FixedVersion == "" {
			continue
		}
		u, ok := upgrades[f.Package.Name]
		if !ok {
			t.Errorf("%s %s %s is said to be fixed in %s, but apt has no upgrade", f.Vulnerability.ID, f.Package.Name, f.Package.Version, f.FixedVersion)
		} else if f.Package.Version == f.Package.SourceVersion() && apt.Newer(t, f.FixedVersion, u.Candidate) {
			t.Errorf("%s %s is said to be fixed in %s, but apt has %s", f.Vulnerability.ID, f.Package.Name, f.FixedVersion, u.Candidate)
		}
	}
}

// repair is what one advisory says about a source package of a release.
type repair struct{ vulnerability, fixed string }

// checkKnown requires a finding for every vulnerability that Debian's lists say
// is repaired above the installed version of a package that apt would upgrade.
// It returns how many source packages there are of these.
func checkKnown(t *testing.T, r scanned, upgrades map[string]apt.Upgrade, known map[string][]repair) int {
	t.Helper()
	found := map[string]bool{}
	for _, f := range r.Findings {
		if f.FixedVersion != "" && f.Suppressed == nil {
			found[f.Package.SourceName()+" "+f.Vulnerability.ID] = true
		}
	}
	sources := map[string]bool{}
	for i := range r.Inventory.Packages {
		p := &r.Inventory.Packages[i]
		if _, ok := upgrades[p.Name]; p.Type != "deb" || !ok || sources[p.SourceName()] {
			continue
		}
		for _, u := range known[p.SourceName()] {
			if !apt.Newer(t, u.fixed, p.SourceVersion()) {
				continue
			}
			sources[p.SourceName()] = true
			if !found[p.SourceName()+" "+u.vulnerability] {
				t.Errorf("%s %s: %s is fixed in %s, which apt would install, but not found",
					p.SourceName(), p.SourceVersion(), u.vulnerability, u.fixed)
			}
		}
	}
	t.Logf("%d packages to upgrade, %d sources with known updates, %d vulnerabilities", len(upgrades), len(sources), len(found))
	return len(sources)
}

var (
	headLine   = regexp.MustCompile(`^\[[^]]*\] (\S+)`)
	updateLine = regexp.MustCompile(`^\s+\[(\w+)\] - (\S+) ([0-9]\S*)`)
	cve        = regexp.MustCompile(`CVE-[0-9]+-[0-9]+`)
)

// knownUpdates reads Debian's lists of advisories on its own.
func knownUpdates(t *testing.T, codename string) map[string][]repair {
	t.Helper()
	known := map[string][]repair{}
	for _, list := range []string{"DSA", "DLA"} {
		names, err := filepath.Glob(filepath.Join(feedtest.Mirror(t), "debian-tracker-lists", list+"-list*"))
		if err != nil || len(names) == 0 {
			t.Fatal("no list of advisories ", fmt.Sprint(err))
		}
		text, err := os.ReadFile(names[0])
		if err != nil {
			t.Fatal(err)
		}
		var ids []string
		for line := range strings.Lines(string(text)) {
			if m := headLine.FindStringSubmatch(line); m != nil {
				ids = nil
			} else if strings.HasPrefix(line, "\t{") {
				ids = cve.FindAllString(line, -1)
			} else if m := updateLine.FindStringSubmatch(line); m != nil && m[1] == codename {
				for _, id := range ids {
					known[m[2]] = append(known[m[2]], repair{id, m[3]})
				}
			}
		}
	}
	return known
}
