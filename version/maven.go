package version

import "strings"

// Marks in a Maven key, in ascending order: what a token is and how it is
// joined to the one before.
const (
	mavenPre      = 1 // a qualifier that precedes the release, then its rank
	mavenEnd      = 2
	mavenNull     = 3 // "", ga, final or release inside a version
	mavenSP       = 4
	mavenUnknown  = 5 // any other qualifier, then its text
	mavenHyphened = 6 // a number after a hyphen or a letter
	mavenDotted   = 7 // a number after a dot
)

// appendMaven appends the key of a Maven version.
//
// Source: "Version Order Specification" in Maven's POM reference. Tokens are
// split at dots, hyphens and between letters and digits; null tokens at the end
// and before each hyphen have no weight. A qualifier after a dot counts as one
// after a hyphen, which Maven does since 3.8 and without which its order has
// cycles (1 < 1-5 < 1.0.alpha < 1).
func appendMaven(dst []byte, v string) []byte {
	v = strings.TrimSpace(v)
	class := byte(classVersion)
	if v == "" || !isAlnum(v[0]) {
		class = classInvalid
	}
	dst = append(dst, class)
	var held mavenNulls
	for hyphened, more := false, v != ""; more; {
		n := mavenTokenLen(v)
		token := v[:n]
		v = v[n:]
		if token == "" || isDigit(token[0]) {
			dst = held.number(dst, token, hyphened)
		} else {
			dst = held.qualifier(dst, token, v != "" && isDigit(v[0]))
		}
		hyphened, more = true, v != ""
		if more && (v[0] == '.' || v[0] == '-') {
			hyphened = v[0] == '-'
			v = v[1:]
		}
	}
	return append(dst, mavenEnd)
}

// mavenTokenLen returns the length of the digits, or of the text without
// digits, that s begins with.
func mavenTokenLen(s string) int {
	if n := digitsLen(s); n > 0 {
		return n
	}
	n := 0
	for n < len(s) && !isDigit(s[n]) && s[n] != '.' && s[n] != '-' {
		n++
	}
	return n
}

// mavenNulls is the null tokens held back until it is known if they have
// weight.
type mavenNulls struct {
	first byte // the mark of the first, or 0
	zeros int  // the zeros after dots that follow it
}

// number appends a number; the empty token counts as 0.
func (n *mavenNulls) number(dst []byte, digits string, hyphened bool) []byte {
	mark := byte(mavenDotted)
	if hyphened {
		mark = mavenHyphened
		*n = mavenNulls{}
	}
	if trimZeros(digits) == "" {
		n.hold(mark)
		return dst
	}
	return appendNumber(append(n.flush(dst), mark), digits)
}

// qualifier appends a word. beforeDigit is true when a digit follows at once,
// which gives one-letter words their long meaning.
func (n *mavenNulls) qualifier(dst []byte, word string, beforeDigit bool) []byte {
	*n = mavenNulls{}
	switch mark, rank := mavenQualifier(word, beforeDigit); mark {
	case mavenNull:
		n.hold(mavenNull)
		return dst
	case mavenPre:
		return append(dst, mavenPre, rank)
	case mavenSP:
		return append(dst, mavenSP)
	}
	return appendFolded(append(dst, mavenUnknown), word)
}

// hold keeps a null token back.
func (n *mavenNulls) hold(mark byte) {
	if n.first == 0 {
		n.first = mark
		return
	}
	n.zeros++
}

// flush appends the null tokens held back.
func (n *mavenNulls) flush(dst []byte) []byte {
	switch n.first {
	case 0:
	case mavenNull:
		dst = append(dst, mavenNull)
	default:
		dst = append(dst, n.first, 0)
	}
	for ; n.zeros > 0; n.zeros-- {
		dst = append(dst, mavenDotted, 0)
	}
	*n = mavenNulls{}
	return dst
}

// mavenQualifier gives a word's mark, and its rank among pre-releases.
func mavenQualifier(word string, beforeDigit bool) (mark, rank byte) {
	switch {
	case equalFold(word, "alpha"), beforeDigit && equalFold(word, "a"):
		return mavenPre, 1
	case equalFold(word, "beta"), beforeDigit && equalFold(word, "b"):
		return mavenPre, 2
	case equalFold(word, "milestone"), beforeDigit && equalFold(word, "m"):
		return mavenPre, 3
	case equalFold(word, "rc"), equalFold(word, "cr"):
		return mavenPre, 4
	case equalFold(word, "snapshot"):
		return mavenPre, 5
	case equalFold(word, "ga"), equalFold(word, "final"), equalFold(word, "release"):
		return mavenNull, 0
	case equalFold(word, "sp"):
		return mavenSP, 0
	}
	return mavenUnknown, 0
}
