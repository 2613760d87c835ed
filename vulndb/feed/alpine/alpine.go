// Package alpine reads the secdb of Alpine Linux and of the distributions that
// use its format, Wolfi and Chainguard: which version of a source package
// repaired which vulnerability. What is unfixed is not in it.
//
// Source: https://secdb.alpinelinux.org. A version "0" says that the package
// never had the vulnerability. An identifier may be followed by others of the
// same hole and by remarks ("CVE-2016-9932 XSA-200").
package alpine

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/boltseal/boltseal/finding"
	"github.com/boltseal/boltseal/vulndb"
	"github.com/boltseal/boltseal/vulndb/feed"
	"github.com/boltseal/boltseal/vulndb/feed/input"
)

// Name is the feed's name.
const Name = "alpine"

// Feed implements feed.Feed.
type Feed struct {
	name      string
	artifacts []feed.Artifact
}

// New returns the feed of Alpine Linux.
func New() feed.Feed {
	artifacts := []feed.Artifact{{Name: "all", Mirror: []string{"alpine-secdb-*/secdb*.jsonl*"}}}
	for _, branch := range branches() {
		for _, repository := range []string{"main", "community"} {
			if branch == "v3.2" && repository == "community" {
				continue // began with v3.3
			}
			path := branch + "/" + repository
			artifacts = append(artifacts, feed.Artifact{
				Name: path, URL: "https://secdb.alpinelinux.org/" + path + ".json",
				Mirror: []string{"alpine-secdb-*/" + path + ".json*"},
			})
		}
	}
	return Feed{Name, artifacts}
}

// NewWolfi returns the feed of Wolfi, which has no releases.
func NewWolfi() feed.Feed {
	return Feed{"wolfi", []feed.Artifact{{
		Name: "security", URL: "https://packages.wolfi.dev/os/security.json", Mirror: []string{"wolfi-*/security*.json*"},
	}}}
}

// NewChainguard returns the feed of Chainguard's own packages.
func NewChainguard() feed.Feed {
	return Feed{"chainguard", []feed.Artifact{{
		Name: "security", URL: "https://packages.cgr.dev/chainguard/security.json",
		Mirror: []string{"chainguard-*/security*.json*"},
	}}}
}

// lastBranch is the newest stable branch when this was written.
const lastBranch = 23

func branches() []string {
	list := []string{"edge"}
	for minor := lastBranch; minor >= 2; minor-- {
		list = append(list, fmt.Sprintf("v3.%d", minor))
	}
	return list
}

// Name implements feed.Feed.
func (f Feed) Name() string { return f.name }

// Artifacts implements feed.Feed.
func (f Feed) Artifacts() []feed.Artifact { return f.artifacts }

// database is one repository of one branch.
type database struct {
	Branch   string `json:"distroversion"`
	Packages *[]struct {
		Package struct {
			Name  string              `json:"name"`
			Fixes map[string][]string `json:"secfixes"`
		} `json:"pkg"`
	} `json:"packages"`
}

// Parse implements feed.Feed.
func (f Feed) Parse(ctx context.Context, doc feed.Document, out feed.Sink) error {
	var db database
	if err := input.JSON(doc, &db); err != nil {
		return err
	}
	if db.Packages == nil {
		return fmt.Errorf("parse %s: no packages", doc.Name)
	}
	namespace := f.name
	if f.name == Name {
		if db.Branch == "" {
			return fmt.Errorf("parse %s: no distroversion", doc.Name)
		}
		namespace += ":" + strings.TrimPrefix(db.Branch, "v")
	}
	out = feed.Once(out)
	for _, p := range *db.Packages {
		if err := ctx.Err(); err != nil {
			return err
		}
		for _, version := range slices.Sorted(maps.Keys(p.Package.Fixes)) {
			for _, ids := range p.Package.Fixes[version] {
				if err := f.emit(namespace, p.Package.Name, version, ids, out); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// emit says that version of a package repaired each of the CVEs of ids, or its
// first word when no CVE is among them.
func (f Feed) emit(namespace, name, version, ids string, out feed.Sink) error {
	found := input.CVEs(ids)
	if first := strings.Fields(ids); len(found) == 0 && len(first) > 0 && isID(first[0]) {
		found = first[:1]
	}
	a := vulndb.Advisory{
		Namespace: namespace, Package: name, Source: f.name, Status: finding.StatusFixed,
		Ranges: []vulndb.Range{{Fixed: version}},
	}
	if version == "0" {
		a.Status, a.Ranges = finding.StatusNotAffected, nil
	}
	for _, id := range found {
		if a.Vulnerability = id; name == "" || version == "" {
			continue
		}
		if err := out.Advisory(&a); err != nil {
			return err
		}
	}
	return nil
}

// isID tells an identifier ("XSA-207", "GHSA-...", "ZBX-11023") from remarks
// and from placeholders ("N/A", "CVE-????-?????").
func isID(s string) bool {
	return strings.ContainsRune(s, '-') && strings.ContainsAny(s, "0123456789") && !strings.ContainsAny(s, "?()")
}
