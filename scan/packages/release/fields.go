package release

import "strings"

// fields are the assignments of a file in the shell-like format of os-release.
type fields map[string]string

// parseFields reads "KEY=value" lines, with or without blanks around the sign.
// Of a key that is assigned twice the last value counts, as in a shell.
// Source: os-release(5).
func parseFields(text string) fields {
	f := make(fields)
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		key, value, ok := strings.Cut(line, "=")
		if !ok || strings.HasPrefix(line, "#") {
			continue
		}
		f[strings.TrimSpace(key)] = unquote(strings.TrimSpace(value))
	}
	return f
}

// unquote takes shell quotes off. Inside double quotes and outside quotes a
// backslash makes the next character literal.
func unquote(s string) string {
	if s == "" {
		return s
	}
	quote := s[0]
	if quote == '\'' {
		s, _, _ = strings.Cut(s[1:], "'")
		return s
	}
	if quote == '"' {
		s = s[1:]
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c == '"' && quote == '"' {
			break
		}
		if c == '\\' && i+1 < len(s) {
			i++
			c = s[i]
		}
		b.WriteByte(c)
	}
	return b.String()
}
