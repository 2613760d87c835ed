// Package azurelinux reads Microsoft's OVAL definitions about Azure Linux and
// its predecessor CBL-Mariner. Packages are source packages.
//
// Source: https://github.com/microsoft/AzureLinuxVulnerabilityData. A
// definition is patchable "true" with the version that repairs it, "false" with
// the last version that has the vulnerability, or "Not Applicable".
package azurelinux

import (
	"context"
	"fmt"
	"strings"

	"github.com/boltseal/boltseal/finding"
	"github.com/boltseal/boltseal/vulndb"
	"github.com/boltseal/boltseal/vulndb/feed"
	"github.com/boltseal/boltseal/vulndb/feed/input"
	"github.com/boltseal/boltseal/vulndb/feed/oval"
)

// Name is the feed's name.
const Name = "azurelinux"

// Feed implements feed.Feed.
type Feed struct{}

// New returns the feed.
func New() feed.Feed { return Feed{} }

// Name implements feed.Feed.
func (Feed) Name() string { return Name }

// namespaces are the releases, by artifact.
var namespaces = map[string]string{
	"azurelinux-3.0": "azurelinux:3.0",
	"mariner-2.0":    "mariner:2.0",
	"mariner-1.0":    "mariner:1.0",
}

// Artifacts implements feed.Feed.
func (Feed) Artifacts() []feed.Artifact {
	const root = "https://raw.githubusercontent.com/microsoft/AzureLinuxVulnerabilityData/main/"
	return []feed.Artifact{
		{Name: "azurelinux-3.0", URL: root + "azurelinux-3.0-oval.xml", Mirror: []string{"azurelinux/azurelinux-3.0-oval*.xml*"}},
		{Name: "mariner-2.0", URL: root + "cbl-mariner-2.0-oval.xml", Mirror: []string{"azurelinux/cbl-mariner-2.0-oval*.xml*"}},
		{Name: "mariner-1.0", URL: root + "cbl-mariner-1.0-oval.xml", Mirror: []string{"azurelinux/cbl-mariner-1.0-oval*.xml*"}},
	}
}

// Parse implements feed.Feed.
func (Feed) Parse(ctx context.Context, doc feed.Document, out feed.Sink) error {
	namespace := namespaces[doc.Artifact]
	if namespace == "" {
		return fmt.Errorf("parse %s: %q is no release of Azure Linux", doc.Name, doc.Artifact)
	}
	d, err := oval.Read(ctx, doc)
	if err != nil {
		return err
	}
	out = feed.Once(out)
	for i := range d.Definitions {
		if err := ctx.Err(); err != nil {
			return err
		}
		a, ok := advisory(d, &d.Definitions[i])
		if !ok {
			continue
		}
		a.Namespace = namespace
		if err := out.Advisory(&a); err != nil {
			return err
		}
	}
	return nil
}

// advisory is what a definition says; ok is false when it says nothing about a
// package. The tests of a definition are about one package and all must hold.
func advisory(d *oval.Document, def *oval.Definition) (a vulndb.Advisory, ok bool) {
	m := &def.Metadata
	a = vulndb.Advisory{
		Vulnerability: m.Reference("CVE"), Source: Name, Modified: input.Unix(m.Date),
	}
	if s, err := finding.ParseSeverity(m.Severity); err == nil {
		a.Severity = s
	}
	var r vulndb.Range
	for _, c := range def.Criteria.Tests {
		t, ok := d.Test(c.Ref)
		if !ok {
			continue
		}
		a.Package = t.Name
		switch t.Operation {
		case "less than":
			r.Fixed = t.EVR
		case "less than or equal", "equals":
			r.LastAffected = t.EVR
		case "greater than", "greater than or equal":
			r.Introduced = t.EVR
		}
	}
	if r.Fixed != "" {
		r.LastAffected = ""
	}
	a.Ranges = []vulndb.Range{r}
	switch strings.ToLower(m.Patchable) {
	case "true":
		a.Status = finding.StatusAffected
		if r.Fixed != "" {
			a.Status = finding.StatusFixed
		}
	case "not applicable":
		a.Status, a.Ranges = finding.StatusNotAffected, nil
	default:
		a.Status = finding.StatusAffected
	}
	return a, a.Vulnerability != "" && a.Package != "" && r != vulndb.Range{}
}
