package report

import (
	"cmp"
	"fmt"
	"io"
	"strings"

	"github.com/boltseal/boltseal/finding"
)

// gitlabVersion is the version of GitLab's report schema, which GitLab 15.0 and
// later accept.
const gitlabVersion = "15.0.7"

// GitLab writes a container scanning report for GitLab's security dashboard.
// Withdrawn findings are left out.
// Source: gitlab-org/security-products/security-report-schemas, container scanning, 15.0.7.
func GitLab(w io.Writer, r *Report, _ Options) error {
	const clock = "2006-01-02T15:04:05" // the schema has no zone
	tool := gitlabTool{ID: "boltseal", Name: "Boltseal", URL: homepage, Version: cmp.Or(r.Tool.Version, "dev"), Vendor: gitlabVendor{"Boltseal"}}
	doc := gitlabReport{
		Version: gitlabVersion,
		Schema:  "https://gitlab.com/gitlab-org/security-products/security-report-schemas/-/raw/v" + gitlabVersion + "/dist/container-scanning-report-format.json",
		Scan: gitlabScan{
			Analyzer: tool, Scanner: tool, Type: "container_scanning", Status: "success",
			Start: r.Created.UTC().Format(clock), End: r.Created.UTC().Format(clock),
		},
		Vulnerabilities: []gitlabVulnerability{},
	}
	if r.Partial {
		doc.Scan.Status = "failure"
	}
	for _, is := range r.Inventory.Issues {
		doc.Scan.Messages = append(doc.Scan.Messages, gitlabMessage{"warn", strings.TrimSpace(is.File + ": " + is.Message)})
	}
	for _, n := range r.Notices {
		doc.Scan.Messages = append(doc.Scan.Messages, gitlabMessage{"info", n.Text})
	}
	for i := range r.Findings {
		if f := &r.Findings[i]; f.Suppressed == nil {
			doc.Vulnerabilities = append(doc.Vulnerabilities, r.gitlabFinding(f))
		}
	}
	return writeJSON(w, doc)
}

type gitlabReport struct {
	Version         string                `json:"version"`
	Schema          string                `json:"schema"`
	Scan            gitlabScan            `json:"scan"`
	Vulnerabilities []gitlabVulnerability `json:"vulnerabilities"`
}

type gitlabScan struct {
	Analyzer gitlabTool      `json:"analyzer"`
	Scanner  gitlabTool      `json:"scanner"`
	Type     string          `json:"type"`
	Start    string          `json:"start_time"`
	End      string          `json:"end_time"`
	Status   string          `json:"status"`
	Messages []gitlabMessage `json:"messages,omitempty"`
}

type gitlabTool struct {
	ID      string       `json:"id"`
	Name    string       `json:"name"`
	URL     string       `json:"url"`
	Version string       `json:"version"`
	Vendor  gitlabVendor `json:"vendor"`
}

type gitlabVendor struct {
	Name string `json:"name"`
}

type gitlabMessage struct {
	Level string `json:"level"`
	Value string `json:"value"`
}

type gitlabVulnerability struct {
	ID          string             `json:"id"`
	Name        string             `json:"name"`
	Description string             `json:"description,omitempty"`
	Severity    string             `json:"severity"`
	Solution    string             `json:"solution,omitempty"`
	Identifiers []gitlabIdentifier `json:"identifiers"`
	Links       []gitlabLink       `json:"links,omitempty"`
	Location    gitlabLocation     `json:"location"`
}

type gitlabIdentifier struct {
	Type  string `json:"type"`
	Name  string `json:"name"`
	Value string `json:"value"`
	URL   string `json:"url,omitempty"`
}

type gitlabLink struct {
	URL string `json:"url"`
}

type gitlabLocation struct {
	Dependency      gitlabDependency `json:"dependency"`
	OperatingSystem string           `json:"operating_system"`
	Image           string           `json:"image"`
}

type gitlabDependency struct {
	Package gitlabVendor `json:"package"`
	Version string       `json:"version"`
}

func (r *Report) gitlabFinding(f *finding.Finding) gitlabVulnerability {
	v := gitlabVulnerability{
		ID: f.ID, Name: clip(headline(f), 255), Severity: gitlabSeverity(f.Severity), Solution: clip(remedy(f), 7000),
		Description: clip(headline(f), 1<<20), Location: r.gitlabLocation(f),
	}
	ids := []string{ruleID(f)}
	if f.Vulnerability != nil {
		ids = append(ids, f.Vulnerability.Aliases...)
		v.Description = clip(cmp.Or(f.Vulnerability.Description, v.Description), 1<<20)
		for _, u := range webURLs(f.Vulnerability.References) {
			v.Links = append(v.Links, gitlabLink{u})
		}
	}
	for _, id := range ids[:min(len(ids), 20)] {
		kind, _, _ := strings.Cut(strings.ToLower(id), "-")
		i := gitlabIdentifier{Type: kind, Name: id, Value: id}
		if f.Vulnerability != nil {
			i.URL = identifierPage(id)
		}
		v.Identifiers = append(v.Identifiers, i)
	}
	return v
}

func (r *Report) gitlabLocation(f *finding.Finding) gitlabLocation {
	l := gitlabLocation{OperatingSystem: "unknown", Image: r.gitlabImage()}
	l.Dependency.Package.Name = subject(f)
	if f.Rule == nil && f.Package != nil {
		l.Dependency.Package.Name, l.Dependency.Version = f.Package.Name, f.Package.Version
	}
	if os := r.Inventory.OS; os != nil {
		l.OperatingSystem = clip(strings.TrimSpace(os.ID+" "+os.VersionID), 255)
	}
	return l
}

// gitlabImage names the image as the schema wants it, with a tag or digest.
func (r *Report) gitlabImage() string {
	name := r.Target.Name
	if r.Target.Kind != "registry" {
		name = r.Target.fullName()
	}
	_, base := name[:strings.LastIndexByte(name, '/')+1], name[strings.LastIndexByte(name, '/')+1:]
	if !strings.Contains(base, ":") && r.Target.Kind == "registry" {
		if r.Target.Digest != "" {
			return clip(name+"@"+r.Target.Digest, 255)
		}
		return clip(name+":latest", 255)
	}
	return clip(name, 255)
}

func gitlabSeverity(s finding.Severity) string {
	if s == finding.Negligible {
		return "Info"
	}
	name := s.String()
	return fmt.Sprintf("%c%s", name[0]-'a'+'A', name[1:])
}
