package scan

import (
	"cmp"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/boltseal/boltseal/finding"
	"github.com/boltseal/boltseal/inventory"
	"github.com/boltseal/boltseal/scan/integrity"
	"github.com/boltseal/boltseal/scan/packages/dpkg"
	"github.com/boltseal/boltseal/scan/persistence"
	"github.com/boltseal/boltseal/scan/scanner"
)

// drift compares the programs of the final file system with what packages
// brought: what nobody owns, what differs, what runs with another's rights.
type drift struct {
	s      *system
	layers []string
	facts  map[string]fact
	// owner of each fact's path, "" where no package has it; owned says whether
	// any package lists files at all.
	owner map[string]string
	owned bool
	sums  map[string]expected
	// known are the places of language packages, which bring programs too.
	known map[string]bool
	found []finding.Finding
}

// fact is what is known of a live file, and the layer that wrote it.
type fact struct {
	*scanner.Fact
	layer int
}

// expected are the digests that databases have of a path, and the layer that
// wrote the newest of them.
type expected struct {
	digests string
	layer   int
}

// drifted lists what is wrong with the programs of the final file system; it
// does nothing when package integrity did not look at files.
func (s *system) drifted(pkgs, libs []inventory.Package, layers []string) []finding.Finding {
	d := drift{s: s, layers: layers, facts: map[string]fact{}, owner: map[string]string{}, sums: map[string]expected{}, known: map[string]bool{}}
	for p, f := range s.o.files {
		if r := f.last().result(integrity.Name); r != nil && r.Fact != nil {
			d.facts[p] = fact{r.Fact, f.last().layer}
		}
	}
	if len(d.facts) == 0 {
		return nil
	}
	d.readOwners(pkgs)
	d.readSums()
	for i := range libs {
		d.known[place(&libs[i])] = true
	}
	d.judge()
	return d.found
}

// readOwners notes which package has which of the facts' paths.
func (d *drift) readOwners(pkgs []inventory.Package) {
	for i := range pkgs {
		d.owned = d.owned || len(pkgs[i].Files) > 0
		for _, f := range pkgs[i].Files {
			f = d.s.canonical(f)
			if _, ok := d.facts[f]; ok {
				d.owner[f] = pkgs[i].Name
			}
		}
	}
}

// readSums gathers what the databases say of the facts' paths. A file that is
// diverted stands elsewhere, unless it is that of the package that diverts it.
func (d *drift) readSums() {
	diverted := map[string]scanner.Diversion{}
	if f := d.s.o.files[d.s.o.resolve("var/lib/dpkg/diversions")]; f != nil {
		if r := f.last().result(dpkg.SumsName); r != nil {
			for _, v := range r.Diversions {
				diverted[d.s.canonical(v.From)] = v
				d.own(d.s.canonical(v.To), v.Package)
			}
		}
	}
	for _, p := range d.s.o.paths() {
		v := d.s.o.files[p].last()
		for _, r := range v.results {
			if len(r.Result.Sums) == 0 || !d.s.near(p) {
				continue
			}
			name, _, _ := strings.Cut(strings.TrimSuffix(path.Base(p), ".md5sums"), ":")
			for file, digest := range r.Result.Sums {
				file = d.s.canonical(file)
				if to, ok := diverted[file]; ok && to.Package != name {
					file = d.s.canonical(to.To)
				}
				d.expect(file, digest, v.layer)
			}
		}
	}
}

// own notes an owner where there is none yet.
func (d *drift) own(path, pkg string) {
	if _, ok := d.facts[path]; ok && d.owner[path] == "" {
		d.owner[path] = cmp.Or(pkg, "dpkg-divert")
	}
}

func (d *drift) expect(path, digests string, layer int) {
	if _, ok := d.facts[path]; !ok {
		return
	}
	e := d.sums[path]
	e.digests += " " + digests
	e.layer = max(e.layer, layer)
	d.sums[path] = e
}

// judge looks at every fact, in order, and groups what is usual.
func (d *drift) judge() {
	groups := map[string][]string{}
	changed := 0
	for _, p := range slices.Sorted(maps.Keys(d.facts)) {
		f := d.facts[p]
		owner := d.owner[p]
		d.setID(p, f, owner)
		switch {
		case owner != "":
			if d.differs(p, f) {
				if changed++; changed <= maxChanged {
					d.changed(p, f, owner)
				}
			}
		case f.Program && d.owned && !d.byLanguage(p):
			if !d.suspicious(p, f) {
				g := group(p)
				groups[g] = append(groups[g], p)
			}
		}
	}
	if changed > maxChanged {
		d.add(changedFile, finding.High, fmt.Sprintf("%d more files differ from their packages", changed-maxChanged), "", 0, "")
	}
	for _, g := range slices.Sorted(maps.Keys(groups)) {
		d.unowned(g, groups[g])
	}
}

// maxChanged is how many files that differ are told apart.
const maxChanged = 100

// differs says whether a file is not what any of its packages brought.
func (d *drift) differs(p string, f fact) bool {
	want := strings.Fields(d.sums[p].digests)
	comparable := false
	for _, w := range want {
		for _, have := range f.Digests {
			if len(w) == len(have) {
				comparable = true
				if w == have {
					return false
				}
			}
		}
	}
	return comparable
}

func (d *drift) changed(p string, f fact, owner string) {
	severity := finding.High
	if !f.Program && !strings.Contains(path.Dir(p), "bin") {
		severity = finding.Medium
	}
	evidence := "the digest in the database of package " + owner + " is another"
	if f.layer > d.sums[p].layer {
		evidence += "; a later layer than that of the package wrote the file"
	}
	d.add(changedFile, severity, changedFile.Title+": "+owner, p, f.layer, evidence)
}

// setID looks at files that run with the rights of their owner.
func (d *drift) setID(p string, f fact, owner string) {
	base := path.Base(p)
	switch {
	case f.SetUID && f.UID == 0 && persistence.GivesShell(base):
		d.add(setUID, finding.High, "Set-uid root program that can start a shell: "+base, p, f.layer, ownerText(owner))
	case owner != "" || !f.SetUID && !f.SetGID:
	case f.SetUID && f.UID == 0 && f.Program:
		d.add(setUID, finding.Medium, "Set-uid root program that no package owns: "+base, p, f.layer, ownerText(owner))
	case d.owned:
		d.add(setUID, finding.Low, "Program with its owner's or group's rights that no package owns: "+base, p, f.layer, ownerText(owner))
	}
}

func ownerText(owner string) string {
	if owner == "" {
		return "no package owns the file"
	}
	return "the file is that of package " + owner
}

// add reports a finding at a path of the final file system.
func (d *drift) add(r finding.Rule, severity finding.Severity, title, p string, layer int, evidence string) {
	f := finding.Finding{
		ID: finding.NewID(string(finding.KindMalware), r.ID, p), Kind: finding.KindMalware, Severity: severity, Title: title,
		Rule: &r, Confidence: finding.ConfidenceMedium, Evidence: evidence, Remedy: remedies[r.ID],
	}
	if p != "" {
		f.Location = inventory.Location{Path: p, Layer: d.layers[layer]}
	}
	d.found = append(d.found, f)
}
