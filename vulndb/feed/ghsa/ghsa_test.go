package ghsa

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/boltseal/boltseal/vulndb/feed/feedtest"
)

const document = `{"schema_version":"1.4.0","id":"GHSA-aaaa-bbbb-cccc","modified":"2023-01-26T23:02:07Z","published":"2017-10-24T18:33:35Z",
	"aliases":["CVE-2016-0001"],"summary":"S","details":"D","severity":[],
	"affected":[{"package":{"ecosystem":"npm","name":"left-pad"},
		"ranges":[{"type":"ECOSYSTEM","events":[{"introduced":"1.0.0"},{"fixed":"1.16.0"}]}]}],
	"references":[],"database_specific":{"cwe_ids":["CWE-79"],"severity":"MODERATE","github_reviewed":true}}`

func TestParse(t *testing.T) {
	got := feedtest.Parse(t, New(), "reviewed", document)
	want := "npm left-pad CVE-2016-0001 fixed >=1.0.0,<1.16.0"
	if lines := got.Lines(); len(lines) != 1 || !strings.HasPrefix(lines[0], want) || got.Advisories[0].Advisory != "GHSA-aaaa-bbbb-cccc" {
		t.Errorf("%q, want %q", lines, want)
	}
}

func TestUnreviewed(t *testing.T) {
	got := new(feedtest.Record)
	doc := feedtest.Document("reviewed", "main/advisories/unreviewed/2024/01/GHSA-aaaa-bbbb-cccc.json", document)
	if err := New().Parse(context.Background(), doc, got); err != nil || len(got.Advisories)+len(got.Vulnerabilities) > 0 {
		t.Errorf("%v: %+v", err, got)
	}
}

func TestReal(t *testing.T) {
	got := feedtest.RealRecord(t, New(), "reviewed", "ghsa-2025-02/*.jsonl.zst").Lines()
	t.Logf("%d advisories", len(got))
	if !slices.ContainsFunc(got, func(s string) bool {
		return strings.HasPrefix(s, "maven org.apache.logging.log4j:log4j-core CVE-2021-44228 fixed")
	}) {
		t.Error("no log4j-core CVE-2021-44228")
	}
}

func TestConform(t *testing.T) { feedtest.Conform(t, New()) }
