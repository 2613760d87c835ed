package version

import "strings"

// appendGo appends the key of a Go module version (v1.2.3, a pseudo-version,
// v2.0.0+incompatible) or of a toolchain (go1.21.3, go1.22rc1).
//
// Source: go.dev/ref/mod#versions and go.dev/doc/toolchain. Toolchains order as
// the Go vulnerability database writes them in semver, go1.22rc1 as
// 1.22.0-rc.1. "go1.20" is 1.20.0: since Go 1.21 no toolchain reports itself
// without a patch number. What a vendor or an experiment adds to a toolchain's
// name has no weight: "go1.22.1 X:rangefunc", "go1.19.4-custom", "go1.18.1b7".
// "devel ..." and "(devel)" name no version.
func appendGo(dst []byte, v string) []byte {
	v = strings.TrimSpace(v)
	name, toolchain := strings.CutPrefix(v, "go")
	if toolchain {
		name = cutAny(name, " \t-+")
	}
	n := numbersLen(name)
	kind := alphaLen(name[n:])
	number := name[n+kind:]
	if n == 0 || kind == 0 || !allDigits(number) {
		if toolchain && (n == 0 || n < len(name)) {
			return appendInvalid(dst, v)
		}
		return appendSemver(dst, name, semverPlain)
	}
	dst = appendNumbers(append(dst, classVersion), name[:n])
	switch word := name[n : n+kind]; word {
	case "rc", "beta", "alpha":
		dst = appendText(append(dst, semverPre, semverWord), word)
		dst = appendNumber(append(dst, semverNumber), number)
		return append(dst, semverEnd)
	}
	return append(dst, semverRelease)
}

// cutAny returns s up to the first of the bytes in set.
func cutAny(s, set string) string {
	if i := strings.IndexAny(s, set); i >= 0 {
		return s[:i]
	}
	return s
}
