package version

import "strings"

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

func isLower(c byte) bool { return 'a' <= c && c <= 'z' }

func isAlpha(c byte) bool { return isLower(lower(c)) }

func isAlnum(c byte) bool { return isDigit(c) || isAlpha(c) }

// lower folds an ASCII capital letter to its small one.
func lower(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		return c + 'a' - 'A'
	}
	return c
}

// digitsLen returns how many ASCII digits s begins with.
func digitsLen(s string) int {
	i := 0
	for i < len(s) && isDigit(s[i]) {
		i++
	}
	return i
}

// alphaLen returns how many ASCII letters s begins with.
func alphaLen(s string) int {
	i := 0
	for i < len(s) && isAlpha(s[i]) {
		i++
	}
	return i
}

// allDigits reports if s is one or more ASCII digits.
func allDigits(s string) bool { return s != "" && digitsLen(s) == len(s) }

// trimZeros removes leading zeros, all of them.
func trimZeros(digits string) string {
	for digits != "" && digits[0] == '0' {
		digits = digits[1:]
	}
	return digits
}

// compareNumbers orders two strings of decimal digits of any length by value.
func compareNumbers(a, b string) int {
	a, b = trimZeros(a), trimZeros(b)
	if len(a) != len(b) {
		if len(a) < len(b) {
			return -1
		}
		return 1
	}
	return strings.Compare(a, b)
}

// equalFold reports if s is the word, which is in small ASCII letters.
func equalFold(s, word string) bool {
	if len(s) != len(word) {
		return false
	}
	for i := 0; i < len(s); i++ {
		if lower(s[i]) != word[i] {
			return false
		}
	}
	return true
}

// trimV removes the "v" of a tag name such as v1.2.
func trimV(v string) string {
	if len(v) > 1 && lower(v[0]) == 'v' && isDigit(v[1]) {
		return v[1:]
	}
	return v
}
