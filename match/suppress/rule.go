// Package suppress withdraws findings that somebody judged not to matter: VEX
// documents of maintainers, and the ignore file of the user. A withdrawn
// finding stays in the report's data, with who withdrew it and why.
package suppress

import (
	"slices"
	"strings"
	"time"

	"github.com/boltseal/boltseal/finding"
	"github.com/boltseal/boltseal/internal/glob"
	"github.com/boltseal/boltseal/inventory"
)

// Rule withdraws the findings that it meets.
type Rule struct {
	// IDs are identifiers of vulnerabilities or rules, or finding IDs. A pattern
	// (package glob) is one of rules: "secret/*".
	IDs []string
	// PURLs limit the rule to packages; empty means all. See MatchPURL.
	PURLs []string
	// Within is the package URL of a product in the inventory that must contain
	// the package: the Go program whose module it is, the jar that it is in.
	Within string
	// Platform is the CPE of the operating system that it is limited to.
	Platform string
	// Package and Path limit it to a package name and a path pattern (package
	// glob); empty means all.
	Package, Path string
	// By, Status, Reason and Source are as in finding.Suppression.
	By, Status, Reason, Source string
	// Expires is when the rule ends; zero is never.
	Expires time.Time
	// Stated is when a VEX document said so. Of several statements about one
	// finding the latest counts.
	Stated time.Time
}

// VEX's words for what is and may be vulnerable. Statements of these withdraw
// nothing, but take back what an older one withdrew.
const (
	affected           = "affected"
	underInvestigation = "under_investigation"
)

// Rules decide about findings together: the first of an ignore file that meets
// a finding withdraws it; otherwise the latest VEX statement about it counts,
// and of those of one time one that says that it is affected.
type Rules []Rule

// Apply sets Suppressed on the findings of an inventory that the rules withdraw
// at the given time. A finding that is withdrawn already stays as it is. It
// returns the rules that had expired and would have met a finding.
func (rs Rules) Apply(fs []finding.Finding, inv *inventory.Inventory, now time.Time) (expired []Rule) {
	index := rs.index()
	a := asset{inv: inv, places: map[string][]string{}}
	late := map[int]bool{}
	for i := range fs {
		f := &fs[i]
		if f.Suppressed != nil {
			continue
		}
		var verdict *Rule
		for _, n := range index.candidates(rs, f) {
			switch r := &rs[n]; {
			case !r.meets(f, &a):
			case !r.Expires.IsZero() && now.After(r.Expires):
				if !late[n] {
					late[n] = true
					expired = append(expired, *r)
				}
			case verdict == nil || r.overrules(verdict):
				verdict = r
			}
		}
		if verdict != nil && verdict.withdraws() {
			f.Suppressed = &finding.Suppression{
				By: verdict.By, Status: verdict.Status, Reason: verdict.Reason, Source: verdict.Source, Expires: verdict.Expires,
			}
		}
	}
	return expired
}

// vex is what Rule.By says of rules from VEX documents.
const vex = "vex"

// withdraws says whether the rule, where it counts, withdraws a finding.
func (r *Rule) withdraws() bool { return r.Status != affected && r.Status != underInvestigation }

// overrules says whether the rule, which stands behind another, counts before it.
func (r *Rule) overrules(other *Rule) bool {
	switch {
	case r.By != vex || other.By != vex:
		return other.By == vex // an ignore file before VEX
	case !r.Stated.Equal(other.Stated):
		return r.Stated.After(other.Stated)
	}
	return other.withdraws() && !r.withdraws()
}

// index finds rules by what they name.
type index struct {
	byID     map[string][]int // by identifier in capitals
	patterns []int            // rules whose IDs have patterns
}

func (rs Rules) index() index {
	x := index{byID: map[string][]int{}}
	for i := range rs {
		for _, id := range rs[i].IDs {
			if strings.ContainsAny(id, "*?") {
				x.patterns = append(x.patterns, i)
				continue
			}
			key := strings.ToUpper(id)
			x.byID[key] = append(x.byID[key], i)
		}
	}
	return x
}

// candidates are the rules that name one of the finding's identifiers, in order.
func (x index) candidates(rs Rules, f *finding.Finding) []int {
	byID := x.byID
	out := slices.Clone(byID[strings.ToUpper(f.ID)])
	if f.Rule != nil {
		out = append(out, byID[strings.ToUpper(f.Rule.ID)]...)
		for _, i := range x.patterns {
			if slices.ContainsFunc(rs[i].IDs, func(id string) bool { return glob.Match(id, f.Rule.ID) }) {
				out = append(out, i)
			}
		}
	}
	if v := f.Vulnerability; v != nil {
		out = append(out, byID[strings.ToUpper(v.ID)]...)
		for _, a := range v.Aliases {
			out = append(out, byID[strings.ToUpper(a)]...)
		}
		for _, a := range v.Advisories {
			out = append(out, byID[strings.ToUpper(a.ID)]...)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// meets checks what the rule is limited to; the identifier is known to fit.
func (r *Rule) meets(f *finding.Finding, a *asset) bool {
	if r.Path != "" {
		if !glob.Match(r.Path, f.Location.Path) {
			return false
		}
	}
	p := f.Package
	if r.Package == "" && len(r.PURLs) == 0 {
		return true
	}
	switch {
	case p == nil, r.Package != "" && r.Package != p.Name && r.Package != p.SourceName():
		return false
	case r.Platform != "" && !a.runs(r.Platform), r.Within != "" && !a.contains(r.Within, p):
		return false
	}
	return len(r.PURLs) == 0 || slices.ContainsFunc(r.PURLs, func(pattern string) bool { return MatchPURL(pattern, p.PURL) })
}

// MatchPURL says whether a package URL is what the pattern names: the same
// type, namespace and name; the same version and qualifiers where the pattern
// has them.
func MatchPURL(pattern, purl string) bool {
	if pattern == anyPURL {
		return true
	}
	wantBase, wantVersion, wantQuery := splitPURL(pattern)
	base, version, query := splitPURL(purl)
	if wantBase != base || wantVersion != "" && wantVersion != version {
		return false
	}
	have := strings.Split(query, "&")
	for q := range strings.SplitSeq(wantQuery, "&") {
		if q != "" && !slices.Contains(have, q) {
			return false
		}
	}
	return true
}

func splitPURL(p string) (base, version, query string) {
	p, _, _ = strings.Cut(p, "#")
	p, query, _ = strings.Cut(p, "?")
	if i := strings.LastIndexByte(p, '@'); i > 0 && i > strings.LastIndexByte(p, '/') {
		p, version = p[:i], p[i+1:]
	}
	return strings.ReplaceAll(p, "%40", "@"), strings.ReplaceAll(version, "%3A", ":"), query
}
