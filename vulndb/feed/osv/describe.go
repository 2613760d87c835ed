package osv

import (
	"cmp"
	"slices"
	"strings"

	"github.com/boltseal/boltseal/finding"
	"github.com/boltseal/boltseal/vulndb"
	"github.com/boltseal/boltseal/vulndb/feed/input"
)

// databases maps the first part of an id to the name of who wrote the record.
// Records with a CVE as id were converted from NVD.
var databases = map[string]string{
	"CVE": "nvd", "GHSA": "ghsa", "GO": "golang", "PYSEC": "pysec", "RUSTSEC": "rustsec", "MAL": "malicious",
	"RHSA": "redhat", "RHBA": "redhat", "RHEA": "redhat", "RLSA": "rocky", "RXSA": "rocky",
	"ALSA": "almalinux", "ALBA": "almalinux", "ALEA": "almalinux", "USN": "ubuntu", "LSN": "ubuntu", "UBUNTU": "ubuntu",
	"DSA": "debian", "DLA": "debian", "DTSA": "debian", "DEBIAN": "debian", "SUSE": "suse", "openSUSE": "suse",
}

func (r *record) database() string {
	prefix, _, _ := strings.Cut(r.ID, "-")
	return cmp.Or(databases[prefix], strings.ToLower(prefix))
}

// describe emits what the record says about the vulnerability itself.
func (e *emitter) describe() error {
	r := e.r
	v := vulndb.Vulnerability{
		ID: r.ID, Aliases: r.Aliases, Source: r.database(),
		Published: input.Time(r.Published), Modified: input.Time(r.Modified), Withdrawn: input.Time(r.withdrawn()),
	}
	distribution := r.ofDistribution() && !input.IsCVE(r.ID)
	switch {
	case distribution && len(e.vulns) > 1:
		return nil // the text is about all of them, and the severity the worst
	case distribution && e.vulns[0] != r.ID:
		// The advisory is no alias of the CVE; it only grades it.
		v.ID, v.Aliases = e.vulns[0], nil
	default:
		v.Title, v.Description = r.Summary, cleanDetails(r.Details)
		v.References = r.references()
		v.CWEs = r.Database.CWEs
	}
	v.Severities = r.severities(v.Source, e.grade)
	if distribution && v.Title == "" && len(v.Severities) == 0 {
		return nil
	}
	return e.out.Vulnerability(&v)
}

// severities returns the vectors, or the grade alone.
func (r *record) severities(source string, grade finding.Severity) []finding.SourcedSeverity {
	var out []finding.SourcedSeverity
	add := func(list []severity) {
		for _, s := range list {
			if !strings.HasPrefix(s.Type, "CVSS_") {
				continue
			}
			score, err := finding.CVSSScore(s.Score)
			if err != nil || slices.ContainsFunc(out, func(o finding.SourcedSeverity) bool { return o.Vector == s.Score }) {
				continue
			}
			out = append(out, finding.SourcedSeverity{
				Source: source, Severity: cmp.Or(grade, finding.FromScore(score)), Score: score, Vector: s.Score,
			})
		}
	}
	add(r.Severity)
	for i := range r.Affected {
		add(r.Affected[i].Severity)
	}
	if len(out) == 0 && grade != finding.Unknown {
		out = append(out, finding.SourcedSeverity{Source: source, Severity: grade})
	}
	return out
}

// referenceOrder is which references are worth most.
var referenceOrder = []string{"ADVISORY", "FIX", "EVIDENCE", "REPORT", "ARTICLE", "INTRODUCED", "DETECTION", "DISCUSSION", "WEB"}

func (r *record) references() []string {
	var out []string
	for _, kind := range referenceOrder {
		for _, ref := range r.References {
			if ref.Type == kind {
				out = append(out, ref.URL)
			}
		}
	}
	return out
}

// malwareNotice is what every record about malware begins with.
const malwareNotice = "_-= Per source details. Do not edit below this line.=-_"

func cleanDetails(s string) string {
	before, after, found := strings.Cut(s, malwareNotice)
	if !found {
		return s
	}
	return strings.TrimSpace(strings.Trim(strings.TrimSpace(before), "-") + "\n\n" + strings.TrimSpace(after))
}
