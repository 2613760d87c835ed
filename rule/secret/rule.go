package secret

import (
	"strings"
)

// Rule finds one kind of secret. Rules come from TOML in gitleaks' shape; the
// fields that gitleaks does not have are documented in docs/secrets.md.
type Rule struct {
	// ID is as in the file: "alibaba-access-key-id".
	ID string
	// Title says what the secret is, TitleZH in simplified Chinese.
	Title, TitleZH string
	// Severity is critical, high, medium or low; "" is not said.
	Severity string
	// Source is the file, Line the line in it.
	Source string
	Line   int

	// regex is a pattern rule's, value an assignment rule's.
	regex *expression
	value *expression
	// names are what an assignment's name must contain; "_" also stands for
	// "-", "." and nothing.
	names []string
	// keywords gate a pattern: one must be in the text.
	keywords    []string
	group       int
	entropy     float64
	path        *expression
	allow       []allowlist
	check       check
	checkName   string
	generic     bool
	near        []string // one of them must be close by, lower case
	needs       string   // bytes that a match holds, to give up early without them
	binary      bool     // also in binary files
	skipReport  bool
	fallback    bool // any other rule of the same place is better
	literal     bool // what looks like a placeholder counts too
	required    []requirement
	user        bool
	bounds      bounds
	atLiteral   *expression // regex, anchored, if bounds.anchored
	valueLength int         // longest value
}

// requirement is gitleaks' composite rule: another rule must match as well.
type requirement struct {
	id            string
	withinLines   int // -1: anywhere
	withinColumns int // -1: anywhere
}

// Checked says whether the rule verifies more than its pattern: a checksum or
// a structure.
func (r *Rule) Checked() bool { return r.check != nil }

// Binary says whether the rule is precise enough for compiled files.
func (r *Rule) Binary() bool { return r.binary }

// allowlist is gitleaks' list of what is no finding.
type allowlist struct {
	all       bool // condition AND
	target    string
	regexes   []*expression
	paths     []*expression
	stopwords []string
	rules     []string // targetRules of a global list
}

// permits says whether the list lets the match pass as harmless.
func (a *allowlist) permits(path string, secret, match, line []byte) bool {
	var tests, passed int
	count := func(has, ok bool) {
		if has {
			tests++
			if ok {
				passed++
			}
		}
	}
	text := secret
	switch a.target {
	case "match":
		text = match
	case "line":
		text = line
	}
	count(len(a.paths) > 0, path != "" && anyMatch(a.paths, []byte(path)))
	count(len(a.regexes) > 0, anyMatch(a.regexes, text))
	count(len(a.stopwords) > 0, containsAny(strings.ToLower(string(secret)), a.stopwords))
	if a.all {
		return tests > 0 && passed == tests
	}
	return passed > 0
}

func anyMatch(list []*expression, text []byte) bool {
	for _, re := range list {
		if re.Match(text) {
			return true
		}
	}
	return false
}

func containsAny(s string, words []string) bool {
	for _, w := range words {
		if strings.Contains(s, w) {
			return true
		}
	}
	return false
}

// User says whether the rule came from a user's file.
func (r *Rule) User() bool { return r.user }
