package script

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// unescape resolves backslash escapes as Java, C#, JavaScript, Python and Perl
// have them. Text beyond ASCII is kept as UTF-8, except that \x80 to \xff give
// the bytes themselves, which is what decoders of strings want to see.
func unescape(s string) string {
	if strings.IndexByte(s, '\\') < 0 {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); {
		if s[i] != '\\' || i+1 >= len(s) {
			b.WriteByte(s[i])
			i++
			continue
		}
		n := escape(&b, s[i+1:])
		i += 1 + n
	}
	return b.String()
}

var plainEscapes = map[byte]string{'n': "\n", 't': "\t", 'r': "\r", 'b': "\b", 'f': "\f", 'v': "\v", 'a': "\a", 'e': "\x1b", '\n': "", 's': " "}

// escape writes what the escape whose text follows the backslash stands for,
// and returns how long it is.
func escape(b *strings.Builder, s string) int {
	switch c := s[0]; {
	case c >= '0' && c <= '7':
		n := 1
		for n < 3 && n < len(s) && s[n] >= '0' && s[n] <= '7' {
			n++
		}
		v, _ := strconv.ParseUint(s[:n], 8, 16)
		b.WriteByte(byte(v))
		return n
	case c == 'x' || c == 'u' || c == 'U':
		return codePoint(b, s)
	case plainEscapes[c] != "" || c == '\n':
		b.WriteString(plainEscapes[c])
	default:
		b.WriteByte(c)
	}
	return 1
}

// codePoint writes \xHH, \uHHHH, \u{H} and \UHHHHHHHH.
func codePoint(b *strings.Builder, s string) int {
	n, width := 1, map[byte]int{'x': 2, 'u': 4, 'U': 8}[s[0]]
	for n < len(s) && s[n] == 'u' {
		n++
	}
	braced := n < len(s) && s[n] == '{'
	if braced {
		n, width = n+1, 8
	}
	end := n
	for end < len(s) && end < n+width && isHex(s[end]) {
		end++
	}
	v, err := strconv.ParseUint(s[n:end], 16, 32)
	if err != nil {
		b.WriteByte(s[0])
		return 1
	}
	if s[0] == 'x' && v < 0x100 {
		b.WriteByte(byte(v))
	} else {
		b.WriteString(string(utf8.AppendRune(nil, rune(v))))
	}
	if braced && end < len(s) && s[end] == '}' {
		end++
	}
	return end
}

func isHex(c byte) bool {
	return isDigit(c) || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F'
}
