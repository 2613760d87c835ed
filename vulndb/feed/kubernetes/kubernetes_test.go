package kubernetes

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/boltseal/boltseal/vulndb/feed/feedtest"
)

const asOSV = `{"id":"CVE-2020-0001","modified":"2020-01-01T00:00:00Z","published":"2020-01-01T00:00:00Z","summary":"S","details":"D",
	"affected":[
		{"package":{"ecosystem":"kubernetes","name":"k8s.io/apiserver"},
		 "severity":[{"type":"CVSS_V3","score":"CVSS:3.0/AV:N/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:H"}],
		 "ranges":[{"type":"SEMVER","events":[{"introduced":"0"},{"fixed":"1.7.14"},{"introduced":"1.8.0"},{"last_affected":"v1.8.9"}]}]},
		{"package":{"name":"k8s.io/ingress-nginx"},"ranges":[{"type":"SEMVER","events":[{"introduced":"1.0.0"}]},
			{"type":"GIT","events":[{"introduced":"abc"}]}]},
		{"package":{"name":"trailing/"}},{"package":{"name":"kubelet"},"versions":["1.0"]}],
	"references":[{"url":"https://example.org/1"}]}`

const official = `{"version":"https://jsonfeed.org/version/1.1","items":[{"id":"CVE-2021-0001, CVE-2021-0002","summary":"S",
	"content_text":"Text.","date_published":"2021-01-01T00:00:00Z","external_url":"https://example.org/1"}]}`

func TestParse(t *testing.T) {
	got := feedtest.Parse(t, New(), "osv", asOSV)
	want := []string{
		"generic kubernetes:kube-apiserver CVE-2020-0001 fixed <1.7.14 >=1.8.0,<=1.8.9 high",
		"generic kubernetes:ingress-nginx CVE-2020-0001 affected >=1.0.0,*",
		"golang k8s.io/ingress-nginx CVE-2020-0001 affected >=1.0.0,*",
		"generic kubernetes:kubelet CVE-2020-0001 affected =1.0",
	}
	if diff := cmp.Diff(want, got.Lines()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if v := got.Vulnerabilities[0]; v.Severities[0].Score != 8.8 || v.Title != "S" || v.Description != "D" {
		t.Errorf("%+v", v)
	}
	got = feedtest.Parse(t, New(), "official", official)
	if v := got.Vulnerabilities; len(v) != 2 || v[1].ID != "CVE-2021-0002" || v[1].Description != "Text." {
		t.Errorf("%+v", v)
	}
}

func TestErrors(t *testing.T) {
	for body, want := range map[string]string{`{}`: "test: neither", `{"affected":1}`: "parse test: byte"} {
		err := New().Parse(context.Background(), feedtest.Document("osv", "test", body), new(feedtest.Record))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: error %v, want %q in it", body, err, want)
		}
	}
}

func TestReal(t *testing.T) {
	got := feedtest.RealRecord(t, New(), "osv", "kubernetes-cve-feed-osv-2024-11/*.jsonl.zst").Lines()
	t.Logf("%d advisories", len(got))
	for _, want := range []string{
		"generic kubernetes:kubelet CVE-2017-1002101 fixed >=1.3.0,<1.7.14 >=1.8.0,<1.8.9 >=1.9.0,<1.9.4 high",
		"golang k8s.io/kubernetes CVE-2018-1002101 fixed >=1.9.0,<1.9.10 >=1.10.0,<1.10.6 >=1.11.0,<1.11.2 medium",
	} {
		if !slices.Contains(got, want) {
			t.Errorf("no %q in %q", want, got[:min(12, len(got))])
		}
	}
}

func TestConform(t *testing.T) { feedtest.Conform(t, New()) }

func FuzzParse(f *testing.F) { feedtest.Fuzz(f, New(), "osv", asOSV, official) }
