package persistence

import (
	"strings"
	"unicode"
)

// maxLines bounds the lines of one file that are looked at.
const maxLines = 50_000

// each calls do with the lines of a text, numbered from 1, without comments,
// blank lines and the space around them. A line that ends in a backslash goes
// on in the next.
func each(text string, do func(n int, line string)) {
	n, begin := 0, 0
	var whole string
	for line := range strings.Lines(text) {
		if n++; n > maxLines {
			return
		}
		line = strings.TrimSpace(line)
		if whole == "" {
			begin = n
			if line == "" || line[0] == '#' || line[0] == ';' {
				continue
			}
		}
		if head, ok := strings.CutSuffix(line, `\`); ok && len(whole) < maxBytes {
			whole += head + " "
			continue
		}
		do(begin, whole+line)
		whole = ""
	}
	if whole != "" {
		do(begin, whole)
	}
}

// lineOf returns line n of a text, counted from 1.
func lineOf(text string, n int) string {
	for line := range strings.Lines(text) {
		if n--; n <= 0 {
			return strings.TrimSpace(line)
		}
	}
	return ""
}

// lineAt is the number of the line at a byte of the text.
func lineAt(text string, at int) int { return 1 + strings.Count(text[:at], "\n") }

// cutField takes the first word of s.
func cutField(s string) (first, rest string) {
	s = strings.TrimLeftFunc(s, unicode.IsSpace)
	i := strings.IndexFunc(s, unicode.IsSpace)
	if i < 0 {
		return s, ""
	}
	return s[:i], strings.TrimLeftFunc(s[i:], unicode.IsSpace)
}

// skipFields drops the first n words of s.
func skipFields(s string, n int) string {
	for range n {
		_, s = cutField(s)
	}
	return s
}

// Odd says whether a path is in a directory that everyone may write to, or in a
// hidden one.
func Odd(path string) bool {
	path = strings.Trim(path, `"'`)
	for _, dir := range []string{"/tmp/", "/var/tmp/", "/dev/", "/run/shm/", "/proc/"} {
		if strings.HasPrefix(path, dir) {
			return !strings.HasPrefix(path, "/dev/null")
		}
	}
	return strings.HasPrefix(path, "/") && strings.Contains(path, "/.") && !strings.Contains(path, "/./") && !strings.Contains(path, "/../")
}
