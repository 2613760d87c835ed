package feed_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/boltseal/boltseal/finding"
	"github.com/boltseal/boltseal/vulndb"
	"github.com/boltseal/boltseal/vulndb/feed"
	"github.com/boltseal/boltseal/vulndb/feed/feedtest"
)

func TestOnce(t *testing.T) {
	a := vulndb.Advisory{
		Namespace: "n:1", Package: "p", Vulnerability: "CVE-2020-0001", Source: "s", Status: finding.StatusFixed,
		Ranges: []vulndb.Range{{Fixed: "1"}},
	}
	newer, other, joined := a, a, a
	newer.Modified = 7
	other.Ranges = []vulndb.Range{{Introduced: "1"}}
	joined.Namespace, joined.Package = "n:1p", ""
	got := new(feedtest.Record)
	once := feed.Once(got)
	for _, x := range []vulndb.Advisory{a, newer, other, a, other} {
		if err := once.Advisory(&x); err != nil {
			t.Fatal(err)
		}
	}
	want := []string{"n:1 p CVE-2020-0001 fixed <1", "n:1 p CVE-2020-0001 fixed >=1,*"}
	if diff := cmp.Diff(want, got.Lines()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if err := once.Advisory(&joined); err == nil {
		t.Error("two keys that concatenate to the same text are taken for one")
	}
}
