package version

import "strings"

// compareDpkg orders Debian versions, [epoch:]upstream[-revision].
// Source: deb-version(7). A missing epoch is 0 and a missing revision sorts
// with "0". Text before a colon that is no number is part of the upstream
// version, for dpkg itself refuses it.
func compareDpkg(a, b string) int {
	epochA, restA := splitEpoch(strings.TrimSpace(a))
	epochB, restB := splitEpoch(strings.TrimSpace(b))
	if c := compareNumbers(epochA, epochB); c != 0 {
		return c
	}
	upstreamA, revisionA := cutLast(restA, '-')
	upstreamB, revisionB := cutLast(restB, '-')
	if c := compareDpkgPart(upstreamA, upstreamB); c != 0 {
		return c
	}
	return compareDpkgPart(revisionA, revisionB)
}

// splitEpoch cuts a leading number and colon off v.
func splitEpoch(v string) (epoch, rest string) {
	n := digitsLen(v)
	if n < len(v) && v[n] == ':' {
		return v[:n], v[n+1:]
	}
	return "", v
}

// cutLast cuts v at the last sep.
func cutLast(v string, sep byte) (before, after string) {
	if i := strings.LastIndexByte(v, sep); i >= 0 {
		return v[:i], v[i+1:]
	}
	return v, ""
}

// compareDpkgPart orders two upstream versions or two revisions: by turns a
// stretch without digits, weighed byte by byte, and a number.
func compareDpkgPart(a, b string) int {
	for a != "" || b != "" {
		for startsText(a) || startsText(b) {
			weightA, weightB := dpkgWeight(a), dpkgWeight(b)
			if weightA < weightB {
				return -1
			}
			if weightA > weightB {
				return 1
			}
			a, b = a[1:], b[1:]
		}
		n, m := digitsLen(a), digitsLen(b)
		if c := compareNumbers(a[:n], b[:m]); c != 0 {
			return c
		}
		a, b = a[n:], b[m:]
	}
	return 0
}

// startsText reports if s begins with a byte that is no digit.
func startsText(s string) bool { return s != "" && !isDigit(s[0]) }

// dpkgWeight gives the rank of s's first byte: a tilde before the end of the
// text, then letters, then everything else. A digit ends the text.
func dpkgWeight(s string) int {
	switch {
	case s == "" || isDigit(s[0]):
		return 0
	case s[0] == '~':
		return -1
	case isAlpha(s[0]):
		return int(s[0])
	}
	return int(s[0]) + 256
}

// validDpkg reports if v has only the characters of deb-version(7), at least
// one of them in the upstream part, and an epoch that is a number.
func validDpkg(v string) bool {
	_, rest := splitEpoch(strings.TrimSpace(v))
	upstream, _ := cutLast(rest, '-')
	if upstream == "" || !isAlnum(upstream[0]) || strings.HasPrefix(v, ":") {
		return false
	}
	for i := 0; i < len(rest); i++ {
		if !isAlnum(rest[i]) && strings.IndexByte(".+-~:", rest[i]) < 0 {
			return false
		}
	}
	return true
}
