package version

import "strings"

// Marks in a Composer key, in ascending order: the special forms of PHP's
// version_compare, with the end in the place of its "#". The numbers that
// Composer pads to four come last, for nothing else is compared with them.
const (
	composerUnknown = 1
	composerDev     = 2
	composerAlpha   = 3
	composerBeta    = 4
	composerRC      = 5
	composerEnd     = 6
	composerNumber  = 7
	composerPatch   = 8
	composerMain    = 9 // one of the four numbers
)

// composerBranch is the number that composer/semver gives to the "x" of a
// branch such as 1.x-dev: above every released one.
const composerBranch = "9999999"

// appendComposer appends the key of a Composer version: up to four numbers, a
// stability with perhaps numbers, perhaps "-dev". Build metadata, an "@dev"
// flag and an "as" alias have no weight.
// Source: getcomposer.org/doc/articles/versions.md and the manual page of PHP's
// version_compare. A branch such as dev-main has no place among numbers and is
// no version here, as Composer never matches it by range.
func appendComposer(dst []byte, v string) []byte {
	rest := trimComposer(v)
	n := composerNumbersLen(rest)
	if n == 0 {
		return appendInvalid(dst, v)
	}
	dst = appendComposerNumbers(append(dst, classVersion), rest[:n])
	for rest = rest[n:]; rest != ""; {
		n := 1
		switch c := rest[0]; {
		case isDigit(c):
			n = digitsLen(rest)
			dst = appendNumber(append(dst, composerNumber), rest[:n])
		case isAlpha(c):
			n = alphaLen(rest)
			if equalFold(rest[:n], "stable") {
				return append(dst, composerEnd)
			}
			dst = appendStability(dst, rest[:n])
		}
		rest = rest[n:]
	}
	return append(dst, composerEnd)
}

// trimComposer removes what has no weight from a version.
func trimComposer(v string) string {
	v, _, _ = strings.Cut(strings.TrimSpace(v), " as ")
	return trimV(cutAny(v, "@+#"))
}

// composerNumbersLen returns the length of the dotted numbers that v begins
// with, where all but the first may be a wildcard.
func composerNumbersLen(v string) int {
	n := digitsLen(v)
	for n > 0 && n+1 < len(v) && v[n] == '.' {
		switch width := digitsLen(v[n+1:]); {
		case width > 0:
			n += 1 + width
		case isWildcard(v[n+1:]):
			n += 2
		default:
			return n
		}
	}
	return n
}

// isWildcard reports if s begins with an x or * that is a part by itself.
func isWildcard(s string) bool {
	return (lower(s[0]) == 'x' || s[0] == '*') && (len(s) == 1 || s[1] == '.' || s[1] == '-')
}

// appendComposerNumbers appends the numbers without the zeros at their end; a
// wildcard fills the version up to the fourth number.
func appendComposerNumbers(dst []byte, numbers string) []byte {
	zeros, count := 0, 0
	wild := false
	for numbers != "" || wild && count < 4 {
		number, rest, _ := strings.Cut(numbers, ".")
		numbers = rest
		count++
		if wild = wild || number != "" && !isDigit(number[0]); wild {
			number = composerBranch
		}
		if trimZeros(number) == "" {
			zeros++
			continue
		}
		for ; zeros > 0; zeros-- {
			dst = append(dst, composerMain, 0)
		}
		dst = appendNumber(append(dst, composerMain), number)
	}
	return dst
}

// appendStability appends the mark of a stability word.
func appendStability(dst []byte, word string) []byte {
	switch {
	case equalFold(word, "dev"):
		return append(dst, composerDev)
	case equalFold(word, "alpha"), equalFold(word, "a"):
		return append(dst, composerAlpha)
	case equalFold(word, "beta"), equalFold(word, "b"):
		return append(dst, composerBeta)
	case equalFold(word, "rc"):
		return append(dst, composerRC)
	case equalFold(word, "patch"), equalFold(word, "pl"), equalFold(word, "p"):
		return append(dst, composerPatch)
	}
	return append(dst, composerUnknown)
}
