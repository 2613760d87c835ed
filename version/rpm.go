package version

import "strings"

// compareRPM orders [epoch:]version[-release]. A missing epoch is 0, and a
// missing release sorts before every release, which keeps the order total.
// Source: rpm-version(7).
func compareRPM(a, b string) int {
	if c, done := compareEpochVersion(&a, &b); done {
		return c
	}
	return compareRPMPart(a, b)
}

// CompareEVR orders two RPM versions as RPM orders a dependency and what a
// package provides: when either side has no release, releases don't count.
// So an advisory that says "fixed in 0:1.2" speaks of every build of 1.2.
// Unlike RPM.Compare it is no order to sort by: 1-1 and 1-2 are both equal
// to 1.
func CompareEVR(a, b string) int {
	if c, done := compareEpochVersion(&a, &b); done || a == "" || b == "" {
		return c
	}
	return compareRPMPart(a, b)
}

// compareEpochVersion compares epochs and versions and leaves the releases,
// for the case that both are equal, in a and b. done reports if they differ.
func compareEpochVersion(a, b *string) (c int, done bool) {
	epochA, restA := splitEpoch(strings.TrimSpace(*a))
	epochB, restB := splitEpoch(strings.TrimSpace(*b))
	if c := compareNumbers(epochA, epochB); c != 0 {
		return c, true
	}
	versionA, releaseA := cutLast(restA, '-')
	versionB, releaseB := cutLast(restB, '-')
	if c := compareRPMPart(versionA, versionB); c != 0 {
		return c, true
	}
	*a, *b = releaseA, releaseB
	return 0, false
}

// What may stand at one place of an RPM version, in the order of rpmvercmp.
const (
	rpmTilde = iota // sorts before the end
	rpmEnd
	rpmCaret // sorts after the end and before all else
	rpmAlpha
	rpmNumber
)

// compareRPMPart orders two versions or two releases segment by segment.
func compareRPMPart(a, b string) int {
	for {
		var kindA, kindB int
		var segmentA, segmentB string
		kindA, segmentA, a = nextRPM(a)
		kindB, segmentB, b = nextRPM(b)
		switch {
		case kindA < kindB:
			return -1
		case kindA > kindB:
			return 1
		case kindA == rpmEnd:
			return 0
		}
		if c := compareRPMSegment(kindA, segmentA, segmentB); c != 0 {
			return c
		}
	}
}

func compareRPMSegment(kind int, a, b string) int {
	if kind == rpmNumber {
		return compareNumbers(a, b)
	}
	return strings.Compare(a, b)
}

// nextRPM skips separators and returns the segment that follows and the rest.
func nextRPM(s string) (kind int, segment, rest string) {
	for s != "" && !isAlnum(s[0]) && s[0] != '~' && s[0] != '^' {
		s = s[1:]
	}
	if s == "" {
		return rpmEnd, "", ""
	}
	n := 1
	switch {
	case s[0] == '~':
		kind = rpmTilde
	case s[0] == '^':
		kind = rpmCaret
	case isDigit(s[0]):
		kind, n = rpmNumber, digitsLen(s)
	default:
		kind, n = rpmAlpha, alphaLen(s)
	}
	return kind, s[:n], s[n:]
}

// validRPM reports if v has a version part with a letter or digit in it, no
// hyphen at the end and no space inside.
func validRPM(v string) bool {
	v = strings.TrimSpace(v)
	_, rest := splitEpoch(v)
	version, _ := cutLast(rest, '-')
	return strings.IndexFunc(version, func(r rune) bool { return r < 0x80 && isAlnum(byte(r)) }) >= 0 &&
		!strings.HasSuffix(v, "-") && !strings.ContainsAny(v, " \t\r\n\x00")
}
