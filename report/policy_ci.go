package report

import (
	"fmt"
	"strings"

	"github.com/boltseal/boltseal/finding"
)

// junitPolicy are the rules of policies as test cases: one that denies failed;
// one that only warns passed and says so in its output.
func (r *Report) junitPolicy() (out []junitCase) {
	if r.Policy == nil {
		return nil
	}
	for i := range r.Policy.Rules {
		rule := &r.Policy.Rules[i]
		c := junitCase{Class: "policy." + rule.Policy, Name: rule.ID}
		text := cleanLines(rule.lines())
		switch rule.Outcome {
		case VerdictDeny:
			c.Failure = &junitResult{Message: clean("denied: " + rule.because("en", 1)), Type: rule.Severity, Text: text}
		case VerdictWarn:
			c.Output = "warning: " + text
		}
		out = append(out, c)
	}
	return out
}

// lines are the title and all reasons, one a line.
func (r *RuleResult) lines() string {
	lines := []string{r.Title}
	if r.Error != "" {
		lines = append(lines, say("en", "policy-error", r.Error))
	}
	for i := range r.Reasons {
		lines = append(lines, r.Reasons[i].Text)
	}
	if more := r.Matched - len(r.Reasons); more > 0 {
		lines = append(lines, say("en", "policy-more", more))
	}
	return strings.Join(lines, "\n")
}

// sarifPolicy adds the rules of policies that were met: one rule and one result
// each, whose place is the root of the image.
func (r *Report) sarifPolicy(run *sarifRun) {
	if r.Policy == nil {
		return
	}
	for i := range r.Policy.Rules {
		rule := &r.Policy.Rules[i]
		level := map[Verdict]string{VerdictDeny: "error", VerdictWarn: "warning"}[rule.Outcome]
		if level == "" {
			continue
		}
		id := "policy/" + rule.ID
		severity, _ := finding.ParseSeverity(rule.Severity)
		text := fmt.Sprintf("%s by %s: %s", map[Verdict]string{VerdictDeny: "Denied", VerdictWarn: "Warned"}[rule.Outcome], rule.ID, rule.because("en", maxAnnotated))
		run.Results = append(run.Results, sarifResult{
			RuleID: id, RuleIndex: len(run.Tool.Driver.Rules), Level: level, Message: sarifText{Text: text},
			Locations:    []sarifLocation{{Physical: sarifPlace(".")}},
			Fingerprints: map[string]string{"boltseal/v1": finding.NewID("policy", rule.Policy, rule.ID)},
			PartialFingerprints: map[string]string{
				"primaryLocationLineHash": finding.NewID("policy", rule.Policy, rule.ID),
			},
			Properties: map[string]any{"policy": rule.Policy, "matched": rule.Matched, "waived": rule.Waived},
		})
		run.Tool.Driver.Rules = append(run.Tool.Driver.Rules, sarifRule{
			ID: id, Short: sarifText{Text: id}, Full: sarifText{Text: orText(rule.Title, id)}, Help: sarifText{Text: orText(rule.Title, id)},
			Configuration: sarifConfiguration{Level: level},
			Properties: sarifRuleProperties{
				SecuritySeverity: severityScore(severity), Precision: "very-high", Tags: []string{"security", "policy", rule.Severity},
			},
		})
	}
}

func orText(s, or string) string {
	if s == "" {
		return or
	}
	return s
}
