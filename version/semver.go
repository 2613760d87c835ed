package version

import "strings"

// semverStyle is what differs between the ecosystems that use semver.
type semverStyle uint8

const (
	semverPlain semverStyle = iota // build metadata has no weight
	semverFold                     // as plain, and letters have no case
	semverBuild                    // build metadata decides between equals
)

// Marks in a semver key, in ascending order.
const (
	semverEnd     = 1 // of a list of identifiers, or no pre-release
	semverPre     = 2 // a pre-release follows
	semverRelease = 3
	semverNumber  = 4
	semverWord    = 5
)

// appendSemver appends the key of a version by semver.org 2.0.0, item 11.
// It tolerates a leading "v" or "=", spaces around, numbers left out or in
// excess (missing ones are zero), leading zeros, and a pre-release that follows
// the numbers without a hyphen, as npm's loose mode does; by the same rule a
// lone hyphen is a pre-release itself.
func appendSemver(dst []byte, v string, style semverStyle) []byte {
	numbers, pre, build, ok := splitSemver(v)
	if !ok {
		return appendInvalid(dst, v)
	}
	dst = appendNumbers(append(dst, classVersion), numbers)
	if pre == "" {
		dst = append(dst, semverRelease)
	} else {
		dst = appendIdentifiers(append(dst, semverPre), pre, style == semverFold)
	}
	if style == semverBuild && build != "" {
		dst = appendIdentifiers(dst, build, false)
	}
	return dst
}

// splitSemver cuts v in its dotted numbers, pre-release and build metadata.
func splitSemver(v string) (numbers, pre, build string, ok bool) {
	v = trimV(strings.TrimLeft(strings.TrimSpace(v), "= "))
	v, build, _ = strings.Cut(v, "+")
	n := numbersLen(v)
	if n == 0 {
		return "", "", "", false
	}
	numbers, pre = v[:n], v[n:]
	if len(pre) > 1 && pre[1] != '.' {
		pre = strings.TrimPrefix(pre, "-")
	}
	return numbers, pre, build, !strings.HasPrefix(v[n:], ".")
}

// numbersLen returns the length of the dotted numbers that s begins with.
func numbersLen(s string) int {
	n := digitsLen(s)
	for n > 0 && n+1 < len(s) && s[n] == '.' && isDigit(s[n+1]) {
		n += 1 + digitsLen(s[n+1:])
	}
	return n
}

// appendNumbers appends dotted numbers without the zeros at their end, so that
// 1, 1.0 and 1.0.0 are one version.
func appendNumbers(dst []byte, numbers string) []byte {
	zeros := 0
	for numbers != "" {
		number, rest, _ := strings.Cut(numbers, ".")
		numbers = rest
		if trimZeros(number) == "" {
			zeros++
			continue
		}
		for ; zeros > 0; zeros-- {
			dst = append(dst, semverNumber, 0)
		}
		dst = appendNumber(append(dst, semverNumber), number)
	}
	return dst
}

// appendIdentifiers appends a dotted list: numbers before words, and a list
// before its own continuation.
func appendIdentifiers(dst []byte, list string, fold bool) []byte {
	for more := true; more; {
		var identifier string
		identifier, list, more = strings.Cut(list, ".")
		switch {
		case allDigits(identifier):
			dst = appendNumber(append(dst, semverNumber), identifier)
		case fold:
			dst = appendFolded(append(dst, semverWord), identifier)
		default:
			dst = appendText(append(dst, semverWord), identifier)
		}
	}
	return append(dst, semverEnd)
}
