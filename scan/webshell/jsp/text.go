package jsp

import (
	"bytes"
	"encoding/base64"
	"html"
	"strings"
	"unicode/utf16"

	"golang.org/x/text/encoding/charmap"

	"github.com/boltseal/boltseal/scan/webshell/script"
)

// entities resolves &lt; and &#60; and, which servers do too, entities that a
// page declared are left alone.
func entities(s string) string {
	if !strings.Contains(s, "&") {
		return s
	}
	return html.UnescapeString(s)
}

// texts gives the page as text: as it stands, and decoded the way it asks for
// if that is an encoding in which the bytes of a script look like nothing.
func texts(src []byte) []string {
	switch {
	case bytes.HasPrefix(src, []byte{0xfe, 0xff}):
		return []string{wide(src[2:], true)}
	case bytes.HasPrefix(src, []byte{0xff, 0xfe}):
		return []string{wide(src[2:], false)}
	case bytes.HasPrefix(src, []byte{0, '<'}):
		return []string{wide(src, true)}
	case bytes.HasPrefix(src, []byte{'<', 0}):
		return []string{wide(src, false)}
	case ebcdic(src):
		return []string{fromEBCDIC(src)}
	}
	out := []string{string(src)}
	name, end := declared(src)
	if end == 0 {
		return out
	}
	rest := src[end:]
	switch {
	case strings.HasPrefix(name, "utf-16"):
		// The declaration is in the one encoding, what follows in the other; at
		// which byte it begins is not told.
		big := !strings.HasSuffix(name, "le")
		out = append(out, wide(rest, big), wide(rest[min(1, len(rest)):], big))
	case name == "utf-7":
		out = append(out, utf7(string(rest)))
	case name != "":
		if ebcdicNames[name] {
			out = append(out, fromEBCDIC(rest))
		}
	}
	return out
}

var ebcdicNames = map[string]bool{"cp037": true, "ibm037": true, "ibm-037": true, "cp1140": true, "ibm1047": true, "cp1047": true, "cp500": true, "cp273": true, "cp278": true, "cp280": true, "cp284": true, "cp285": true, "cp297": true, "cp424": true, "cp871": true, "ebcdic-cp-us": true}

// declared finds the encoding that a page or XML declaration names, and where
// the declaration ends.
func declared(src []byte) (name string, end int) {
	head := string(src[:min(len(src), 2048)])
	lower := script.Lower(head)
	for _, key := range []string{"pageencoding", "charset", "encoding"} {
		i := strings.Index(lower, key)
		if i < 0 {
			continue
		}
		rest := strings.TrimLeft(lower[i+len(key):], " \t\r\n=\"'")
		n := strings.IndexAny(rest, "\"' ;>?")
		if n < 0 {
			continue
		}
		close := strings.IndexByte(rest, '>')
		if close < 0 {
			close = n
		}
		return rest[:n], min(len(lower)-len(rest)+close+1, len(src))
	}
	return "", 0
}

func wide(src []byte, big bool) string {
	units := make([]uint16, len(src)/2)
	for i := range units {
		a, b := src[2*i], src[2*i+1]
		if big {
			a, b = b, a
		}
		units[i] = uint16(a) | uint16(b)<<8
	}
	return string(utf16.Decode(units))
}

// ebcdic says whether a page begins with "<?xml", "<%@", "<% " or "<jsp" in
// EBCDIC.
func ebcdic(src []byte) bool {
	for _, begin := range []string{"\x4c\x6f\xa7\x94\x93", "\x4c\x6c\x7c", "\x4c\x6c\x40", "\x4c\x91\xa2\x97"} {
		if bytes.HasPrefix(src, []byte(begin)) {
			return true
		}
	}
	return false
}

func unbase64(s string) ([]byte, bool) {
	out, err := base64.RawStdEncoding.DecodeString(s)
	return out, err == nil
}

func fromEBCDIC(src []byte) string {
	out, err := charmap.CodePage037.NewDecoder().Bytes(src)
	if err != nil {
		return string(src)
	}
	return strings.ReplaceAll(string(out), "\u0085", "\n")
}

// utf7 decodes the pieces between "+" and "-".
func utf7(s string) string {
	var b strings.Builder
	for {
		i := strings.IndexByte(s, '+')
		if i < 0 {
			b.WriteString(s)
			return b.String()
		}
		b.WriteString(s[:i])
		s = s[i+1:]
		n := 0
		for n < len(s) && (s[n] >= 'a' && s[n] <= 'z' || s[n] >= 'A' && s[n] <= 'Z' || s[n] >= '0' && s[n] <= '9' || s[n] == '/' || s[n] == '+') {
			n++
		}
		if n == 0 {
			b.WriteByte('+')
		} else if raw, ok := unbase64(s[:n]); ok {
			b.WriteString(wide(raw, true))
		}
		s = strings.TrimPrefix(s[n:], "-")
	}
}
