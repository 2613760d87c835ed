package debian

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/boltseal/boltseal/vulndb/feed/feedtest"
)

const trackerJSON = `{"curl": {
	"CVE-2020-0001": {"scope":"remote","debianbug":1,"description":"Text.","releases":{
		"bookworm":{"status":"resolved","repositories":{"bookworm":"2"},"fixed_version":"1.2-1","urgency":"high**"},
		"bullseye":{"status":"resolved","fixed_version":"0","urgency":"unimportant"},
		"buster":{"status":"open","urgency":"end-of-life"},
		"trixie":{"status":"open","urgency":"not yet assigned"},
		"forky":{"status":"undetermined","urgency":"medium"},
		"stretch":{"status":"open","urgency":"low","nodsa":"Minor issue","nodsa_reason":""},
		"jessie":{"status":"open","urgency":"low","nodsa":"Minor issue","nodsa_reason":"ignored"},
		"sid":{"status":"open","urgency":"low","nodsa":"Minor","nodsa_reason":"postponed"},
		"potato":{"status":"open","urgency":"low"}}},
	"TEMP-0000001-ABCDEF": {"releases":{}}}}`

func TestTracker(t *testing.T) {
	got := feedtest.Parse(t, New(), "tracker", trackerJSON)
	want := []string{
		"debian:12 curl CVE-2020-0001 fixed <1.2-1 high",
		"debian:11 curl CVE-2020-0001 not_affected negligible",
		"debian:10 curl CVE-2020-0001 end_of_life",
		"debian:14 curl CVE-2020-0001 under_investigation medium",
		"debian:8 curl CVE-2020-0001 will_not_fix low",
		"debian:sid curl CVE-2020-0001 deferred low",
		"debian:9 curl CVE-2020-0001 deferred low",
		"debian:13 curl CVE-2020-0001 affected",
	}
	if diff := cmp.Diff(want, got.Lines()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if len(got.Vulnerabilities) != 1 || got.Vulnerabilities[0].Description != "Text." {
		t.Errorf("vulnerabilities %+v", got.Vulnerabilities)
	}
}

const listText = `[13 Feb 2025] DSA-4-1 curl - security update
	{CVE-2020-0001 CVE-2020-0002}
	[bookworm] - curl 1:1.2-1+deb12u1
	NOTE: for people
[12 Feb 2025] DSA-3-2 curl - regression update
	[bookworm] - curl 1:1.1
[1 Jan 2010] DSA-2-1 apt - no identifier
        [lenny] - apt 0.9 (low; bug #1)
[31 Feb 2004] DSA-1 exim
	{CVE-2004-0001 }
	[woody] - exim 3
	[sarge] - exim <not-affected> (not in sarge)
	[etch] - exim4 <unfixed>
	[squeeze] - exim4 <end-of-life>
`

func TestList(t *testing.T) {
	got := feedtest.Parse(t, New(), "DSA", listText)
	want := []string{
		"debian:12 curl CVE-2020-0001 fixed <1:1.2-1+deb12u1 DSA-4-1",
		"debian:12 curl CVE-2020-0002 fixed <1:1.2-1+deb12u1 DSA-4-1",
		"debian:5 apt DSA-2-1 fixed <0.9 DSA-2-1",
		"debian:3 exim CVE-2004-0001 not_affected DSA-1",
		"debian:4 exim4 CVE-2004-0001 affected DSA-1",
		"debian:6 exim4 CVE-2004-0001 end_of_life DSA-1",
	}
	if diff := cmp.Diff(want, got.Lines()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if m := got.Advisories[0].Modified; m != 1739404800 {
		t.Errorf("issued %d", m)
	}
	if len(got.Vulnerabilities) != 1 || got.Vulnerabilities[0].ID != "DSA-2-1" {
		t.Errorf("vulnerabilities %+v", got.Vulnerabilities)
	}
}

func TestErrors(t *testing.T) {
	for body, want := range map[string]string{
		"":                                    "no advisory",
		"curl\n":                              "line 1",
		"\t{CVE-2020-0001}\n":                 "line 1",
		"[today DSA-1\n":                      "no date",
		"[today] \n":                          "no identifier",
		"[today] DSA-1 x\n\t[sid] -":          "line 2",
		`{"curl":{"CVE-1":{"releases":[1]}}}`: "curl CVE-1: parse test: byte",
		`{"":{"CVE-1":{}}}`:                   "empty name",
	} {
		err := New().Parse(context.Background(), feedtest.Document("DSA", "test", body), new(feedtest.Record))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: error %v, want %q in it", body, err, want)
		}
	}
}

func TestReal(t *testing.T) {
	for _, c := range []struct {
		artifact, pattern string
		least             int
		want              []string
	}{
		{"DSA", "debian-tracker-lists/DSA-list*", 19000, []string{
			"debian:11 apache-log4j2 CVE-2021-44228 fixed <2.15.0-1~deb11u1 DSA-5020-1",
			"debian:10 apache-log4j2 CVE-2021-44228 fixed <2.15.0-1~deb10u1 DSA-5020-1",
			"debian:12 curl CVE-2023-38545 fixed <7.88.1-10+deb12u4 DSA-5523-1",
			"debian:7 openssl CVE-2014-0160 fixed <1.0.1e-2+deb7u5 DSA-2896-1",
		}},
		{"DLA", "debian-tracker-lists/DLA-list*", 14000, []string{
			"debian:9 apache-log4j2 CVE-2021-44228 fixed <2.7-2+deb9u1 DLA-2842-1",
		}},
	} {
		got := feedtest.RealRecord(t, New(), c.artifact, c.pattern).Lines()
		t.Logf("%s: %d advisories", c.artifact, len(got))
		if len(got) < c.least {
			t.Errorf("%s: %d advisories, want at least %d", c.artifact, len(got), c.least)
		}
		for _, want := range c.want {
			if !slices.Contains(got, want) {
				t.Errorf("%s: no %q", c.artifact, want)
			}
		}
	}
}

func TestRealTracker(t *testing.T) {
	got := feedtest.RealRecord(t, New(), "tracker", "fixtures-vunnel/*.tar.zst",
		"tests/unit/providers/debian/test-fixtures/input/debian.json").Lines()
	for _, want := range []string{
		"debian:8 txt2man CVE-2013-1444 fixed <1.5.5-4.1 low",
		"debian:10 prototypejs CVE-2007-2383 not_affected negligible",
	} {
		if !slices.Contains(got, want) {
			t.Errorf("no %q in %q", want, got)
		}
	}
}

func TestConform(t *testing.T) { feedtest.Conform(t, New()) }

func FuzzParse(f *testing.F) { feedtest.Fuzz(f, New(), "tracker", trackerJSON, listText) }

func BenchmarkList(b *testing.B) {
	feedtest.Bench(b, New(), "DSA", "debian-tracker-lists/DSA-list*")
}
