package version

import "strings"

// Marks in a Gem key, in ascending order. Gem::Version pads the shorter version
// with zeros and puts words before numbers, so a run of zeros lies below or
// above the end as the segment after it does, and the nearer to it the longer
// the run is.
const (
	gemWord       = 1
	gemZerosWord  = 2 // a count of zeros, then a word
	gemEnd        = 3
	gemZerosAbove = 4 // an inverted count of zeros, then a number
	gemNumber     = 5
)

// appendGem appends the key of a RubyGems version.
// Source: the documentation of Gem::Version. A hyphen stands for ".pre.", and
// zeros before the first word have no weight.
func appendGem(dst []byte, v string) []byte {
	dst = append(dst, classVersion)
	var zeros gemZeros
	v = strings.TrimSpace(v)
	for v != "" {
		n := 1
		switch c := v[0]; {
		case isDigit(c):
			n = digitsLen(v)
			dst = zeros.number(dst, v[:n])
		case isAlpha(c):
			n = alphaLen(v)
			dst = zeros.word(dst, v[:n])
		case c == '-':
			dst = zeros.word(dst, "pre")
		}
		v = v[n:]
	}
	return append(dst, gemEnd)
}

// gemZeros is the zeros not yet appended to a key.
type gemZeros struct {
	count int
	words bool // a word was seen
}

func (z *gemZeros) number(dst []byte, digits string) []byte {
	if trimZeros(digits) == "" {
		z.count++
		return dst
	}
	if z.count > 0 {
		at := len(dst) + 1
		dst = appendCount(append(dst, gemZerosAbove), z.count)
		for ; at < len(dst); at++ {
			dst[at] = ^dst[at]
		}
	}
	z.count = 0
	return appendNumber(append(dst, gemNumber), digits)
}

func (z *gemZeros) word(dst []byte, word string) []byte {
	if z.count > 0 && z.words {
		dst = appendCount(append(dst, gemZerosWord), z.count)
	}
	z.count, z.words = 0, true
	return appendText(append(dst, gemWord), word)
}

// validGem reports if Gem::Version takes v: a number, then dotted segments of
// letters and digits, then perhaps a hyphen and segments that may hold hyphens.
// The empty string, which Gem::Version reads as 0, is no version here.
func validGem(v string) bool {
	v = strings.TrimSpace(v)
	if v == "" || !isDigit(v[0]) {
		return false
	}
	release, pre, hyphen := strings.Cut(v, "-")
	number, _, _ := strings.Cut(release, ".")
	return allDigits(number) && validSegments(release, "") && (!hyphen || validSegments(pre, "-"))
}

// validSegments reports if v is dotted segments, none of them empty, of
// letters, digits and the extra characters.
func validSegments(v, extra string) bool {
	start := true
	for i := 0; i < len(v); i++ {
		switch {
		case v[i] == '.' && !start:
			start = true
		case isAlnum(v[i]) || strings.IndexByte(extra, v[i]) >= 0:
			start = false
		default:
			return false
		}
	}
	return !start
}
