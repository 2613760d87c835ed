package report

import (
	"strconv"
	"strings"

	"github.com/boltseal/boltseal/finding"
)

// rule fills in what all findings of a rule have in common.
func (d *pageData) rule(out pageVulnerability, f *finding.Finding) pageVulnerability {
	out.Malicious = false
	if f.Rule == nil {
		return out
	}
	out.Title = clean(what(d.lang, f))
	fs := d.fact(nil, "html-techniques", strings.Join(f.Rule.Techniques, " "))
	out.Facts = d.references(fs, webURLs(f.Rule.References))
	return out
}

// evidence is why this finding stands: what the rule saw, the way the data
// took, and what to do.
func (d *pageData) evidence(f *finding.Finding) []fact {
	fs := d.fact(nil, "html-evidence", f.Evidence)
	var steps []string
	for _, s := range f.Trace {
		line := s.What
		if s.Line > 0 {
			line = strconv.Itoa(s.Line) + "  " + line
		}
		steps = append(steps, strings.TrimSuffix(line+": "+s.Code, ": "))
	}
	fs = d.fact(fs, "html-trace", strings.Join(steps, "\n"))
	fs = d.fact(fs, "html-remedy", f.Remedy)
	if f.Confidence != "" {
		fs = d.fact(fs, "html-confidence", say(d.lang, "confidence-"+string(f.Confidence)))
	}
	return fs
}
