package vulnrichment

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/boltseal/boltseal/finding"
	"github.com/boltseal/boltseal/vulndb"
	"github.com/boltseal/boltseal/vulndb/feed/feedtest"
)

const document = `{"cveMetadata":{"cveId":"CVE-2024-0001","state":"PUBLISHED","datePublished":"2024-01-02T03:04:05.678Z",
	"dateUpdated":"2024-02-02T03:04:05"},"containers":{
	"cna":{"title":"A hole","descriptions":[{"lang":"es","value":"Uno."},{"lang":"en-US","value":"One."}],
		"problemTypes":[{"descriptions":[{"lang":"en","cweId":"CWE-79"},{"lang":"en","description":"n/a"}]}],
		"metrics":[{"cvssV3_1":{"baseScore":9.8,"baseSeverity":"CRITICAL","vectorString":"CVSS:3.1/AV:N"},
			"cvssV4_0":{"baseScore":8.7,"vectorString":"CVSS:4.0/AV:N"}},{"cvssV3_0":{"baseScore":99,"vectorString":"x"}}],
		"references":[{"url":"https://example.org/1"},{"name":"x"}]},
	"adp":[{"title":"CISA ADP Vulnrichment","problemTypes":[{"descriptions":[{"cweId":"CWE-79"},{"cweId":"CWE-80"}]}],
		"metrics":[{"other":{"type":"ssvc"}},{"cvssV3_1":{"baseScore":5.3,"baseSeverity":"MEDIUM","vectorString":"CVSS:3.1/AV:L"}}]}]}}`

func TestParse(t *testing.T) {
	want := []vulndb.Vulnerability{{
		ID: "CVE-2024-0001", Source: "vulnrichment", Title: "A hole", Description: "One.",
		Severities: []finding.SourcedSeverity{
			{Source: "cna", Severity: finding.High, Score: 8.7, Vector: "CVSS:4.0/AV:N"},
			{Source: "vulnrichment", Severity: finding.Medium, Score: 5.3, Vector: "CVSS:3.1/AV:L"},
		},
		CWEs: []string{"CWE-79", "CWE-80"}, References: []string{"https://example.org/1"},
		Published: time.Date(2024, 1, 2, 3, 4, 5, 678e6, time.UTC), Modified: time.Date(2024, 2, 2, 3, 4, 5, 0, time.UTC),
	}}
	got := feedtest.Parse(t, New(), "records", document)
	if diff := cmp.Diff(want, got.Vulnerabilities); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	rejected := feedtest.Parse(t, New(), "records",
		`{"cveMetadata":{"cveId":"CVE-2024-0002","state":"REJECTED","dateUpdated":"2024-02-02T03:04:05Z"}}`)
	if rejected.Vulnerabilities[0].Withdrawn.IsZero() {
		t.Error("a rejected CVE is not withdrawn")
	}
}

func TestErrors(t *testing.T) {
	for body, want := range map[string]string{
		`{}`:                       "is not a CVE",
		`{"containers":{"adp":1}}`: "parse test: byte",
	} {
		err := New().Parse(context.Background(), feedtest.Document("records", "test", body), new(feedtest.Record))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: error %v, want %q in it", body, err, want)
		}
	}
}

func TestReal(t *testing.T) {
	got := feedtest.RealRecord(t, New(), "records", "cisa-vulnrichment-2024-10/*.jsonl.zst")
	scored, withdrawn := 0, 0
	for i := range got.Vulnerabilities {
		v := &got.Vulnerabilities[i]
		if len(v.Severities) > 0 {
			scored++
		}
		if !v.Withdrawn.IsZero() {
			withdrawn++
		}
		if v.ID == "CVE-2024-3094" && (len(v.Severities) == 0 || v.Severities[0].Score != 10 || v.CWEs[0] != "CWE-506") {
			t.Errorf("%+v", v)
		}
	}
	t.Logf("%d vulnerabilities, %d scored, %d withdrawn", len(got.Vulnerabilities), scored, withdrawn)
	if len(got.Vulnerabilities) != 44130 || scored < 32000 || withdrawn != 104 {
		t.Errorf("%d vulnerabilities, %d scored, %d withdrawn", len(got.Vulnerabilities), scored, withdrawn)
	}
}

func TestConform(t *testing.T) { feedtest.Conform(t, New()) }

func FuzzParse(f *testing.F) { feedtest.Fuzz(f, New(), "records", document) }

func BenchmarkParse(b *testing.B) {
	feedtest.Bench(b, New(), "records", "cisa-vulnrichment-2024-10/*.jsonl.zst")
}
