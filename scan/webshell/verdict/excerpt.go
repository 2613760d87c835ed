package verdict

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// excerptBytes is about how long the code of one step may be.
const excerptBytes = 120

// Excerpt makes source text fit to be shown in one line of a report: spaces
// are folded, what cannot be printed becomes a dot, and what is longer than
// 120 bytes ends in an ellipsis.
func Excerpt(src []byte) string {
	var b strings.Builder
	space := false
	for len(src) > 0 {
		r, n := utf8.DecodeRune(src)
		src = src[n:]
		if unicode.IsSpace(r) {
			space = b.Len() > 0
			continue
		}
		if b.Len() >= excerptBytes {
			b.WriteString("…")
			break
		}
		if space {
			b.WriteByte(' ')
			space = false
		}
		if r == utf8.RuneError || !unicode.IsPrint(r) {
			r = '.'
		}
		b.WriteRune(r)
	}
	return b.String()
}
