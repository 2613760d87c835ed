package secret

import (
	"bytes"
	"path"
	"slices"
	"strings"
)

// place is what the path of a text says about it.
type place struct {
	path string
	// config: what stands here unquoted is a value, not a variable.
	config bool
	// test: examples, fixtures and documentation.
	test bool
}

var configEnds = []string{
	".env", ".properties", ".yml", ".yaml", ".ini", ".cfg", ".conf", ".cnf", ".config", ".toml", ".xml", ".tfvars", ".tfstate", ".envrc",
	".plist", ".cnf", ".rc", ".sh", ".bash", ".zsh", ".bat", ".cmd", ".service", ".credentials", ".secret", ".history", "_history", "dockerfile", "makefile", "containerfile",
}

var testParts = []string{
	"test", "tests", "testing", "testdata", "__tests__", "spec", "specs", "fixture", "fixtures", "example", "examples", "sample", "samples", "mock", "mocks", "doc", "docs", "demo", "man", "locale", "locales", "i18n", "node_modules", "site-packages", "dist-packages", "vendor",
}

// placeOf judges a path. Text without a path (an environment, a history) is
// configuration.
func placeOf(p string) place {
	low := strings.ToLower(p)
	at := place{path: p, config: p == "" || strings.HasPrefix(path.Base(low), ".env") || strings.Contains(path.Base(low), "credentials")}
	at.config = at.config || slices.ContainsFunc(configEnds, func(end string) bool { return strings.HasSuffix(low, end) })
	at.test = ships(low)
	parts := strings.Split(low, "/")
	for i, part := range parts {
		if slices.Contains(testParts, part) {
			at.test = true
		}
		if i == len(parts)-1 && (strings.Contains(part, "_test.") || strings.HasPrefix(part, "test_") || strings.Contains(part, ".test.") || strings.Contains(part, ".spec.") || strings.Contains(part, "example") || strings.Contains(part, "sample")) {
			at.test = true
		}
	}
	return at
}

// ships says whether a path is where distributions put the programs and
// libraries of their packages: what looks like a secret there is the same in
// every copy of the package, a test's or an example's.
func ships(path string) bool {
	for _, dir := range []string{"usr/lib/", "usr/lib64/", "usr/libexec/", "usr/share/", "usr/src/", "lib/"} {
		if strings.HasPrefix(path, dir) {
			return !strings.HasPrefix(path, "usr/share/nginx/") && !strings.Contains(path, "/config/")
		}
	}
	return false
}

// credentialWords make a name one of a credential.
var credentialWords = []string{"key", "token", "secret", "pass", "pwd", "auth", "cred", "webhook", "dsn", "license", "sk", "pat", "private", "sid", "conn"}

// judge says what a rule's match is: nothing, or a match with its severity.
func (s *scan) judge(r *Rule, m Match) (Match, bool) {
	m.Rule, m.Severity, m.Confidence = r, r.severity(), "medium"
	secret := m.Secret
	if len(secret) == 0 || r.entropy > 0 && entropy(secret) <= r.entropy {
		return m, false
	}
	if !r.user && !r.literal && r.checkName != "private-key" && len(secret) < 1000 && isPlaceholder(string(secret)) {
		return m, false
	}
	if len(r.near) > 0 && !s.near(r, m) {
		return m, false
	}
	if s.allowed(r, &m) {
		return m, false
	}
	if r.check != nil {
		v := r.check(secret)
		if v.reject {
			return m, false
		}
		m.Note = v.note
		if v.severity != "" {
			m.Severity = v.severity
		}
		if m.Confidence = "high"; v.doubt {
			m.Confidence, m.Severity = "low", "low"
		}
	}
	if s.place.test && !r.user {
		// Passwords in the source of libraries and tests are their examples.
		if r.checkName == "password" && !s.place.config {
			return m, false
		}
		m.lower()
	}
	return m, true
}

// lower is for examples and tests: worth a look, no alarm.
func (m *Match) lower() {
	m.Severity = map[string]string{"critical": "medium", "high": "low", "medium": "low", "low": "low"}[m.Severity]
	if m.Confidence == "medium" {
		m.Confidence = "low"
	}
}

func (r *Rule) severity() string {
	if r.Severity == "" {
		return "high"
	}
	return r.Severity
}

// near says whether one of the rule's words stands within some lines.
func (s *scan) near(r *Rule, m Match) bool {
	const reach = 400
	around := bytes.ToLower(s.text[max(0, m.Start-reach):min(len(s.text), m.End+reach)])
	for _, w := range r.near {
		if bytes.Contains(around, []byte(w)) {
			return true
		}
	}
	return containsAny(strings.ToLower(s.place.path), r.near)
}

func (s *scan) allowed(r *Rule, m *Match) bool {
	for i := range r.allow {
		if r.allow[i].permits(s.place.path, m.Secret, s.text[m.from:m.to], s.line(m)) {
			return true
		}
	}
	return false
}

// line returns the lines of the match, for allow lists.
func (s *scan) line(m *Match) []byte {
	from := bytes.LastIndexByte(s.text[:m.from], '\n') + 1
	to := len(s.text)
	if i := bytes.IndexByte(s.text[m.to:], '\n'); i >= 0 {
		to = m.to + i
	}
	return s.text[max(from, m.from-4096):min(to, m.to+4096)]
}

// assigned judges the value of an assignment by a rule's names.
func (s *scan) assigned(r *Rule, a *assignment, literal string) bool {
	value := s.text[a.start:a.end]
	if r.generic {
		return s.generic(r, a, string(value))
	}
	if len(value) > r.valueLength || !r.value.Match(value) {
		return false
	}
	if r.checkName == "password" && !a.quoted && !s.place.config {
		return false // a variable of a program
	}
	name := strings.ToLower(string(s.text[a.nameStart:a.nameEnd]))
	return name == literal || containsAny(name, credentialWords)
}

// generic judges a value of which only the name says that it is a secret.
func (s *scan) generic(r *Rule, a *assignment, v string) bool {
	if !a.quoted && (!s.place.config || strings.ContainsAny(v, "()[]{}|$")) || len(v) < 6 || len(v) > 512 || strings.ContainsAny(v, " \t\n") {
		return false
	}
	if v[0] == '/' || v[0] == '.' || v[0] == '#' || v[0] == '-' || strings.Contains(v, "://") || strings.Contains(v, "()") || strings.HasPrefix(v, "arn:") {
		return false
	}
	name := strings.ToLower(string(s.text[a.nameStart:a.nameEnd]))
	if strings.Contains(strings.ToLower(v), name) || publicName(name) {
		return false
	}
	return r.value.MatchString(v) && s.random(v, strings.Contains(name, "pass") || strings.Contains(name, "pwd"))
}

// publicNames hold words that name something about a secret that is none.
var publicNames = []string{
	"public", "_id", "-id", "_file", "-file", ".file", "_path", "_name", "-name", "_url", "_uri", "_type", "_len", "_size", "_expir", "_field", "_policy", "_regex", "_hash", "label", "hint",
	"placeholder", "_header", "_ref", "_error", "_msg", "_message", "csrf", "xsrf", "_arn", "_version", "_count", "_mode", "_prefix", "tokenizer", "tokens", "secretname", "keyid", "filename", "_title", "_text", "encoder", "_algorithm", "_class", "strength",
	"_required", "_min", "_max", "_timeout", "_ttl", "_endpoint", "next_token", "nexttoken", "pagetoken", "page_token", "passwordfield", "_env", "_command", "_cmd", "_digest", "publickey", "keyfile", "_format", "_pattern", "_description", "integrity", "checksum",
}

func publicName(name string) bool { return containsAny(name, publicNames) }

// random says whether a value looks chosen by chance or, for passwords in
// configuration, meant to be one.
func (s *scan) random(v string, password bool) bool {
	var digits, letters, others int
	for i := range len(v) {
		switch {
		case isDigit(v[i]):
			digits++
		case isLetter(v[i]):
			letters++
		case v[i] >= 0x80:
			return false // words of another language
		default:
			others++
		}
	}
	if password && s.place.config && !s.place.test {
		return digits+others > 0 && (letters > 0 || digits >= 6) || letters >= 8 && !wordy(v)
	}
	if letters == 0 || digits == 0 || wordy(v) {
		return false
	}
	if password {
		return len(v) >= 8 && entropy([]byte(v)) > 2.7
	}
	return len(v) >= 16 && entropy([]byte(v)) > 3.2 && others*4 < len(v)
}
