// Package vulnrichment reads CVE records, which the numbering authorities write
// and CISA's Vulnrichment adds scores and weaknesses to.
//
// Sources: https://github.com/cisagov/vulnrichment and the CVE record format
// 5.1 (https://github.com/CVEProject/cve-schema). It emits vulnerabilities only:
// what a record says about affected versions is not exact enough to match
// packages with.
package vulnrichment

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/boltseal/boltseal/finding"
	"github.com/boltseal/boltseal/vulndb"
	"github.com/boltseal/boltseal/vulndb/feed"
	"github.com/boltseal/boltseal/vulndb/feed/input"
)

// Name is the feed's name. Scores of the numbering authority have the source
// "cna" instead.
const Name = "vulnrichment"

// Feed implements feed.Feed.
type Feed struct{}

// New returns the feed.
func New() feed.Feed { return Feed{} }

// Name implements feed.Feed.
func (Feed) Name() string { return Name }

// Artifacts implements feed.Feed.
func (Feed) Artifacts() []feed.Artifact {
	return []feed.Artifact{{
		Name:    "records",
		URL:     "https://github.com/cisagov/vulnrichment/archive/refs/heads/develop.zip",
		Entries: "CVE-*.json",
		Mirror:  []string{"cisa-vulnrichment-*/vulnrichment*.jsonl*"},
	}}
}

// record is a CVE record.
type record struct {
	About struct {
		ID        string `json:"cveId"`
		State     string `json:"state"`
		Published string `json:"datePublished"`
		Updated   string `json:"dateUpdated"`
		Rejected  string `json:"dateRejected"`
	} `json:"cveMetadata"`
	Containers struct {
		CNA container   `json:"cna"`
		ADP []container `json:"adp"`
	} `json:"containers"`
}

// container is what one organization says.
type container struct {
	Title        string `json:"title"`
	Descriptions []text `json:"descriptions"`
	Problems     []struct {
		Descriptions []struct {
			CWE string `json:"cweId"`
		} `json:"descriptions"`
	} `json:"problemTypes"`
	Metrics []struct {
		V40 *cvss `json:"cvssV4_0"`
		V31 *cvss `json:"cvssV3_1"`
		V30 *cvss `json:"cvssV3_0"`
		V2  *cvss `json:"cvssV2_0"`
	} `json:"metrics"`
	References []struct {
		URL string `json:"url"`
	} `json:"references"`
}

type text struct {
	Language string `json:"lang"`
	Value    string `json:"value"`
}

type cvss struct {
	Score    float64 `json:"baseScore"`
	Severity string  `json:"baseSeverity"`
	Vector   string  `json:"vectorString"`
}

// Parse implements feed.Feed.
func (Feed) Parse(ctx context.Context, doc feed.Document, out feed.Sink) error {
	var r record
	if err := input.JSON(doc, &r); err != nil {
		return err
	}
	if !input.IsCVE(r.About.ID) {
		return fmt.Errorf("parse %s: %q is not a CVE", doc.Name, r.About.ID)
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	return out.Vulnerability(r.vulnerability())
}

func (r *record) vulnerability() *vulndb.Vulnerability {
	cna := &r.Containers.CNA
	v := &vulndb.Vulnerability{
		ID: r.About.ID, Source: Name, Title: cna.Title, Description: cna.english(), Severities: cna.severities("cna"),
		CWEs: cna.cwes(nil), Published: input.Time(r.About.Published), Modified: input.Time(r.About.Updated),
	}
	if r.About.State == "REJECTED" {
		v.Withdrawn = input.Time(cmp.Or(r.About.Rejected, r.About.Updated, r.About.Published))
	}
	for i := range r.Containers.ADP {
		adp := &r.Containers.ADP[i]
		v.CWEs = adp.cwes(v.CWEs)
		v.Severities = append(v.Severities, adp.severities(Name)...)
	}
	for _, ref := range cna.References {
		if ref.URL != "" {
			v.References = append(v.References, ref.URL)
		}
	}
	return v
}

// english is the first description in English.
func (c *container) english() string {
	for _, d := range c.Descriptions {
		if strings.HasPrefix(strings.ToLower(d.Language), "en") {
			return d.Value
		}
	}
	return ""
}

// cwes appends the weaknesses that are not yet in list.
func (c *container) cwes(list []string) []string {
	for _, p := range c.Problems {
		for _, d := range p.Descriptions {
			if strings.HasPrefix(d.CWE, "CWE-") && !slices.Contains(list, d.CWE) {
				list = append(list, d.CWE)
			}
		}
	}
	return list
}

// severities takes from each metric its newest version of CVSS.
func (c *container) severities(source string) []finding.SourcedSeverity {
	var list []finding.SourcedSeverity
	for _, m := range c.Metrics {
		for _, s := range [...]*cvss{m.V40, m.V31, m.V30, m.V2} {
			if s == nil || s.Vector == "" || s.Score < 0 || s.Score > 10 {
				continue
			}
			grade, err := finding.ParseSeverity(s.Severity)
			if err != nil || grade == finding.Unknown {
				grade = finding.FromScore(s.Score)
			}
			list = append(list, finding.SourcedSeverity{Source: source, Severity: grade, Score: s.Score, Vector: s.Vector})
			break
		}
	}
	return list
}
