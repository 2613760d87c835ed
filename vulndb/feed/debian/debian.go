// Package debian reads the Debian security tracker: its JSON export, which
// says for every source package and vulnerability where each release stands,
// and its lists of advisories (DSA/list, DLA/list), which reach back to
// releases that the export has dropped.
//
// Sources: https://security-tracker.debian.org/tracker/data/json and
// https://salsa.debian.org/security-tracker-team/security-tracker (data/DSA,
// data/DLA and doc/security-team.d.o). Packages are source packages.
package debian

import (
	"bufio"
	"bytes"
	"context"

	"github.com/boltseal/boltseal/vulndb/feed"
)

// Name is the feed's name.
const Name = "debian"

// Feed implements feed.Feed.
type Feed struct{}

// New returns the feed.
func New() feed.Feed { return Feed{} }

// Name implements feed.Feed.
func (Feed) Name() string { return Name }

// Artifacts implements feed.Feed.
func (Feed) Artifacts() []feed.Artifact {
	const list = "https://salsa.debian.org/security-tracker-team/security-tracker/-/raw/master/data/"
	return []feed.Artifact{
		{
			Name:   "tracker",
			URL:    "https://security-tracker.debian.org/tracker/data/json",
			Mirror: []string{"debian-tracker*/tracker*.json*", "debian-tracker*/debian*.json*"},
		},
		{Name: "DSA", URL: list + "DSA/list", Mirror: []string{"debian-tracker-lists/DSA-list*"}},
		{Name: "DLA", URL: list + "DLA/list", Mirror: []string{"debian-tracker-lists/DLA-list*"}},
	}
}

// Parse implements feed.Feed.
func (Feed) Parse(ctx context.Context, doc feed.Document, out feed.Sink) error {
	r := bufio.NewReader(doc.Body)
	doc.Body = r
	if head, _ := r.Peek(1); bytes.Equal(head, []byte("{")) {
		return parseTracker(ctx, doc, out)
	}
	return parseList(ctx, doc, out)
}
