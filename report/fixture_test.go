package report

import (
	"time"

	"github.com/boltseal/boltseal/finding"
	"github.com/boltseal/boltseal/image"
	"github.com/boltseal/boltseal/inventory"
)

const (
	layer1 = "sha256:1111111111111111111111111111111111111111111111111111111111111111"
	layer2 = "sha256:2222222222222222222222222222222222222222222222222222222222222222"
)

// hostile is text as an attacker would put it into a package's name or a feed.
const hostile = "</script><img src=x onerror=alert(1)>\x1b[31m\x1b]0;title\x07\u009b2J\x7f\n::error::injected\r\n%0A::set-output name=a::b \u202egnp.exe ]]>\xff{{.}}"

// fixture is a report that has one of everything.
func fixture() *Report {
	created := time.Date(2026, 11, 20, 8, 30, 0, 0, time.UTC)
	r := &Report{
		Schema: Schema, Tool: Tool{Name: "boltseal", Version: "1.0.0"}, Created: created,
		Target: Target{
			Kind: "registry", Name: "registry.example.com:5000/shop/checkout:2.4",
			Digest:       "sha256:abababababababababababababababababababababababababababababababab",
			ConfigDigest: "sha256:cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd",
			Platform:     "linux/amd64", Tags: []string{"registry.example.com:5000/shop/checkout:2.4"},
			Config: &image.Config{Created: created.Add(-48 * time.Hour), User: "app", Entrypoint: []string{"/app"}},
			Layers: []Layer{
				{Digest: layer1, DiffID: layer1, CreatedBy: "ADD rootfs.tar.xz / # debian 12", Size: 29_150_000, Entries: 6400, Packages: 2},
				{Digest: layer2, DiffID: layer2, CreatedBy: "COPY . /srv # " + hostile, Size: 18_000, Entries: 12, Packages: 3, Cached: true},
			},
		},
		Database: &Database{Built: created.Add(-6 * time.Hour), Vulnerabilities: 301_234, Namespace: "debian:12", Covered: true, Stale: []string{"osv/npm (3 days)"}},
		Partial:  true,
		Notices:  []Notice{Stale([]string{"osv/npm (3 days)"}), Unversioned(2)},
		Inventory: inventory.Inventory{
			OS: &inventory.OS{ID: "debian", VersionID: "12", Pretty: "Debian GNU/Linux 12 (bookworm)", Path: "usr/lib/os-release"},
			Issues: []inventory.Issue{
				{Kind: "corrupt", Layer: layer2, File: "srv/broken.jar", Scanner: "java", Message: "not a zip file " + hostile},
			},
			Notes:    []string{"package-lock.json was displaced by installed packages"},
			Packages: fixturePackages(),
		},
	}
	r.Inventory.Sort()
	r.Inventory.FillPURLs()
	r.Findings = fixtureFindings(created, &r.Inventory)
	r.Summarize()
	return r
}

func fixturePackages() []inventory.Package {
	at := func(path, layer string) []inventory.Location { return []inventory.Location{{Path: path, Layer: layer}} }
	return []inventory.Package{
		{Type: "deb", Name: "libssl3", Version: "3.0.9-1", Arch: "amd64", Source: inventory.Source{Name: "openssl", Version: "3.0.9-1"},
			Licenses: []string{"Apache-2.0", "Artistic or GPL-1+", "SMAIL-GPL"}, Evidence: inventory.Installed, Locations: at("var/lib/dpkg/status", layer1)},
		{Type: "deb", Name: "openssl", Version: "3.0.9-1", Arch: "amd64", Evidence: inventory.Installed, Locations: at("var/lib/dpkg/status", layer1)},
		{Type: "deb", Name: "login", Version: "1:4.13+dfsg1-1", Arch: "amd64", Source: inventory.Source{Name: "shadow", Version: "1:4.13+dfsg1-1"},
			Licenses: []string{"GPL-2.0-or-later"}, FixedCVEs: map[string]string{"CVE-2023-4641": "1:4.13+dfsg1-1", "CVE-2023-29383": "1:4.12"}, Evidence: inventory.Installed, Locations: at("var/lib/dpkg/status", layer1)},
		{Type: "rpm", Name: "bind-libs", Version: "32:9.11.36-3.el8", Arch: "x86_64", Module: "bind:9.11:8060:abc", Vendor: "Red Hat, Inc.",
			Source: inventory.Source{Name: "bind", Version: "32:9.11.36-3.el8"}, Evidence: inventory.Installed, Locations: at("var/lib/rpm/Packages", layer1)},
		{Type: "maven", Name: "org.apache.logging.log4j:log4j-core", Version: "2.14.1", SHA1: "9141212b8507ab50a45525b545b39d224614528b",
			Licenses: []string{"apache-2.0"}, Evidence: inventory.Binary, Locations: at("srv/shop.jar!/BOOT-INF/lib/log4j-core-2.14.1.jar", layer2)},
		{Type: "npm", Name: "@babel/traverse", Version: "7.20.0", Licenses: []string{"MIT OR Apache-2.0"}, Evidence: inventory.Installed,
			Locations: []inventory.Location{{Path: "srv/node_modules/@babel/traverse/package.json", Layer: layer2}, {Path: "opt/x/node_modules/@babel/traverse/package.json", Layer: layer2}}},
		{Type: "npm", Name: "evil", Version: "1.0.0" + hostile, Licenses: []string{hostile}, Evidence: inventory.Installed, Locations: at("srv/node_modules/"+hostile, layer2)},
		{Type: "pypi", Name: "requests", Version: "2.19.0", Owner: "deb/python3-requests", Evidence: inventory.Lockfile, Locations: at("srv/需求.txt", layer2), Dev: true},
		{Type: "golang", Name: "stdlib", Version: "1.20.1", Evidence: inventory.Binary, Locations: at("srv/app", layer2)},
		{Type: "golang", Name: "github.com/x/y/v2", Version: "v2.0.1", Evidence: inventory.Binary, Locations: at("srv/app", layer2)},
		{Type: "golang", Name: "github.com/x/y/v2", Version: "v2.0.1", Evidence: inventory.Binary, Locations: at("srv/app2", layer2)},
		{Type: "generic", Name: "nginx", Version: "1.18.0", CPE: "f5:nginx", Evidence: inventory.Fingerprint, Locations: at("usr/sbin/nginx", layer1)},
		{Type: "generic", Name: "mystery", Evidence: inventory.Fingerprint, Locations: at("srv/mystery", layer2)},
	}
}

// fixtureFindings are in the order of their priority, suppressed ones last.
func fixtureFindings(created time.Time, inv *inventory.Inventory) []finding.Finding {
	pkg := func(name string) *inventory.Package {
		for i := range inv.Packages {
			if inv.Packages[i].Name == name {
				return &inv.Packages[i]
			}
		}
		panic("no package " + name)
	}
	var fs []finding.Finding
	add := func(f finding.Finding) {
		if f.Package != nil && f.Rule == nil {
			f.Location = f.Package.Locations[0]
		}
		f.ID = finding.NewID(string(f.Kind), ruleID(&f), subject(&f))
		fs = append(fs, f)
	}
	cvss := func(source string, s finding.Severity, score float64, vector string) []finding.SourcedSeverity {
		return []finding.SourcedSeverity{{Source: source, Severity: s, Score: score, Vector: vector}}
	}
	add(finding.Finding{Kind: finding.KindVulnerability, Severity: finding.Critical, Priority: 100, Title: "Log4Shell: remote code execution through JNDI lookups",
		Package: pkg("org.apache.logging.log4j:log4j-core"), Status: finding.StatusFixed, FixedVersion: "2.15.0",
		Evidence: "osv/maven GHSA-jfh8-c2jp-5v3q: >= 2.13.0, < 2.15.0",
		Vulnerability: &finding.Vulnerability{ID: "CVE-2021-44228", Aliases: []string{"GHSA-jfh8-c2jp-5v3q"},
			Description: "JNDI features used in configuration, log messages, and parameters do not protect against attacker controlled LDAP and other JNDI related endpoints.",
			Severities:  cvss("nvd", finding.Critical, 10, "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H"), CWEs: []string{"CWE-20", "CWE-502"},
			References: []string{"https://logging.apache.org/log4j/2.x/security.html", "javascript:alert(1)", "https://example.com/a b\"onclick=\"x"},
			Published:  created.AddDate(-5, 0, 0), Modified: created.AddDate(-1, 0, 0),
			KEV: &finding.KEV{Added: "2021-12-10", Due: "2021-12-24", Ransomware: true, Action: "Apply updates."}, EPSS: &finding.EPSS{Score: 0.97565, Percentile: 0.99996},
			Advisories: []finding.Advisory{{ID: "GHSA-jfh8-c2jp-5v3q", Source: "osv/maven", URL: "https://github.com/advisories/GHSA-jfh8-c2jp-5v3q"}}}})
	add(finding.Finding{Kind: finding.KindMalware, Severity: finding.Critical, Priority: 99, Title: "malicious package " + hostile, Package: pkg("evil"),
		Status: finding.StatusAffected, Evidence: hostile,
		Vulnerability: &finding.Vulnerability{ID: "MAL-2024-1" + hostile, Description: hostile, References: []string{hostile}, Aliases: []string{hostile}, CWEs: []string{"CWE-506", hostile}}})
	add(finding.Finding{Kind: finding.KindWebShell, Severity: finding.Critical, Priority: 90, Title: "PHP code from a request is run", Confidence: finding.ConfidenceHigh,
		Rule:     &finding.Rule{ID: "webshell/php-flow", Title: "PHP WebShell", TitleZH: "PHP WebShell：执行请求中的代码", Techniques: []string{"T1505.003"}},
		Location: inventory.Location{Path: "srv/www/img" + hostile + ".php", Layer: layer2, Line: 3, EndLine: 9}, Remedy: "Remove the file and find out how it came into the image.",
		Trace: []finding.Step{{Line: 3, What: "request input", Code: "$_POST['x']"}, {Line: 3, What: "base64_decode"}, {Line: 9, What: "eval", Code: "eval($c) " + hostile}}})
	add(finding.Finding{Kind: finding.KindVulnerability, Severity: finding.High, Priority: 71.5, Title: "openssl: excessive time in DH check", Also: []string{"openssl"},
		Package: pkg("libssl3"), Status: finding.StatusFixed, FixedVersion: "3.0.11-1~deb12u1", Evidence: "debian DSA-5532-1: < 3.0.11-1~deb12u1",
		Vulnerability: &finding.Vulnerability{ID: "CVE-2023-5363", Severities: append(cvss("debian", finding.High, 0, ""), cvss("nvd", finding.High, 7.5, "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N")...),
			EPSS: &finding.EPSS{Score: 0.01}, Advisories: []finding.Advisory{{ID: "DSA-5532-1", Source: "debian", URL: "https://www.debian.org/security/2023/dsa-5532"}}}})
	add(finding.Finding{Kind: finding.KindSecret, Severity: finding.High, Priority: 70, Title: "Alibaba Cloud access key LTAI5t…", Presence: finding.PresenceDeleted, Confidence: finding.ConfidenceMedium,
		Rule:     &finding.Rule{ID: "secret/alibaba-access-key", Title: "Alibaba Cloud access key", TitleZH: "阿里云 AccessKey", References: []string{"https://help.aliyun.com/zh/ram/", "javascript:alert(2)"}},
		Location: inventory.Location{Path: "srv/id:rsa.env", Layer: layer1, Line: 12}, Evidence: "LTAI5t… (hash 1f2e3d)", Remedy: "Revoke the key."})
	add(finding.Finding{Kind: finding.KindMisconfiguration, Severity: finding.Medium, Priority: 45, Title: "The image runs as root", Rule: &finding.Rule{ID: "config/root-user", TitleZH: "镜像以 root 运行"}})
	add(finding.Finding{Kind: finding.KindVulnerability, Severity: finding.Medium, Priority: 40, Title: "行走时执行任意代码", Package: pkg("@babel/traverse"),
		Status: finding.StatusFixed, FixedVersion: "7.23.2", Vulnerability: &finding.Vulnerability{ID: "GHSA-67hx-6x53-jw92", Severities: cvss("ghsa", finding.Medium, 6.9, "CVSS:4.0/AV:L/AC:L/AT:N/PR:N/UI:N/VC:H/VI:N/VA:N/SC:N/SI:N/SA:N")}})
	add(finding.Finding{Kind: finding.KindLicense, Severity: finding.Low, Priority: 20, Title: "GPL-2.0-or-later is on the deny list", Package: pkg("login"),
		Rule: &finding.Rule{ID: "license/denied", Title: "Denied license", Source: "licenses.txt:3"}, Location: pkg("login").Locations[0]})
	add(finding.Finding{Kind: finding.KindVulnerability, Severity: finding.Low, Priority: 10, Package: pkg("login"), Status: finding.StatusWillNotFix,
		Vulnerability: &finding.Vulnerability{ID: "CVE-2007-5686", Title: "login records failed attempts readable by all", Severities: cvss("nvd", finding.Low, 2.1, "AV:L/AC:L/Au:N/C:P/I:N/A:N")}})
	add(finding.Finding{Kind: finding.KindVulnerability, Severity: finding.Negligible, Priority: 2, Package: pkg("bind-libs"), Status: finding.StatusAffected,
		Vulnerability: &finding.Vulnerability{ID: "CVE-2020-0001"}})
	add(finding.Finding{Kind: finding.KindVulnerability, Severity: finding.High, Priority: 60, Title: "net/http: denial of service", Package: pkg("stdlib"), Status: finding.StatusFixed, FixedVersion: "1.20.10",
		Vulnerability: &finding.Vulnerability{ID: "CVE-2023-39325"},
		Suppressed:    &finding.Suppression{By: "vex", Status: "not_affected", Reason: "vulnerable_code_not_in_execute_path", Source: "shop.openvex.json statement 3"}})
	add(finding.Finding{Kind: finding.KindVulnerability, Severity: finding.Medium, Priority: 30, Title: "nginx: resolver off-by-one", Package: pkg("nginx"), Status: finding.StatusFixed, FixedVersion: "1.20.1",
		Vulnerability: &finding.Vulnerability{ID: "CVE-2021-23017", Severities: cvss("nvd", finding.High, 7.7, "CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:U/C:H/I:H/A:L")},
		Suppressed:    &finding.Suppression{By: "ignore", Reason: "no resolver configured " + hostile, Source: ".boltsealignore:4", Expires: created.AddDate(0, 1, 0)}})
	return fs
}
