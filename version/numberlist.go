package version

import "strings"

// appendNumberList appends the key of a version that is nothing but numbers
// between separators, where a list sorts before its continuations: 1.0 < 1.0.0.
// Sources: R's numeric_version, which takes dots and hyphens, and the Haskell
// Package Versioning Policy, which takes dots.
func appendNumberList(dst []byte, v, separators string) []byte {
	const end, number = 1, 2
	v = strings.TrimSpace(v)
	start := len(dst)
	dst = append(dst, classVersion)
	for rest := v; ; {
		n := digitsLen(rest)
		if n == 0 || n < len(rest) && strings.IndexByte(separators, rest[n]) < 0 {
			return appendInvalid(dst[:start], v)
		}
		dst = appendNumber(append(dst, number), rest[:n])
		if n == len(rest) {
			return append(dst, end)
		}
		rest = rest[n+1:]
	}
}
