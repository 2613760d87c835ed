package report

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"strings"

	"github.com/boltseal/boltseal/inventory"
)

// Explain says why the decision is a denial: a line for each rule that denies,
// with its first reasons. It is "" when none does.
func (d *Decision) Explain() string {
	var parts []string
	for _, r := range d.Denials() {
		parts = append(parts, clean(fmt.Sprintf("denied by %s, because %s", r.ID, r.because("en", 2))))
	}
	const most = 5
	if n := len(parts); n > most {
		parts = append(parts[:most], fmt.Sprintf("and by %d more rules", n-most))
	}
	return strings.Join(parts, "\n")
}

// because joins the first n reasons and counts the rest.
func (r *RuleResult) because(lang string, n int) string {
	if r.Error != "" {
		return say(lang, "policy-error", r.Error)
	}
	var texts []string
	for i := range r.Reasons[:min(n, len(r.Reasons))] {
		texts = append(texts, r.Reasons[i].in(lang))
	}
	if more := r.Matched - len(texts); more > 0 {
		texts = append(texts, say(lang, "policy-more", more))
	}
	return strings.Join(texts, say(lang, "policy-join"))
}

// in gives the reason in the reader's language.
func (r *Reason) in(lang string) string {
	if strings.HasPrefix(lang, "zh") {
		return cmp.Or(r.TextZH, r.Text)
	}
	return r.Text
}

// name is the rule's ID with its title.
func (r *RuleResult) name(lang string) string {
	title := r.Title
	if strings.HasPrefix(lang, "zh") {
		title = cmp.Or(r.TitleZH, title)
	}
	if title == "" {
		return r.ID
	}
	return r.ID + "  " + title
}

// PolicyText writes a decision for people, without the rest of a report.
func PolicyText(w io.Writer, r *Report, o Options) error {
	t := &table{w: bufio.NewWriter(w), r: r, o: o}
	t.header()
	t.policy()
	return t.w.Flush()
}

// policy explains the decision.
func (t *table) policy() {
	d := t.r.Policy
	if d == nil {
		return
	}
	color := map[Verdict]style{VerdictPass: green, VerdictWarn: yellow, VerdictDeny: red}
	denied, warned := d.Denials(), d.with(VerdictWarn)
	t.line("\n%s", t.style(bold, t.say("policy-"+string(d.Verdict), clean(strings.Join(d.Policies, ", ")), len(denied), len(warned), len(d.Rules))))
	for _, r := range append(denied, warned...) {
		t.line("  %s  %s", t.style(color[r.Outcome], t.say("outcome-"+string(r.Outcome))), clean(r.name(t.o.Lang)))
		if r.Error != "" {
			t.line("      %s", clean(t.say("policy-error", r.Error)))
		}
		for i := range r.Reasons {
			t.line("      %s", clean(r.Reasons[i].in(t.o.Lang)))
		}
		if more := r.Matched - len(r.Reasons); more > 0 {
			t.line("      %s", t.style(dim, t.say("policy-more", more)))
		}
	}
	t.waivers(d)
}

func (t *table) waivers(d *Decision) {
	for i := range d.Waivers {
		w := &d.Waivers[i]
		line := t.say("waived", w.Matched, w.Rule, w.Owner, w.Reason, w.Expires)
		color := dim
		if w.Expired {
			line, color = t.say("waiver-expired", w.Rule, w.Owner, w.Expires, w.Matched, w.Source), red
		}
		t.line("  %s", t.style(color, clean(line)))
	}
}

// annotatePolicy writes the rules that were met as annotations.
func annotatePolicy(w io.Writer, d *Decision) {
	if d == nil {
		return
	}
	level := map[Verdict]string{VerdictDeny: "error", VerdictWarn: "warning"}
	for i := range d.Rules {
		if r := &d.Rules[i]; level[r.Outcome] != "" {
			annotate(w, level[r.Outcome], inventory.Location{}, strings.TrimSuffix("Policy "+r.ID+": "+r.Title, ": "), r.because("en", maxAnnotated))
		}
	}
	for i := range d.Waivers {
		if u := &d.Waivers[i]; u.Expired {
			annotate(w, "warning", inventory.Location{}, "Policy: expired waiver", say("en", "waiver-expired", u.Rule, u.Owner, u.Expires, u.Matched, u.Source))
		}
	}
}

// maxAnnotated is how many reasons one annotation gives.
const maxAnnotated = 5
