// Package ubuntu reads what Canonical says about Ubuntu's packages: the archives
// of OSV records (what is repaired and what is not) and of VEX documents (why
// not, and what never was affected; see vex.go), and the older form of the CVE
// tracker, which has for every vulnerability the state of each source package
// in each release.
//
// Sources: https://security-metadata.canonical.com and https://git.launchpad.net/ubuntu-cve-tracker (README, "Statuses"),
// in the JSON form {"candidate","priority","packages":{release:{package:
// {"status","note"}}}}, one document per vulnerability. Packages are source
// packages. Fixes that need a subscription ("esm-infra/bionic", "trusty/esm")
// go to the namespace "ubuntu-esm:18.04"; FIPS builds, snaps, the development
// release and upstream are left out.
package ubuntu

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/boltseal/boltseal/finding"
	"github.com/boltseal/boltseal/vulndb"
	"github.com/boltseal/boltseal/vulndb/feed"
	"github.com/boltseal/boltseal/vulndb/feed/input"
	"github.com/boltseal/boltseal/vulndb/feed/osv"
)

// Name is the feed's name.
const Name = "ubuntu"

// Feed implements feed.Feed.
type Feed struct{}

// New returns the feed.
func New() feed.Feed { return Feed{} }

// Name implements feed.Feed.
func (Feed) Name() string { return Name }

// Artifacts implements feed.Feed.
func (Feed) Artifacts() []feed.Artifact {
	return []feed.Artifact{
		// Canonical serves this form record by record only.
		{Name: "tracker", ByCVE: true, Mirror: []string{"ubuntu-cve-tracker-*/ubuntu-cve*.jsonl*"}},
		{
			Name: "osv", URL: root + "osv/osv-all.tar.xz", Entries: "UBUNTU-CVE-*.json",
			Mirror: []string{"ubuntu-*/osv-all.tar*", "osv-*/Ubuntu.jsonl*", "osv-*/Ubuntu.zip"},
		},
		{
			Name: "vex", URL: root + "vex/vex-all.tar.xz", Entries: "CVE-*.json", ByCVE: true,
			Mirror: []string{"ubuntu-*/vex-all.tar*"},
		},
	}
}

// root is where Canonical serves its archives.
const root = "https://security-metadata.canonical.com/"

// record is one vulnerability. Packages are keyed by release, then by name.
type record struct {
	ID          string                      `json:"candidate"`
	Description string                      `json:"description"`
	Ubuntu      string                      `json:"ubuntu_description"`
	Priority    string                      `json:"priority"`
	Published   string                      `json:"public_date"`
	CVSS        scores                      `json:"cvss"`
	Packages    map[string]map[string]state `json:"packages"`
}

// Parse implements feed.Feed.
func (Feed) Parse(ctx context.Context, doc feed.Document, out feed.Sink) error {
	switch doc.Artifact {
	case "osv":
		return osv.New().Parse(ctx, doc, out)
	case "vex":
		return parseVEX(ctx, doc, out)
	}
	var r record
	if err := input.JSON(doc, &r); err != nil {
		return err
	}
	if r.ID == "" {
		return fmt.Errorf("parse %s: no candidate", doc.Name)
	}
	if err := out.Vulnerability(r.vulnerability()); err != nil {
		return err
	}
	out = feed.Once(out)
	for _, release := range slices.Sorted(maps.Keys(r.Packages)) {
		namespace := namespace(release)
		if namespace == "" {
			continue
		}
		packages := r.Packages[release]
		for _, name := range slices.Sorted(maps.Keys(packages)) {
			if err := ctx.Err(); err != nil {
				return err
			}
			if err := r.emit(namespace, name, packages[name], out); err != nil {
				return err
			}
		}
	}
	return nil
}

func (r *record) vulnerability() *vulndb.Vulnerability {
	v := &vulndb.Vulnerability{
		ID: r.ID, Source: Name, Description: cmp.Or(r.Description, r.Ubuntu), Published: input.Time(r.Published),
	}
	if s := severity(r.Priority); s != finding.Unknown {
		v.Severities = []finding.SourcedSeverity{{Source: Name, Severity: s}}
	}
	v.Severities = append(v.Severities, r.CVSS.severities()...)
	return v
}

func (r *record) emit(namespace, name string, s state, out feed.Sink) error {
	a := vulndb.Advisory{
		Namespace: namespace, Package: name, Vulnerability: r.ID, Source: Name,
		Severity: severity(cmp.Or(s.Priority, r.Priority)),
	}
	if !s.judge(&a) || name == "" {
		return nil
	}
	return out.Advisory(&a)
}
