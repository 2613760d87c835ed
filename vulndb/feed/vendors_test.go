package feed_test

import (
	"testing"

	"github.com/boltseal/boltseal/vulndb/feed"
	"github.com/boltseal/boltseal/vulndb/feed/alpine"
	"github.com/boltseal/boltseal/vulndb/feed/epss"
	"github.com/boltseal/boltseal/vulndb/feed/feedtest"
	"github.com/boltseal/boltseal/vulndb/feed/kev"
)

// TestVendors reads documents of vendors that the feeds' own tests do not.
func TestVendors(t *testing.T) {
	const root = "tests/unit/providers/"
	for _, c := range []struct {
		feed                        feed.Feed
		artifact, entries           string
		advisories, vulnerabilities int // at least
	}{
		{alpine.NewChainguard(), "security", "chainguard/test-fixtures/input/secdb/security.json", 10, 0},
		{alpine.NewWolfi(), "security", "minimos/test-fixtures/input/secdb/security.json", 10, 0}, // of the same form
		{kev.New(), "catalog", "kev/test-fixtures/valid-catalog-1.json", 0, 3},
		{epss.New(), "scores", "epss/test-fixtures/example-1.csv", 0, 5},
	} {
		r := feedtest.RealRecord(t, c.feed, c.artifact, "fixtures-vunnel/*.tar.zst", root+c.entries)
		if len(r.Advisories) < c.advisories || len(r.Vulnerabilities) < c.vulnerabilities {
			t.Errorf("%s: %d advisories, %d vulnerabilities", c.entries, len(r.Advisories), len(r.Vulnerabilities))
		}
	}
}
