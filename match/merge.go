package match

import (
	"cmp"
	"slices"
	"strings"

	"github.com/boltseal/boltseal/finding"
	"github.com/boltseal/boltseal/inventory"
)

// merger makes one finding of all verdicts about one vulnerability of one
// package: binary packages of one source, several feeds, several identifiers.
type merger struct {
	rows map[rowKey]*row
	keys []rowKey // in the order in which they came, so that results are stable
}

// rowKey tells findings apart before identifiers are merged. place is empty
// for system packages, which are one row per source package.
type rowKey struct {
	vulnerability, kind, name, version, module, place string
}

// row is a finding in the making: the package that stands for it, and the
// others that have it.
type row struct {
	pkg      *inventory.Package
	also     []*inventory.Package
	verdicts []verdict
}

func newMerger() *merger { return &merger{rows: map[rowKey]*row{}} }

func (m *merger) add(p *inventory.Package, s subject, v verdict) {
	key := rowKey{vulnerability: v.vulnerability, kind: p.Type, name: s.name, version: s.version, module: s.module}
	switch {
	case p.Type == "rpm":
		key.name = p.SourceName()
	case !system(p):
		key.name, key.place = p.Name, p.Path()
	}
	r := m.rows[key]
	if r == nil {
		r = &row{pkg: p}
		m.rows[key] = r
		m.keys = append(m.keys, key)
	}
	r.addPackage(p)
	r.verdicts = append(r.verdicts, v)
}

// addPackage makes the package that bears the source's name stand for the row,
// else the first.
func (r *row) addPackage(p *inventory.Package) {
	if r.pkg == p || len(r.also) > 0 && r.also[len(r.also)-1] == p {
		return // it came under its other name
	}
	if p.Name == p.SourceName() && r.pkg.Name != r.pkg.SourceName() {
		r.pkg, p = p, r.pkg
	}
	r.also = append(r.also, p)
}

func system(p *inventory.Package) bool { return p.Type == "deb" || p.Type == "apk" || p.Type == "rpm" }

// findings turns the rows into findings, joins those whose vulnerabilities turn
// out to be the same, and sorts them.
func (m *merger) findings(dbs []Database) ([]finding.Finding, error) {
	ids := make([]string, len(m.keys))
	for i, key := range m.keys {
		ids[i] = key.vulnerability
	}
	known, err := lookUp(dbs, ids, Database.Summary)
	if err != nil {
		return nil, err
	}
	joined := map[rowKey]*row{}
	keys := m.keys[:0]
	for _, key := range m.keys {
		r := m.rows[key]
		key.vulnerability = known[key.vulnerability].ID
		if old := joined[key]; old != nil {
			old.join(r)
			continue
		}
		joined[key] = r
		keys = append(keys, key)
	}
	out := make([]finding.Finding, 0, len(joined))
	for _, key := range keys {
		out = append(out, joined[key].finding(known[key.vulnerability]))
	}
	Sort(out)
	return out, nil
}

// join adds a row about the same vulnerability under another identifier.
func (r *row) join(other *row) {
	r.addPackage(other.pkg)
	for _, p := range other.also {
		r.addPackage(p)
	}
	r.verdicts = append(r.verdicts, other.verdicts...)
}

// complete fills what a leaves open from b.
func complete(a, b *finding.Vulnerability) *finding.Vulnerability {
	if a == nil || b == nil {
		return cmp.Or(a, b)
	}
	out := *a
	out.Title = cmp.Or(a.Title, b.Title)
	out.Description = cmp.Or(a.Description, b.Description)
	out.Severities = append(slices.Clone(a.Severities), b.Severities...)
	out.KEV = cmp.Or(a.KEV, b.KEV)
	out.EPSS = cmp.Or(a.EPSS, b.EPSS)
	if len(out.CWEs) == 0 {
		out.CWEs = b.CWEs
	}
	for _, id := range append(slices.Clone(b.Aliases), b.ID) {
		if id != out.ID && !slices.Contains(out.Aliases, id) {
			out.Aliases = append(out.Aliases, id)
		}
	}
	for _, ref := range b.References {
		if !slices.Contains(out.References, ref) {
			out.References = append(out.References, ref)
		}
	}
	slices.Sort(out.Aliases)
	return &out
}

// finding writes one row.
func (r *row) finding(v *finding.Vulnerability) finding.Finding {
	slices.SortStableFunc(r.verdicts, func(a, b verdict) int {
		return cmp.Or(strings.Compare(a.namespace, b.namespace), strings.Compare(a.vulnerability, b.vulnerability),
			strings.Compare(a.evidence, b.evidence))
	})
	vuln := *v
	scheme := Scheme(r.verdicts[0].namespace)
	f := finding.Finding{
		Kind: finding.KindVulnerability, Package: reference(r.pkg), Vulnerability: &vuln,
		Status: r.verdicts[0].status, Evidence: r.verdicts[0].evidence, Also: r.alsoNames(),
	}
	if strings.HasPrefix(r.verdicts[0].namespace, malicious) {
		f.Kind = finding.KindMalware
	}
	vuln.Advisories = nil
	own := finding.Unknown
	for _, d := range r.verdicts {
		own = max(own, d.severity)
		if d.fixed != "" && (f.FixedVersion == "" || scheme.Compare(d.fixed, f.FixedVersion) > 0) {
			f.FixedVersion = d.fixed
		}
		for _, a := range d.from {
			if !slices.Contains(vuln.Advisories, a) {
				vuln.Advisories = append(vuln.Advisories, a)
			}
		}
	}
	if f.FixedVersion != "" {
		f.Status = finding.StatusFixed
		f.FixedVersion = asInstalled(r.pkg, f.FixedVersion)
	}
	if len(r.pkg.Locations) > 0 {
		f.Location = r.pkg.Locations[0]
	}
	f.Severity = severity(&f, own)
	f.Priority = Priority(&f)
	f.ID = finding.NewID(string(f.Kind), v.ID, r.pkg.Type, r.pkg.SourceName(), f.Location.Path)
	r.withdrawByChangelog(&f)
	return f
}

// asInstalled writes a fixed version as its package manager wants it.
func asInstalled(p *inventory.Package, fixed string) string {
	switch p.Type {
	case "rpm":
		return strings.TrimPrefix(fixed, "0:")
	case "golang":
		if strings.HasPrefix(p.Version, "v") && !strings.HasPrefix(fixed, "v") {
			fixed = "v" + fixed
		}
		if strings.HasSuffix(p.Version, incompatible) && !strings.HasSuffix(fixed, incompatible) && !strings.ContainsAny(fixed, "-+") {
			fixed += incompatible
		}
	}
	return fixed
}

// incompatible ends the versions of Go modules above 1 that have no go.mod.
const incompatible = "+incompatible"

// reference is the package as a finding names it, without the lists that only
// an inventory needs: a kernel's changelog has thousands of lines.
func reference(p *inventory.Package) *inventory.Package {
	r := *p
	r.Files, r.FixedCVEs = nil, nil
	return &r
}

// titleLength bounds a title that is taken from the description, in bytes.
const titleLength = 120

// title is the vulnerability's own, or else the beginning of the first
// sentence of its description.
func title(v *finding.Vulnerability) string {
	if v.Title != "" {
		return v.Title
	}
	text := strings.Join(strings.Fields(v.Description[:min(len(v.Description), 4*titleLength)]), " ")
	text, _, _ = strings.Cut(text, ". ")
	text = strings.TrimSuffix(text, ".")
	if len(text) > titleLength {
		text = text[:max(strings.LastIndexByte(text[:titleLength], ' '), 0)] + " ..."
	}
	return strings.ToValidUTF8(text, "")
}

func (r *row) alsoNames() []string {
	var names []string
	for _, p := range r.also {
		if p.Name != r.pkg.Name {
			names = append(names, p.Name)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// withdrawByChangelog suppresses a finding that the changelog of one of its
// packages, in the image, says is fixed: the feed is older than the package.
// A feed that knows of a repair above the installed version is not.
func (r *row) withdrawByChangelog(f *finding.Finding) {
	if f.FixedVersion != "" {
		return
	}
	ids := append([]string{f.Vulnerability.ID}, f.Vulnerability.Aliases...)
	for _, p := range append([]*inventory.Package{r.pkg}, r.also...) {
		for _, id := range ids {
			if v, ok := p.FixedCVEs[id]; ok {
				f.Suppressed = &finding.Suppression{
					By: "changelog", Status: "fixed", Source: p.SourceName() + " " + v,
					Reason: "the package's changelog says that version " + v + " fixes " + id,
				}
				return
			}
		}
	}
}
