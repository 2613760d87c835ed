package license

import (
	_ "embed" // the lists
	"regexp"
	"strings"
	"sync"
)

//go:embed spdx.txt
var spdxText string

//go:embed exceptions.txt
var exceptionText string

// list is the SPDX list, made ready to look up.
type list struct {
	ids        map[string]bool
	byKey      map[string]string // of identifiers and names, see key
	byURL      map[string]string
	exceptions map[string]string // by key
}

var lists = sync.OnceValue(func() *list {
	l := &list{ids: map[string]bool{}, byKey: map[string]string{}, byURL: map[string]string{}, exceptions: map[string]string{}}
	for line := range strings.Lines(spdxText) {
		f := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if len(f) != 3 {
			continue
		}
		l.ids[f[0]] = true
		// An identifier counts before the name of another.
		l.byKey[key(f[0])] = f[0]
		if k := key(f[1]); l.byKey[k] == "" {
			l.byKey[k] = f[0]
		}
		if u := address(f[2]); u != "" && l.byURL[u] == "" {
			l.byURL[u] = f[0]
		}
	}
	for k, id := range aliases {
		l.byKey[key(k)] = id
	}
	for line := range strings.Lines(exceptionText) {
		if id := strings.TrimSpace(line); !strings.HasPrefix(id, "#") {
			k := key(id)
			l.exceptions[k] = id
			// Without its version it is the first that has one.
			if plain := strings.TrimRight(k, " 0123456789."); l.exceptions[plain] == "" {
				l.exceptions[plain] = id
			}
		}
	}
	return l
})

var (
	noise  = regexp.MustCompile(`\b(the|gnu|software|open source|licen[cs]es?|licen[cs]ed|version|ver|v)\b`)
	vee    = regexp.MustCompile(`\b([a-z]*?)v(\d)`)
	signs  = regexp.MustCompile(`[^a-z0-9.+]+`)
	number = regexp.MustCompile(`([a-z])(\d)`)
	zero   = regexp.MustCompile(`\.0(\+?)( |$)`)
)

// key makes what is meant to be the same name the same: small letters, no signs,
// no words that every name has, versions set apart and without ".0".
func key(s string) string {
	s = strings.ToLower(s)
	s = signs.ReplaceAllString(s, " ")
	s = vee.ReplaceAllString(s, "$1 $2")
	s = noise.ReplaceAllString(s, " ")
	s = number.ReplaceAllString(s, "$1 $2")
	s = strings.Join(strings.Fields(s), " ")
	return strings.TrimSpace(zero.ReplaceAllString(s, "$1$2"))
}

// known finds a single licence by identifier, name, short form or address.
func known(text string) (Expression, bool) {
	l := lists()
	if strings.HasPrefix(text, "LicenseRef-") && !strings.ContainsAny(text, " ()") {
		return Expression{ID: text}, true
	}
	if id := l.byURL[address(text)]; id != "" && strings.Contains(text, "/") {
		return listed(id), true
	}
	if strings.Contains(text, "://") {
		base := strings.TrimSuffix(strings.TrimSuffix(text[strings.LastIndexByte(strings.TrimRight(text, "/"), '/')+1:], "/"), ".html")
		if id := l.byKey[key(base)]; id != "" && l.ids[id] {
			return listed(id), true
		}
		return Expression{}, false
	}
	k := key(text)
	if k == "" {
		return Expression{}, false
	}
	if id := l.byKey[k]; id != "" && !strings.HasSuffix(k, "+") {
		return withFamily(id, false), true
	}
	plain, plus := strings.CutSuffix(k, "+")
	if id := l.byKey[strings.TrimSpace(plain)]; plus && id != "" {
		return withFamily(id, true), true
	}
	return Expression{}, false
}

// listed is a leaf of the list, as the list writes it today.
func listed(id string) Expression { return withFamily(id, false) }

// gnu are the families whose versions are "-only" or "-or-later".
var gnu = regexp.MustCompile(`^(A?GPL|LGPL|GFDL)-(\d+\.\d+)(\+|-only|-or-later)?(.*)$`)

// oldException are identifiers that say the exception in the name.
// Source: the SPDX list's deprecated identifiers.
var oldException = map[string]string{
	"-with-classpath-exception": "Classpath-exception-2.0", "-with-GCC-exception": "GCC-exception-2.0", "-with-autoconf-exception": "Autoconf-exception-2.0",
	"-with-bison-exception": "Bison-exception-2.2", "-with-font-exception": "Font-exception-2.0",
}

// withFamily writes GNU's licences in today's form: a version alone is "only",
// "+" is "or later". For others "+" changes nothing that rules ask about.
func withFamily(id string, plus bool) Expression {
	m := gnu.FindStringSubmatch(id)
	if m == nil {
		return Expression{ID: id, Listed: lists().ids[id]}
	}
	e := Expression{Exception: oldException[m[4]]}
	if e.Exception == "" && m[4] != "" {
		return Expression{ID: id, Listed: lists().ids[id]} // GFDL-1.3-invariants-only
	}
	switch {
	case plus, m[3] == "+", m[3] == "-or-later":
		e.ID = m[1] + "-" + m[2] + "-or-later"
	default:
		e.ID = m[1] + "-" + m[2] + "-only"
	}
	e.Listed = lists().ids[e.ID]
	return e
}

func exception(name string) string {
	if id := lists().exceptions[key(name)]; id != "" {
		return id
	}
	return strings.Trim(strings.Map(idChar, name), "-")
}

// address is what of a URL makes it the same page.
func address(u string) string {
	u = strings.ToLower(strings.TrimSpace(u))
	for _, p := range []string{"https://", "http://", "www."} {
		u = strings.TrimPrefix(u, p)
	}
	u = strings.TrimRight(u, "/")
	for _, s := range []string{".html", ".txt", ".php", ".htm", ".md"} {
		u = strings.TrimSuffix(u, s)
	}
	return u
}
