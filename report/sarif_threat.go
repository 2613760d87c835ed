package report

import (
	"cmp"
	"strings"

	"github.com/boltseal/boltseal/finding"
)

// sarifPrecision is how often a rule is right, in GitHub's words. Versions that
// an advisory names are compared exactly.
func sarifPrecision(f *finding.Finding) string {
	switch f.Confidence {
	case finding.ConfidenceLow:
		return "low"
	case finding.ConfidenceMedium:
		return "medium"
	case finding.ConfidenceHigh:
		return "high"
	}
	return "very-high"
}

// describe completes a rule that is not a vulnerability.
func (s *sarifRule) describe(r *finding.Rule) {
	s.Short.Text = s.ID + ": " + cmp.Or(r.Title, s.Full.Text)
	s.Full.Text = cmp.Or(r.Title, s.Full.Text)
	for _, u := range webURLs(r.References) {
		s.HelpURI = cmp.Or(s.HelpURI, u)
	}
	for _, t := range r.Techniques {
		s.Properties.Tags = append(s.Properties.Tags, "external/attack/"+t)
	}
}

// sarifFlows is a trace as SARIF has it, nil without one.
func sarifFlows(f *finding.Finding) []sarifCodeFlow {
	if len(f.Trace) == 0 {
		return nil
	}
	var thread sarifThreadFlow
	for _, s := range f.Trace {
		at := sarifPlace(cmp.Or(f.Location.Path, "."))
		at.Region.StartLine = max(s.Line, 1)
		text := strings.TrimSuffix(s.What+": "+s.Code, ": ")
		thread.Locations = append(thread.Locations, sarifFlowLocation{sarifLocation{Physical: at, Message: &sarifText{Text: text}}})
	}
	return []sarifCodeFlow{{Threads: []sarifThreadFlow{thread}}}
}
