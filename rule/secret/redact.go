package secret

import (
	"strings"
	"unicode/utf8"
)

// Mask shows how a secret begins: at most six characters and never more than a
// quarter of it.
func Mask(secret []byte) string {
	if i := strings.Index(string(secret[:min(len(secret), 80)]), "PRIVATE KEY"); i > 0 {
		return string(secret[:i]) + "PRIVATE KEY****"
	}
	n := min(6, len(secret)/4)
	for n > 0 && !utf8.Valid(secret[:n]) {
		n--
	}
	return strings.Map(printableRune, string(secret[:n])) + "****"
}

func printableRune(r rune) rune {
	if r < 0x20 || r == 0x7f {
		return -1
	}
	return r
}

// Redact masks all secrets in a text: what the rules find, and beyond that
// every value whose name says that it is a password or a key, be it never so
// weak. It is for environments, labels, commands and lines that are shown.
func (s *Set) Redact(text string) string {
	data := []byte(text)
	sc := scan{set: s, text: data, work: 8<<20 + 4*len(data)}
	sc.place = placeOf("")
	sc.last.nameStart = -1
	s.literals.Scan(data, func(id, start int) bool {
		for _, i := range s.uses[id] {
			r := s.rules[i]
			sc.hit(r, id, start)
			if r.generic && sc.lastOK {
				sc.named(r)
			}
		}
		return sc.err == nil
	})
	if sc.err != nil {
		return "(too long to be shown without secrets)"
	}
	var b strings.Builder
	at := 0
	for _, m := range sc.result() {
		b.WriteString(text[at:m.Start])
		b.WriteString(Mask(m.Secret))
		at = m.End
	}
	b.WriteString(text[at:])
	return b.String()
}

// named adds the value of the last assignment unless it is no value: a
// variable, a file, a word such as "true".
func (s *scan) named(r *Rule) {
	a := s.last
	for !a.quoted && a.end < len(s.text) && s.text[a.end] > ' ' {
		a.end++ // ; and , may belong to it
	}
	v := string(s.text[a.start:a.end])
	name := strings.ToLower(string(s.text[a.nameStart:a.nameEnd]))
	if v == "" || v[0] == '$' || v[0] == '/' || v == "true" || v == "false" || publicName(name) {
		return
	}
	m := Match{Rule: r, Start: a.start, End: a.end, from: a.nameStart, to: a.end, Confidence: "low", Severity: "low"}
	m.Secret = s.text[a.start:a.end:a.end]
	s.matches = append(s.matches, m)
}
