package epss

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

const (
	today  = "#model_version:v2025.03.14,score_date:2025-09-01T12:55:00+0000\ncve,epss,percentile\nCVE-2020-0001,0.25,0.9\r\n"
	of2021 = "cve,epss\nCVE-2020-0001,0.25\n"
	asJSON = `{"meta":{"scoreDate":"2025-09-01T12:55:00Z"},"vulnerabilities":[{"id":"CVE-2020-0001","epss":0.25,"percentile":0.9}]}`
)

func TestParse(t *testing.T) {
	dated := time.Date(2025, 9, 1, 12, 55, 0, 0, time.UTC)
	for body, want := range map[string]vulndb.Vulnerability{
		today:  {Modified: dated, EPSS: &finding.EPSS{Score: 0.25, Percentile: 0.9}},
		of2021: {EPSS: &finding.EPSS{Score: 0.25}},
		asJSON: {Modified: dated, EPSS: &finding.EPSS{Score: 0.25, Percentile: 0.9}},
	} {
		want.ID, want.Source = "CVE-2020-0001", "epss"
		got := feedtest.Parse(t, New(), "scores", body)
		if diff := cmp.Diff([]vulndb.Vulnerability{want}, got.Vulnerabilities); diff != "" {
			t.Errorf("%q (-want +got):\n%s", body, diff)
		}
	}
}

func TestErrors(t *testing.T) {
	for body, want := range map[string]string{
		"":                                          "no header",
		"#model_version:v1\ninvalid,header\n":       "line 2: header",
		"cve,epss\nCVE-2020-0001,0.1,0.2\n":         "line 2: 3 fields",
		"cve,epss\nCVE-2020-0001,NaN\n":             "not between 0 and 1",
		"cve,epss\nCVE-2020-0001,2\n":               "not between 0 and 1",
		"cve,epss\nGHSA-x,0.2\n":                    "is not a CVE",
		`{"vulnerabilities":[{"id":"CVE-2020-1"}]}`: "element 0",
	} {
		err := New().Parse(context.Background(), feedtest.Document("scores", "test", body), new(feedtest.Record))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: error %v, want %q in it", body, err, want)
		}
	}
}

func TestReal(t *testing.T) {
	for pattern, want := range map[string]int{
		"epss/epss_scores-2021-08-31.csv.gz":       72272,
		"epss/epss-2026-08-08-kev-subset.json.zst": 1662,
	} {
		if got := feedtest.RealRecord(t, New(), "scores", pattern); len(got.Vulnerabilities) != want {
			t.Errorf("%s: %d scores, want %d", pattern, len(got.Vulnerabilities), want)
		}
	}
	got := feedtest.RealRecord(t, New(), "scores", "epss/epss-2026-08-08-kev-subset.json.zst")
	first := vulndb.Vulnerability{
		ID: "CVE-2014-0160", Source: "epss", Modified: time.Date(2026, 8, 8, 12, 2, 54, 0, time.UTC),
		EPSS: &finding.EPSS{Score: 0.99999, Percentile: 0.99997},
	}
	if diff := cmp.Diff(first, got.Vulnerabilities[0]); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestConform(t *testing.T) { feedtest.Conform(t, New()) }

func FuzzParse(f *testing.F) { feedtest.Fuzz(f, New(), "scores", today, of2021, asJSON) }

func BenchmarkParse(b *testing.B) {
	feedtest.Bench(b, New(), "scores", "epss/epss_scores-2021-08-31.csv.gz")
}
