package osv

import (
	"slices"
	"testing"

	"github.com/boltseal/boltseal/vulndb/feed/feedtest"
)

// TestVendors reads records as distributions and languages write them.
func TestVendors(t *testing.T) {
	const root = "tests/unit/providers/"
	for _, c := range []struct{ entries, want string }{
		{"alma/test-fixtures/osv-database/advisories/*/*.json", "almalinux:9 "},
		{"rocky/test-fixtures/osv/*.json", "rocky:8 "},
		{"chainguard/test-fixtures/input/osv/CGA-*.json", "chainguard "},
		{"govulndb/test-fixtures/vulndb/ID/*.json", "golang "},
		{"bitnami/test-fixtures/vulndb/data/*/*.json", "bitnami consul CVE-2021-37219 fixed <1.8.15 >=1.9.0,<1.9.9 >=1.10.0,<1.10.2 high"},
		{"ubuntu/test-fixtures/osv/usn/*.json", "ubuntu:"},
	} {
		r := feedtest.RealRecord(t, New(), "x", "fixtures-vunnel/*.tar.zst", root+c.entries)
		lines := r.Lines()
		if !slices.ContainsFunc(lines, func(line string) bool { return len(line) >= len(c.want) && line[:len(c.want)] == c.want }) {
			t.Errorf("%s: no %q among %q", c.entries, c.want, lines[:min(len(lines), 10)])
		}
	}
}

// TestNaive holds what the data of OSV does to an importer that takes it at
// its word; each of these was seen in real archives.
func TestNaive(t *testing.T) {
	for _, c := range []struct {
		name, record string
		want         []string
	}{
		{"commits beside packages", `{"id":"CVE-2024-0001","affected":[
			{"ranges":[{"type":"GIT","repo":"https://x","events":[{"introduced":"0"},{"fixed":"abc"}]}]},
			{"package":{"ecosystem":"Debian:12","name":"bash"},"ranges":[{"type":"ECOSYSTEM","events":[{"introduced":"0"},{"fixed":"5.2"}]}]}]}`,
			[]string{"debian:12 bash CVE-2024-0001 fixed <5.2"}},
		{"rows of another distribution", `{"id":"CVE-2024-0001","affected":[
			{"package":{"ecosystem":"Alpine:v3.19","name":"bash"},"ranges":[{"type":"ECOSYSTEM","events":[{"introduced":"0"},{"fixed":"5.2-r1"}]}]}]}`,
			[]string{"alpine:3.19 bash CVE-2024-0001 fixed <5.2-r1"}},
		{"versions beside ranges", `{"id":"CVE-2024-0001","affected":[{"package":{"ecosystem":"Debian:12","name":"bash"},
			"ranges":[{"type":"ECOSYSTEM","events":[{"introduced":"0"},{"fixed":"3"}]}],"versions":["1","2"]}]}`,
			[]string{"debian:12 bash CVE-2024-0001 fixed <3"}},
		{"a fix for each repository", `{"id":"RHSA-2024:1","related":["CVE-2024-0001"],"summary":"Red Hat Security Advisory: x","affected":[
			{"package":{"ecosystem":"Red Hat:enterprise_linux:9::appstream","name":"bash"},"ranges":[{"type":"ECOSYSTEM","events":[{"introduced":"0"},{"fixed":"0:5.2-1.el9"}]}]},
			{"package":{"ecosystem":"Red Hat:enterprise_linux:9::baseos","name":"bash"},"ranges":[{"type":"ECOSYSTEM","events":[{"introduced":"0"},{"fixed":"0:5.2-1.el9"}]}]}]}`,
			[]string{"redhat:9 bash CVE-2024-0001 fixed <0:5.2-1.el9 RHSA-2024:1"}},
		{"fixed in 0 is not affected", `{"id":"CVE-2024-0001","affected":[{"package":{"ecosystem":"Debian:12","name":"bash"},
			"ranges":[{"type":"ECOSYSTEM","events":[{"introduced":"0"},{"fixed":"0"}]}]}]}`,
			[]string{"debian:12 bash CVE-2024-0001 not_affected"}},
		{"unimportant", `{"id":"CVE-2024-0001","affected":[{"package":{"ecosystem":"Debian:12","name":"bash"},
			"ranges":[{"type":"ECOSYSTEM","events":[{"introduced":"0"}]}],"ecosystem_specific":{"urgency":"unimportant"}}]}`,
			[]string{"debian:12 bash CVE-2024-0001 affected * negligible"}},
		{"withdrawn stays in the archive", `{"id":"GHSA-aaaa-bbbb-cccc","withdrawn":"2024-01-01T00:00:00Z","affected":[{"package":{"ecosystem":"npm","name":"x"},
			"ranges":[{"type":"SEMVER","events":[{"introduced":"0"},{"fixed":"1.0.0"}]}]}]}`,
			[]string{"npm x GHSA-aaaa-bbbb-cccc withdrawn <1.0.0"}},
		{"the module is part of the key", `{"id":"RLSA-2024:1","upstream":["CVE-2024-0001"],"summary":"Important: nodejs:18 security update","affected":[
			{"package":{"ecosystem":"Rocky Linux:8","name":"nodejs"},"ranges":[{"type":"ECOSYSTEM","events":[{"introduced":"0"},{"fixed":"1:18.1-1.module+el8+1"}]}]}]}`,
			[]string{"rocky:8 nodejs [nodejs:18] CVE-2024-0001 fixed <1:18.1-1.module+el8+1 high"}},
		{"npm of Alpine is not npm's npm", `{"id":"CVE-2024-0001","affected":[
			{"package":{"ecosystem":"Alpine:v3.19","name":"npm"},"ranges":[{"type":"ECOSYSTEM","events":[{"introduced":"0"},{"fixed":"9-r1"}]}]},
			{"package":{"ecosystem":"npm","name":"npm"},"ranges":[{"type":"SEMVER","events":[{"introduced":"0"},{"fixed":"9.1.0"}]}]}]}`,
			[]string{"alpine:3.19 npm CVE-2024-0001 fixed <9-r1", "npm npm CVE-2024-0001 fixed <9.1.0"}},
		{"malware is apart", `{"id":"MAL-2024-1","affected":[{"package":{"ecosystem":"npm","name":"x"},"versions":["1.0.0"]}]}`,
			[]string{"malicious:npm x MAL-2024-1 affected =1.0.0"}},
	} {
		got := feedtest.Parse(t, New(), "x", c.record).Lines()
		ok := len(got) == len(c.want)
		for i := range got {
			ok = ok && len(got[i]) >= len(c.want[i]) && got[i][:len(c.want[i])] == c.want[i]
		}
		if !ok {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func TestConform(t *testing.T) { feedtest.Conform(t, New()) }

func FuzzParse(f *testing.F) {
	feedtest.Fuzz(f, New(), "x", `{"id":"RHSA-2024:1","modified":"2024-01-02T00:00:00Z","related":["CVE-2024-0001"],"summary":"Important: nodejs:18",
		"severity":[{"type":"CVSS_V3","score":"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"}],"affected":[
		{"package":{"ecosystem":"Red Hat:enterprise_linux:9::baseos","name":"a"},"ranges":[{"type":"ECOSYSTEM","events":[{"introduced":"0"},{"fixed":"1.module"}]}]},
		{"package":{"ecosystem":"SUSE:Linux Enterprise Server 15 SP5","name":"b"},"ecosystem_specific":{"binaries":[{"b-libs":"2"}],"urgency":"low"}},
		{"package":{"ecosystem":"npm","name":"c"},"versions":["1"],"ranges":[{"type":"GIT","events":[{"introduced":"x"},{"last_affected":"y"}]}]}]}`)
}
