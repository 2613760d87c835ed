package webshell

import (
	"fmt"
	"strings"

	"github.com/boltseal/boltseal/finding"
	"github.com/boltseal/boltseal/inventory"
	"github.com/boltseal/boltseal/scan/webshell/verdict"
)

// findings turns the verdicts about one file into findings, one for each rule:
// the surest stands for the others, which are counted.
func (s *Scanner) findings(vs []verdict.Verdict) []finding.Finding {
	var out []finding.Finding
	best := make(map[string]verdict.Verdict)
	more := make(map[string]int)
	var order []string
	for _, v := range vs {
		if ranks[v.Confidence] < s.least {
			continue
		}
		old, seen := best[v.Rule.ID]
		if !seen {
			order = append(order, v.Rule.ID)
		} else {
			more[v.Rule.ID]++
		}
		if !seen || ranks[v.Confidence] > ranks[old.Confidence] {
			best[v.Rule.ID] = v
		}
	}
	for _, id := range order {
		out = append(out, toFinding(best[id], more[id]))
	}
	return out
}

const remedy = "Find out how the file came into the image and remove it there; if an image with it ran, treat its containers and their credentials as compromised."

func toFinding(v verdict.Verdict, more int) finding.Finding {
	title := v.Title
	if title == "" {
		title = v.Rule.Title
	}
	evidence := v.Evidence
	if v.Family != "" {
		evidence = strings.TrimSuffix("family "+v.Family+"; "+evidence, "; ")
	}
	if more > 0 {
		evidence = strings.TrimPrefix(fmt.Sprintf("%s; and at %d more places of the file", evidence, more), "; ")
	}
	return finding.Finding{
		Kind:       finding.KindWebShell,
		Severity:   v.Severity,
		Title:      title,
		Rule:       v.Rule,
		Confidence: v.Confidence,
		Evidence:   evidence,
		Trace:      v.Trace,
		Remedy:     remedy,
		Location:   inventory.Location{Line: v.Line},
	}
}
