package sbom

import (
	_ "embed"
	"strings"
	"sync"
)

// licensesText lists the identifiers of licences and exceptions, one a line. An
// asterisk marks those that came to the list after version 3.17, which is what some copies of
// CycloneDX's schema check documents by.
// Source: the SPDX License List 3.29 as CycloneDX's schema enumerates it.
//
//go:embed licenses.txt
var licensesText string

// license is one identifier of the list.
type license struct {
	id    string
	young bool
}

var licenses = sync.OnceValue(func() map[string]license {
	all := map[string]license{}
	for line := range strings.Lines(licensesText) {
		id, young := strings.CutSuffix(strings.TrimSpace(line), " *")
		all[strings.ToLower(id)] = license{id, young}
	}
	return all
})

// License returns the identifier of the SPDX License List that a name is, in
// the list's spelling, or "". Young says that not every reader of CycloneDX
// knows it yet.
func License(name string) (id string, young bool) {
	l := licenses()[strings.ToLower(name)]
	return l.id, l.young
}

// Expression rewrites a licence text as an SPDX licence expression. Names that
// are not on the SPDX License List go through ref, which gives the LicenseRef
// for them; a nil ref makes Expression return "" instead.
// Source: SPDX specification 2.3, annex D.
func Expression(text string, ref func(name string) string) string {
	tokens := strings.Fields(strings.NewReplacer("(", " ( ", ")", " ) ").Replace(text))
	if !wellFormed(tokens) {
		if ref == nil || text == "" {
			return ""
		}
		return ref(text)
	}
	for i, t := range tokens {
		if isOperator(t) || t == "(" || t == ")" || strings.HasPrefix(t, "LicenseRef-") {
			continue
		}
		known, _ := License(t)
		base, plus := strings.CutSuffix(t, "+")
		older, _ := License(base)
		switch {
		case known != "":
			tokens[i] = known
		case plus && older != "":
			tokens[i] = older + "+"
		case ref == nil:
			return ""
		default:
			tokens[i] = ref(t)
		}
	}
	s := strings.Join(tokens, " ")
	return strings.ReplaceAll(strings.ReplaceAll(s, "( ", "("), " )", ")")
}

func isOperator(t string) bool { return t == "AND" || t == "OR" || t == "WITH" }

// wellFormed says whether names and operators alternate and parentheses match.
func wellFormed(tokens []string) bool {
	name, depth := true, 0 // a name must come next
	for i, t := range tokens {
		switch {
		case t == "(":
			if !name {
				return false
			}
			depth++
		case t == ")":
			if depth--; name || depth < 0 {
				return false
			}
		case isOperator(t):
			if name {
				return false
			}
			name = true
		default:
			// Only an exception stands after WITH, and has no operators of its own.
			if !name || i > 0 && tokens[i-1] == "WITH" && !isException(t) {
				return false
			}
			name = false
		}
	}
	return !name && depth == 0
}

func isException(t string) bool {
	id, _ := License(t)
	return id != ""
}
