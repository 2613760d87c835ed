package osv

import (
	"slices"
	"strings"

	"github.com/boltseal/boltseal/vulndb/feed/redhat"
	"github.com/boltseal/boltseal/vulndb/feed/suse"
)

// languages maps ecosystems without releases to purl types.
var languages = map[string]string{
	"npm": "npm", "PyPI": "pypi", "Maven": "maven", "Go": "golang", "crates.io": "cargo", "RubyGems": "gem",
	"Packagist": "composer", "NuGet": "nuget", "Pub": "pub", "Hex": "hex", "CRAN": "cran",
	"Bioconductor": "bioconductor", "Hackage": "hackage", "GHC": "ghc", "SwiftURL": "swift",
	"ConanCenter": "conan", "Julia": "julia", "opam": "opam", "GitHub Actions": "githubactions", "Bitnami": "bitnami",
	"VSCode": "vscode",
}

// distributions maps the first part of the other ecosystems to how the second
// becomes a namespace. An ecosystem that is in neither map is left out: commits
// (GIT, Linux, OSS-Fuzz) and Android say nothing about packages.
var distributions = map[string]func(release string) string{
	"Debian":                       debian,
	"Ubuntu":                       ubuntu,
	"Alpine":                       func(r string) string { return with("alpine", strings.TrimPrefix(r, "v")) },
	"Rocky Linux":                  func(r string) string { return with("rocky", major(r)) },
	"AlmaLinux":                    func(r string) string { return with("almalinux", major(r)) },
	"Red Hat":                      func(r string) string { return redhat.Namespace("cpe:/a:redhat:" + r) },
	"SUSE":                         func(r string) string { return suse.Namespace("SUSE " + r) },
	"openSUSE":                     func(r string) string { return suse.Namespace("openSUSE " + r) },
	"openEuler":                    func(r string) string { return with("openeuler", r) },
	"Wolfi":                        func(string) string { return "wolfi" },
	"Chainguard":                   func(string) string { return "chainguard" },
	"MinimOS":                      func(string) string { return "minimos" },
	"Echo":                         func(string) string { return "echo" },
	"Alpaquita":                    func(r string) string { return with("alpaquita", r) },
	"Photon OS":                    func(r string) string { return with("photon", r) },
	"Azure Linux":                  azureLinux,
	"Mageia":                       func(r string) string { return with("mageia", r) },
	"FreeBSD":                      func(r string) string { return with("freebsd", r) },
	"BellSoft Hardened Containers": func(r string) string { return with("bellsoft", r) },
}

// namespace is where the packages of an ecosystem go, "" for ecosystems that
// are left out, and whether it belongs to a distribution. The namespaces are
// those of inventory.OS.Namespace and the purl types.
func namespace(ecosystem string) (name string, distribution bool) {
	if name, ok := languages[ecosystem]; ok {
		return name, false
	}
	family, release, _ := strings.Cut(ecosystem, ":")
	if f := distributions[family]; f != nil {
		return f(release), true
	}
	return languages[family], false
}

func with(name, release string) string {
	if release == "" {
		return name
	}
	return name + ":" + release
}

func major(release string) string {
	m, _, _ := strings.Cut(release, ".")
	return m
}

// debian keeps woody (3.0) apart from sarge (3.1), which is "debian:3".
func debian(release string) string {
	if release == "3.0" {
		return "debian:3.0"
	}
	return with("debian", major(release))
}

// ubuntu turns "22.04:LTS" into "ubuntu:22.04", "Pro:18.04:LTS" into
// "ubuntu-esm:18.04" and "Pro:FIPS-updates:22.04:LTS" into
// "ubuntu-fips-updates:22.04": what only subscribers get must not count as
// fixed for others.
func ubuntu(release string) string {
	parts := strings.Split(release, ":")
	name := "ubuntu"
	if parts[0] == "Pro" {
		name += "-esm"
		parts = parts[1:]
		if len(parts) > 1 && !startsWithDigit(parts[0]) {
			name = "ubuntu-" + strings.ToLower(parts[0])
			parts = parts[1:]
		}
	}
	if len(parts) == 0 || !startsWithDigit(parts[0]) {
		return name
	}
	return name + ":" + parts[0]
}

func startsWithDigit(s string) bool { return s != "" && s[0] >= '0' && s[0] <= '9' }

// azureLinux knows version 2 under its old name.
func azureLinux(release string) string {
	if m := major(release); m == "2" || m == "1" {
		return "mariner:" + m + ".0"
	}
	if release != "" && !strings.Contains(release, ".") {
		release += ".0"
	}
	return with("azurelinux", release)
}

// packageName writes a name as inventory.Package.Name does, and NuGet's, which
// have no case, in lower case.
func packageName(namespace, name string) string {
	switch namespace {
	case "pypi":
		return normalizePython(name)
	case "nuget":
		return strings.ToLower(name)
	}
	return name
}

// normalizePython is the normalized form of a Python package's name.
// Source: PEP 503.
func normalizePython(name string) string {
	fields := strings.FieldsFunc(strings.ToLower(name), func(r rune) bool { return r == '-' || r == '_' || r == '.' })
	return strings.Join(fields, "-")
}

// archives are the ecosystems that OSV serves and that are read. Ubuntu's comes
// from Canonical.
func archives() []string {
	var names []string
	for name := range languages {
		names = append(names, name)
	}
	for name := range distributions {
		if name != "Ubuntu" {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}
