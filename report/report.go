// Package report writes what a scan found, for people (table, HTML), for CI
// (JUnit, GitLab, GitHub, SARIF) and for other programs (JSON, CycloneDX, SPDX).
//
// A Report is plain data; each format is one file with one function of type
// Writer, listed in Formats. Nothing here decides or matches.
package report

import (
	"time"

	"github.com/boltseal/boltseal/finding"
	"github.com/boltseal/boltseal/image"
	"github.com/boltseal/boltseal/inventory"
)

// Schema names the version of the JSON form; docs/format/report.md documents
// it. A field may be added without a new version, never renamed or removed.
const Schema = "boltseal.report/1"

// Report is all that one scan says.
type Report struct {
	Schema  string    `json:"schema"`
	Tool    Tool      `json:"tool"`
	Created time.Time `json:"created"`
	Target  Target    `json:"target"`
	// Database is nil when no vulnerability database was there; then only the
	// emergency advisories were matched, and Notices say so.
	Database *Database `json:"database,omitempty"`
	// Partial is set when something could not be read; Inventory.Issues name it.
	Partial   bool                `json:"partial"`
	Notices   []Notice            `json:"notices,omitempty"`
	Summary   Summary             `json:"summary"`
	Inventory inventory.Inventory `json:"inventory"`
	// Findings are sorted by priority, worst first; suppressed ones come last.
	Findings []finding.Finding `json:"findings"`
	// Policy is what policies decided, nil when none was asked.
	Policy *Decision `json:"policy,omitempty"`
}

// Tool names the program that made the report.
type Tool struct {
	Name    string `json:"name"`
	Version string `json:"version"`
}

// Target is what was scanned.
type Target struct {
	// Kind and Name are as in image.Image: "registry", "docker.io/library/nginx:1".
	Kind         string        `json:"kind"`
	Name         string        `json:"name"`
	Digest       string        `json:"digest,omitempty"`
	ConfigDigest string        `json:"configDigest,omitempty"`
	Tags         []string      `json:"tags,omitempty"`
	Platform     string        `json:"platform,omitempty"`
	Config       *image.Config `json:"config,omitempty"`
	Layers       []Layer       `json:"layers,omitempty"`
}

// Layer is one layer of the target.
type Layer struct {
	Digest    string `json:"digest,omitempty"`
	DiffID    string `json:"diffID,omitempty"`
	CreatedBy string `json:"createdBy,omitempty"`
	Size      int64  `json:"size,omitempty"`
	Entries   int    `json:"entries,omitempty"`
	Packages  int    `json:"packages"`
	Cached    bool   `json:"cached,omitempty"`
}

// Database tells which vulnerability database was used.
type Database struct {
	Built           time.Time `json:"built"`
	Vulnerabilities int       `json:"vulnerabilities"`
	// Namespace is where the operating system's advisories were looked up, ""
	// when it has none; Covered is whether any are loaded there.
	Namespace string `json:"namespace,omitempty"`
	Covered   bool   `json:"covered"`
	// Stale names sources whose last update failed.
	Stale []string `json:"stale,omitempty"`
	// Data is how far the advisories reach in the namespaces of the packages
	// that were found; Built only says when they were fetched.
	Data []Data `json:"data,omitempty"`
}

// Data is how new the advisories of a namespace are.
type Data struct {
	Namespace string `json:"namespace"`
	// Newest is the date of the newest record of the sources, the zero time
	// when their records have no dates.
	Newest time.Time `json:"newest,omitzero"`
	// Old is whether that is so long ago that newer vulnerabilities are most
	// likely missing.
	Old bool `json:"old,omitempty"`
}

// Date is how far all of Data reaches, or else when the database was fetched.
func (d *Database) Date() time.Time {
	date := d.Built
	for _, data := range d.Data {
		if !data.Newest.IsZero() && data.Newest.Before(date) {
			date = data.Newest
		}
	}
	return date
}

// Notice is a remark for the user. Key finds the text in the catalogue of the
// user's language (text.go), Args fill it in.
type Notice struct {
	Key  string   `json:"key"`
	Args []string `json:"args,omitempty"`
	// Text is the English text.
	Text string `json:"text"`
}

// Summary counts findings that are not suppressed, by severity and by kind, and others.
type Summary struct {
	Packages   int            `json:"packages"`
	Findings   int            `json:"findings"`
	BySeverity map[string]int `json:"bySeverity"`
	ByKind     map[string]int `json:"byKind"`
	Fixable    int            `json:"fixable"`
	KEV        int            `json:"kev"`
	Suppressed int            `json:"suppressed"`
}

// Layer returns the layer that a location names, nil if none.
func (t *Target) Layer(id string) *Layer {
	for i := range t.Layers {
		if l := &t.Layers[i]; id != "" && (l.DiffID == id || l.Digest == id) {
			return l
		}
	}
	return nil
}

// Summarize fills Summary from the inventory and findings.
func (r *Report) Summarize() {
	s := Summary{Packages: len(r.Inventory.Packages), BySeverity: map[string]int{}, ByKind: map[string]int{}}
	for i := range r.Findings {
		f := &r.Findings[i]
		if f.Suppressed != nil {
			s.Suppressed++
			continue
		}
		s.Findings++
		s.BySeverity[f.Severity.String()]++
		s.ByKind[string(f.Kind)]++
		if f.FixedVersion != "" {
			s.Fixable++
		}
		if f.Vulnerability != nil && f.Vulnerability.KEV != nil {
			s.KEV++
		}
	}
	r.Summary = s
}
