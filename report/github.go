package report

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"github.com/boltseal/boltseal/finding"
	"github.com/boltseal/boltseal/inventory"
)

// GitHub writes workflow commands that the runner shows as annotations, worst
// first, because it shows only the first ten of each level.
// Source: GitHub Docs, "Workflow commands for GitHub Actions".
func GitHub(w io.Writer, r *Report, _ Options) error {
	b := bufio.NewWriter(w)
	if r.Partial {
		annotate(b, "error", inventory.Location{}, "Boltseal: partial result", fmt.Sprintf("%d places could not be read.", len(r.Inventory.Issues)))
	}
	for _, n := range r.Notices {
		annotate(b, "warning", inventory.Location{}, "Boltseal", n.Text)
	}
	annotatePolicy(b, r.Policy)
	for i := range r.Findings {
		f := &r.Findings[i]
		if f.Suppressed != nil {
			continue
		}
		title := fmt.Sprintf("%s %s in %s", f.Severity, ruleID(f), subject(f))
		annotate(b, annotationLevel(f), f.Location, title, strings.TrimSpace(headline(f)+"\n"+remedy(f)))
	}
	return b.Flush()
}

func annotationLevel(f *finding.Finding) string {
	switch {
	case f.Severity >= finding.High:
		return "error"
	case f.Severity == finding.Medium || f.Severity == finding.Unknown:
		return "warning"
	}
	return "notice"
}

// Characters that end a command or a property of it are percent-encoded.
var (
	commandData     = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	commandProperty = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
)

func annotate(w io.Writer, level string, at inventory.Location, title, message string) {
	properties := "title=" + commandProperty.Replace(clean(title))
	if at.Line > 0 {
		properties = fmt.Sprintf("line=%d,%s", at.Line, properties)
	}
	if at.Path != "" {
		properties = "file=" + commandProperty.Replace(clean(at.Path)) + "," + properties
	}
	fmt.Fprintf(w, "::%s %s::%s\n", level, properties, commandData.Replace(cleanLines(message)))
}

// cleanLines cleans text but keeps its lines.
func cleanLines(s string) string {
	lines := strings.Split(s, "\n")
	for i := range lines {
		lines[i] = clean(lines[i])
	}
	return strings.Join(lines, "\n")
}
