package redhat

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/boltseal/boltseal/finding"
	"github.com/boltseal/boltseal/vulndb"
	"github.com/boltseal/boltseal/vulndb/feed/feedtest"
)

const apiJSON = `{"name":"CVE-2020-0001","public_date":"2020-05-05T00:00:00Z","threat_severity":"Moderate",
	"bugzilla":{"description":"curl: a hole"},"cwe":"(CWE-119|CWE-120)->CWE-121","details":["One.","Two."],
	"cvss3":{"cvss3_base_score":"7.5","cvss3_scoring_vector":"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H"},
	"affected_release":[
		{"product_name":"Red Hat Enterprise Linux 9","release_date":"2020-06-01T00:00:00Z","advisory":"RHSA-2020:1",
		 "cpe":"cpe:/a:redhat:enterprise_linux:9","package":"curl-1:7.76.1-23.el9_2.4"},
		{"release_date":"2020-06-01T00:00:00Z","advisory":"RHSA-2020:1","cpe":"cpe:/o:redhat:enterprise_linux:9",
		 "package":"curl-1:7.76.1-23.el9_2.4"},
		{"advisory":"RHSA-2020:2","cpe":"cpe:/o:redhat:rhel_eus:9.0::baseos","package":"curl-0:7.76.1-14.el9_0","impact":"Low"},
		{"advisory":"RHSA-2020:3","cpe":"cpe:/a:redhat:enterprise_linux:8","package":"httpd:2.4-8070020230131172653.bd1311ed"},
		{"advisory":"RHSA-2020:4","cpe":"cpe:/a:redhat:enterprise_linux:9","package":"rhel9/curl:9.0-25"},
		{"advisory":"RHSA-2020:5","cpe":"cpe:/a:redhat:rhel_software_collections:3::el7","package":"httpd24-curl-0:7.61.1-2.el7"},
		{"advisory":"RHSA-2020:6","cpe":"cpe:/a:redhat:openshift:4.6::el8","package":"curl-0:9-1"},
		{"advisory":"RHSA-2020:7","cpe":"cpe:/o:redhat:enterprise_linux:7"}],
	"package_state":[
		{"product_name":"Red Hat Enterprise Linux 6","fix_state":"Out of support scope","package_name":"curl","cpe":"cpe:/o:redhat:enterprise_linux:6"},
		{"fix_state":"Will not fix","package_name":"curl","cpe":"cpe:/o:redhat:enterprise_linux:7"},
		{"fix_state":"Affected","package_name":"httpd:2.4/curl","cpe":"cpe:/o:redhat:enterprise_linux:8","impact":"important"},
		{"fix_state":"Not affected","package_name":"curl","cpe":"cpe:/o:redhat:enterprise_linux:8"},
		{"fix_state":"Under investigation","package_name":"bash","cpe":"cpe:/o:redhat:enterprise_linux:8"},
		{"fix_state":"Fix deferred","package_name":"dash","cpe":"cpe:/o:redhat:enterprise_linux:8"},
		{"fix_state":"Affected","package_name":"openshift4/ose","cpe":"cpe:/o:redhat:enterprise_linux:8"},
		{"fix_state":"Affected","package_name":"ovs","cpe":"cpe:/o:redhat:enterprise_linux:8::fastdatapath"}]}`

func TestAPI(t *testing.T) {
	got := feedtest.Parse(t, New(), "api", apiJSON)
	want := []string{
		"redhat:9 curl CVE-2020-0001 fixed <1:7.76.1-23.el9_2.4 medium RHSA-2020:1",
		"redhat-eus:9.0 curl CVE-2020-0001 fixed <0:7.76.1-14.el9_0 low RHSA-2020:2",
		"redhat:7 httpd24-curl CVE-2020-0001 fixed <0:7.61.1-2.el7 medium RHSA-2020:5",
		"redhat:6 curl CVE-2020-0001 end_of_life medium",
		"redhat:7 curl CVE-2020-0001 will_not_fix medium",
		"redhat:8 curl [httpd:2.4] CVE-2020-0001 affected high",
		"redhat:8 curl CVE-2020-0001 not_affected medium",
		"redhat:8 bash CVE-2020-0001 under_investigation medium",
		"redhat:8 dash CVE-2020-0001 deferred medium",
	}
	if diff := cmp.Diff(want, got.Lines()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	about := []vulndb.Vulnerability{{
		ID: "CVE-2020-0001", Source: "redhat", Title: "curl: a hole", Description: "One.\n\nTwo.",
		CWEs: []string{"CWE-119", "CWE-120", "CWE-121"}, Published: time.Date(2020, 5, 5, 0, 0, 0, 0, time.UTC),
		Severities: []finding.SourcedSeverity{{
			Source: "redhat", Severity: finding.Medium, Score: 7.5, Vector: "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H",
		}},
	}}
	if diff := cmp.Diff(about, got.Vulnerabilities); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

const vexJSON = `{"document":{"category":"csaf_vex","tracking":{"id":"CVE-2020-0001","current_release_date":"2020-06-02T00:00:00Z"}},
	"product_tree":{"branches":[{"branches":[
		{"product":{"product_id":"AppStream-8","name":"RHEL 8","product_identification_helper":{"cpe":"cpe:/a:redhat:enterprise_linux:8::appstream"}}},
		{"product":{"product_id":"rhel_7","product_identification_helper":{"cpe":"cpe:/o:redhat:enterprise_linux:7"}}},
		{"product":{"product_id":"ruby-0:2.5.9-111.x86_64::ruby:2.5","product_identification_helper":{
			"purl":"pkg:rpm/redhat/ruby@2.5.9-111.module%2Bel8?arch=x86_64&epoch=1&rpmmod=ruby:2.5:809:b46"}}},
		{"product":{"product_id":"ruby-debuginfo","product_identification_helper":{"purl":"pkg:rpm/redhat/ruby-debuginfo@2?arch=x86_64"}}},
		{"product":{"product_id":"httpd:2.4/httpd","product_identification_helper":{"purl":"pkg:rpm/redhat/httpd?arch=src"}}},
		{"product":{"product_id":"bash","product_identification_helper":{"purl":"pkg:rpm/redhat/bash?arch=src"}}}]}],
	"relationships":[
		{"full_product_name":{"product_id":"A:ruby"},"product_reference":"ruby-0:2.5.9-111.x86_64::ruby:2.5","relates_to_product_reference":"AppStream-8"},
		{"full_product_name":{"product_id":"A:ruby-debuginfo"},"product_reference":"ruby-debuginfo","relates_to_product_reference":"AppStream-8"},
		{"full_product_name":{"product_id":"A:httpd"},"product_reference":"httpd:2.4/httpd","relates_to_product_reference":"AppStream-8"},
		{"full_product_name":{"product_id":"7:bash"},"product_reference":"bash","relates_to_product_reference":"rhel_7"},
		{"full_product_name":{"product_id":"loop"},"product_reference":"loop","relates_to_product_reference":"loop"}]},
	"vulnerabilities":[{"cve":"CVE-2020-0001","title":"a hole","cwe":{"id":"CWE-79"},"notes":[{"category":"description","text":"Text."}],
		"product_status":{"fixed":["A:ruby","A:ruby-debuginfo","loop"],"known_affected":["A:httpd","7:bash"],"known_not_affected":["unknown"]},
		"remediations":[
			{"category":"vendor_fix","url":"https://access.redhat.com/errata/RHSA-2020:1","date":"2020-06-01T00:00:00Z","product_ids":["A:ruby"]},
			{"category":"none_available","details":"Fix deferred","product_ids":["A:httpd"]},
			{"category":"no_fix_planned","details":"Out of support scope","product_ids":["7:bash"]}],
		"threats":[{"category":"impact","details":"Important"}]}]}`

func TestCSAF(t *testing.T) {
	got := feedtest.Parse(t, New(), "vex", vexJSON)
	want := []string{
		"redhat:8 ruby [ruby:2.5] CVE-2020-0001 fixed <1:2.5.9-111.module+el8 high RHSA-2020:1",
		"redhat:8 httpd [httpd:2.4] CVE-2020-0001 deferred high",
		"redhat:7 bash CVE-2020-0001 end_of_life high",
	}
	if diff := cmp.Diff(want, got.Lines()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if v := got.Vulnerabilities; len(v) != 1 || v[0].Description != "Text." || v[0].CWEs[0] != "CWE-79" {
		t.Errorf("vulnerabilities %+v", v)
	}
}

func TestErrors(t *testing.T) {
	for body, want := range map[string]string{
		`{}`:                             "test: neither",
		`{"name":"C","package_state":1}`: "parse test: byte",
		`{"document":{"tracking":{"id":"x"}},"product_tree":{"branches":[` +
			strings.Repeat(`{"branches":[`, 100) + strings.Repeat(`]}`, 100) + `]}}`: "too deep",
	} {
		err := New().Parse(context.Background(), feedtest.Document("api", "test", body), new(feedtest.Record))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.60q: error %v, want %q in it", body, err, want)
		}
	}
}

func TestReal(t *testing.T) {
	got := feedtest.RealRecord(t, New(), "api", "redhat-cve-2025-02/*.jsonl.zst")
	t.Logf("%d advisories, %d vulnerabilities", len(got.Advisories), len(got.Vulnerabilities))
	if len(got.Advisories) < 150000 || len(got.Vulnerabilities) != 36166 {
		t.Errorf("%d advisories, %d vulnerabilities", len(got.Advisories), len(got.Vulnerabilities))
	}
	lines := got.Lines()
	for _, want := range []string{
		"redhat:9 openssl CVE-2022-3602 fixed <1:3.0.1-43.el9_0 high RHSA-2022:7288",
		"redhat:8 openssl CVE-2022-3602 not_affected high",
		"redhat:8 log4j12 [parfait:0.5] CVE-2021-44228 not_affected critical",
		"redhat:9 curl CVE-2023-38545 fixed <0:7.76.1-26.el9_3.2 high RHSA-2023:6745",
		"redhat:6 tomcat6 CVE-2023-44487 end_of_life high",
	} {
		if !slices.Contains(lines, want) {
			t.Errorf("no %q", want)
		}
	}
}

func TestRealCSAF(t *testing.T) {
	got := feedtest.RealRecord(t, New(), "vex", "fixtures-vunnel/*.tar.zst",
		"tests/unit/providers/rhel/test-fixtures/csaf/advisories/*.json",
		"tests/unit/providers/rhel/test-fixtures/csaf/advisories/*/*.json",
		"tests/unit/providers/rhel/test-fixtures/csaf/hydra/*.json").Lines()
	for _, want := range []string{
		"redhat:8 ruby [ruby:2.5] CVE-2021-33621 fixed <2.5.9-111.module+el8.9.0+19193+435404ae medium RHSA-2023:7025",
		"redhat:9 python3.9 CVE-2024-8088 fixed <3.9.18-3.el9_4.5 medium RHSA-2024:6163",
	} {
		if !slices.Contains(got, want) {
			t.Errorf("no %q in %d lines like %q", want, len(got), got[:min(3, len(got))])
		}
	}
}

func TestConform(t *testing.T) { feedtest.Conform(t, New()) }

func FuzzParse(f *testing.F) { feedtest.Fuzz(f, New(), "api", apiJSON, vexJSON) }

func BenchmarkParse(b *testing.B) {
	feedtest.Bench(b, New(), "api", "redhat-cve-2025-02/*.jsonl.zst")
}
