// Package nvdoverrides reads Anchore's corrections of the NVD: for each CVE the
// products and version ranges that are affected, more exact than NVD's own. It
// is where advisories about middleware come from that no package manager knows.
//
// Sources: https://github.com/anchore/nvd-data-overrides and the CVE API 2.0 of
// the NVD (configurations, nodes, cpeMatch). Advisories are in the namespace
// "generic" under "vendor:product". Only applications that run on Linux are
// kept. A range that begins after a version (versionStartExcluding) is taken
// to begin with it.
package nvdoverrides

import (
	"context"
	"fmt"

	"github.com/boltseal/boltseal/finding"
	"github.com/boltseal/boltseal/vulndb"
	"github.com/boltseal/boltseal/vulndb/feed"
	"github.com/boltseal/boltseal/vulndb/feed/cpe"
	"github.com/boltseal/boltseal/vulndb/feed/input"
)

// Name is the feed's name.
const Name = "nvdoverrides"

// Feed implements feed.Feed.
type Feed struct{}

// New returns the feed.
func New() feed.Feed { return Feed{} }

// Name implements feed.Feed.
func (Feed) Name() string { return Name }

// Artifacts implements feed.Feed.
func (Feed) Artifacts() []feed.Artifact {
	return []feed.Artifact{{
		Name:    "overrides",
		URL:     "https://github.com/anchore/nvd-data-overrides/archive/refs/heads/main.zip",
		Entries: "CVE-*.json",
		Mirror:  []string{"anchore-nvd-overrides-*/overrides*.jsonl*"},
	}}
}

// record is one CVE.
type record struct {
	About struct {
		ID          string   `json:"cve_id"`
		Description string   `json:"description"`
		References  []string `json:"references"`
		Published   string   `json:"published"`
		Modified    string   `json:"modified"`
	} `json:"_annotation"`
	CVE struct {
		Configurations []configuration `json:"configurations"`
	} `json:"cve"`
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
	products := r.products()
	if len(products) == 0 {
		return ctx.Err()
	}
	err := out.Vulnerability(&vulndb.Vulnerability{
		ID: r.About.ID, Source: Name, Description: r.About.Description, References: r.About.References,
		Published: input.Time(r.About.Published), Modified: input.Time(r.About.Modified),
	})
	for i := 0; err == nil && i < len(products); i++ {
		products[i].Modified = input.Unix(r.About.Modified)
		err = out.Advisory(products[i])
	}
	return err
}

// products makes one advisory of all that is said about a product, in the order
// in which products appear.
func (r *record) products() []*vulndb.Advisory {
	var list []*vulndb.Advisory
	byKey, unlimited := map[string]*vulndb.Advisory{}, map[string]bool{}
	for i := range r.CVE.Configurations {
		c := &r.CVE.Configurations[i]
		if !c.onLinux() {
			continue
		}
		for _, n := range c.Nodes {
			for _, m := range n.Matches {
				name, ok := cpe.Parse(m.Criteria)
				if !ok || !m.Vulnerable || n.Negate || name.Part != "a" || name.Version == "-" || !name.OnLinux() {
					continue
				}
				a := byKey[name.Key()]
				if a == nil {
					a = &vulndb.Advisory{
						Namespace: "generic", Package: name.Key(), Vulnerability: r.About.ID, Source: Name,
						Status: finding.StatusAffected,
					}
					byKey[name.Key()] = a
					list = append(list, a)
				}
				unlimited[name.Key()] = m.add(a, &name) || unlimited[name.Key()]
			}
		}
	}
	for key := range unlimited {
		if unlimited[key] {
			a := byKey[key]
			a.Status, a.Ranges, a.Versions = finding.StatusAffected, nil, nil
		}
	}
	return list
}
