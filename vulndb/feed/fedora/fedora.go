// Package fedora reads Fedora's security updates from the updateinfo of its
// update repositories. Packages are binary packages.
//
// Source: https://dl.fedoraproject.org/pub/fedora/linux/updates/. Many updates
// name their CVEs only in the titles of the bugs that they refer to.
package fedora

import (
	"context"

	"github.com/boltseal/boltseal/vulndb/feed"
	"github.com/boltseal/boltseal/vulndb/feed/updateinfo"
)

// Name is the feed's name.
const Name = "fedora"

// Feed implements feed.Feed.
type Feed struct{}

// New returns the feed.
func New() feed.Feed { return Feed{} }

// Name implements feed.Feed.
func (Feed) Name() string { return Name }

// Artifacts implements feed.Feed. An artifact is named after its release. The
// statements of releases that leave the server are kept by the database.
func (Feed) Artifacts() []feed.Artifact {
	var out []feed.Artifact
	for _, release := range []string{"41", "42", "43", "44"} {
		out = append(out, feed.Artifact{
			Name:       release,
			Repository: "https://dl.fedoraproject.org/pub/fedora/linux/updates/" + release + "/Everything/x86_64/",
			Mirror:     []string{"fedora-*/" + release + "/*updateinfo*.xml*"},
		})
	}
	return out
}

// Parse implements feed.Feed.
func (Feed) Parse(ctx context.Context, doc feed.Document, out feed.Sink) error {
	return updateinfo.Read(ctx, doc, func(u *updateinfo.Update) error {
		if u.Type != "security" || u.ID == "" {
			return nil
		}
		return u.Emit(Name, "fedora:"+doc.Artifact, nil, out)
	})
}
