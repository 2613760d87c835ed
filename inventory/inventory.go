// Package inventory holds what an image, node or container contains: its
// operating system and its packages. An inventory never contains
// vulnerabilities; those are a join, made again whenever either side changes.
//
// The types are plain data with deterministic order, and import the standard
// library only. Start at Inventory.
package inventory

// Inventory is what one asset contains.
type Inventory struct {
	// OS is the operating system, nil when nothing told it (scratch images).
	OS *OS `json:"os,omitempty"`
	// Packages is sorted by Sort.
	Packages []Package `json:"packages"`
	// Issues name what could not be read; with any, the inventory is partial.
	Issues []Issue `json:"issues,omitempty"`
	// Notes are remarks that do not make it partial: a package database of
	// another root that was left out, lock files that installed packages
	// displaced.
	Notes []string `json:"notes,omitempty"`
}

// Evidence says how a package became known. Stronger evidence displaces weaker
// evidence of the same package at the same place.
type Evidence string

// The kinds of evidence, strongest first.
const (
	// Installed: the package manager's own record of an installation
	// (dpkg status, node_modules/x/package.json, x.dist-info).
	Installed Evidence = "installed"
	// Binary: read from inside an executable or archive (Go build
	// information, cargo-auditable, a jar's pom.properties or manifest).
	Binary Evidence = "binary"
	// Fingerprint: a version string in a file that no package manager knows.
	Fingerprint Evidence = "fingerprint"
	// Lockfile: named by a lock file; nothing proves that it is installed.
	Lockfile Evidence = "lockfile"
	// Declared: named by an SBOM or by a manifest with an exact version.
	Declared Evidence = "declared"
)

// Package is one piece of software at one or several places.
type Package struct {
	// Type is the purl type: deb, apk, rpm, npm, pypi, maven, golang, cargo,
	// gem, composer, nuget, pub, swift, cocoapods, hex, hackage, cran, conan,
	// conda, julia, luarocks, opam, or generic for software that no package
	// manager knows.
	Type string `json:"type"`
	// Name is the name that advisories use: "group:artifact" for maven,
	// "@scope/name" for npm, "vendor/name" for composer, the module path for
	// golang ("stdlib" for Go's own), the lower-case hyphenated name for pypi.
	Name string `json:"name"`
	// Version is what the package manager prints, with epoch and release:
	// "1:9.2p1-2+deb12u1". Empty when nobody knows.
	Version string `json:"version"`
	// Arch is the architecture in the words of the package manager.
	Arch string `json:"arch,omitempty"`
	// Source is the source package; the zero value means Name and Version.
	Source Source `json:"source,omitzero"`
	// Module is the RPM modularity label, "name:stream:version:context".
	Module string `json:"module,omitempty"`
	// Vendor is the RPM vendor or the Debian origin, as written.
	Vendor string `json:"vendor,omitempty"`
	// CPE is "vendor:product" in NVD's words, for generic packages.
	CPE      string   `json:"cpe,omitempty"`
	Licenses []string `json:"licenses,omitempty"`
	// PURL is the package URL; FillPURLs derives it.
	PURL     string   `json:"purl,omitempty"`
	Evidence Evidence `json:"evidence"`
	// Locations says where the package was found, best evidence first.
	Locations []Location `json:"locations,omitempty"`
	// Owner is "type/name" of the operating-system package that owns the file
	// at Locations[0]; such a package is listed but not matched against
	// language advisories.
	Owner string `json:"owner,omitempty"`
	// Dev marks what a lock file calls a development dependency.
	Dev bool `json:"dev,omitempty"`
	// SHA1 is the digest of a jar, in hexadecimal.
	SHA1 string `json:"sha1,omitempty"`
	// FixedCVEs are the vulnerabilities that the package's own changelog in
	// the image says it fixes, with the version that says so.
	FixedCVEs map[string]string `json:"fixedCVEs,omitempty"`
	// Files are the paths that an operating-system package owns, without the
	// leading slash. Reports leave them out unless asked.
	Files []string `json:"files,omitempty"`
}

// Source is the source package that a binary package was built from.
type Source struct {
	Name    string `json:"name,omitempty"`
	Version string `json:"version,omitempty"`
}

// Location is one place of a package.
type Location struct {
	// Path is relative to the root, without a leading slash. A file in an
	// archive is "app.jar!/BOOT-INF/lib/x.jar".
	Path string `json:"path"`
	// Layer is the diff ID of the layer that brought the file, or its blob
	// digest where the diff ID is unknown; empty outside images.
	Layer string `json:"layer,omitempty"`
	// Line and EndLine count from 1; 0 is unknown.
	Line    int `json:"line,omitempty"`
	EndLine int `json:"endLine,omitempty"`
}

// SourceName is the source package's name, which is Name when not told apart.
func (p *Package) SourceName() string {
	if p.Source.Name != "" {
		return p.Source.Name
	}
	return p.Name
}

// SourceVersion is the source package's version, which is Version when not
// told apart.
func (p *Package) SourceVersion() string {
	if p.Source.Version != "" {
		return p.Source.Version
	}
	return p.Version
}
