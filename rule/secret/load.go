package secret

import (
	"errors"
	"fmt"
	"regexp/syntax"
	"slices"
	"strings"
)

// File is a parsed rule file.
type File struct {
	Rules []*Rule
	// UseDefault is set by [extend] useDefault: the shipped rules count too.
	UseDefault bool
	// Disabled are ids of rules of the extended file that do not count.
	Disabled []string
	// Notes say what the file asks for and does not get.
	Notes []string

	allow []allowlist
}

// maxRules bounds one file.
const maxRules = 10_000

// Parse reads rules in gitleaks' TOML shape. Every rule that is wrong has an
// error "file:line: rule id: cause" and is left out; the others are returned.
func Parse(name string, text []byte) (*File, error) {
	root, errs := parseTOML(name, text)
	l := loader{name: name, file: &File{}, errors: errs}
	l.extend(root)
	l.globals(root)
	l.rules(root)
	return l.file, errors.Join(l.errors...)
}

type loader struct {
	name   string
	file   *File
	errors []error
	seen   map[string]bool
}

func (l *loader) fail(line int, format string, args ...any) {
	l.errors = append(l.errors, fmt.Errorf("%s:%d: %w", l.name, line, fmt.Errorf(format, args...)))
}

func (l *loader) extend(root *node) {
	n, _ := root.values["extend"].v.(*node)
	if n == nil {
		return
	}
	l.file.UseDefault, _ = n.values["useDefault"].v.(bool)
	l.file.Disabled = l.strings(n, "disabledRules")
	for _, key := range []string{"path", "url"} {
		if v, ok := n.values[key]; ok {
			l.file.Notes = append(l.file.Notes, fmt.Sprintf("%s:%d: extend.%s is not followed: give that file too", l.name, v.line, key))
		}
	}
}

// globals reads [allowlist] (old) and [[allowlists]].
func (l *loader) globals(root *node) {
	for _, n := range append(tables(root, "allowlist"), tables(root, "allowlists")...) {
		a, err := l.allowlist(n)
		if err != nil {
			l.fail(n.line, "allowlist: %w", err)
			continue
		}
		l.file.allow = append(l.file.allow, a)
	}
}

// tables returns what stands below key: one table or an array of tables.
func tables(n *node, key string) []*node {
	switch v := n.values[key].v.(type) {
	case *node:
		return []*node{v}
	case []*node:
		return v
	case []value:
		var list []*node
		for _, e := range v {
			if t, ok := e.v.(*node); ok {
				list = append(list, t)
			}
		}
		return list
	}
	return nil
}

func (l *loader) rules(root *node) {
	l.seen = map[string]bool{}
	for i, n := range tables(root, "rules") {
		if i == maxRules {
			l.fail(n.line, "more than %d rules", maxRules)
			return
		}
		if _, bad := n.values[broken]; bad {
			continue // its syntax error was reported
		}
		r, err := l.rule(n)
		if err != nil {
			l.fail(n.line, "rule %s: %w", text(n, "id"), err)
			continue
		}
		l.file.Rules = append(l.file.Rules, r)
	}
}

func (l *loader) rule(n *node) (*Rule, error) {
	r := &Rule{
		ID: text(n, "id"), Title: text(n, "description"), TitleZH: text(n, "descriptionZh"), Severity: text(n, "severity"),
		Source: l.name, Line: n.line, keywords: lower(l.strings(n, "keywords")), near: lower(l.strings(n, "near")), needs: text(n, "needs"),
		generic: flag(n, "generic"), literal: flag(n, "literal"), fallback: flag(n, "fallback"), binary: flag(n, "binary"), skipReport: flag(n, "skipReport"), checkName: text(n, "check"),
	}
	if r.ID == "" {
		return nil, errors.New("no id")
	}
	if l.seen[r.ID] {
		return nil, errors.New("the id is used twice")
	}
	l.seen[r.ID] = true
	if !slices.Contains([]string{"", "critical", "high", "medium", "low"}, r.Severity) {
		return nil, fmt.Errorf("severity %q is none of critical, high, medium, low", r.Severity)
	}
	if r.checkName != "" {
		if r.check = checks[r.checkName]; r.check == nil {
			return nil, fmt.Errorf("no check %q", r.checkName)
		}
	}
	if f, ok := n.values["entropy"].v.(float64); ok {
		r.entropy = f
	}
	if f, ok := n.values["secretGroup"].v.(float64); ok {
		r.group = int(f)
	}
	if err := l.expressions(n, r); err != nil {
		return nil, err
	}
	for _, t := range append(tables(n, "allowlist"), tables(n, "allowlists")...) {
		a, err := l.allowlist(t)
		if err != nil {
			return nil, fmt.Errorf("allowlist at line %d: %w", t.line, err)
		}
		r.allow = append(r.allow, a)
	}
	for _, t := range tables(n, "required") {
		r.required = append(r.required, requirement{id: text(t, "id"), withinLines: number(t, "withinLines"), withinColumns: number(t, "withinColumns")})
	}
	return r, nil
}

// expressions compiles regex, path and value, of which a rule needs one.
func (l *loader) expressions(n *node, r *Rule) error {
	var err error
	if r.path, err = compile(n, "path"); err != nil {
		return err
	}
	if r.regex, err = compile(n, "regex"); err != nil {
		return err
	}
	names := l.strings(n, "names")
	if expr := text(n, "value"); expr != "" || len(names) > 0 {
		if expr == "" || len(names) == 0 || r.regex != nil {
			return errors.New("names and value belong together, without regex")
		}
		if r.value, err = newExpression("^(?:" + expr + ")$"); err != nil {
			return fmt.Errorf("value: %w", err)
		}
		re, err := syntax.Parse(expr, syntax.Perl)
		if err != nil {
			return fmt.Errorf("value: %w", err)
		}
		r.valueLength = min(longest(re), maxValue)
		r.names = names
		return nil
	}
	if r.regex == nil {
		if r.path == nil {
			return errors.New("neither regex nor path nor value")
		}
		return nil
	}
	if r.group < 0 || r.group > r.regex.groups {
		return fmt.Errorf("secretGroup %d: the regex has %d groups", r.group, r.regex.groups)
	}
	if r.group == 0 && r.regex.groups > 0 {
		r.group = -1 // the first group that is not empty
	}
	if r.bounds = boundsOf(text(n, "regex"), r.keywords); r.bounds.anchored {
		r.atLiteral, err = newExpression(`\A(?:` + text(n, "regex") + ")")
	}
	return err
}

func (l *loader) allowlist(n *node) (allowlist, error) {
	a := allowlist{
		all:    slices.Contains([]string{"AND", "&&"}, strings.ToUpper(text(n, "condition"))),
		target: text(n, "regexTarget"), stopwords: lower(l.strings(n, "stopwords")), rules: l.strings(n, "targetRules"),
	}
	var err error
	if a.regexes, err = compileAll(l.strings(n, "regexes")); err != nil {
		return a, fmt.Errorf("regexes: %w", err)
	}
	if a.paths, err = compileAll(l.strings(n, "paths")); err != nil {
		return a, fmt.Errorf("paths: %w", err)
	}
	if v, ok := n.values["commits"]; ok {
		l.file.Notes = append(l.file.Notes, fmt.Sprintf("%s:%d: commits of an allowlist mean nothing in an image and are not used", l.name, v.line))
	}
	return a, nil
}

func compileAll(exprs []string) ([]*expression, error) {
	var list []*expression
	for _, e := range exprs {
		re, err := newExpression(e)
		if err != nil {
			return nil, err
		}
		list = append(list, re)
	}
	return list, nil
}

func compile(n *node, key string) (*expression, error) {
	expr := text(n, key)
	if expr == "" {
		return nil, nil
	}
	re, err := newExpression(expr)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", key, err)
	}
	return re, nil
}

func text(n *node, key string) string {
	s, _ := n.values[key].v.(string)
	return s
}

func flag(n *node, key string) bool {
	b, _ := n.values[key].v.(bool)
	return b
}

func number(n *node, key string) int {
	if f, ok := n.values[key].v.(float64); ok {
		return int(f)
	}
	return -1
}

// strings returns an array of strings; what is none is an error of its line.
func (l *loader) strings(n *node, key string) []string {
	v, ok := n.values[key]
	if !ok {
		return nil
	}
	list, ok := v.v.([]value)
	if !ok {
		l.fail(v.line, "%s is no array of strings", key)
		return nil
	}
	var out []string
	for _, e := range list {
		if s, ok := e.v.(string); ok {
			out = append(out, s)
		} else {
			l.fail(e.line, "%s holds something that is no string", key)
		}
	}
	return out
}

func lower(list []string) []string {
	for i := range list {
		list[i] = strings.ToLower(list[i])
	}
	return list
}

// ParseUser reads a user's file, as Parse does. Its rules are taken at their
// word: no placeholder, test directory or other sign of noise softens them.
func ParseUser(name string, text []byte) (*File, error) {
	f, err := Parse(name, text)
	for _, r := range f.Rules {
		r.user = true
	}
	return f, err
}
