package match

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/boltseal/boltseal/finding"
	"github.com/boltseal/boltseal/inventory"
	"github.com/boltseal/boltseal/vulndb"
)

// memory is a database of a few advisories. As in a real one, an identifier
// may be an alias of another.
type memory struct {
	advisories      []vulndb.Advisory
	vulnerabilities []finding.Vulnerability
}

func (m *memory) Advisories(namespace, pkg string, dst []vulndb.Advisory) ([]vulndb.Advisory, error) {
	for _, a := range m.advisories {
		if a.Namespace == namespace && a.Package == pkg {
			dst = append(dst, a)
		}
	}
	return dst, nil
}

func (m *memory) Summary(id string) (*finding.Vulnerability, error) { return m.Vulnerability(id) }

func (m *memory) Vulnerability(id string) (*finding.Vulnerability, error) {
	for i := range m.vulnerabilities {
		if v := &m.vulnerabilities[i]; v.ID == id || slices.Contains(v.Aliases, id) {
			return v, nil
		}
	}
	return nil, nil
}

func (m *memory) Has(namespace string) bool {
	return slices.ContainsFunc(m.advisories, func(a vulndb.Advisory) bool { return a.Namespace == namespace })
}

// adv writes an advisory: "CVE-1 source status", with ranges of the form
// "introduced,fixed" or "introduced,last]".
func adv(namespace, pkg, head string, ranges ...string) vulndb.Advisory {
	f := strings.Fields(head)
	a := vulndb.Advisory{
		Namespace: namespace, Package: pkg, Vulnerability: f[0], Advisory: f[0], Source: f[1], Status: finding.Status(f[2]),
	}
	for _, r := range ranges {
		from, to, _ := strings.Cut(r, ",")
		if last, ok := strings.CutSuffix(to, "]"); ok {
			a.Ranges = append(a.Ranges, vulndb.Range{Introduced: from, LastAffected: last})
		} else {
			a.Ranges = append(a.Ranges, vulndb.Range{Introduced: from, Fixed: to})
		}
	}
	return a
}

// with changes one field of an advisory.
func with(a vulndb.Advisory, change func(*vulndb.Advisory)) vulndb.Advisory {
	change(&a)
	return a
}

func rpm(name, version, module string) inventory.Package {
	return inventory.Package{Type: "rpm", Name: name, Version: version, Module: module, Arch: "x86_64"}
}

func deb(name, version, source string) inventory.Package {
	p := inventory.Package{Type: "deb", Name: name, Version: version, Arch: "amd64"}
	p.Source.Name, p.Source.Version, _ = strings.Cut(source, " ")
	return p
}

func lang(kind, name, version string) inventory.Package {
	return inventory.Package{Type: kind, Name: name, Version: version}
}

var (
	debian = &inventory.OS{ID: "debian", VersionID: "12"}
	rocky  = &inventory.OS{ID: "rocky", VersionID: "9.4"}
)

// matched runs Match and writes each finding as "package vulnerability status
// fixed severity".
func matched(t *testing.T, os *inventory.OS, pkgs []inventory.Package, dbs ...Database) ([]string, *Result) {
	t.Helper()
	res, err := Match(context.Background(), &inventory.Inventory{OS: os, Packages: pkgs}, dbs...)
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for _, f := range res.Findings {
		line := fmt.Sprintf("%s %s %s", f.Package.Name, f.Vulnerability.ID, f.Status)
		if f.FixedVersion != "" {
			line += " <" + f.FixedVersion
		}
		if f.Severity != finding.Unknown {
			line += " " + f.Severity.String()
		}
		if f.Suppressed != nil {
			line += " suppressed"
		}
		lines = append(lines, line)
	}
	return lines, res
}

const d12 = "debian:12"

// xenial and esm are what Ubuntu's tracker says of openssl in a release whose
// updates go on for subscribers, and a hole of which only the release speaks.
var (
	xenial = &inventory.OS{ID: "ubuntu", VersionID: "16.04"}
	esm    = []vulndb.Advisory{
		with(adv("ubuntu:16.04", "openssl", "CVE-2023-0286 ubuntu end_of_life"), high),
		with(adv("ubuntu-esm:16.04", "openssl", "CVE-2023-0286 ubuntu fixed", ",1.0.2g-1ubuntu4.20+esm6"), high),
		with(adv("ubuntu:16.04", "openssl", "CVE-2099-0001 ubuntu end_of_life"), func(a *vulndb.Advisory) { a.Severity = finding.Medium }),
	}
)

func high(a *vulndb.Advisory) { a.Severity = finding.High }

func TestMatch(t *testing.T) {
	for _, c := range []struct {
		name string
		os   *inventory.OS
		pkg  inventory.Package
		advs []vulndb.Advisory
		want string // findings, separated by "; "
	}{
		{"below the fix", debian, deb("curl", "7.88.1-1", ""), []vulndb.Advisory{adv(d12, "curl", "CVE-1 debian fixed", ",7.88.1-2")}, "curl CVE-1 fixed <7.88.1-2"},
		{"at the fix", debian, deb("curl", "7.88.1-2", ""), []vulndb.Advisory{adv(d12, "curl", "CVE-1 debian fixed", ",7.88.1-2")}, ""},
		{"tilde sorts first", debian, deb("curl", "7.88.1-2~bpo", ""), []vulndb.Advisory{adv(d12, "curl", "CVE-1 debian fixed", ",7.88.1-2")}, "curl CVE-1 fixed <7.88.1-2"},
		{"epoch", debian, deb("vim", "2:9.0-1", ""), []vulndb.Advisory{adv(d12, "vim", "CVE-1 debian fixed", ",10.0-1")}, ""},
		{"epoch in the advisory", debian, deb("vim", "9.0-1", ""), []vulndb.Advisory{adv(d12, "vim", "CVE-1 debian fixed", ",1:1.0-1")}, "vim CVE-1 fixed <1:1.0-1"},
		{"source name and version", debian, deb("libgcc-s1", "12.2.0-14", "gcc-12 9.1"), []vulndb.Advisory{
			adv(d12, "gcc-12", "CVE-1 debian fixed", ",9.2"), adv(d12, "libgcc-s1", "CVE-2 debian affected")}, "libgcc-s1 CVE-1 fixed <9.2"},
		{"source version above the fix", debian, deb("liba", "1.0", "a 9.2"), []vulndb.Advisory{adv(d12, "a", "CVE-1 debian fixed", ",9.2")}, ""},
		{"a kernel signed by Debian", debian, deb("linux-image-6.1.0-9-amd64", "6.1.27-1", "linux-signed-amd64 6.1.27+1"),
			[]vulndb.Advisory{adv(d12, "linux", "CVE-1 debian fixed", ",6.1.28-1")}, "linux-image-6.1.0-9-amd64 CVE-1 fixed <6.1.28-1"},
		{"a kernel signed by Ubuntu", &inventory.OS{ID: "ubuntu", VersionID: "22.04"}, deb("linux-image-5.15.0-1-aws", "5.15.0-1.2", "linux-signed-aws 5.15.0-1.2"),
			[]vulndb.Advisory{adv("ubuntu:22.04", "linux-aws", "CVE-1 ubuntu fixed", ",5.15.0-1.3")}, "linux-image-5.15.0-1-aws CVE-1 fixed <5.15.0-1.3"},
		{"another release", debian, deb("curl", "1", ""), []vulndb.Advisory{adv("debian:11", "curl", "CVE-1 debian fixed", ",2")}, ""},
		{"no fix", debian, deb("curl", "1", ""), []vulndb.Advisory{adv(d12, "curl", "CVE-1 debian affected")}, "curl CVE-1 affected"},
		{"will not fix", debian, deb("curl", "1", ""), []vulndb.Advisory{adv(d12, "curl", "CVE-1 debian will_not_fix")}, "curl CVE-1 will_not_fix"},
		{"deferred", debian, deb("curl", "1", ""), []vulndb.Advisory{adv(d12, "curl", "CVE-1 debian deferred")}, "curl CVE-1 deferred"},
		{"end of life", debian, deb("curl", "1", ""), []vulndb.Advisory{adv(d12, "curl", "CVE-1 debian end_of_life")}, "curl CVE-1 end_of_life"},
		{"not affected", debian, deb("curl", "1", ""), []vulndb.Advisory{adv(d12, "curl", "CVE-1 debian not_affected")}, ""},
		{"withdrawn", debian, deb("curl", "1", ""), []vulndb.Advisory{adv(d12, "curl", "CVE-1 debian withdrawn", ",2")}, ""},
		{"withdrawn leaves the others", debian, deb("curl", "1", ""), []vulndb.Advisory{
			adv(d12, "curl", "CVE-1 debian withdrawn", ",2"), adv(d12, "curl", "CVE-1 osv/debian fixed", ",3")}, "curl CVE-1 fixed <3"},
		{"the distribution overrules copies", debian, deb("curl", "1", ""), []vulndb.Advisory{
			adv(d12, "curl", "CVE-1 osv/debian fixed", ",3"), adv(d12, "curl", "CVE-1 debian not_affected")}, ""},
		{"the distribution says it is repaired", debian, deb("curl", "2", ""), []vulndb.Advisory{
			adv(d12, "curl", "CVE-1 osv/debian fixed", ",3"), adv(d12, "curl", "CVE-1 debian fixed", ",2")}, ""},
		{"a copy knows the fix", debian, deb("curl", "1", ""), []vulndb.Advisory{
			adv(d12, "curl", "CVE-1 osv/debian fixed", ",3"), adv(d12, "curl", "CVE-1 debian deferred")}, "curl CVE-1 fixed <3"},
		{"a copy's fix of another range", debian, deb("curl", "1", ""), []vulndb.Advisory{
			adv(d12, "curl", "CVE-1 osv/debian fixed", "2,3"), adv(d12, "curl", "CVE-1 debian deferred")}, "curl CVE-1 deferred"},
		{"the update that completes another", debian, deb("curl", "1", ""), []vulndb.Advisory{
			adv(d12, "curl", "CVE-1 debian fixed", ",3"), adv(d12, "curl", "CVE-1 debian fixed", ",2")}, "curl CVE-1 fixed <3"},
		{"invalid version", debian, deb("curl", "???", ""), []vulndb.Advisory{adv(d12, "curl", "CVE-1 debian fixed", ",2")}, ""},
		{"no operating system", nil, deb("curl", "1", ""), []vulndb.Advisory{adv(d12, "curl", "CVE-1 debian fixed", ",2")}, ""},

		{"rpm binary", rocky, rpm("bind-libs", "32:9.16-1.el9", ""), []vulndb.Advisory{adv("rocky:9", "bind-libs", "CVE-1 osv/rocky fixed", ",32:9.16-2.el9")}, "bind-libs CVE-1 fixed <32:9.16-2.el9"},
		{"same module stream", rocky, rpm("nodejs", "1:18.1-1.module", "nodejs:18:920240101:rhel9"), []vulndb.Advisory{
			with(adv("rocky:9", "nodejs", "CVE-1 osv/rocky fixed", ",1:18.2-1.module"), func(a *vulndb.Advisory) { a.Module = "nodejs:18" })}, "nodejs CVE-1 fixed <1:18.2-1.module"},
		{"another module stream", rocky, rpm("nodejs", "1:18.1-1.module", "nodejs:18:920240101:rhel9"), []vulndb.Advisory{
			with(adv("rocky:9", "nodejs", "CVE-1 osv/rocky fixed", ",1:20.2-1.module"), func(a *vulndb.Advisory) { a.Module = "nodejs:20" })}, ""},
		{"module advisory, plain package", rocky, rpm("nodejs", "1:16.1-1.el9", ""), []vulndb.Advisory{
			with(adv("rocky:9", "nodejs", "CVE-1 osv/rocky fixed", ",1:18.2-1.module"), func(a *vulndb.Advisory) { a.Module = "nodejs:18" })}, ""},
		{"plain advisory, module package", rocky, rpm("nodejs", "1:18.1-1.module", "nodejs:18"), []vulndb.Advisory{
			adv("rocky:9", "nodejs", "CVE-1 osv/rocky fixed", ",1:19-1.el9")}, ""},
		{"any module, module package", rocky, rpm("nodejs", "1:18.1-1.module", "nodejs:18"), []vulndb.Advisory{
			with(adv("rocky:9", "nodejs", "CVE-1 osv/rocky fixed", ",1:18.2-1.module"), func(a *vulndb.Advisory) { a.Module = vulndb.AnyModule })}, "nodejs CVE-1 fixed <1:18.2-1.module"},
		{"any module, module package without label", rocky, rpm("nodejs", "1:18.1-1.module+el9", ""), []vulndb.Advisory{
			with(adv("rocky:9", "nodejs", "CVE-1 osv/rocky fixed", ",1:18.2-1.module"), func(a *vulndb.Advisory) { a.Module = vulndb.AnyModule })}, "nodejs CVE-1 fixed <1:18.2-1.module"},
		{"any module, plain package", rocky, rpm("nodejs", "1:16.1-1.el9", ""), []vulndb.Advisory{
			with(adv("rocky:9", "nodejs", "CVE-1 osv/rocky fixed", ",1:18.2-1.module"), func(a *vulndb.Advisory) { a.Module = vulndb.AnyModule })}, ""},
		{"its architecture", rocky, rpm("x", "1-1", ""), []vulndb.Advisory{
			with(adv("rocky:9", "x", "CVE-1 r fixed", ",1-2"), func(a *vulndb.Advisory) { a.Arch = []string{"aarch64", "x86_64"} })}, "x CVE-1 fixed <1-2"},
		{"another architecture", rocky, rpm("x", "1-1", ""), []vulndb.Advisory{
			with(adv("rocky:9", "x", "CVE-1 r fixed", ",1-2"), func(a *vulndb.Advisory) { a.Arch = []string{"aarch64"} })}, ""},
		{"Oracle's main line", &inventory.OS{ID: "ol", VersionID: "9.3"}, rpm("glibc", "2.34-60.el9", ""), []vulndb.Advisory{
			adv("oracle:9", "glibc", "CVE-1 oracle fixed", ",2.34-61.el9"), adv("oracle-ksplice:9", "glibc", "CVE-2 oracle fixed", ",3")}, "glibc CVE-1 fixed <2.34-61.el9"},
		{"Oracle's ksplice line", &inventory.OS{ID: "ol", VersionID: "9.3"}, rpm("glibc", "2:2.34-60.0.2.ksplice1.el9", ""), []vulndb.Advisory{
			adv("oracle:9", "glibc", "CVE-1 oracle fixed", ",9:1"), adv("oracle-ksplice:9", "glibc", "CVE-2 oracle fixed", ",2:2.34-61.ksplice1")}, "glibc CVE-2 fixed <2:2.34-61.ksplice1"},
		{"Oracle's FIPS line", &inventory.OS{ID: "ol", VersionID: "9"}, rpm("gnutls", "10:3.6-1_fips", ""), []vulndb.Advisory{
			adv("oracle:9", "gnutls", "CVE-1 oracle fixed", ",99:1"), adv("oracle-fips:9", "gnutls", "CVE-2 oracle fixed", ",10:3.7_fips")}, "gnutls CVE-2 fixed <10:3.7_fips"},

		{"Ubuntu's extended maintenance, repaired", xenial, deb("openssl", "1.0.2g-1ubuntu4.20+esm6", ""), esm, "openssl CVE-2099-0001 end_of_life medium"},
		{"Ubuntu's extended maintenance, not yet", xenial, deb("openssl", "1.0.2g-1ubuntu4.20+esm5", ""), esm,
			"openssl CVE-2023-0286 fixed <1.0.2g-1ubuntu4.20+esm6 high; openssl CVE-2099-0001 end_of_life medium"},
		{"not of Ubuntu's extended maintenance", xenial, deb("openssl", "1.0.2g-1ubuntu4.20", ""), esm,
			"openssl CVE-2023-0286 end_of_life high; openssl CVE-2099-0001 end_of_life medium"},
		{"epoch 0 is not written", &inventory.OS{ID: "rhel", VersionID: "8.6"}, rpm("sudo", "1.8.29-7.el8", ""), []vulndb.Advisory{
			adv("redhat:8", "sudo", "CVE-2023-22809 redhat fixed", ",0:1.8.29-8.el8_7.1")}, "sudo CVE-2023-22809 fixed <1.8.29-8.el8_7.1"},
		{"another module's stream", &inventory.OS{ID: "rhel", VersionID: "8.6"}, rpm("nodejs", "1:16.14.0-4.module+el8.6.0+14503+2a6e1b5c", "nodejs:16:8060020220324:ad008a3a"), []vulndb.Advisory{
			with(adv("redhat:8", "nodejs", "CVE-2025-23085 osv/redhat fixed", ",1:18.20.6-1.module+el8.10.0+22776+24cd6c55"), func(a *vulndb.Advisory) { a.Module = "nodejs:18" })}, ""},
		{"go without go.mod", nil, lang("golang", "github.com/docker/docker", "v20.10.7+incompatible"), []vulndb.Advisory{
			adv("golang", "github.com/docker/docker", "CVE-2021-41089 osv/golang fixed", ",20.10.9")}, "github.com/docker/docker CVE-2021-41089 fixed <v20.10.9+incompatible"},
		{"go's pseudo-version before the repair", nil, lang("golang", "golang.org/x/crypto", "v0.0.0-20210711020723-a769d52b0f97"), []vulndb.Advisory{
			adv("golang", "golang.org/x/crypto", "CVE-2022-27191 osv/golang fixed", ",0.0.0-20220314234659-1baeb1ce4c0b")}, "golang.org/x/crypto CVE-2022-27191 fixed <v0.0.0-20220314234659-1baeb1ce4c0b"},
		{"go's pseudo-version after the repair", nil, lang("golang", "golang.org/x/crypto", "v0.0.0-20220315160706-3147a52a75dd"), []vulndb.Advisory{
			adv("golang", "golang.org/x/crypto", "CVE-2022-27191 osv/golang fixed", ",0.0.0-20220314234659-1baeb1ce4c0b")}, ""},

		{"several branches", nil, lang("npm", "x", "2.1.0"), []vulndb.Advisory{adv("npm", "x", "CVE-1 osv/npm fixed", "3.0.0,3.2.0", ",1.9.0", "2.0.0,2.2.0")}, "x CVE-1 fixed <2.2.0"},
		{"between branches", nil, lang("npm", "x", "1.9.5"), []vulndb.Advisory{adv("npm", "x", "CVE-1 osv/npm fixed", ",1.9.0", "2.0.0,2.2.0")}, ""},
		{"last affected", nil, lang("npm", "x", "2.0.0"), []vulndb.Advisory{adv("npm", "x", "CVE-1 osv/npm affected", "1.0.0,2.0.0]")}, "x CVE-1 affected"},
		{"after the last affected", nil, lang("npm", "x", "2.0.1"), []vulndb.Advisory{adv("npm", "x", "CVE-1 osv/npm affected", "1.0.0,2.0.0]")}, ""},
		{"listed version", nil, lang("pypi", "x", "1.0"), []vulndb.Advisory{
			with(adv("pypi", "x", "CVE-1 osv/pypi affected"), func(a *vulndb.Advisory) { a.Versions = []string{"0.9", "1.0.0"} })}, "x CVE-1 affected"},
		{"version not listed", nil, lang("pypi", "x", "1.1"), []vulndb.Advisory{
			with(adv("pypi", "x", "CVE-1 osv/pypi affected"), func(a *vulndb.Advisory) { a.Versions = []string{"0.9", "1.0.0"} })}, ""},
		{"nuget has no case", nil, lang("nuget", "Newtonsoft.Json", "12.0.1"), []vulndb.Advisory{adv("nuget", "newtonsoft.json", "CVE-1 osv/nuget fixed", ",13.0.1")}, "Newtonsoft.Json CVE-1 fixed <13.0.1"},
		{"go writes v", nil, lang("golang", "golang.org/x/net", "v0.30.0"), []vulndb.Advisory{adv("golang", "golang.org/x/net", "CVE-1 osv/golang fixed", ",0.33.0")}, "golang.org/x/net CVE-1 fixed <v0.33.0"},
		{"no ecosystem's package", nil, inventory.Package{Type: "generic", Name: "nginx", Version: "1.20.0", CPE: "f5:nginx"},
			[]vulndb.Advisory{adv("generic", "f5:nginx", "CVE-1 nvd fixed", ",1.20.1")}, "nginx CVE-1 fixed <1.20.1"},
		{"owned by a system package", debian, inventory.Package{Type: "pypi", Name: "x", Version: "1", Owner: "deb/python3-x"},
			[]vulndb.Advisory{adv("pypi", "x", "CVE-1 osv/pypi affected")}, ""},
		{"no version", nil, lang("npm", "x", ""), []vulndb.Advisory{adv("npm", "x", "CVE-1 osv/npm affected")}, ""},
		{"malware", nil, lang("npm", "evil", "1.0.0"), []vulndb.Advisory{adv("malicious:npm", "evil", "MAL-1 osv/npm affected")}, "evil MAL-1 affected critical"},
		{"malware without a version", nil, lang("npm", "evil", "???"), []vulndb.Advisory{adv("malicious:npm", "evil", "MAL-1 osv/npm affected")}, "evil MAL-1 affected critical"},
		{"a version that was not malware", nil, lang("npm", "evil", "1.0.0"), []vulndb.Advisory{
			with(adv("malicious:npm", "evil", "MAL-1 osv/npm affected"), func(a *vulndb.Advisory) { a.Versions = []string{"1.0.1"} })}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, _ := matched(t, c.os, []inventory.Package{c.pkg}, &memory{advisories: c.advs})
			if diff := cmp.Diff(c.want, strings.Join(got, "; ")); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
