package ubuntu

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

const document = `{"candidate":"CVE-2020-0001","description":"","ubuntu_description":"Text.","priority":"medium",
	"public_date":"2020-05-05 01:59:00 UTC","cvss":{"nvd":" CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H [7.5 HIGH]","x":"none"},
	"packages":{
		"jammy":{
			"curl":{"name":"curl","status":"released","note":"7.81.0-1ubuntu1.4 (in security)"},
			"absent":{"name":"absent","status":"DNE"},
			"unknown":{"name":"unknown","status":"released","note":"in proposed"},
			"linux":{"name":"linux","status":"pending","note":"5.15.0-120.130"},
			"apt":{"name":"apt","status":"pending"}},
		"noble":{
			"curl":{"name":"curl","status":"needed","priority":"low"},
			"apt":{"name":"apt","status":"needs-triage"},
			"bash":{"name":"bash","status":"not-affected","note":"code not present"},
			"dash":{"name":"dash","status":"deferred","note":"2020-05-05"},
			"vim":{"name":"vim","status":"ignored","note":"too intrusive"}},
		"bionic":{"curl":{"name":"curl","status":"ignored","note":"end of standard support, was needed"}},
		"esm-infra/bionic":{"curl":{"name":"curl","status":"released","note":"7.58.0-2ubuntu3.20+esm1"}},
		"trusty/esm":{"curl":{"name":"curl","status":"needed"}},
		"esm-infra-legacy/trusty":{"curl":{"name":"curl","status":"needed"}},
		"fips/bionic":{"curl":{"name":"curl","status":"needed"}},
		"upstream":{"curl":{"name":"curl","status":"released","note":"8.0"}},
		"snap":{"curl":{"name":"curl","status":"needed"}}}}`

func TestParse(t *testing.T) {
	got := feedtest.Parse(t, New(), "tracker", document)
	want := []string{
		"ubuntu:18.04 curl CVE-2020-0001 end_of_life medium",
		"ubuntu-esm:18.04 curl CVE-2020-0001 fixed <7.58.0-2ubuntu3.20+esm1 medium",
		"ubuntu:22.04 apt CVE-2020-0001 affected medium",
		"ubuntu:22.04 curl CVE-2020-0001 fixed <7.81.0-1ubuntu1.4 medium",
		"ubuntu:22.04 linux CVE-2020-0001 affected <5.15.0-120.130 medium",
		"ubuntu:24.04 apt CVE-2020-0001 under_investigation medium",
		"ubuntu:24.04 bash CVE-2020-0001 not_affected medium",
		"ubuntu:24.04 curl CVE-2020-0001 affected low",
		"ubuntu:24.04 dash CVE-2020-0001 deferred medium",
		"ubuntu:24.04 vim CVE-2020-0001 will_not_fix medium",
		"ubuntu-esm:14.04 curl CVE-2020-0001 affected medium",
	}
	if diff := cmp.Diff(want, got.Lines()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	about := []vulndb.Vulnerability{{
		ID: "CVE-2020-0001", Source: "ubuntu", Description: "Text.",
		Published: time.Date(2020, 5, 5, 1, 59, 0, 0, time.UTC),
		Severities: []finding.SourcedSeverity{
			{Source: "ubuntu", Severity: finding.Medium},
			{Source: "nvd", Severity: finding.High, Score: 7.5, Vector: "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H"},
		},
	}}
	if diff := cmp.Diff(about, got.Vulnerabilities); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

const vex = `{"@context":"https://openvex.dev/ns/v0.2.0","timestamp":"2026-05-20T14:49:37.7Z","statements":[
	{"vulnerability":{"name":"CVE-2020-0001"},"status":"affected","action_statement":"This package (for the given release) is vulnerable to the CVE, the problem is understood, but the Ubuntu Security Team decided to not fix it. CVE Notes / justification: deferred",
		"products":[{"@id":"pkg:deb/ubuntu/glibc@2.23?arch=source&distro=xenial"},{"@id":"pkg:deb/ubuntu/libc6@2.23?arch=amd64&distro=xenial"},
			{"@id":"pkg:deb/ubuntu/glibc@2.19?arch=source&distro=esm-infra-legacy/trusty"},{"@id":"pkg:deb/ubuntu/g%2B%2B@1?arch=source&distro=esm-infra/xenial"}]},
	{"vulnerability":{"name":"CVE-2020-0001"},"status":"affected","action_statement":"This package (for the given release) is no longer supported. Please upgrade your system.",
		"products":[{"@id":"pkg:deb/ubuntu/curl@1?arch=source&distro=ubuntu/bionic"}]},
	{"vulnerability":{"name":"CVE-2020-0001"},"status":"affected","action_statement":"Needs fixing.","products":[{"@id":"pkg:deb/ubuntu/curl@1?arch=source&distro=noble"}]},
	{"vulnerability":{"name":"CVE-2020-0001"},"status":"not_affected","impact_statement":"This package (for the given release) does not exist in the archive.","products":[{"@id":"pkg:deb/ubuntu/x@1?arch=source&distro=noble"}]},
	{"vulnerability":{"name":"CVE-2020-0001"},"status":"not_affected","products":[{"@id":"pkg:deb/ubuntu/bash@1?arch=source&distro=noble"}]},
	{"vulnerability":{"name":"CVE-2020-0001"},"status":"fixed","products":[{"@id":"pkg:deb/ubuntu/dash@1?arch=source&distro=noble"}]}]}`

func TestParseVEX(t *testing.T) {
	got := feedtest.Parse(t, New(), "vex", vex)
	want := []string{
		"ubuntu:16.04 glibc CVE-2020-0001 will_not_fix", "ubuntu-esm:16.04 g++ CVE-2020-0001 will_not_fix",
		"ubuntu:18.04 curl CVE-2020-0001 end_of_life", "ubuntu:24.04 curl CVE-2020-0001 affected",
		"ubuntu:24.04 bash CVE-2020-0001 not_affected",
	}
	if diff := cmp.Diff(want, got.Lines()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestRealArchives reads Canonical's own documents.
func TestRealArchives(t *testing.T) {
	const root = "tests/unit/providers/ubuntu/test-fixtures/"
	for _, c := range []struct {
		artifact, entries string
		want              []string
	}{
		{"osv", root + "osv*/cve/*/UBUNTU-CVE-*.json", []string{
			"ubuntu:16.04 unzip CVE-2014-9913 fixed <6.0-20ubuntu1.1 negligible UBUNTU-CVE-2014-9913",
			"ubuntu-esm:14.04 unzip CVE-2014-9913 fixed <6.0-9ubuntu1.6 negligible UBUNTU-CVE-2014-9913",
		}},
		{"vex", root + "vex/cve/*/CVE-*.json", []string{
			"ubuntu:16.04 curl CVE-2023-38545 end_of_life", "ubuntu-esm:20.04 curl CVE-2023-38545 not_affected",
			"ubuntu:16.04 glibc CVE-2016-20013 will_not_fix",
		}},
	} {
		got := feedtest.RealRecord(t, New(), c.artifact, "fixtures-vunnel/*.tar.zst", c.entries).Lines()
		t.Logf("%s: %d advisories", c.artifact, len(got))
		for _, want := range c.want {
			if !slices.Contains(got, want) {
				t.Errorf("%s: no %q", c.artifact, want)
			}
		}
	}
}

func FuzzVEX(f *testing.F) { feedtest.Fuzz(f, New(), "vex", vex) }

func TestErrors(t *testing.T) {
	for body, want := range map[string]string{
		`{}`:                               "test: no candidate",
		`{"candidate":"C","packages":[1]}`: "parse test: byte",
	} {
		err := New().Parse(context.Background(), feedtest.Document("tracker", "test", body), new(feedtest.Record))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: error %v, want %q in it", body, err, want)
		}
	}
}

// tally counts statements per namespace and status, and looks for lines.
type tally struct {
	statuses map[finding.Status]int
	wanted   map[string]bool
}

func (c *tally) Vulnerability(*vulndb.Vulnerability) error { return nil }
func (c *tally) Advisory(a *vulndb.Advisory) error {
	c.statuses[a.Status]++
	if a.Package == "openssl" || a.Package == "apache-log4j2" {
		if line := feedtest.Line(a); !c.wanted[line] {
			if _, ok := c.wanted[line]; ok {
				c.wanted[line] = true
			}
		}
	}
	return nil
}

func TestReal(t *testing.T) {
	c := tally{statuses: map[finding.Status]int{}, wanted: map[string]bool{
		"ubuntu:22.04 openssl CVE-2022-3602 fixed <3.0.2-0ubuntu1.7 high":               false,
		"ubuntu:20.04 openssl CVE-2022-3602 not_affected high":                          false,
		"ubuntu:20.04 apache-log4j2 CVE-2021-44228 fixed <2.15.0-0.20.04.1 high":        false,
		"ubuntu-esm:16.04 apache-log4j2 CVE-2021-44228 fixed <2.4-2ubuntu0.1~esm1 high": false,
	}}
	feedtest.Each(t, New(), "tracker", "ubuntu-cve-tracker-2024-08/*.jsonl.zst", &c)
	t.Logf("%v", c.statuses)
	if c.statuses[finding.StatusFixed] < 180000 || c.statuses[finding.StatusAffected] < 50000 {
		t.Errorf("statuses %v", c.statuses)
	}
	for line, found := range c.wanted {
		if !found {
			t.Errorf("no %q", line)
		}
	}
}

func TestConform(t *testing.T) { feedtest.Conform(t, New()) }

func FuzzParse(f *testing.F) { feedtest.Fuzz(f, New(), "tracker", document) }

func BenchmarkParse(b *testing.B) {
	feedtest.Bench(b, New(), "tracker", "ubuntu-cve-tracker-2024-08/*.jsonl.zst")
}
