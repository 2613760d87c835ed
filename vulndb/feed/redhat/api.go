package redhat

import (
	"cmp"
	"strconv"
	"strings"

	"github.com/boltseal/boltseal/finding"
	"github.com/boltseal/boltseal/vulndb"
	"github.com/boltseal/boltseal/vulndb/feed"
	"github.com/boltseal/boltseal/vulndb/feed/input"
)

// record is one CVE as the Security Data API writes it.
type record struct {
	Name      string             `json:"name"`
	Published string             `json:"public_date"`
	Severity  string             `json:"threat_severity"`
	CWE       string             `json:"cwe"`
	Details   input.List[string] `json:"details"`
	Bug       struct {
		Description string `json:"description"`
	} `json:"bugzilla"`
	CVSS3 struct {
		Score  string `json:"cvss3_base_score"`
		Vector string `json:"cvss3_scoring_vector"`
	} `json:"cvss3"`
	CVSS2 struct {
		Score  string `json:"cvss_base_score"`
		Vector string `json:"cvss_scoring_vector"`
	} `json:"cvss"`
	Fixed input.List[struct {
		CPE      string `json:"cpe"`
		Package  string `json:"package"`
		Advisory string `json:"advisory"`
		Date     string `json:"release_date"`
		Impact   string `json:"impact"`
	}] `json:"affected_release"`
	States input.List[struct {
		CPE     string `json:"cpe"`
		Package string `json:"package_name"`
		State   string `json:"fix_state"`
		Impact  string `json:"impact"`
	}] `json:"package_state"`
}

func (r *record) emit(out feed.Sink) error {
	if err := out.Vulnerability(r.vulnerability()); err != nil {
		return err
	}
	for _, f := range r.Fixed {
		ns := Namespace(f.CPE)
		name, evr := splitNEVR(f.Package)
		if ns == "" || name == "" || evr == "" {
			continue
		}
		err := out.Advisory(&vulndb.Advisory{
			Namespace: ns, Package: name, Vulnerability: r.Name, Advisory: f.Advisory, Source: Name,
			Status: finding.StatusFixed, Ranges: []vulndb.Range{{Fixed: evr}},
			Severity: severity(cmp.Or(f.Impact, r.Severity)), Modified: input.Unix(f.Date),
		})
		if err != nil {
			return err
		}
	}
	for _, s := range r.States {
		ns, status := Namespace(s.CPE), states[strings.ToLower(s.State)]
		name, module := splitModule(s.Package)
		if ns == "" || status == "" || name == "" {
			continue
		}
		err := out.Advisory(&vulndb.Advisory{
			Namespace: ns, Package: name, Module: module, Vulnerability: r.Name, Source: Name, Status: status,
			Severity: severity(cmp.Or(s.Impact, r.Severity)),
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// states maps fix_state. "Out of support scope" is about a release whose
// support has ended or that repairs graver holes only.
var states = map[string]finding.Status{
	"affected":             finding.StatusAffected,
	"will not fix":         finding.StatusWillNotFix,
	"out of support scope": finding.StatusEndOfLife,
	"not affected":         finding.StatusNotAffected,
	"under investigation":  finding.StatusUnderInvestigation,
	"new":                  finding.StatusUnderInvestigation,
	"fix deferred":         finding.StatusDeferred,
}

func (r *record) vulnerability() *vulndb.Vulnerability {
	v := &vulndb.Vulnerability{
		ID: r.Name, Source: Name, Title: strings.TrimSpace(r.Bug.Description),
		Description: strings.Join(r.Details, "\n\n"), CWEs: cwes(r.CWE), Published: input.Time(r.Published),
	}
	score, vector := cmp.Or(r.CVSS3.Score, r.CVSS2.Score), cmp.Or(r.CVSS3.Vector, r.CVSS2.Vector)
	number, err := strconv.ParseFloat(score, 64)
	if err != nil || !(number >= 0 && number <= 10) {
		number = 0
	}
	if s := severity(r.Severity); s != finding.Unknown || number > 0 {
		v.Severities = []finding.SourcedSeverity{{Source: Name, Severity: s, Score: number, Vector: vector}}
	}
	return v
}

// cwes finds the CWE identifiers in Red Hat's notation of chains and
// alternatives: "CWE-119->CWE-121", "(CWE-20|CWE-79)".
func cwes(s string) []string {
	s = strings.ReplaceAll(s, "->", "|")
	return strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune("()|, ", r) })
}

func severity(impact string) finding.Severity {
	s, err := finding.ParseSeverity(impact)
	if err != nil {
		return finding.Unknown
	}
	return s
}
