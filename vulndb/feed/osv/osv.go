// Package osv reads the archives of OSV.dev: one record per vulnerability or
// advisory, in the OSV schema, for languages and distributions.
//
// Source: https://ossf.github.io/osv-schema and
// https://google.github.io/osv.dev/data.
//
// What it makes of a record:
//
//   - Each package becomes an advisory for each CVE that the record is about:
//     its id, or the CVEs among its aliases, or upstream; for advisories of
//     distributions before these had "upstream", the CVEs that it calls
//     related. A record without a CVE is about itself.
//   - Ranges of type GIT are ignored. The list of versions is kept only where
//     there is no other range.
//   - Records about malware (MAL-) go to "malicious:<type>".
//   - Only a record that describes one vulnerability gives its text and
//     severity to it; the text of an advisory about many would be false for
//     each.
package osv

import (
	"context"
	"fmt"
	"net/url"
	"strings"

	"github.com/boltseal/boltseal/vulndb/feed"
	"github.com/boltseal/boltseal/vulndb/feed/input"
)

// Name is the feed's name.
const Name = "osv"

// bucket is where OSV serves its archives.
const bucket = "https://osv-vulnerabilities.storage.googleapis.com/"

// Feed implements feed.Feed.
type Feed struct{}

// New returns the feed.
func New() feed.Feed { return Feed{} }

// Name implements feed.Feed.
func (Feed) Name() string { return Name }

// Artifacts implements feed.Feed: one archive for each ecosystem.
func (Feed) Artifacts() []feed.Artifact {
	var out []feed.Artifact
	for _, ecosystem := range archives() {
		base := bucket + url.PathEscape(ecosystem) + "/"
		file := strings.ReplaceAll(ecosystem, " ", "_")
		a := feed.Artifact{
			Name: ecosystem, URL: base + "all.zip", Delta: base + "modified_id.csv",
			Mirror: []string{"osv-*/" + file + ".jsonl.zst", "osv-*/" + file + ".jsonl", "osv-*/" + file + ".zip"},
		}
		if ecosystem == "SUSE" {
			a.Mirror = append(a.Mirror, "osv-*/SUSE_openSUSE.jsonl.zst")
		}
		out = append(out, a)
	}
	return out
}

// Parse implements feed.Feed. A document is one record.
func (Feed) Parse(_ context.Context, doc feed.Document, out feed.Sink) error {
	var r record
	if err := input.JSON(doc, &r); err != nil {
		return err
	}
	if r.ID == "" {
		return fmt.Errorf("parse %s: record without id", doc.Name)
	}
	return newEmitter(&r, out).emit()
}
