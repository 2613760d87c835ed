// Package csaf reads CSAF documents into statements about packages: which
// component of which product stands where. It does not know vendors; the feeds
// that use it decide where a product's statements go.
//
// Source: OASIS Common Security Advisory Framework 2.0, sections 3.2.1
// (document), 3.2.2 (product tree) and 3.2.3 (vulnerabilities).
package csaf

import (
	"cmp"
	"errors"

	"github.com/boltseal/boltseal/finding"
	"github.com/boltseal/boltseal/vulndb/feed/input"
)

// Document is the part of a CSAF document that says something about packages.
type Document struct {
	Head struct {
		Title    string `json:"title"`
		Category string `json:"category"`
		Severity struct {
			Text string `json:"text"`
		} `json:"aggregate_severity"`
		Tracking struct {
			ID       string `json:"id"`
			Released string `json:"initial_release_date"`
			Current  string `json:"current_release_date"`
		} `json:"tracking"`
	} `json:"document"`
	Tree            Tree            `json:"product_tree"`
	Vulnerabilities []Vulnerability `json:"vulnerabilities"`
}

// Tree lists products and how they are parts of each other.
type Tree struct {
	Branches      []Branch       `json:"branches"`
	Relationships []Relationship `json:"relationships"`
}

// Branch groups products; a leaf has one.
type Branch struct {
	Branches []Branch `json:"branches"`
	Product  *Product `json:"product"`
}

// Product is a thing with an identifier.
type Product struct {
	ID     string `json:"product_id"`
	Name   string `json:"name"`
	Helper struct {
		CPE  string `json:"cpe"`
		PURL string `json:"purl"`
	} `json:"product_identification_helper"`
}

// Relationship makes a product of a component (Reference) in a platform.
type Relationship struct {
	Product   Product `json:"full_product_name"`
	Reference string  `json:"product_reference"`
	Platform  string  `json:"relates_to_product_reference"`
}

// Vulnerability is one vulnerability and the state of the products.
type Vulnerability struct {
	CVE   string `json:"cve"`
	Title string `json:"title"`
	CWE   struct {
		ID string `json:"id"`
	} `json:"cwe"`
	Notes []struct {
		Category string `json:"category"`
		Text     string `json:"text"`
	} `json:"notes"`
	Released string `json:"release_date"`
	Status   struct {
		Fixed         []string `json:"fixed"`
		Recommended   []string `json:"recommended"`
		Affected      []string `json:"known_affected"`
		NotAffected   []string `json:"known_not_affected"`
		Investigation []string `json:"under_investigation"`
	} `json:"product_status"`
	Remediations []Remediation `json:"remediations"`
	Scores       []Score       `json:"scores"`
	Threats      []Threat      `json:"threats"`
}

// Remediation is what can be done about some products.
type Remediation struct {
	Category string   `json:"category"`
	Details  string   `json:"details"`
	Date     string   `json:"date"`
	URL      string   `json:"url"`
	Products []string `json:"product_ids"`
}

// Score is a CVSS score of some products.
type Score struct {
	V3 CVSS `json:"cvss_v3"`
	V4 CVSS `json:"cvss_v4"`
	V2 CVSS `json:"cvss_v2"`
}

// CVSS is a score and its vector.
type CVSS struct {
	Score  float64 `json:"baseScore"`
	Vector string  `json:"vectorString"`
}

// Threat is the vendor's own grade when its category is "impact".
type Threat struct {
	Category string   `json:"category"`
	Details  string   `json:"details"`
	Products []string `json:"product_ids"`
}

// Component is a product resolved: the platform's CPE and name, and the
// component's identifier and package URL. What the document does not say is "".
type Component struct {
	PlatformCPE, PlatformName string
	ID, PURL                  string
}

// maxDepth is how deep branches may nest.
const maxDepth = 64

// Components resolves every product that is a component of a platform, by its
// identifier. Platforms may be components themselves; the outermost wins.
func (t *Tree) Components() (map[string]Component, error) {
	products := map[string]*Product{}
	if err := collect(t.Branches, products, 0); err != nil {
		return nil, err
	}
	made := make(map[string]*Relationship, len(t.Relationships))
	for i := range t.Relationships {
		made[t.Relationships[i].Product.ID] = &t.Relationships[i]
	}
	out := make(map[string]Component, len(made))
	for id, r := range made {
		c := Component{ID: r.Reference}
		for n := 0; made[c.ID] != nil && n < maxDepth; n++ {
			c.ID = made[c.ID].Reference
		}
		platform := r.Platform
		for n := 0; made[platform] != nil && n < maxDepth; n++ {
			platform = made[platform].Platform
		}
		if p := products[c.ID]; p != nil {
			c.PURL = p.Helper.PURL
		}
		if p := products[platform]; p != nil {
			c.PlatformCPE, c.PlatformName = p.Helper.CPE, p.Name
		}
		out[id] = c
	}
	return out, nil
}

func collect(branches []Branch, into map[string]*Product, depth int) error {
	if depth > maxDepth {
		return errors.New("product tree is too deep")
	}
	for i := range branches {
		if p := branches[i].Product; p != nil {
			into[p.ID] = p
		}
		if err := collect(branches[i].Branches, into, depth+1); err != nil {
			return err
		}
	}
	return nil
}

// Statement is one product's state.
type Statement struct {
	Product string
	Status  finding.Status
	// Advisory and Date are of the fix, from its remediation.
	Advisory, Date string
}

// Statements lists the state of every product, in the document's order of
// states. What is affected and will not be repaired, or not now, is told by its
// remediation.
func (v *Vulnerability) Statements() []Statement {
	fixes, outlook := map[string]*Remediation{}, map[string]finding.Status{}
	for i := range v.Remediations {
		r := &v.Remediations[i]
		for _, id := range r.Products {
			if r.Category == "vendor_fix" {
				fixes[id] = r
			} else if s := prospect(r); s != "" {
				outlook[id] = s
			}
		}
	}
	var out []Statement
	add := func(ids []string, status finding.Status) {
		for _, id := range ids {
			s := Statement{Product: id, Status: status}
			if r := fixes[id]; r != nil && status == finding.StatusFixed {
				s.Advisory, s.Date = lastPart(r.URL), r.Date
			}
			if status == finding.StatusAffected {
				s.Status = cmp.Or(outlook[id], status)
			}
			out = append(out, s)
		}
	}
	add(v.Status.Fixed, finding.StatusFixed)
	add(v.Status.Recommended, finding.StatusFixed)
	add(v.Status.Affected, finding.StatusAffected)
	add(v.Status.NotAffected, finding.StatusNotAffected)
	add(v.Status.Investigation, finding.StatusUnderInvestigation)
	return out
}

// prospect translates a remediation that is no fix.
func prospect(r *Remediation) finding.Status {
	switch {
	case r.Category == "no_fix_planned" && r.Details == "Out of support scope":
		return finding.StatusEndOfLife
	case r.Category == "no_fix_planned":
		return finding.StatusWillNotFix
	case r.Category == "none_available" && r.Details == "Fix deferred":
		return finding.StatusDeferred
	}
	return ""
}

// lastPart is what stands behind the last slash of an address.
func lastPart(url string) string {
	for i := len(url) - 1; i >= 0; i-- {
		if url[i] == '/' {
			return url[i+1:]
		}
	}
	return url
}

// Description is the note that describes the vulnerability, or summarizes it.
func (v *Vulnerability) Description() string {
	summary := ""
	for _, n := range v.Notes {
		switch n.Category {
		case "description":
			return n.Text
		case "summary", "general":
			summary = cmp.Or(summary, n.Text)
		}
	}
	return summary
}

// Severities are the scores of the first entry that has any, newest version of
// CVSS first, with the vendor's grade.
func (v *Vulnerability) Severities(source string) []finding.SourcedSeverity {
	grade := v.Grade()
	for _, s := range v.Scores {
		for _, c := range [...]CVSS{s.V4, s.V3, s.V2} {
			if c.Vector != "" && c.Score >= 0 && c.Score <= 10 {
				if grade == finding.Unknown {
					grade = finding.FromScore(c.Score)
				}
				return []finding.SourcedSeverity{{Source: source, Severity: grade, Score: c.Score, Vector: c.Vector}}
			}
		}
	}
	if grade == finding.Unknown {
		return nil
	}
	return []finding.SourcedSeverity{{Source: source, Severity: grade}}
}

// Grade is the vendor's own grade, the worst when products differ.
func (v *Vulnerability) Grade() finding.Severity {
	worst := finding.Unknown
	for _, t := range v.Threats {
		if t.Category == "impact" {
			if s, err := finding.ParseSeverity(t.Details); err == nil {
				worst = max(worst, s)
			}
		}
	}
	return worst
}

// Modified is when the document was last changed, Unix seconds.
func (d *Document) Modified() int64 { return input.Unix(d.Head.Tracking.Current) }
