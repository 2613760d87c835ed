package version

import "strings"

// Marks in a Conan key, in ascending order.
const (
	conanPre    = 1
	conanEnd    = 2
	conanBuild  = 3
	conanNumber = 4 // an item that begins with a number
	conanWord   = 5
)

// appendConan appends the key of a Conan 2 version: dotted items, a pre-release
// after the last hyphen, build metadata after the last plus.
// Source: docs.conan.io, "Version ranges" and "conan.tools.scm.Version".
// Conan compares a number with a word by their text, which has cycles
// (10 < 2a < 9 < 10); here an item is its leading number, then its text.
func appendConan(dst []byte, v string) []byte {
	v = strings.TrimSpace(v)
	if v == "" || strings.ContainsAny(v, " \t\r\n") {
		return appendInvalid(dst, v)
	}
	v, build := cutLast(v, '+')
	v, pre := cutLast(v, '-')
	dst = appendConanItems(append(dst, classVersion), v)
	if pre != "" {
		dst = append(appendConanItems(append(dst, conanPre), pre), conanEnd)
	} else {
		dst = append(dst, conanEnd)
	}
	if build != "" {
		dst = appendConanItems(append(dst, conanBuild), build)
	}
	return append(dst, conanEnd)
}

// appendConanItems appends dotted items without the zeros at their end.
func appendConanItems(dst []byte, items string) []byte {
	zeros := 0
	for more := true; more; {
		var item string
		item, items, more = strings.Cut(items, ".")
		n := digitsLen(item)
		if n > 0 && trimZeros(item) == "" {
			zeros++
			continue
		}
		for ; zeros > 0; zeros-- {
			dst = appendText(append(dst, conanNumber, 0), "")
		}
		if n == 0 {
			dst = appendText(append(dst, conanWord), item)
			continue
		}
		dst = appendNumber(append(dst, conanNumber), item[:n])
		dst = appendText(dst, item[n:])
	}
	return dst
}
