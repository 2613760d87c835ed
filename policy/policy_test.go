package policy

import (
	"context"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/boltseal/boltseal/finding"
	"github.com/boltseal/boltseal/inventory"
	"github.com/boltseal/boltseal/report"
)

const head = "schema: boltseal.policy/1\nname: t\n"

// rule is a policy of one rule.
func rule(t *testing.T, lines string) *Policy {
	t.Helper()
	p, err := Parse("t.yaml", []byte(head+"rules:\n- id: r\n  "+strings.ReplaceAll(lines, "\n", "\n  ")+"\n"))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// fixture has one of much.
func fixture() *report.Report {
	pkg := &inventory.Package{Type: "deb", Name: "openssl", Version: "3.0.9-1", Evidence: inventory.Installed, PURL: "pkg:deb/debian/openssl@3.0.9-1", Licenses: []string{"Apache-2.0"}}
	r := &report.Report{
		Schema: report.Schema, Created: time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC),
		Target:    report.Target{Kind: "registry", Name: "example.com/shop:1", Tags: []string{"example.com/shop:1"}, Digest: "sha256:ab", Layers: []report.Layer{{DiffID: "sha256:1", CreatedBy: "ADD rootfs"}}},
		Inventory: inventory.Inventory{OS: &inventory.OS{ID: "debian", VersionID: "12"}, Packages: []inventory.Package{*pkg}},
		Findings: []finding.Finding{
			{ID: "f1", Kind: finding.KindVulnerability, Severity: finding.High, Title: "hole", Package: pkg, FixedVersion: "3.0.11", Vulnerability: &finding.Vulnerability{ID: "CVE-1", Aliases: []string{"GHSA-1"}}},
			{ID: "f2", Kind: finding.KindSecret, Severity: finding.Medium, Title: "key", Location: inventory.Location{Path: "srv/app/key.pem"}, Rule: &finding.Rule{ID: "secret/pem"}},
			{ID: "f3", Kind: finding.KindMalware, Severity: finding.Critical, Title: "gone", Suppressed: &finding.Suppression{By: "ignore"}},
		},
	}
	r.Summarize()
	return r
}

func evaluate(t *testing.T, r *report.Report, now time.Time, ps ...*Policy) *report.Decision {
	t.Helper()
	d, err := Evaluate(context.Background(), r, now, ps...)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// What expressions see of a report.
func TestExpressions(t *testing.T) {
	now := time.Date(2026, 11, 27, 0, 0, 0, 0, time.UTC)
	for expression, want := range map[string]bool{
		`findings.size() == 2 && suppressed.size() == 1 && report.findings.size() == 3`:            true,
		`summary.findings == 2 && summary.bySeverity["high"] == 1`:                                 true,
		`findings.exists(f, f.severity.atLeast("high"))`:                                           true,
		`findings.all(f, f.severity.atLeast("high"))`:                                              false,
		`packages.exists(p, p.name == "openssl" && p.olderThan("3.0.10-1"))`:                       true,
		`packages.exists(p, p.olderThan("3.0.9-1"))`:                                               false,
		`packages.exists(p, p.underLicense(["permissive"]))`:                                       true,
		`has(config.user) || has(target.config) || has(report.database)`:                           false,
		`config.user == "" && config.labels.size() == 0 && database.built.daysBefore(now) == 0`:    true,
		`has(findings[0].vulnerability) && !has(findings[0].vulnerability.kev)`:                    true,
		`findings[1].vulnerability.kev.added == "" && findings[1].package.name == ""`:              true,
		`layers[0].createdBy.startsWith("ADD")`:                                                    true,
		`signatures.exists(s, s.verified)`:                                                         false,
		`report.created.daysBefore(now) == 7`:                                                      true,
		`target.name.glob("example.com/*") && !target.name.glob("example.com")`:                    true,
		`os.id + ":" + os.versionId in ["debian:12"]`:                                              true,
		`cel.bind(worst, findings.filter(f, f.severity == "critical"), worst.size() > 0)`:          false,
		`sets.contains(["a", "b"], ["a"]) && "x,y".split(",").size() == 2 && findings[0].id=="f1"`: true,
	} {
		d := evaluate(t, fixture(), now, rule(t, "deny: '"+expression+"'"))
		if r := d.Rules[0]; r.Error != "" || (d.Verdict == report.VerdictDeny) != want {
			t.Errorf("%s: %s %s, want %v", expression, d.Verdict, r.Error, want)
		}
	}
}

// A decision names what met the rule, and how much more did.
func TestDecision(t *testing.T) {
	p := rule(t, "each: findings\ntitle: T\nwarn: finding.kind != \"malware\"\nmessage: '{{{finding.id}}} {finding.severity} {finding.package.licenses} {1/0 == 1}'\nmessageZh: 发现 {finding.id}")
	d := evaluate(t, fixture(), time.Time{}, p)
	want := &report.Decision{
		Verdict: report.VerdictWarn, Policies: []string{"t"},
		Rules: []report.RuleResult{{ID: "r", Policy: "t", Title: "T", Severity: "medium", Outcome: report.VerdictWarn, Matched: 2, Reasons: []report.Reason{
			{Finding: "f1", Package: "pkg:deb/debian/openssl@3.0.9-1", Text: "{f1} high Apache-2.0 (division by zero)", TextZH: "发现 f1"},
			{Finding: "f2", Path: "srv/app/key.pem", Text: "{f2} medium  (division by zero)", TextZH: "发现 f2"},
		}}},
	}
	if diff := cmp.Diff(want, d); diff != "" {
		t.Error(diff)
	}
}

// A rule without a message names its subject.
func TestDecisionWithoutMessage(t *testing.T) {
	for lines, want := range map[string]string{
		"each: findings\ndeny: finding.id == \"f1\"": "CVE-1 in openssl 3.0.9-1",
		"each: findings\ndeny: finding.id == \"f2\"": "secret key in srv/app/key.pem",
		"each: packages\ndeny: pkg.type == \"deb\"":  "openssl 3.0.9-1",
		"each: layers\ndeny: layer.size == 0":        "ADD rootfs",
		"title: Never\ndeny: true":                   "Never",
		"deny: 1 == 1":                               "1 == 1",
	} {
		d := evaluate(t, fixture(), time.Time{}, rule(t, lines))
		if len(d.Rules[0].Reasons) != 1 || d.Rules[0].Reasons[0].Text != want {
			t.Errorf("%q: %+v, want %q", lines, d.Rules[0], want)
		}
	}
}

func TestManyReasonsAreCounted(t *testing.T) {
	r := fixture()
	for range 40 {
		r.Findings = append(r.Findings, r.Findings[0])
	}
	d := evaluate(t, r, time.Time{}, rule(t, "each: findings\ndeny: finding.id == \"f1\""))
	if got := d.Rules[0]; got.Matched != 41 || len(got.Reasons) != maxReasons {
		t.Errorf("matched %d, %d reasons", got.Matched, len(got.Reasons))
	}
}

// What cannot be judged does not pass, and says why.
func TestRuleThatFails(t *testing.T) {
	for lines, want := range map[string]string{
		"deny: findings[9].id == \"x\"":                                             "index out of bounds",
		"deny: 'signatures == [] ? dyn(1) : dyn(2)'":                                "gave int, want true or false",
		"each: findings\ndeny: int(finding.title) > 1":                              "type conversion",
		"deny: timestamp(os.id) < now":                                              "invalid RFC 3339",
		"deny: 'packages.exists(p, p.underLicense([\"\"]))'":                        "an empty element",
		"deny: 'target.name.glob(\"" + strings.Repeat("*x", 200) + "\")'":           "a pattern of more than 256 bytes",
		"deny: findings.exists(f, f.title.atLeast(f.title))":                        "parse severity",
		"each: packages\ndeny: 'pkg.underLicense(findings.map(f, f.fixedVersion))'": "an empty element",
	} {
		d := evaluate(t, fixture(), time.Time{}, rule(t, lines))
		if r := d.Rules[0]; d.Verdict != report.VerdictDeny || !strings.Contains(r.Error, want) {
			t.Errorf("%q: %s, error %q, want %q", lines, d.Verdict, r.Error, want)
		}
	}
}

// Every mistake is named with its place.
func TestParseErrors(t *testing.T) {
	for text, want := range map[string]string{
		"":                                     "t.yaml:1:1: the file is empty",
		"a: [":                                 "t.yaml:1:1: did not find expected node content",
		"- x":                                  "t.yaml:1:1: want a mapping",
		"name: x":                              `schema ""`,
		"schema: boltseal.policy/1\nrules: []": "the policy has no name",
		head:                                   "the policy has no rules",
		head + "rulez: []":                     `t.yaml:3:1: unknown key "rulez", did you mean "rules"?`,
		head + "name: u":                       `t.yaml:3:1: key "name" stands twice`,
		head + "---\nx: y":                     "more than one document",
		head + "rules: {}":                     "t.yaml:3:8: want a list",
		head + "rules: [{id: X, deny: true}]":  `t.yaml:3:9: id "X"`,
		head + "rules: [{id: x}]":              "want either deny or warn",
		head + "rules: [{id: x, deny: true, warn: true}]":                                               "want either deny or warn",
		head + "rules: [{id: x, deny: true}, {id: x, deny: true}]":                                      "rule x stands twice",
		head + "rules: [{id: x, deny: true, each: files}]":                                              `each "files"`,
		head + "rules: [{id: x, deny: true, severity: bad}]":                                            "parse severity",
		head + "rules: [{id: x, deny: [true]}]":                                                         "t.yaml:3:23: want a text",
		head + "rules:\n- id: x\n  deny: findngs.size() > 0":                                            "t.yaml:5:9: undeclared reference to 'findngs'",
		head + "rules:\n- id: x\n  each: findings\n  deny: finding.severty == \"high\"":                 "t.yaml:6:16: undefined field 'severty'",
		head + "rules:\n- id: x\n  deny: |\n    true\n    && nope":                                      "t.yaml:7:8: undeclared reference to 'nope'",
		head + "rules:\n- id: x\n  deny: >-\n    true\n    && nope":                                     "t.yaml:7:8: undeclared reference to 'nope'",
		head + "rules:\n- id: x\n  deny: true\n    && nope":                                             "t.yaml:6:8: undeclared reference to 'nope'",
		head + "rules:\n- id: x\n  deny: 'os.id == nope'":                                               "t.yaml:5:19: undeclared reference to 'nope'",
		head + "rules:\n- id: x\n  deny: 1 + 1":                                                         "the expression gives int",
		head + "rules:\n- id: x\n  deny: \"\"":                                                          "there is no expression",
		head + "rules:\n- id: x\n  deny: finding.id == \"\"":                                            "undeclared reference to 'finding'",
		head + "rules:\n- id: x\n  deny: params.nope > 1":                                               "undeclared reference to 'params'",
		head + "rules:\n- id: x\n  deny: os.id == 1 +":                                                  "Syntax error",
		head + "rules:\n- id: x\n  deny: 'pkg.name == \"\"'\n  each: packages\n  message: '{pkg.nope}'": "undefined field 'nope'",
		head + "rules:\n- id: x\n  deny: true\n  message: 'a {os.nope} b'":                              "t.yaml:6:18: undefined field 'nope'",
		head + "rules:\n- id: x\n  deny: true\n  message: 'a {os.id'":                                   "t.yaml:6:15: the brace is not closed",
		head + "rules:\n- id: x\n  deny: true\n  message: a } b":                                        "t.yaml:6:14: a brace closes",
		head + "rules:\n- id: x\n  each: findings\n  deny: finding.severity >= \"high\"":                "write severity.atLeast",
		head + "rules:\n- id: x\n  each: findings\n  deny: finding.severity == \"hihg\"":                `parse severity "hihg"`,
		head + "rules:\n- id: x\n  each: findings\n  deny: finding.severity.atLeast(\"hgh\")":           `parse severity "hgh"`,
		head + "extends: [other]\nrules: []":                                                            `t.yaml:3:11: extends "other"`,
		head + "extends: [default]\ndisable: [nope]":                                                    `t.yaml:4:11: disable "nope"`,
		head + "extends: [default]\nparams: {maxImageAgeDays: soon}":                                    "want a value of type int",
		head + "params: {x: {}}\nrules: []":                                                             "want a number, a text",
		head + "rules: [{id: x, deny: true}]\nwaivers: [{rule: x, owner: a, reason: b}]":                "the waiver never expires",
		head + "rules: [{id: x, deny: true}]\nwaivers: [{rule: x, owner: a, expires: 2026-01-01}]":      "the waiver has no reason",
		head + "rules: [{id: x, deny: true}]\nwaivers: [{rule: x, reason: a, expires: 2026-01-01}]":     "the waiver has no owner",
		head + "rules: [{id: x, deny: true}]\nwaivers: [{owner: x, reason: a, expires: 2026-01-01}]":    "the waiver has no rule",
		head + "rules: [{id: x, deny: true}]\nwaivers: [{rule: x, owner: a, reason: b, expires: soon}]": "want a date such as",
	} {
		if _, err := Parse("t.yaml", []byte(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q:\n got %v\nwant %s", text, err, want)
		}
	}
}

func TestErrorShowsTheLine(t *testing.T) {
	_, err := Parse("t.yaml", []byte(head+"rules:\n- id: x\n  deny: findngs.size() > 0\n"))
	want := "t.yaml:5:9: undeclared reference to 'findngs' (did you mean 'findings'?)\n  |   deny: findngs.size() > 0\n  |         ^"
	if err == nil || err.Error() != want {
		t.Errorf("got\n%v\nwant\n%s", err, want)
	}
}

// A policy that extends another sees its rules with its own parameters.
func TestExtends(t *testing.T) {
	p, err := Parse("t.yaml", []byte(head+"extends: [default]\ndisable: [fresh-database, no-secret]\nparams: {maxImageAgeDays: 3}\nrules: [{id: own, deny: false}]\n"))
	if err != nil {
		t.Fatal(err)
	}
	base, err := Load(Default)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := len(p.Rules), len(base.Rules)-1; got != want {
		t.Errorf("%d rules, want %d", got, want)
	}
	r := fixture()
	r.Target.Config = configOf(r.Created.AddDate(0, 0, -4))
	for _, c := range []struct {
		policy *Policy
		want   report.Verdict
	}{{p, report.VerdictWarn}, {base, report.VerdictPass}} {
		for _, got := range evaluate(t, r, r.Created, c.policy).Rules {
			if got.ID == "image-age" && got.Outcome != c.want {
				t.Errorf("%s: image-age is %s, want %s", c.policy.Name, got.Outcome, c.want)
			}
		}
	}
}

// The default policy's own tests pass; and for every rule, one that is never met
// and one that always is make them fail.
func TestDefaultPolicy(t *testing.T) {
	suite, err := LoadSuite("../rules/policy/default.test.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if never := suite.Untested(); len(never) > 0 {
		t.Errorf("rules without a case that meets and one that passes: %v", never)
	}
	for _, f := range failures(t, suite) {
		t.Error(f)
	}
	text, err := os.ReadFile("../rules/policy/default.yaml")
	if err != nil {
		t.Fatal(err)
	}
	whole, err := Parse("t.yaml", text)
	if err != nil {
		t.Fatal(err)
	}
	for i, r := range whole.Rules {
		for _, constant := range []string{"true", "false"} {
			broken := *r
			if broken.when, err = compiled(&broken, constant); err != nil {
				t.Fatal(err)
			}
			p := *whole
			p.Rules = append([]*Rule{}, whole.Rules...)
			p.Rules[i] = &broken
			again := *suite
			again.Policy = &p
			if len(failures(t, &again)) == 0 {
				t.Errorf("rule %s can be %s without a test that fails", r.ID, constant)
			}
		}
	}
}

func failures(t *testing.T, s *Suite) (out []string) {
	t.Helper()
	results, err := s.Run(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range results {
		for _, f := range r.Failures {
			out = append(out, r.Case.Source+": "+r.Case.Name+": "+f)
		}
	}
	return out
}
