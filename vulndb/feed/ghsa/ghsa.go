// Package ghsa reads GitHub's advisory database from its own repository, hours
// before OSV has the same records. They are in the OSV schema, which package
// osv reads.
//
// Source: https://github.com/github/advisory-database. Only reviewed advisories
// are read: the others name no packages.
package ghsa

import (
	"context"
	"strings"

	"github.com/boltseal/boltseal/vulndb/feed"
	"github.com/boltseal/boltseal/vulndb/feed/osv"
)

// Name is the feed's name.
const Name = "ghsa"

// Feed implements feed.Feed.
type Feed struct{ osv feed.Feed }

// New returns the feed.
func New() feed.Feed { return Feed{osv.New()} }

// Name implements feed.Feed.
func (Feed) Name() string { return Name }

// Artifacts implements feed.Feed.
func (Feed) Artifacts() []feed.Artifact {
	return []feed.Artifact{{
		Name:    "reviewed",
		URL:     "https://github.com/github/advisory-database/archive/refs/heads/main.zip",
		Entries: "GHSA-*.json",
		Mirror:  []string{"ghsa-*/*.jsonl*"},
	}}
}

// Parse implements feed.Feed. Its statements have the sources of package osv,
// so that the same advisory from both is one.
func (f Feed) Parse(ctx context.Context, doc feed.Document, out feed.Sink) error {
	if strings.Contains(doc.Name, "/unreviewed/") {
		return nil
	}
	return f.osv.Parse(ctx, doc, out)
}
