// Package vulndb is the vulnerability database: one immutable file, built from
// the feeds, mapped into memory, looked up by (namespace, package).
//
// This package holds the nouns and the lookup side, and imports the standard
// library, klauspost/compress and the nouns finding and version only. Building
// is in build, the feeds are in feed, download and replacement in update. The
// file format is described in docs/format/vulndb.md.
package vulndb

import (
	"time"

	"github.com/boltseal/boltseal/finding"
)

// Advisory is one statement of one feed about one package in one namespace.
type Advisory struct {
	// Namespace is the distribution release ("debian:12", "redhat:9",
	// "alpine:3.19", see inventory.OS.Namespace) or the purl type of a language
	// ("npm", "pypi", "maven", "golang", "cargo", "gem", "composer", "nuget",
	// ...), or "generic" for upstream software that no package manager knows,
	// or "malicious:<type>" for packages that are malware themselves.
	Namespace string
	// Package is the name in the namespace: the SOURCE package for
	// distributions that publish by source (Debian, Ubuntu, Alpine), the
	// binary package for RPM distributions, the name as inventory.Package.Name
	// writes it for languages, "vendor:product" for generic.
	Package string
	// Module is the RPM modularity "name:stream" that the statement is about;
	// "" means the non-modular package, AnyModule a package of any module.
	Module string
	// Arch restricts the statement to these architectures; empty means all.
	Arch []string
	// Vulnerability is the primary identifier: the CVE where there is one.
	// An advisory about several CVEs is emitted once per CVE.
	Vulnerability string
	// Advisory is the feed's own identifier: DSA-5532-1, RHSA-2023:1234, GHSA-...
	Advisory string
	// Source is the feed: "debian", "osv/npm", "redhat".
	Source string
	Status finding.Status
	// Ranges are the affected versions in the namespace's version scheme. No
	// range and no Versions means all versions are affected.
	Ranges []Range
	// Versions are affected exactly, besides Ranges.
	Versions []string
	// Severity is the distribution's or ecosystem's own grade for this package.
	Severity finding.Severity
	// Modified tells statements of one source apart where a later one
	// replaces an earlier one (modified time, Unix seconds).
	Modified int64
}

// AnyModule stands in Advisory.Module where a source says that a package
// belongs to a module, but not to which.
const AnyModule = "*"

// Range is an interval of affected versions: Introduced <= v < Fixed, or
// Introduced <= v <= LastAffected. Introduced "" is from the beginning; Fixed
// and LastAffected both "" is without end.
type Range struct {
	Introduced   string
	Fixed        string
	LastAffected string
}

// Vulnerability is what a feed says about the hole itself; the builder merges
// all that share an identifier or alias.
type Vulnerability struct {
	ID          string
	Aliases     []string
	Source      string
	Title       string
	Description string
	Severities  []finding.SourcedSeverity
	CWEs        []string
	References  []string
	Published   time.Time
	Modified    time.Time
	Withdrawn   time.Time
	KEV         *finding.KEV
	EPSS        *finding.EPSS
}
