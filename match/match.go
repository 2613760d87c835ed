// Package match joins an inventory with advisories: which package has which
// vulnerability, what repairs it, and how urgent that is.
//
// It reads neither images nor feeds. Match is the entry point; advice.go decides
// about one package, merge.go makes one finding of all that speak of one
// vulnerability, priority.go orders them. What withdraws a finding again (VEX,
// ignore files) is in package suppress.
package match

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"github.com/boltseal/boltseal/finding"
	"github.com/boltseal/boltseal/inventory"
	"github.com/boltseal/boltseal/version"
	"github.com/boltseal/boltseal/vulndb"
)

// Database is where advisories come from: vulndb.DB or the emergency
// advisories. Implementations are safe for concurrent use.
type Database interface {
	// Advisories appends all statements about a package to dst.
	Advisories(namespace, pkg string, dst []vulndb.Advisory) ([]vulndb.Advisory, error)
	// Vulnerability finds a vulnerability by any of its identifiers; nil when
	// unknown.
	Vulnerability(id string) (*finding.Vulnerability, error)
	// Summary is the same, or lacks what only people read: title, description,
	// references, KEV's action.
	Summary(id string) (*finding.Vulnerability, error)
	// Has says whether any advisory is loaded for the namespace.
	Has(namespace string) bool
}

// Result is what matching found.
type Result struct {
	// Findings are sorted by Sort.
	Findings []finding.Finding
	// Namespace is where the operating system's advisories were looked up, ""
	// without one; Covered is whether a database has any there.
	Namespace string
	Covered   bool
	// Unmatched counts packages that could not be matched because their
	// version is unknown.
	Unmatched int
	// Owned counts language packages that were not matched because an
	// operating-system package owns them.
	Owned int
}

// Match looks every package up in all databases. A package that cannot be
// looked up because a database is damaged is an error; nothing is left out
// silently. The findings lack what only people read; Describe adds it.
func Match(ctx context.Context, inv *inventory.Inventory, dbs ...Database) (*Result, error) {
	res := &Result{}
	if inv.OS != nil {
		res.Namespace = inv.OS.Namespace()
		for _, db := range dbs {
			res.Covered = res.Covered || db.Has(res.Namespace)
		}
	}
	var subjects []*inventory.Package
	for i := range inv.Packages {
		p := &inv.Packages[i]
		switch {
		case p.Owner != "":
			res.Owned++
			continue
		case p.Version == "":
			res.Unmatched++ // only whether it is malware as such can be told
		}
		subjects = append(subjects, p)
	}
	hits, err := judgeAll(ctx, subjects, inv.OS, dbs)
	if err != nil {
		return nil, err
	}
	rows := newMerger()
	for _, h := range hits {
		rows.add(h.pkg, h.subject, h.verdict)
	}
	res.Findings, err = rows.findings(dbs)
	return res, err
}

// judgeAll matches packages, one run of them per processor, and returns what
// was found in their order.
func judgeAll(ctx context.Context, pkgs []*inventory.Package, os *inventory.OS, dbs []Database) ([]hit, error) {
	group, ctx := errgroup.WithContext(ctx)
	runs := slices.Collect(slices.Chunk(pkgs, max(1, (len(pkgs)+runtime.GOMAXPROCS(0)-1)/runtime.GOMAXPROCS(0))))
	hits := make([][]hit, len(runs))
	for i, run := range runs {
		group.Go(func() error {
			m := matcher{dbs: dbs, os: os}
			for _, p := range run {
				if err := ctx.Err(); err != nil {
					return err
				}
				if err := m.pkg(p); err != nil {
					return fmt.Errorf("match package %s %s: %w", p.Type, p.Name, err)
				}
			}
			hits[i] = m.hits
			return nil
		})
	}
	err := group.Wait()
	return slices.Concat(hits...), err
}

// hit is one verdict about one package.
type hit struct {
	pkg     *inventory.Package
	subject subject
	verdict verdict
}

// matcher matches packages one after the other.
type matcher struct {
	dbs  []Database
	os   *inventory.OS
	hits []hit
	buf  []vulndb.Advisory
}

// extended begins the namespaces of Ubuntu's Expanded Security Maintenance.
const extended = "ubuntu-esm:"

// malicious begins the namespaces of packages that are malware themselves.
const malicious = "malicious:"

// subject is what advisories speak of: the same for all binary packages of one
// source package.
type subject struct {
	namespace, name, version, module, arch string
}

// pkg matches one package in every namespace that concerns it.
func (m *matcher) pkg(p *inventory.Package) error {
	for _, s := range m.subjects(p) {
		scheme := Scheme(s.namespace)
		installed, err := scheme.Parse(s.version)
		if (err != nil || s.version == "") && !strings.HasPrefix(s.namespace, malicious) {
			continue // no order, no statement about it
		}
		if err := m.load(s); err != nil {
			return err
		}
		for _, v := range judge(scheme, installed, s, m.buf) {
			m.hits = append(m.hits, hit{p, s, v})
		}
	}
	return nil
}

// load fills buf with what all databases say about a subject. A package of
// Ubuntu's extended maintenance is judged by its own statements, and by those
// of the release where these are silent.
func (m *matcher) load(s subject) (err error) {
	m.buf = m.buf[:0]
	for _, db := range m.dbs {
		if m.buf, err = db.Advisories(s.namespace, s.name, m.buf); err != nil {
			return err
		}
		release, ok := strings.CutPrefix(s.namespace, "ubuntu:")
		if !ok || !strings.Contains(s.version, "esm") {
			continue
		}
		if m.buf, err = db.Advisories(extended+release, s.name, m.buf); err != nil {
			return err
		}
	}
	return nil
}

// subjects lists under which names advisories about a package are kept.
func (m *matcher) subjects(p *inventory.Package) []subject {
	switch p.Type {
	case "deb", "apk", "rpm":
		if m.os == nil {
			return nil
		}
		return m.systemSubjects(p)
	}
	name := p.Name
	if p.Type == "nuget" {
		name = strings.ToLower(name)
	}
	subjects := []subject{
		{namespace: p.Type, name: name, version: p.Version},
		{namespace: malicious + p.Type, name: name, version: p.Version},
	}
	if p.CPE != "" {
		subjects = append(subjects, subject{namespace: "generic", name: p.CPE, version: p.Version})
	}
	return subjects
}

// systemSubjects are the subjects of an operating-system package: source name
// and version for distributions that publish by source. RPM advisories name
// binary packages, except those about what is not fixed and those of Azure
// Linux and Photon, which name the source package; both have one version.
func (m *matcher) systemSubjects(p *inventory.Package) []subject {
	s := subject{namespace: m.os.Namespace(), arch: p.Arch}
	if p.Type != "rpm" {
		s.name, s.version = p.SourceName(), p.SourceVersion()
		if flavour, ok := strings.CutPrefix(s.name, "linux-signed"); ok {
			s.name, s.version = signedKernel(s.namespace, flavour), p.Version
		}
		return []subject{s}
	}
	s.name, s.version, s.module = p.Name, p.Version, moduleStream(p.Module)
	s.namespace = oracleLine(s.namespace, p.Version)
	if p.SourceName() == p.Name {
		return []subject{s}
	}
	source := s
	source.name = p.SourceName()
	return []subject{s, source}
}

// signedKernel is the source package whose binaries a signed kernel holds,
// with the version of the binary package. Debian signs per architecture
// ("linux-signed-amd64"), Ubuntu per flavour ("linux-signed-aws").
func signedKernel(namespace, flavour string) string {
	if strings.HasPrefix(namespace, "ubuntu") {
		return "linux" + flavour
	}
	return "linux"
}

// oracleLine is the namespace of Oracle's separate lines of updates, whose
// version numbers do not compare with the main line's.
func oracleLine(namespace, version string) string {
	release, ok := strings.CutPrefix(namespace, "oracle:")
	switch {
	case !ok:
		return namespace
	case strings.Contains(version, ".ksplice"):
		return "oracle-ksplice:" + release
	case strings.Contains(version, "_fips"):
		return "oracle-fips:" + release
	}
	return namespace
}

// moduleStream is "name:stream" of a full modularity label.
func moduleStream(label string) string {
	parts := strings.SplitN(label, ":", 3)
	if len(parts) < 2 {
		return label
	}
	return parts[0] + ":" + parts[1]
}

// schemes tells the version order of a namespace by its part before the colon.
var schemes = map[string]version.Scheme{
	"debian": version.Dpkg, "ubuntu": version.Dpkg, "ubuntu-esm": version.Dpkg, "kali": version.Dpkg,
	"raspbian": version.Dpkg, "uos": version.Dpkg, "deepin": version.Dpkg,
	"alpine": version.APK, "wolfi": version.APK, "chainguard": version.APK,
	"npm": version.Semver, "cargo": version.Semver, "swift": version.Semver, "hex": version.Semver,
	"golang": version.Go, "maven": version.Maven, "pypi": version.PEP440, "gem": version.Gem,
	"nuget": version.NuGet, "composer": version.Composer, "cran": version.CRAN, "hackage": version.Hackage,
	"conan": version.Conan, "pub": version.Pub, "julia": version.Julia,
	"generic": version.Generic, "bitnami": version.Semver, "conda": version.PEP440, "luarocks": version.Generic,
	"opam": version.Generic, "cocoapods": version.Semver, "malicious": version.Generic, "bottlerocket": version.Semver,
}

// Scheme is the version order of a namespace; RPM for all distributions that
// it does not name.
func Scheme(namespace string) version.Scheme {
	base, rest, _ := strings.Cut(namespace, ":")
	if base == "malicious" {
		base = rest
	}
	if s, ok := schemes[base]; ok {
		return s
	}
	if rest == "" {
		return version.Generic
	}
	return version.RPM
}
