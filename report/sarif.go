package report

import (
	"cmp"
	"fmt"
	"io"
	"net/url"
	"strings"

	"github.com/boltseal/boltseal/finding"
)

// SARIF writes the findings for code scanning services: one rule per
// vulnerability, one result per finding. Withdrawn findings carry a
// suppression.
// Source: OASIS SARIF 2.1.0 with errata 1; the properties "security-severity"
// and "tags" as GitHub's code scanning reads them.
func SARIF(w io.Writer, r *Report, _ Options) error {
	run := sarifRun{
		Tool: sarifTool{Driver: sarifDriver{
			Name: "Boltseal", Version: r.Tool.Version, InformationURI: homepage, Rules: []sarifRule{},
		}},
		Invocations: []sarifInvocation{r.sarifInvocation()},
		BaseIDs: map[string]sarifArtifact{sarifRoot: {Description: &sarifText{
			Text: "The root directory of " + r.Target.fullName() + "."}}},
		Results: []sarifResult{},
		Properties: map[string]string{
			"target": r.Target.fullName(), "digest": r.Target.anyDigest(),
		},
	}
	rules := map[string]int{}
	for i := range r.Findings {
		f := &r.Findings[i]
		id := ruleID(f)
		n, ok := rules[id]
		if !ok {
			n = len(rules)
			rules[id] = n
			run.Tool.Driver.Rules = append(run.Tool.Driver.Rules, sarifRuleOf(f))
		}
		run.Results = append(run.Results, r.sarifResult(f, n))
	}
	r.sarifPolicy(&run)
	return writeJSON(w, sarifLog{
		Schema:  "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
		Version: "2.1.0", Runs: []sarifRun{run},
	})
}

// sarifRoot stands for the root of the image in locations.
const sarifRoot = "ROOTFS"

func (r *Report) sarifInvocation() sarifInvocation {
	inv := sarifInvocation{Successful: !r.Partial}
	note := func(level, text, path string) {
		n := sarifNotification{Level: level, Message: sarifText{Text: text}}
		if path != "" {
			n.Locations = []sarifLocation{{Physical: sarifPlace(path)}}
		}
		inv.Notifications = append(inv.Notifications, n)
	}
	for _, is := range r.Inventory.Issues {
		note("error", is.Message, is.File)
	}
	for _, n := range r.Notices {
		note("warning", n.Text, "")
	}
	return inv
}

func sarifRuleOf(f *finding.Finding) sarifRule {
	id := ruleID(f)
	rule := sarifRule{
		ID: id, Short: sarifText{Text: id + ": " + headline(f)}, Full: sarifText{Text: headline(f)},
		Configuration: sarifConfiguration{Level: sarifLevel(f.Severity)},
		HelpURI:       page(f.Vulnerability),
		Properties: sarifRuleProperties{
			SecuritySeverity: sarifScore(f), Precision: sarifPrecision(f),
			Tags: []string{"security", string(f.Kind), f.Severity.String()},
		},
	}
	help := []string{headline(f)}
	if v := f.Vulnerability; v != nil {
		if v.Description != "" {
			rule.Full.Text = v.Description
			help = append(help, v.Description)
		}
		if v.KEV != nil {
			rule.Properties.Tags = append(rule.Properties.Tags, "exploited")
			help = append(help, "CISA lists it as exploited in the wild.")
		}
		help = append(help, webURLs(v.References)...)
	}
	if f.Rule != nil {
		help = append(help, f.Remedy)
		rule.describe(f.Rule)
	}
	rule.Help = sarifText{Text: strings.Join(help, "\n\n")}
	return rule
}

func (r *Report) sarifResult(f *finding.Finding, rule int) sarifResult {
	res := sarifResult{
		RuleID: ruleID(f), RuleIndex: rule, Level: sarifLevel(f.Severity),
		Message:             sarifText{Text: fmt.Sprintf("%s: %s. %s", subject(f), headline(f), remedy(f))},
		Fingerprints:        map[string]string{"boltseal/v1": f.ID},
		PartialFingerprints: map[string]string{"primaryLocationLineHash": f.ID},
		Properties: map[string]any{
			"priority": f.Priority, "severity": f.Severity.String(), "status": f.Status,
			"fixedVersion": f.FixedVersion, "layer": f.Location.Layer, "evidence": f.Evidence,
		},
	}
	loc := sarifLocation{Physical: sarifPlace(cmp.Or(f.Location.Path, "."))}
	loc.Physical.Region = sarifRegion{StartLine: max(f.Location.Line, 1), EndLine: f.Location.EndLine}
	res.CodeFlows = sarifFlows(f)
	if l := r.Target.Layer(f.Location.Layer); l != nil {
		loc.Message = &sarifText{Text: cmp.Or("layer made by: "+l.CreatedBy, f.Location.Layer)}
	}
	if f.Package != nil {
		res.Properties["purl"] = f.Package.PURL
		loc.Logical = append(loc.Logical, sarifLogical{Name: f.Package.Name, FullName: subject(f), Kind: "package"})
	}
	if f.Location.Layer != "" {
		loc.Logical = append(loc.Logical, sarifLogical{FullName: f.Location.Layer, Kind: "layer"})
	}
	res.Locations = []sarifLocation{loc}
	if s := f.Suppressed; s != nil {
		res.Suppressions = []sarifSuppression{{
			Kind: "external", Status: "accepted",
			Justification: strings.TrimSpace(fmt.Sprintf("%s: %s %s", s.By, s.Reason, s.Source)),
		}}
	}
	return res
}

func sarifPlace(path string) *sarifPhysical {
	// A relative reference with a colon in its first segment would be read as
	// a scheme; url.URL puts "./" before it.
	u := url.URL{Path: path}
	return &sarifPhysical{Artifact: sarifArtifactLocation{URI: u.String(), BaseID: sarifRoot}, Region: sarifRegion{StartLine: 1}}
}

func sarifLevel(s finding.Severity) string {
	switch s {
	case finding.Critical, finding.High:
		return "error"
	case finding.Medium, finding.Unknown:
		return "warning"
	}
	return "note"
}

// sarifScore is the CVSS score, or one in the middle of the severity's range.
func sarifScore(f *finding.Finding) string {
	if s, _ := score(f); s > 0 && finding.FromScore(s) == f.Severity {
		return fmt.Sprintf("%.1f", s)
	}
	return severityScore(f.Severity)
}

// severityScore is a score in the middle of a severity's range.
func severityScore(s finding.Severity) string {
	return [...]string{"0.0", "0.1", "2.0", "5.5", "8.0", "9.5"}[min(s, finding.Critical)]
}
