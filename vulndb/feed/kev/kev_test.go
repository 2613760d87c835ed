package kev

import (
	"context"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/boltseal/boltseal/finding"
	"github.com/boltseal/boltseal/vulndb"
	"github.com/boltseal/boltseal/vulndb/feed/feedtest"
)

const (
	asCatalog = `{"title":"catalogue","count":1,"vulnerabilities":[{"cveID":"CVE-2020-0001","vulnerabilityName":"A hole",
		"shortDescription":"Text.","dateAdded":"2021-11-03","dueDate":"2021-11-17","requiredAction":"Update.",
		"knownRansomwareCampaignUse":"Known","cwes":["CWE-79"]}]}`
	asEntry = `{"cveID":"CVE-2020-0001","vulnerabilityName":"A hole","shortDescription":"Text.","dateAdded":"2021-11-03",
		"dueDate":"2021-11-17","requiredAction":"Update.","knownRansomwareCampaignUse":"Known","cwes":"CWE-79"}`
	asEnriched = `{"meta":{},"vulnerabilities":[{"id":"CVE-2020-0001","vulnerabilityName":"A hole","description":"Text.",
		"dateAdded":"2021-11-03","dueDate":"2021-11-17","requiredAction":"Update.","ransomware":true,"cwes":["CWE-79"]}]}`
	asCSV = "\ufeffcveID,vendorProject,vulnerabilityName,dateAdded,shortDescription,requiredAction,dueDate," +
		"knownRansomwareCampaignUse,cwes\nCVE-2020-0001,V,A hole,2021-11-03,Text.,Update.,2021-11-17,Known,CWE-79\n"
)

func TestEveryFormSaysTheSame(t *testing.T) {
	want := []vulndb.Vulnerability{{
		ID: "CVE-2020-0001", Source: "kev", Title: "A hole", Description: "Text.", CWEs: []string{"CWE-79"},
		KEV: &finding.KEV{Added: "2021-11-03", Due: "2021-11-17", Action: "Update.", Ransomware: true},
	}}
	for name, body := range map[string]string{"catalog": asCatalog, "entry": asEntry, "enriched": asEnriched, "csv": asCSV} {
		got := feedtest.Parse(t, New(), "catalog", body)
		if diff := cmp.Diff(want, got.Vulnerabilities); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestCatalogIsDated(t *testing.T) {
	for _, head := range []string{`"dateReleased":"2025-08-25T17:04:19.9796Z"`, `"meta":{"sourcePublished":"2025-08-25T17:04:19.9796Z"}`} {
		got := feedtest.Parse(t, New(), "catalog", `{`+head+`,"vulnerabilities":[`+asEntry+`]}`)
		if m := got.Vulnerabilities[0].Modified; m.Unix() != 1756141459 {
			t.Errorf("%s: modified %v", head, m)
		}
	}
}

func TestErrors(t *testing.T) {
	for body, want := range map[string]string{
		"":                                    "test: document is empty",
		"cve,name\n":                          "has no cveID",
		"cveID,cwes\nCVE-2020-0001":           "wrong number of fields",
		`{"vulnerabilities":[{"cveID":"x"}]}`: `entry "x" is not a CVE`,
		`{"vulnerabilities":[{"cveID":1}]}`:   "byte 30",
	} {
		err := New().Parse(context.Background(), feedtest.Document("catalog", "test", body), new(feedtest.Record))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: error %v, want %q in it", body, err, want)
		}
	}
}

func TestReal(t *testing.T) {
	for pattern, want := range map[string]int{
		"kev/known_exploited_vulnerabilities-2025-08-25.json.zst": 1404,
		"kev/known_exploited_vulnerabilities-2025-08-25.csv.zst":  1404,
		"kev/kev-2025-02-vulsio.jsonl.zst":                        1271,
		"kev/kev-2026-08-07-thirdparty-enriched.json.zst":         1662,
	} {
		got := feedtest.RealRecord(t, New(), "catalog", pattern)
		if len(got.Vulnerabilities) != want {
			t.Errorf("%s: %d vulnerabilities, want %d", pattern, len(got.Vulnerabilities), want)
		}
		i := 0
		for i < len(got.Vulnerabilities) && got.Vulnerabilities[i].ID != "CVE-2021-44228" {
			i++
		}
		if i == len(got.Vulnerabilities) {
			t.Errorf("%s: CVE-2021-44228 is missing", pattern)
			continue
		}
		if k := got.Vulnerabilities[i].KEV; k.Added != "2021-12-10" || k.Due != "2021-12-24" || !k.Ransomware {
			t.Errorf("%s: CVE-2021-44228: %+v", pattern, k)
		}
	}
}

func TestConform(t *testing.T) { feedtest.Conform(t, New()) }

func FuzzParse(f *testing.F) {
	feedtest.Fuzz(f, New(), "catalog", asCatalog, asEntry, asEnriched, asCSV)
}

func BenchmarkParse(b *testing.B) {
	feedtest.Bench(b, New(), "catalog", "kev/known_exploited_vulnerabilities-2025-08-25.json.zst")
}
