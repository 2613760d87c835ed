package alpine

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/boltseal/boltseal/vulndb/feed"
	"github.com/boltseal/boltseal/vulndb/feed/feedtest"
)

const document = `{"distroversion":"v3.19","reponame":"main","packages":[
	{"pkg":{"name":"xen","secfixes":{"4.7.1-r1":["CVE-2016-9932 XSA-200","XSA-207","CVE-2016-9932"],
		"4.8.0-r0":["CVE-2017-0001 CVE-2017-0002","N/A","CVE-????-?????",""],"0":["CVE-2018-0001 (+)"]}}},
	{"pkg":{"name":"empty","secfixes":{}}},{"pkg":{"name":"null","secfixes":{"1":null}}}]}`

func TestParse(t *testing.T) {
	got := feedtest.Parse(t, New(), "all", document)
	want := []string{
		"alpine:3.19 xen CVE-2018-0001 not_affected",
		"alpine:3.19 xen CVE-2016-9932 fixed <4.7.1-r1",
		"alpine:3.19 xen XSA-207 fixed <4.7.1-r1",
		"alpine:3.19 xen CVE-2017-0001 fixed <4.8.0-r0",
		"alpine:3.19 xen CVE-2017-0002 fixed <4.8.0-r0",
	}
	if diff := cmp.Diff(want, got.Lines()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestErrors(t *testing.T) {
	for body, want := range map[string]string{
		`{"packages":[]}`:       "test: no distroversion",
		`{"distroversion":"v"}`: "test: no packages",
		`{"packages":1}`:        "parse test: byte",
	} {
		err := New().Parse(context.Background(), feedtest.Document("all", "test", body), new(feedtest.Record))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: error %v, want %q in it", body, err, want)
		}
	}
}

func TestReal(t *testing.T) {
	got := feedtest.RealRecord(t, New(), "all", "alpine-secdb-2025-01/*.jsonl.zst").Lines()
	t.Logf("%d advisories", len(got))
	if len(got) < 60000 {
		t.Errorf("%d advisories", len(got))
	}
	for _, want := range []string{
		"alpine:3.17 openssl CVE-2022-3602 fixed <3.0.7-r0",
		"alpine:edge curl CVE-2023-38545 fixed <8.4.0-r0",
		"alpine:3.14 busybox CVE-2022-28391 fixed <1.33.1-r7",
	} {
		if !slices.Contains(got, want) {
			t.Errorf("no %q", want)
		}
	}
}

func TestRealWolfi(t *testing.T) {
	got := feedtest.RealRecord(t, NewWolfi(), "security", "fixtures-vunnel/*.tar.zst",
		"tests/unit/providers/wolfi/test-fixtures/input/secdb/security.json").Lines()
	if !slices.Contains(got, "wolfi binutils CVE-2022-38533 fixed <2.39-r2") {
		t.Errorf("%q", got)
	}
}

func TestConform(t *testing.T) {
	for _, f := range []feed.Feed{New(), NewWolfi(), NewChainguard()} {
		feedtest.Conform(t, f)
	}
}

func FuzzParse(f *testing.F) { feedtest.Fuzz(f, New(), "all", document) }

func BenchmarkParse(b *testing.B) {
	feedtest.Bench(b, New(), "all", "alpine-secdb-2025-01/*.jsonl.zst")
}
