package osv

import (
	"cmp"
	"regexp"
	"strings"

	"github.com/boltseal/boltseal/finding"
	"github.com/boltseal/boltseal/vulndb"
	"github.com/boltseal/boltseal/vulndb/feed/input"
)

// intervals turns events into ranges and says what they mean for the package.
// Ranges of commits don't count. Distributions write "fixed in 0" for a
// package that never was affected.
func (a *affected) intervals() ([]vulndb.Range, finding.Status) {
	var out []vulndb.Range
	status := finding.StatusAffected
	never := false
	for _, r := range a.Ranges {
		if r.Type == "GIT" {
			continue
		}
		open := -1
		for _, ev := range r.Events {
			switch {
			case ev.Introduced != "":
				out = append(out, vulndb.Range{Introduced: zeroIsStart(ev.Introduced)})
				open = len(out) - 1
			case open < 0:
			case ev.Fixed == "0":
				never = true
				out = out[:open]
				open = -1
			case ev.Fixed != "":
				out[open].Fixed = ev.Fixed
				status = finding.StatusFixed
				open = -1
			case ev.LastAffected != "":
				out[open].LastAffected = ev.LastAffected
				open = -1
			}
		}
	}
	if never && len(out) == 0 {
		return nil, finding.StatusNotAffected
	}
	return out, status
}

func zeroIsStart(version string) string {
	if version == "0" {
		return ""
	}
	return version
}

// vulnerabilities returns the ids that the record is about.
func (r *record) vulnerabilities() []string {
	if input.IsCVE(r.ID) {
		return []string{r.ID}
	}
	if _, cve, ok := strings.Cut(r.ID, "-CVE-"); ok { // DEBIAN-CVE-2024-1234
		return []string{"CVE-" + cve}
	}
	for _, ids := range [...][]string{r.Aliases, r.Upstream} {
		if cves := onlyCVEs(ids); len(cves) > 0 {
			return cves
		}
	}
	if r.ofDistribution() {
		if cves := onlyCVEs(r.Related); len(cves) > 0 {
			return cves
		}
	}
	return []string{r.ID}
}

// withdrawnTitle is how GitHub and Go begin the title of a record that they
// took back, or that repeats another; some such records carry no date of it.
var withdrawnTitle = regexp.MustCompile(`(?i)^(?:withdrawn(?: advisory)?\s*(?::|$)|duplicate advisory\b)`)

// withdrawn is when the record was taken back, "" when it stands.
func (r *record) withdrawn() string {
	if r.Withdrawn == "" && withdrawnTitle.MatchString(r.Summary) {
		return cmp.Or(r.Modified, r.Published, r.Summary)
	}
	return r.Withdrawn
}

func onlyCVEs(ids []string) []string {
	var cves []string
	for _, id := range ids {
		if input.IsCVE(id) {
			cves = append(cves, id)
		}
	}
	return cves
}

// ofDistribution says if the record is about packages of distributions only.
func (r *record) ofDistribution() bool {
	any := false
	for i := range r.Affected {
		if r.Affected[i].Package.Ecosystem == "" {
			continue
		}
		if _, distribution := namespace(r.Affected[i].Package.Ecosystem); !distribution {
			return false
		}
		any = true
	}
	return any
}

// grade is the ecosystem's or distribution's own severity: GHSA's word, or the
// one before the title in "Important: nodejs:16 security update".
func (r *record) grade() finding.Severity {
	if s, err := finding.ParseSeverity(string(r.Database.Severity)); err == nil && s != finding.Unknown {
		return s
	}
	for _, own := range r.Severity { // {"type": "Ubuntu", "score": "negligible"}
		if s, err := finding.ParseSeverity(own.Score); err == nil && !strings.HasPrefix(own.Type, "CVSS_") {
			return s
		}
	}
	if first, _, ok := strings.Cut(r.Summary, ": "); ok && !strings.Contains(first, " ") {
		if s, err := finding.ParseSeverity(first); err == nil {
			return s
		}
	}
	return finding.Unknown
}
