// Package suppress withdraws findings that somebody judged not to matter: VEX
// documents of maintainers, and the ignore file of the user. A withdrawn
// finding stays in the report's data, with who withdrew it and why.
package suppress

import (
	"path"
	"slices"
	"strings"
	"time"

	"github.com/boltseal/boltseal/finding"
)

// Rule withdraws the findings that it meets.
type Rule struct {
	// IDs are identifiers of vulnerabilities or rules, or finding IDs.
	IDs []string
	// PURLs limit the rule to packages; empty means all. See MatchPURL.
	PURLs []string
	// Package and Path limit it to a package name and a path pattern
	// (path.Match); empty means all.
	Package, Path string
	// By, Status, Reason and Source are as in finding.Suppression.
	By, Status, Reason, Source string
	// Expires is when the rule ends; zero is never.
	Expires time.Time
}

// Rules are applied in order; the first that meets a finding withdraws it.
type Rules []Rule

// Apply sets Suppressed on the findings that a rule meets at the given time.
// A finding that is withdrawn already stays as it is. It returns the rules
// that had expired and would have met a finding.
func (rs Rules) Apply(fs []finding.Finding, now time.Time) (expired []Rule) {
	byID := map[string][]*Rule{}
	for i := range rs {
		for _, id := range rs[i].IDs {
			key := strings.ToUpper(id)
			byID[key] = append(byID[key], &rs[i])
		}
	}
	late := map[*Rule]bool{}
	for i := range fs {
		if fs[i].Suppressed != nil {
			continue
		}
		for _, r := range candidates(byID, &fs[i]) {
			if !r.meets(&fs[i]) {
				continue
			}
			if !r.Expires.IsZero() && now.After(r.Expires) {
				if !late[r] {
					late[r] = true
					expired = append(expired, *r)
				}
				continue
			}
			fs[i].Suppressed = &finding.Suppression{
				By: r.By, Status: r.Status, Reason: r.Reason, Source: r.Source, Expires: r.Expires,
			}
			break
		}
	}
	return expired
}

// candidates are the rules that name one of the finding's identifiers.
func candidates(byID map[string][]*Rule, f *finding.Finding) []*Rule {
	out := slices.Clone(byID[strings.ToUpper(f.ID)])
	if v := f.Vulnerability; v != nil {
		out = append(out, byID[strings.ToUpper(v.ID)]...)
		for _, a := range v.Aliases {
			out = append(out, byID[strings.ToUpper(a)]...)
		}
		for _, a := range v.Advisories {
			out = append(out, byID[strings.ToUpper(a.ID)]...)
		}
	}
	return out
}

// meets checks what the rule is limited to; the identifier is known to fit.
func (r *Rule) meets(f *finding.Finding) bool {
	if r.Path != "" {
		if ok, err := path.Match(r.Path, f.Location.Path); err != nil || !ok {
			return false
		}
	}
	if r.Package == "" && len(r.PURLs) == 0 {
		return true
	}
	p := f.Package
	if p == nil {
		return false
	}
	if r.Package != "" && r.Package != p.Name && r.Package != p.SourceName() {
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
