package photon

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/boltseal/boltseal/vulndb/feed/feedtest"
)

const document = `[{"cve_id":"CVE-2024-0001","pkg":"curl","cve_score":9.8,"aff_ver":"all versions before 7-4.ph4 are vulnerable",
	"res_ver":"7-4.ph4","status":"Fixed"},
	{"cve_id":"CVE-2024-0002","pkg":"curl","cve_score":0,"aff_ver":"NA","res_ver":"NA","status":"Not Affected"},
	{"cve_id":"CVE-2024-0003","pkg":"curl","cve_score":5,"aff_ver":"all","res_ver":"NA","status":"Not Fixed"},
	{"cve_id":"Re","pkg":"curl","cve_score":null}]`

func TestParse(t *testing.T) {
	want := []string{
		"photon:4.0 curl CVE-2024-0001 fixed <7-4.ph4 critical",
		"photon:4.0 curl CVE-2024-0002 not_affected",
		"photon:4.0 curl CVE-2024-0003 affected medium",
	}
	if diff := cmp.Diff(want, feedtest.Parse(t, New(), "4.0", document).Lines()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestErrors(t *testing.T) {
	for body, want := range map[string]string{
		`{}`:           "expected [",
		`[{"pkg":1}]`:  "parse test: byte",
		document + "x": "invalid character 'x'",
	} {
		err := New().Parse(context.Background(), feedtest.Document("4.0", "test", body), new(feedtest.Record))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.40q: error %v, want %q in it", body, err, want)
		}
	}
}

func TestReal(t *testing.T) {
	got := feedtest.RealRecord(t, New(), "4.0", "fixtures-vunnel/*.tar.zst",
		"tests/unit/providers/photon/test-fixtures/input/cve_data_photon4.0.json").Lines()
	if !slices.Contains(got, "photon:4.0 curl CVE-2023-38545 fixed <7.88.1-4.ph4 critical") {
		t.Errorf("%q", got)
	}
}

func TestConform(t *testing.T) { feedtest.Conform(t, New()) }

func FuzzParse(f *testing.F) { feedtest.Fuzz(f, New(), "4.0", document) }
