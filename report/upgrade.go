package report

import (
	"cmp"
	"slices"
	"strings"

	"github.com/boltseal/boltseal/finding"
	"github.com/boltseal/boltseal/version"
)

// upgrade is one thing to do: it repairs all findings of one package at one
// place, as far as they can be repaired.
type upgrade struct {
	// first is the finding with the highest priority among those repaired.
	first *finding.Finding
	// to is the highest of their fixed versions.
	to string
	// repairs are the findings by severity, of which kev are known to be exploited.
	repairs map[string]int
	count   int
	kev     int
}

// upgrades lists what to do, most urgent first. Findings come in the order of
// their priority, and so do the upgrades.
func upgrades(fs []finding.Finding) []*upgrade {
	var all []*upgrade
	byPackage := map[string]*upgrade{}
	for i := range fs {
		f := &fs[i]
		if f.Suppressed != nil || f.FixedVersion == "" || f.Package == nil {
			continue
		}
		key := upgradeKey(f)
		u := byPackage[key]
		if u == nil {
			u = &upgrade{first: f, to: f.FixedVersion, repairs: map[string]int{}}
			byPackage[key] = u
			all = append(all, u)
		}
		if versionScheme(f.Package.Type).Compare(u.to, f.FixedVersion) < 0 {
			u.to = f.FixedVersion
		}
		u.count++
		u.repairs[f.Severity.String()]++
		if f.Vulnerability != nil && f.Vulnerability.KEV != nil {
			u.kev++
		}
	}
	slices.SortStableFunc(all, func(a, b *upgrade) int {
		return cmp.Or(cmp.Compare(b.first.Priority, a.first.Priority), cmp.Compare(b.count, a.count))
	})
	return all
}

// upgradeKey is the same for findings that one upgrade repairs: those of one
// source package of the operating system, or of one library at one place.
func upgradeKey(f *finding.Finding) string {
	p := f.Package
	if systemPackage(p.Type) {
		return strings.Join([]string{p.Type, cmp.Or(p.Source.Name, p.Name), cmp.Or(p.Source.Version, p.Version)}, "\x00")
	}
	return strings.Join([]string{p.Type, p.Name, p.Version, f.Location.Path}, "\x00")
}

func systemPackage(typ string) bool { return typ == "deb" || typ == "apk" || typ == "rpm" }

// versionSchemes order the versions of each package type.
var versionSchemes = map[string]version.Scheme{
	"deb": version.Dpkg, "apk": version.APK, "rpm": version.RPM, "npm": version.Semver, "cargo": version.Semver,
	"hex": version.Semver, "swift": version.Semver, "golang": version.Go, "maven": version.Maven, "pypi": version.PEP440,
	"gem": version.Gem, "nuget": version.NuGet, "composer": version.Composer, "cran": version.CRAN,
	"hackage": version.Hackage, "conan": version.Conan, "pub": version.Pub, "julia": version.Julia,
}

func versionScheme(typ string) version.Scheme {
	if s, ok := versionSchemes[typ]; ok {
		return s
	}
	return version.Generic
}
