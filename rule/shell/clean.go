package shell

import (
	"strings"
	"unicode"
)

// maxCode is how long a Sign's code and address may be.
const maxCode = 200

// head is what of a command can be in a report.
func head(s string) string { return s[:min(len(s), 4*maxCode)] }

// Clean makes a command fit for a report: one line, shortened, and without the
// passwords that command lines carry.
func Clean(s string) string {
	fields := strings.FieldsFunc(strings.ToValidUTF8(head(s), "?"), func(r rune) bool { return unicode.IsSpace(r) || !unicode.IsPrint(r) })
	secret := false
	for i, f := range fields {
		if secret {
			f = "***"
		}
		secret = f == "-u" || f == "--user" || f == "--password" || f == "--http-password" || f == "--token"
		fields[i] = mask(f)
	}
	s = strings.Join(fields, " ")
	if len(s) > maxCode {
		s = strings.ToValidUTF8(s[:maxCode], "") + "..."
	}
	return s
}

// mask hides what follows "password=" and the like, and the user and password
// of an address.
func mask(word string) string {
	lower := strings.ToLower(word)
	for _, key := range []string{"password=", "passwd=", "token=", "secret=", "apikey=", "api_key=", "access_key=", "bearer="} {
		if i := strings.Index(lower, key); i >= 0 {
			return word[:i+len(key)] + "***"
		}
	}
	if i := strings.Index(word, "://"); i >= 0 {
		host, rest, slash := strings.Cut(word[i+3:], "/")
		if at := strings.LastIndexByte(host, '@'); at >= 0 {
			word = word[:i+3] + "***" + host[at:]
			if slash {
				word += "/" + rest
			}
		}
	}
	return word
}
