package version

import "encoding/binary"

// The first byte of a key: what can't be read sorts before what can.
const (
	classInvalid = 1
	classVersion = 2
)

// longNumber marks a number whose count of digits does not fit one byte.
const longNumber = 0xff

// appendNumber appends a number given by its decimal digits, of any length and
// with any leading zeros, so that bytes order as numbers do. The empty string
// counts as zero.
func appendNumber(dst []byte, digits string) []byte {
	digits = trimZeros(digits)
	return append(appendCount(dst, len(digits)), digits...)
}

// appendCount appends a small non-negative number.
func appendCount(dst []byte, n int) []byte {
	if n < longNumber {
		return append(dst, byte(n))
	}
	return binary.BigEndian.AppendUint64(append(dst, longNumber), uint64(n))
}

// appendText appends s and an end mark that sorts before every continuation.
// A zero byte in s is escaped to keep the mark unique.
func appendText(dst []byte, s string) []byte {
	for i := 0; i < len(s); i++ {
		dst = append(dst, s[i])
		if s[i] == 0 {
			dst = append(dst, 0xff)
		}
	}
	return append(dst, 0, 1)
}

// appendFolded is appendText without regard to ASCII case.
func appendFolded(dst []byte, s string) []byte {
	for i := 0; i < len(s); i++ {
		dst = append(dst, lower(s[i]))
		if s[i] == 0 {
			dst = append(dst, 0xff)
		}
	}
	return append(dst, 0, 1)
}

// appendInvalid appends the key of a string that a scheme can't read: it sorts
// before every version, and among its like as Generic does.
func appendInvalid(dst []byte, v string) []byte {
	return appendGeneric(append(dst, classInvalid), v)
}
