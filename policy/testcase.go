package policy

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/boltseal/boltseal/inventory"
	"github.com/boltseal/boltseal/report"
)

// Suite is a file of tests for one policy.
type Suite struct {
	// Source is the file.
	Source string
	Policy *Policy
	Cases  []Case
}

// Case says what the policy must make of a report.
type Case struct {
	Name string
	// Source is "file:line".
	Source string
	Report *report.Report
	// Now is as the case or the suite says, else the report's time, else today.
	Now time.Time
	// Verdict is the expected one, "" when none is said. Rules are the expected
	// outcomes of rules: pass, warn, deny, waived or error.
	Verdict report.Verdict
	Rules   map[string]string
}

// Outcomes of a rule in a test, beyond those of report.Verdict.
const (
	outcomeWaived = "waived" // all that met the rule is waived
	outcomeError  = "error"
)

// Result is what became of a case.
type Result struct {
	Case *Case
	// Failures are what is not as expected; none when the case passed.
	Failures []string
}

// IsSuite says whether a file is meant to be a suite: its name ends in
// ".test.yaml" or ".test.yml".
func IsSuite(name string) bool {
	return strings.HasSuffix(name, ".test.yaml") || strings.HasSuffix(name, ".test.yml")
}

// LoadSuite reads a test file and the policy and reports that it names, which
// stand relative to it.
func LoadSuite(name string) (*Suite, error) {
	info, err := os.Stat(name)
	if err != nil {
		return nil, fmt.Errorf("read policy tests: %w", err)
	}
	if info.Size() > maxFile {
		return nil, fmt.Errorf("read policy tests %s: more than %d bytes", name, maxFile)
	}
	text, err := os.ReadFile(name)
	if err != nil {
		return nil, fmt.Errorf("read policy tests: %w", err)
	}
	return ParseSuite(name, text)
}

// ParseSuite is LoadSuite of a text.
func ParseSuite(name string, text []byte) (*Suite, error) {
	src, top, err := document(name, text)
	if err != nil {
		return nil, err
	}
	f := &suiteFile{source: src, Suite: &Suite{Source: name}}
	var policyNode *yaml.Node
	var cases []*yaml.Node
	err = src.mapping(top, keys{
		"policy": src.node(&policyNode), "now": src.day(&f.now),
		"cases": src.list(maxRules, func(n *yaml.Node) error { cases = append(cases, n); return nil }),
	})
	switch {
	case err != nil:
		return nil, err
	case policyNode == nil:
		return nil, src.errorAt(top, "no policy to test: want 'policy: FILE', or 'policy: default'")
	case len(cases) == 0:
		return nil, src.errorAt(top, "no cases")
	}
	if f.Policy, err = Load(f.beside(policyNode.Value)); err != nil {
		return nil, err
	}
	var errs []error
	for _, n := range cases {
		errs = append(errs, f.readCase(n))
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	return f.Suite, nil
}

// suiteFile is a suite while it is read.
type suiteFile struct {
	*source
	*Suite
	now time.Time
}

// beside is a file that is named relative to the suite.
func (f *suiteFile) beside(name string) string {
	if name == Default || filepath.IsAbs(name) {
		return name
	}
	return filepath.Join(filepath.Dir(f.name), name)
}

func (f *suiteFile) readCase(n *yaml.Node) error {
	c := Case{Now: f.now, Rules: map[string]string{}, Source: fmt.Sprintf("%s:%d", f.name, n.Line)}
	var given, file, rules *yaml.Node
	var verdict string
	err := f.mapping(n, keys{
		"name": f.text(&c.Name), "now": f.day(&c.Now), "verdict": f.text(&verdict), "report": f.node(&file),
		"given": func(v *yaml.Node) error { given = v; return nil },
		"rules": func(v *yaml.Node) error { rules = v; return nil },
	})
	if err != nil {
		return err
	}
	c.Verdict = report.Verdict(verdict)
	switch {
	case c.Name == "":
		return f.errorAt(n, "the case has no name")
	case given != nil && file != nil:
		return f.errorAt(n, "case %s: want either given or report", c.Name)
	case verdict == "" && rules == nil:
		return f.errorAt(n, "case %s: nothing is expected: want verdict or rules", c.Name)
	case verdict != "" && !slices.Contains([]report.Verdict{report.VerdictPass, report.VerdictWarn, report.VerdictDeny}, c.Verdict):
		return f.errorAt(n, "case %s: verdict %q: want pass, warn or deny", c.Name, clip(verdict, 60))
	}
	if err := errors.Join(f.readOutcomes(&c, rules), f.readReport(&c, given, file)); err != nil {
		return err
	}
	if c.Now.IsZero() {
		c.Now = c.Report.Created
	}
	if c.Now.IsZero() {
		c.Now = time.Now()
	}
	f.Cases = append(f.Cases, c)
	return nil
}

func (f *suiteFile) readOutcomes(c *Case, n *yaml.Node) error {
	if n == nil {
		return nil
	}
	known := keys{}
	for _, r := range f.Policy.Rules {
		known[r.ID] = func(v *yaml.Node) error {
			if !slices.Contains([]string{"pass", "warn", "deny", outcomeWaived, outcomeError}, v.Value) {
				return f.errorAt(v, "outcome %q: want pass, warn, deny, waived or error", clip(v.Value, 60))
			}
			c.Rules[r.ID] = v.Value
			return nil
		}
	}
	return f.mapping(n, known)
}

// readReport takes the report from a file or from the fragment in the case.
// Fields that a report does not have are mistakes.
func (f *suiteFile) readReport(c *Case, given, file *yaml.Node) error {
	c.Report = new(report.Report)
	if file != nil {
		r, err := ReadReport(f.beside(file.Value))
		if err != nil {
			return f.errorAt(file, "%v", err)
		}
		c.Report = r
		return nil
	}
	if given == nil {
		return nil
	}
	var plain any
	if err := given.Decode(&plain); err != nil {
		return f.errorAt(given, "%v", err)
	}
	text, err := json.Marshal(plain)
	if err != nil {
		return f.errorAt(given, "%v", err)
	}
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.DisallowUnknownFields()
	if err := dec.Decode(c.Report); err != nil {
		return f.errorAt(given, "case %s: %s", c.Name, strings.TrimPrefix(err.Error(), "json: "))
	}
	complete(c.Report)
	return nil
}

// complete adds what follows from the rest and nobody wants to write.
func complete(r *report.Report) {
	r.Inventory.FillPURLs()
	for i := range r.Findings {
		if p := r.Findings[i].Package; p != nil && p.PURL == "" {
			one := inventory.Inventory{OS: r.Inventory.OS, Packages: []inventory.Package{*p}}
			one.FillPURLs()
			p.PURL = one.Packages[0].PURL
		}
	}
	r.Summarize()
}

// maxReport bounds a stored report.
const maxReport = 1 << 30

// ReadReport reads a report in its JSON form.
func ReadReport(name string) (*report.Report, error) {
	info, err := os.Stat(name)
	if err != nil {
		return nil, fmt.Errorf("read report: %w", err)
	}
	if info.Size() > maxReport {
		return nil, fmt.Errorf("read report %s: more than %d bytes", name, maxReport)
	}
	file, err := os.Open(name)
	if err != nil {
		return nil, fmt.Errorf("read report: %w", err)
	}
	defer file.Close()
	r := new(report.Report)
	if err := json.NewDecoder(file).Decode(r); err != nil {
		return nil, fmt.Errorf("read report %s: %w", name, err)
	}
	if r.Schema != report.Schema {
		return nil, fmt.Errorf("read report %s: schema %q: want %s, which 'boltseal scan --format json' writes", name, clip(r.Schema, 60), report.Schema)
	}
	return r, nil
}

// Run runs all cases. It fails only when the context ends.
func (s *Suite) Run(ctx context.Context) ([]Result, error) {
	var out []Result
	for i := range s.Cases {
		c := &s.Cases[i]
		d, err := Evaluate(ctx, c.Report, c.Now, s.Policy)
		if err != nil {
			return nil, err
		}
		out = append(out, Result{Case: c, Failures: c.compare(d)})
	}
	return out, nil
}

// compare says what of a decision is not as expected.
func (c *Case) compare(d *report.Decision) (failures []string) {
	if c.Verdict != "" && c.Verdict != d.Verdict {
		failures = append(failures, fmt.Sprintf("verdict is %s, want %s", d.Verdict, c.Verdict))
	}
	got := map[string]*report.RuleResult{}
	for i := range d.Rules {
		got[d.Rules[i].ID] = &d.Rules[i]
	}
	for _, id := range slices.Sorted(maps.Keys(c.Rules)) {
		if have := outcome(got[id]); have != c.Rules[id] {
			failures = append(failures, fmt.Sprintf("rule %s: %s, want %s%s", id, have, c.Rules[id], because(got[id])))
		}
	}
	return failures
}

// outcome is what became of a rule, in the words of tests.
func outcome(r *report.RuleResult) string {
	switch {
	case r.Error != "":
		return outcomeError
	case r.Matched == 0 && r.Waived > 0:
		return outcomeWaived
	}
	return string(r.Outcome)
}

func because(r *report.RuleResult) string {
	switch {
	case r.Error != "":
		return ": " + r.Error
	case len(r.Reasons) > 0:
		return ", because " + r.Reasons[0].Text
	}
	return ""
}

// Untested are the rules of the suite's policy that no case sees met, or none
// sees pass: such a rule could be broken without a test that fails.
func (s *Suite) Untested() (never []string) {
	met, passed := map[string]bool{}, map[string]bool{}
	for i := range s.Cases {
		for id, o := range s.Cases[i].Rules {
			met[id] = met[id] || o == "deny" || o == "warn"
			passed[id] = passed[id] || o == "pass"
		}
	}
	for _, r := range s.Policy.Rules {
		if !met[r.ID] || !passed[r.ID] {
			never = append(never, r.ID)
		}
	}
	return never
}
