package report

// Decision is what policies say about a report: the answer, and for each rule
// why. Package policy makes it.
type Decision struct {
	// Verdict is the worst outcome of a rule: pass, warn or deny.
	Verdict Verdict `json:"verdict"`
	// Policies are the sets that were asked, in order.
	Policies []string `json:"policies"`
	// Rules are those of all sets, in order.
	Rules []RuleResult `json:"rules"`
	// Waivers are those that met something, and all that have expired.
	Waivers []WaiverUse `json:"waivers,omitempty"`
}

// Verdict is what becomes of an asset, or of one rule.
type Verdict string

// The verdicts, in order.
const (
	VerdictPass Verdict = "pass"
	VerdictWarn Verdict = "warn"
	VerdictDeny Verdict = "deny"
)

// RuleResult is what one rule says.
type RuleResult struct {
	ID       string `json:"id"`
	Policy   string `json:"policy"`
	Title    string `json:"title,omitempty"`
	TitleZH  string `json:"titleZh,omitempty"`
	Severity string `json:"severity"`
	// Outcome is pass when nothing met the rule or all that did is waived.
	Outcome Verdict `json:"outcome"`
	// Matched counts what met the rule and is not waived, Waived what is.
	Matched int `json:"matched"`
	Waived  int `json:"waived,omitempty"`
	// Reasons name the first of what met the rule.
	Reasons []Reason `json:"reasons,omitempty"`
	// Error says why the rule could not be judged. Then its outcome is that of
	// a rule that was met: what cannot be judged does not pass.
	Error string `json:"error,omitempty"`
}

// Reason is one thing that met a rule.
type Reason struct {
	// Finding is a finding's ID, Package a package URL, Layer a diff ID: what
	// the rule was asked about; none when it is about the whole report.
	Finding string `json:"finding,omitempty"`
	Package string `json:"package,omitempty"`
	Layer   string `json:"layer,omitempty"`
	Path    string `json:"path,omitempty"`
	// Text is the rule's message about it, in English and, if the rule has
	// one, in Chinese.
	Text   string `json:"text"`
	TextZH string `json:"textZh,omitempty"`
}

// WaiverUse is a waiver and what it did.
type WaiverUse struct {
	Rule   string `json:"rule"`
	Owner  string `json:"owner"`
	Reason string `json:"reason"`
	// Expires is the last day on which it counts, YYYY-MM-DD.
	Expires string `json:"expires"`
	// Expired waivers excuse nothing; Matched is what they would have.
	Expired bool `json:"expired,omitempty"`
	Matched int  `json:"matched"`
	// Source is the policy's file and line.
	Source string `json:"source"`
}

// Denials are the rules that deny.
func (d *Decision) Denials() []*RuleResult { return d.with(VerdictDeny) }

func (d *Decision) with(v Verdict) (out []*RuleResult) {
	for i := range d.Rules {
		if d.Rules[i].Outcome == v {
			out = append(out, &d.Rules[i])
		}
	}
	return out
}
