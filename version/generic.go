package version

import "strings"

// Marks in a Generic key, in ascending order.
const (
	genericPre    = 1 // a word for what precedes the release, then its rank
	genericEnd    = 2
	genericWord   = 3 // any other word, such as the letter of OpenSSL's 1.0.2k
	genericNumber = 4
)

// appendGeneric appends the key of a version of no known scheme: numbers and
// words in turn, whatever stands between them. What precedes the first digit
// has no weight (v1.2, OpenSSL_1_0_2k); nor has case, nor zeros at the end of a
// run of numbers. Words such as "rc" and a tilde sort before the release, other
// words after it and before a further number, so that
// 1.0.2-beta1 < 1.0.2 < 1.0.2k < 1.0.2.1 and 8u292 < 8u302. A separate M with a
// number is a milestone, as Tomcat's 9.0.0.M1 < 9.0.0; OpenSSL's 1.0.2m is none.
func appendGeneric(dst []byte, v string) []byte {
	start := strings.IndexAny(v, "0123456789")
	if start < 0 {
		return appendFolded(append(dst, classInvalid), v)
	}
	dst = append(dst, classVersion)
	zeros := 0
	separated := false
	for v = v[start:]; v != ""; {
		n := 1
		switch c := v[0]; {
		case isDigit(c):
			n = digitsLen(v)
			if trimZeros(v[:n]) == "" {
				zeros++
				break
			}
			for ; zeros > 0; zeros-- {
				dst = append(dst, genericNumber, 0)
			}
			dst = appendNumber(append(dst, genericNumber), v[:n])
		case isAlpha(c):
			n = alphaLen(v)
			word := v[:n]
			if separated && equalFold(word, "m") && n < len(v) && isDigit(v[n]) {
				word = "milestone"
			}
			dst, zeros = appendWord(dst, word), 0
		case c == '~':
			dst, zeros = append(dst, genericPre, 1), 0
		}
		separated = !isDigit(v[0]) && !isAlpha(v[0])
		v = v[n:]
	}
	return append(dst, genericEnd)
}

// appendWord appends a word with its place before or after the release.
func appendWord(dst []byte, word string) []byte {
	switch rank := genericRank(word); rank {
	case 0:
		return appendFolded(append(dst, genericWord), word)
	case genericNoWord:
		return dst
	default:
		return append(dst, genericPre, rank)
	}
}

// genericNoWord is the rank of words that mean the release itself.
const genericNoWord = 0xff

// genericRank orders the words that precede a release; it is 0 for others.
func genericRank(word string) byte {
	switch {
	case equalFold(word, "dev"), equalFold(word, "nightly"):
		return 2
	case equalFold(word, "snapshot"):
		return 3
	case equalFold(word, "alpha"):
		return 4
	case equalFold(word, "beta"):
		return 5
	case equalFold(word, "milestone"):
		return 6
	case equalFold(word, "pre"), equalFold(word, "preview"), equalFold(word, "ea"):
		return 7
	case equalFold(word, "rc"), equalFold(word, "cr"):
		return 8
	case equalFold(word, "final"), equalFold(word, "ga"), equalFold(word, "release"), equalFold(word, "stable"):
		return genericNoWord
	}
	return 0
}
