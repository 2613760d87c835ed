// Package suse reads SUSE's OVAL definitions for what no other source of theirs
// says in one file: which packages of SLE and openSUSE have a vulnerability that
// is not repaired, and which never had it. Packages are binary packages. What
// is repaired comes from OSV, which has SUSE's advisories.
//
// Source: https://ftp.suse.com/pub/projects/security/oval/, the "-affected"
// files. Like Oracle's, the definitions are read by their comments
// ("kernel-default is not affected"), which say all that their tests do.
package suse

import (
	"context"
	"slices"
	"strings"

	"github.com/boltseal/boltseal/finding"
	"github.com/boltseal/boltseal/vulndb"
	"github.com/boltseal/boltseal/vulndb/feed"
	"github.com/boltseal/boltseal/vulndb/feed/input"
	"github.com/boltseal/boltseal/vulndb/feed/oval"
)

// Name is the feed's name.
const Name = "suse"

// Feed implements feed.Feed.
type Feed struct{}

// New returns the feed.
func New() feed.Feed { return Feed{} }

// Name implements feed.Feed.
func (Feed) Name() string { return Name }

// Artifacts implements feed.Feed.
func (Feed) Artifacts() []feed.Artifact {
	var out []feed.Artifact
	for _, product := range []string{
		"suse.linux.enterprise.server.12", "suse.linux.enterprise.server.15",
		"suse.linux.enterprise.micro.5.3", "suse.linux.enterprise.micro.5.4", "suse.linux.enterprise.micro.5.5",
		"opensuse.leap.15.5", "opensuse.leap.15.6", "opensuse.tumbleweed",
	} {
		file := product + "-affected.xml"
		out = append(out, feed.Artifact{
			Name: product, URL: "https://ftp.suse.com/pub/projects/security/oval/" + file + ".gz",
			Mirror: []string{"suse-*/" + file + "*"},
		})
	}
	return out
}

// Parse implements feed.Feed.
func (Feed) Parse(ctx context.Context, doc feed.Document, out feed.Sink) error {
	return oval.Each(ctx, doc, func(d *oval.Definition) error {
		if d.Class != "vulnerability" {
			return nil
		}
		return emit(d, out)
	})
}

// emit says what a definition says about each package in each product.
func emit(d *oval.Definition, out feed.Sink) error {
	ids := input.CVEs(d.Metadata.Title)
	if len(ids) != 1 {
		return nil
	}
	var found statements
	found.walk(&d.Criteria, nil)
	severity, err := finding.ParseSeverity(d.Metadata.Advisory.Severity)
	if err != nil {
		severity = finding.Unknown
	}
	out = feed.Once(out)
	for _, s := range found {
		err := out.Advisory(&vulndb.Advisory{
			Namespace: s.namespace, Package: s.name, Vulnerability: ids[0], Source: Name, Status: s.status, Severity: severity,
			Modified: max(input.Unix(d.Metadata.Advisory.Issued.Date), input.Unix(d.Metadata.Advisory.Updated.Date)),
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// statement is about one package of one product.
type statement struct {
	namespace, name string
	status          finding.Status
}

type statements []statement

// walk visits criteria below which the products hold. "AND" joins alternatives
// of products with alternatives of packages; products apply to what is beside
// and below them.
func (s *statements) walk(c *oval.Criteria, namespaces []string) {
	namespaces = slices.Concat(namespaces, products(c))
	for i := range c.Criteria {
		if strings.EqualFold(c.Operator, "AND") && len(c.Criteria[i].Criteria) == 0 {
			namespaces = append(namespaces, products(&c.Criteria[i])...)
		}
	}
	for _, t := range c.Tests {
		name, status := packageState(t.Comment)
		if status == "" {
			continue
		}
		for _, ns := range namespaces {
			*s = append(*s, statement{ns, name, status})
		}
	}
	for i := range c.Criteria {
		s.walk(&c.Criteria[i], namespaces)
	}
}

// products are the namespaces of "SUSE Linux Enterprise Server 15 is installed".
func products(c *oval.Criteria) []string {
	var out []string
	for _, t := range c.Tests {
		name, ok := strings.CutSuffix(t.Comment, " is installed")
		if ns := Namespace(name); ok && ns != "" && (strings.HasPrefix(name, "SUSE ") || strings.HasPrefix(name, "openSUSE ")) {
			out = append(out, ns)
		}
	}
	return out
}

// packageState reads "name is affected" and "name is not affected".
func packageState(comment string) (name string, status finding.Status) {
	if name, ok := strings.CutSuffix(comment, " is not affected"); ok {
		return name, finding.StatusNotAffected
	}
	if name, ok := strings.CutSuffix(comment, " is affected"); ok {
		return name, finding.StatusAffected
	}
	return "", ""
}
