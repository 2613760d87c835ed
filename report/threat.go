package report

import (
	"fmt"
	"strings"

	"github.com/boltseal/boltseal/finding"
)

// spot is where a threat is: "path:line", or what stands for it when it is not
// in a file.
func spot(f *finding.Finding) string {
	switch {
	case f.Package != nil:
		return strings.TrimSpace(f.Package.Name + " " + f.Package.Version)
	case f.Location.Path == "":
		return "image configuration"
	case f.Location.Line > 0:
		return fmt.Sprintf("%s:%d", f.Location.Path, f.Location.Line)
	}
	return f.Location.Path
}

// what is a threat in half a line, in the reader's language where the rule
// speaks it.
func what(lang string, f *finding.Finding) string {
	title := headline(f)
	if f.Rule != nil && f.Rule.TitleZH != "" && strings.HasPrefix(lang, "zh") {
		title = f.Rule.TitleZH
	}
	if f.Presence != "" {
		title = say(lang, string(f.Presence)) + " · " + title
	}
	if flow := flow(f); flow != "" {
		title += " · " + flow
	}
	return title
}

// flow is a trace in one line: "request input (3) → base64_decode → eval (9)".
// A line is named where it differs from the step before.
func flow(f *finding.Finding) string {
	var steps []string
	line := 0
	for _, s := range f.Trace {
		text := s.What
		if s.Line > 0 && s.Line != line {
			text = fmt.Sprintf("%s (%d)", text, s.Line)
			line = s.Line
		}
		steps = append(steps, text)
	}
	return strings.Join(steps, " → ")
}

// kindOrder is the order of the kinds' names in summaries.
var kindOrder = []finding.Kind{
	finding.KindVulnerability, finding.KindMalware, finding.KindWebShell, finding.KindSecret, finding.KindMisconfiguration, finding.KindLicense,
}

// kinds writes "30 vulnerabilities, 2 secrets".
func kinds(lang string, n map[string]int) string {
	var parts []string
	for _, k := range kindOrder {
		if c := n[string(k)]; c > 0 {
			parts = append(parts, say(lang, "n-kind", c, say(lang, "kind-"+string(k))))
		}
	}
	return list(lang, parts)
}
