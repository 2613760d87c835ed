package nvdoverrides

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/boltseal/boltseal/vulndb/feed/feedtest"
)

func document(configurations string) string {
	return `{"_annotation":{"cve_id":"CVE-2024-0001","description":"Text."},"cve":{"configurations":[` + configurations + `]}}`
}

func anyOf(matches ...string) string {
	return `{"operator":"OR","negate":false,"cpeMatch":[` + strings.Join(matches, ",") + `]}`
}

func vulnerable(name, versions string) string {
	return `{"vulnerable":true,"criteria":"cpe:2.3:` + name + `"` + versions + `}`
}

const (
	nginx  = `a:f5:nginx:*:*:*:*:*:*:*:*`
	macOS  = `{"vulnerable":false,"criteria":"cpe:2.3:o:apple:macos:-:*:*:*:*:*:*:*"}`
	debian = `{"vulnerable":false,"criteria":"cpe:2.3:o:debian:debian_linux:11:*:*:*:*:*:*:*"}`
	other  = `{"vulnerable":false,"criteria":"cpe:2.3:a:php:php:-:*:*:*:*:*:*:*"}`
)

func TestParse(t *testing.T) {
	ranges := vulnerable(nginx, `,"versionStartIncluding":"1.0","versionEndExcluding":"1.2"`)
	for name, c := range map[string]struct {
		document string
		want     []string
	}{
		"ranges and versions of two products": {
			document(`{"nodes":[` + anyOf(ranges, ranges,
				vulnerable(nginx, `,"versionStartExcluding":"2","versionEndIncluding":"3"`),
				vulnerable(`a:f5:nginx:4.0:rc1:*:*:*:*:*:*`, ``),
				vulnerable(`a:apache:tomcat:9.0:*:*:*:*:*:*:*`, ``)) + `]}`),
			[]string{
				"generic f5:nginx CVE-2024-0001 fixed >=1.0,<1.2 >=2,<=3 =4.0-rc1",
				"generic apache:tomcat CVE-2024-0001 affected =9.0",
			},
		},
		"all versions": {
			document(`{"nodes":[` + anyOf(ranges) + `]},{"nodes":[` + anyOf(vulnerable(nginx, ``)) + `]}`),
			[]string{"generic f5:nginx CVE-2024-0001 affected"},
		},
		"on Linux":               {document(`{"operator":"AND","nodes":[` + anyOf(ranges) + `,` + anyOf(macOS, debian) + `]}`), []string{"generic f5:nginx CVE-2024-0001 fixed >=1.0,<1.2"}},
		"on macOS only":          {document(`{"operator":"AND","nodes":[` + anyOf(ranges) + `,` + anyOf(macOS) + `]}`), nil},
		"with a second program":  {document(`{"operator":"AND","nodes":[` + anyOf(ranges) + `,` + anyOf(other) + `]}`), nil},
		"negated":                {document(`{"negate":true,"nodes":[` + anyOf(ranges) + `]}`), nil},
		"not an application":     {document(`{"nodes":[` + anyOf(vulnerable(`o:linux:linux_kernel:*:*:*:*:*:*:*:*`, ``)) + `]}`), nil},
		"a plug-in":              {document(`{"nodes":[` + anyOf(vulnerable(`a:x:y:*:*:*:*:*:wordpress:*:*`, ``)) + `]}`), nil},
		"without configurations": {document(``), nil},
	} {
		got := feedtest.Parse(t, New(), "overrides", c.document)
		if diff := cmp.Diff(c.want, got.Lines()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestErrors(t *testing.T) {
	for body, want := range map[string]string{
		`{}`:                           "is not a CVE",
		`{"cve":{"configurations":1}}`: "parse test: byte",
	} {
		err := New().Parse(context.Background(), feedtest.Document("overrides", "test", body), new(feedtest.Record))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: error %v, want %q in it", body, err, want)
		}
	}
}

func TestReal(t *testing.T) {
	got := feedtest.RealRecord(t, New(), "overrides", "anchore-nvd-overrides-2026-08/*.jsonl.zst")
	t.Logf("%d advisories, %d vulnerabilities", len(got.Advisories), len(got.Vulnerabilities))
	lines := got.Lines()
	if len(lines) < 10000 {
		t.Errorf("%d advisories", len(lines))
	}
	for _, want := range []string{
		"generic f5:nginx CVE-2024-24989 fixed >=1.25.3,<1.25.4",
		"generic haproxy:haproxy CVE-2023-0056 ",
		"generic apache:tomcat CVE-2007-0450 ",
	} {
		if !slices.ContainsFunc(lines, func(s string) bool { return strings.HasPrefix(s, want) }) {
			t.Errorf("no %q", want)
		}
	}
}

func TestConform(t *testing.T) { feedtest.Conform(t, New()) }

func FuzzParse(f *testing.F) {
	feedtest.Fuzz(f, New(), "overrides", document(`{"operator":"AND","nodes":[`+
		anyOf(vulnerable(nginx, `,"versionEndIncluding":"3"`))+`,`+anyOf(debian)+`]}`))
}

func BenchmarkParse(b *testing.B) {
	feedtest.Bench(b, New(), "overrides", "anchore-nvd-overrides-2026-08/*.jsonl.zst")
}
