package version

import (
	"bytes"
	"fmt"
	"strings"
)

// Scheme names one ecosystem's rules of version order. The zero Scheme is no
// scheme: nothing is valid in it, and it orders strings by their bytes.
type Scheme uint8

// The schemes. Their values may change between releases of this module: store
// a scheme by its String.
const (
	Dpkg     Scheme = iota + 1 // Debian and Ubuntu packages: deb-version(7)
	RPM                        // RPM packages: [epoch:]version[-release] by rpmvercmp
	APK                        // Alpine and Wolfi packages: apk-tools 3
	Semver                     // npm, Cargo, Swift, Hex: semver.org 2.0.0, read tolerantly
	Go                         // Go modules and toolchains: go.dev/ref/mod#versions
	Maven                      // Maven artifacts: the POM reference's version order
	PEP440                     // Python distributions: PEP 440
	Gem                        // RubyGems: Gem::Version
	NuGet                      // NuGet packages: SemVer 2.0.0 with four parts, caseless
	Composer                   // Packagist packages: composer/semver over PHP's version_compare
	CRAN                       // R packages: numeric_version
	Hackage                    // Haskell packages: the Package Versioning Policy
	Conan                      // Conan packages: the Conan 2 version order
	Pub                        // Dart packages: semver where build metadata counts
	Julia                      // Julia packages: semver where build metadata counts
	Generic                    // anything else: numbers and words, read loosely
)

// names holds the name of each scheme at its value.
var names = [...]string{
	Dpkg: "dpkg", RPM: "rpm", APK: "apk", Semver: "semver", Go: "go",
	Maven: "maven", PEP440: "pep440", Gem: "gem", NuGet: "nuget",
	Composer: "composer", CRAN: "cran", Hackage: "hackage", Conan: "conan",
	Pub: "pub", Julia: "julia", Generic: "generic",
}

// String returns the scheme's name in lower case, as SchemeByName takes it.
func (s Scheme) String() string {
	if !s.known() {
		return fmt.Sprintf("scheme(%d)", uint8(s))
	}
	return names[s]
}

// known reports if s is one of the schemes above.
func (s Scheme) known() bool { return s != 0 && int(s) < len(names) }

// Schemes returns every scheme in the order of declaration.
func Schemes() []Scheme {
	all := make([]Scheme, 0, len(names)-1)
	for s := Dpkg; s.known(); s++ {
		all = append(all, s)
	}
	return all
}

// SchemeByName returns the scheme with a name that String gave, or the scheme
// that orders the versions of a package URL type ("deb", "npm", "pypi").
// Case does not matter.
func SchemeByName(name string) (Scheme, bool) {
	name = strings.ToLower(name)
	for s := Dpkg; s.known(); s++ {
		if names[s] == name {
			return s, true
		}
	}
	return schemeByPURL(name)
}

// schemeByPURL maps the package URL types that are not scheme names to schemes.
// Source: the type list of the package URL specification.
func schemeByPURL(kind string) (Scheme, bool) {
	switch kind {
	case "deb":
		return Dpkg, true
	case "npm", "cargo", "hex", "swift":
		return Semver, true
	case "golang":
		return Go, true
	case "pypi":
		return PEP440, true
	}
	return 0, false
}

// Compare returns -1, 0 or +1 as a sorts before, with or after b. It takes any
// two strings, never panics, is a total preorder, and for versions of ordinary
// length does not allocate.
func (s Scheme) Compare(a, b string) int {
	switch s {
	case Dpkg:
		return compareDpkg(a, b)
	case RPM:
		return compareRPM(a, b)
	case APK:
		return compareAPK(a, b)
	}
	var bufA, bufB [128]byte
	return bytes.Compare(s.appendKey(bufA[:0], a), s.appendKey(bufB[:0], b))
}

// keyed reports if s orders versions by their keys and not by the strings.
func (s Scheme) keyed() bool { return s != Dpkg && s != RPM && s != APK }

// appendKey appends the key of v to dst: the bytes whose lexical order is the
// order of versions in a keyed scheme.
func (s Scheme) appendKey(dst []byte, v string) []byte {
	switch s {
	case Semver:
		return appendSemver(dst, v, semverPlain)
	case NuGet:
		return appendSemver(dst, v, semverFold)
	case Pub, Julia:
		return appendSemver(dst, v, semverBuild)
	case Go:
		return appendGo(dst, v)
	case Maven:
		return appendMaven(dst, v)
	case PEP440:
		return appendPEP440(dst, v)
	case Gem:
		return appendGem(dst, v)
	case Composer:
		return appendComposer(dst, v)
	case CRAN:
		return appendNumberList(dst, v, ".-")
	case Hackage:
		return appendNumberList(dst, v, ".")
	case Conan:
		return appendConan(dst, v)
	case Generic:
		return appendGeneric(dst, v)
	}
	return append(dst, v...)
}

// Valid reports if v is a version that the scheme's rules give a meaning.
// It takes the forms that advisories and package databases are known to hold,
// which for most schemes are more than the letter of the specification.
func (s Scheme) Valid(v string) bool {
	switch s {
	case Dpkg:
		return validDpkg(v)
	case RPM:
		return validRPM(v)
	case APK:
		return validAPK(v)
	case Gem:
		return validGem(v)
	}
	if !s.known() {
		return false
	}
	var buf [128]byte
	return s.appendKey(buf[:0], v)[0] == classVersion
}
