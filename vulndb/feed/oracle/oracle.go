// Package oracle reads the errata of Oracle Linux (ELSA) as OVAL patch
// definitions. Packages are binary packages.
//
// Source: https://linux.oracle.com/security/oval/. The definitions are read by
// their comments ("bind-libs is earlier than 30:9.3.3-8.el5"), which repeat name
// and version of the tests that they refer to, so that a document needs no
// memory beyond one definition.
//
// Oracle publishes lines of some packages whose versions do not compare with
// the main line's: what Ksplice can patch in memory ("1.1.1g-15.ksplice1.el8_3")
// and what is validated for FIPS ("1.1.1k-5.0.1.el8_6_fips"). They go to the
// namespaces "oracle-ksplice:8" and "oracle-fips:8".
package oracle

import (
	"context"
	"strings"

	"github.com/boltseal/boltseal/finding"
	"github.com/boltseal/boltseal/vulndb"
	"github.com/boltseal/boltseal/vulndb/feed"
	"github.com/boltseal/boltseal/vulndb/feed/input"
	"github.com/boltseal/boltseal/vulndb/feed/oval"
)

// Name is the feed's name.
const Name = "oracle"

// Feed implements feed.Feed.
type Feed struct{}

// New returns the feed.
func New() feed.Feed { return Feed{} }

// Name implements feed.Feed.
func (Feed) Name() string { return Name }

// Artifacts implements feed.Feed.
func (Feed) Artifacts() []feed.Artifact {
	return []feed.Artifact{{
		Name:   "all",
		URL:    "https://linux.oracle.com/security/oval/com.oracle.elsa-all.xml.bz2",
		Mirror: []string{"oracle-*/com.oracle.elsa-*.xml*"},
	}}
}

// Parse implements feed.Feed.
func (Feed) Parse(ctx context.Context, doc feed.Document, out feed.Sink) error {
	return oval.Each(ctx, doc, func(d *oval.Definition) error {
		if d.Class != "patch" {
			return nil
		}
		return emit(d, feed.Once(out))
	})
}

// emit says of each package of an erratum, in the order of the definition, that
// it repaired each of the erratum's CVEs. Versions that differ between
// architectures are stated for each.
func emit(d *oval.Definition, out feed.Sink) error {
	var found packages
	found.walk(&d.Metadata, &d.Criteria, place{})
	ids := cves(&d.Metadata)
	severity, err := finding.ParseSeverity(d.Metadata.Advisory.Severity)
	if err != nil {
		severity = finding.Unknown
	}
	elsa := elsaID(&d.Metadata)
	if len(ids) == 0 && elsa != "" {
		ids = []string{elsa}
	}
	for _, p := range found.list {
		a := vulndb.Advisory{
			Namespace: line(p.evr) + ":" + p.release, Package: p.name, Module: p.module, Advisory: elsa, Source: Name,
			Status: finding.StatusFixed, Ranges: []vulndb.Range{{Fixed: p.evr}},
			Modified: input.Unix(d.Metadata.Advisory.Issued.Date),
		}
		if found.versions[p.key()] > 1 && p.arch != "" {
			a.Arch = architectures(p.arch)
		}
		for _, id := range ids {
			a.Vulnerability, a.Severity = id, severity
			if err := out.Advisory(&a); err != nil {
				return err
			}
		}
	}
	return nil
}

// line is the first part of the namespace, by the release of a package.
func line(evr string) string {
	switch {
	case strings.Contains(evr, ".ksplice"):
		return "oracle-ksplice"
	case strings.Contains(evr, "_fips"):
		return "oracle-fips"
	}
	return "oracle"
}

// elsaID is the erratum's identifier.
func elsaID(m *oval.Metadata) string {
	for _, r := range m.References {
		if strings.EqualFold(r.Source, "elsa") {
			return r.ID
		}
	}
	return ""
}

// cves are the vulnerabilities of an erratum.
func cves(m *oval.Metadata) []string {
	var ids strings.Builder
	for _, r := range m.References {
		ids.WriteString(r.ID + " ")
	}
	for _, c := range m.Advisory.CVEs {
		ids.WriteString(c.ID + " ")
	}
	return input.CVEs(ids.String())
}

// architectures are what RPM calls a platform's packages.
func architectures(platform string) []string {
	if platform == "i386" {
		return []string{"i386", "i586", "i686"}
	}
	return []string{platform}
}
