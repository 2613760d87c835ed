package policy

import (
	"errors"
	"fmt"
	"os"
	"regexp"
	"slices"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/boltseal/boltseal/finding"
	"github.com/boltseal/boltseal/report"
	"github.com/boltseal/boltseal/rules"
)

// Default is the name of the set that is in the binary.
const Default = "default"

// Load reads the policy in a file, or the one in the binary for Default.
func Load(name string) (*Policy, error) {
	if name == Default {
		text, err := defaultText()
		if err != nil {
			return nil, err
		}
		return Parse(Default, text)
	}
	info, err := os.Stat(name)
	if err != nil {
		return nil, fmt.Errorf("read policy: %w", err)
	}
	if info.Size() > maxFile {
		return nil, fmt.Errorf("read policy %s: more than %d bytes", name, maxFile)
	}
	text, err := os.ReadFile(name)
	if err != nil {
		return nil, fmt.Errorf("read policy: %w", err)
	}
	return Parse(name, text)
}

func defaultText() ([]byte, error) { return rules.Policy.ReadFile("policy/default.yaml") }

// Parse reads a policy and compiles it. All mistakes are reported, joined; each
// is an *Error.
func Parse(name string, text []byte) (*Policy, error) {
	src, top, err := document(name, text)
	if err != nil {
		return nil, err
	}
	f := &file{source: src, Policy: &Policy{Source: name, Text: text}}
	if err := f.read(top); err != nil {
		return nil, err
	}
	return f.Policy, nil
}

// file is a policy while it is read.
type file struct {
	*source
	*Policy
	extends []*yaml.Node
	disable []*yaml.Node
	rules   []*yaml.Node
	setting map[string]*yaml.Node // parameters as they are written
	bases   []*file               // what it extends
}

func (f *file) read(top *yaml.Node) error {
	if err := f.collect(top); err != nil {
		return err
	}
	if err := f.readExtends(); err != nil {
		return err
	}
	if err := f.applyParams(); err != nil {
		return err
	}
	if err := f.readDisable(); err != nil {
		return err
	}
	return f.readRules(top)
}

// collect reads the top, and leaves rules as they are written.
func (f *file) collect(top *yaml.Node) error {
	f.setting = map[string]*yaml.Node{}
	nodes := func(into *[]*yaml.Node) func(*yaml.Node) error {
		return f.list(maxRules, func(n *yaml.Node) error { *into = append(*into, n); return nil })
	}
	var schema, ignored string
	err := f.mapping(top, keys{
		"schema": f.text(&schema), "name": f.text(&f.Name), "title": f.text(&f.Title), "titleZh": f.text(&f.TitleZH),
		"description": f.text(&ignored), "extends": nodes(&f.extends), "disable": nodes(&f.disable), "rules": nodes(&f.rules),
		"params": f.readParams, "waivers": f.list(maxWaivers, f.readWaiver),
	})
	switch {
	case err != nil:
		return err
	case schema != Schema:
		return f.errorAt(top, "schema %q: want 'schema: %s'", clip(schema, 60), Schema)
	case f.Name == "":
		return f.errorAt(top, "the policy has no name")
	}
	return nil
}

// readExtends reads the policies whose rules come first. Only the one in the
// binary can be extended: files would make it matter where a policy stands.
func (f *file) readExtends() error {
	for _, n := range f.extends {
		if n.Value != Default || f.Source == Default || len(f.bases) > 0 {
			return f.errorAt(n, "extends %q: only %q can be extended, once", clip(n.Value, 60), Default)
		}
		text, err := defaultText()
		if err != nil {
			return err
		}
		src, top, err := document(Default, text)
		if err != nil {
			return err
		}
		base := &file{source: src, Policy: &Policy{Source: Default}}
		if err := errors.Join(base.collect(top), base.applyParams()); err != nil {
			return err
		}
		f.bases = append(f.bases, base)
		f.params = base.params
	}
	return nil
}

// readDisable takes rules out of the policies that are extended.
func (f *file) readDisable() error {
	for _, n := range f.disable {
		found := false
		for _, base := range f.bases {
			before := len(base.rules)
			base.rules = slices.DeleteFunc(base.rules, func(rule *yaml.Node) bool { return idOf(rule) == n.Value })
			found = found || len(base.rules) < before
		}
		if !found {
			return f.errorAt(n, "disable %q: no policy that is extended has this rule", clip(n.Value, 60))
		}
	}
	return nil
}

// idOf is the id that a rule gives itself.
func idOf(rule *yaml.Node) string {
	for i := 0; i+1 < len(rule.Content); i += 2 {
		if rule.Content[i].Value == "id" {
			return rule.Content[i+1].Value
		}
	}
	return ""
}

// readRules compiles the rules of all, which see the same parameters.
func (f *file) readRules(top *yaml.Node) error {
	var errs []error
	seen := map[string]bool{}
	for _, from := range append(f.bases, f) {
		c := &compiler{source: from.source, params: f.params}
		for _, n := range from.rules {
			r, err := from.readRule(c, n)
			if err == nil && seen[r.ID] {
				err = from.errorAt(n, "rule %s stands twice", r.ID)
			}
			if err != nil {
				errs = append(errs, err)
				continue
			}
			seen[r.ID] = true
			f.Policy.Rules = append(f.Policy.Rules, r)
		}
	}
	if len(seen)+len(errs) == 0 {
		return f.errorAt(top, "the policy has no rules")
	}
	return errors.Join(errs...)
}

var ruleID = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,63}$`)

func (f *file) readRule(c *compiler, n *yaml.Node) (*Rule, error) {
	r := &Rule{Policy: f.Name, Source: fmt.Sprintf("%s:%d", f.name, n.Line)}
	var severity, each, ignored string
	var deny, warn, message, messageZH *yaml.Node
	err := f.mapping(n, keys{
		"id": f.text(&r.ID), "title": f.text(&r.Title), "titleZh": f.text(&r.TitleZH), "description": f.text(&ignored),
		"severity": f.text(&severity), "each": f.text(&each), "deny": f.node(&deny), "warn": f.node(&warn),
		"message": f.node(&message), "messageZh": f.node(&messageZH),
	})
	if err != nil {
		return nil, err
	}
	r.Each = Each(each)
	when := deny
	r.Effect, r.Severity = report.VerdictDeny, finding.High
	if deny == nil {
		when, r.Effect, r.Severity = warn, report.VerdictWarn, finding.Medium
	}
	switch {
	case !ruleID.MatchString(r.ID):
		return nil, f.errorAt(n, "id %q: want small letters, digits and hyphens", clip(r.ID, 60))
	case (deny == nil) == (warn == nil):
		return nil, f.errorAt(n, "rule %s: want either deny or warn, with an expression", r.ID)
	case r.Each != Whole && variables[r.Each] == "":
		return nil, f.errorAt(n, "rule %s: each %q: want findings, packages or layers, or no each", r.ID, clip(each, 60))
	}
	if severity != "" {
		if r.Severity, err = finding.ParseSeverity(severity); err != nil {
			return nil, f.errorAt(n, "rule %s: %v", r.ID, err)
		}
	}
	return r, c.rule(r, when, message, messageZH)
}

func (f *file) readWaiver(n *yaml.Node) error {
	w := &Waiver{Source: fmt.Sprintf("%s:%d", f.name, n.Line)}
	err := f.mapping(n, keys{
		"rule": f.text(&w.Rule), "finding": f.text(&w.Finding), "package": f.text(&w.Package), "path": f.text(&w.Path), "image": f.text(&w.Image),
		"owner": f.text(&w.Owner), "reason": f.text(&w.Reason), "expires": f.day(&w.Expires),
	})
	if err != nil {
		return err
	}
	for _, m := range []struct{ key, value string }{{"rule", w.Rule}, {"owner", w.Owner}, {"reason", w.Reason}} {
		if m.value == "" {
			return f.errorAt(n, "the waiver has no %s", m.key)
		}
	}
	if w.Expires.IsZero() {
		return f.errorAt(n, "the waiver never expires: say until when with 'expires: YYYY-MM-DD'")
	}
	w.Expires = w.Expires.Add(24*time.Hour - time.Second)
	f.Policy.Waivers = append(f.Policy.Waivers, w)
	return nil
}
