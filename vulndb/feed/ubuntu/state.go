package ubuntu

import (
	"strings"

	"github.com/boltseal/boltseal/finding"
	"github.com/boltseal/boltseal/vulndb"
)

// state is where one package of one release stands.
type state struct {
	Status   string `json:"status"`
	Note     string `json:"note"`
	Priority string `json:"priority"`
}

// judge sets the status and range, and reports whether there is a statement at
// all: "DNE" says that the release has no such package, and a release without
// a version says nothing. "pending" names the version that is about to be
// released, so the package stays affected until that is installed.
func (s *state) judge(a *vulndb.Advisory) bool {
	switch s.Status {
	case "released", "pending":
		fixed := version(s.Note)
		if fixed != "" {
			a.Ranges = []vulndb.Range{{Fixed: fixed}}
		}
		if s.Status == "pending" {
			a.Status = finding.StatusAffected
			return true
		}
		a.Status = finding.StatusFixed
		return fixed != ""
	case "needed":
		a.Status = finding.StatusAffected
	case "needs-triage", "in-progress":
		a.Status = finding.StatusUnderInvestigation
	case "not-affected":
		a.Status = finding.StatusNotAffected
	case "deferred":
		a.Status = finding.StatusDeferred
	case "ignored":
		a.Status = finding.StatusWillNotFix
		if strings.HasPrefix(s.Note, "end of") {
			a.Status = finding.StatusEndOfLife
		}
	default:
		return false
	}
	return true
}

// version is the first word of a note when it looks like a package version.
func version(note string) string {
	word, _, _ := strings.Cut(strings.TrimSpace(note), " ")
	word = strings.TrimRight(word, ",")
	if word == "" || word[0] < '0' || word[0] > '9' {
		return ""
	}
	return word
}

// severity reads a priority; what is not a grade is Unknown.
func severity(priority string) finding.Severity {
	s, err := finding.ParseSeverity(priority)
	if err != nil {
		return finding.Unknown
	}
	return s
}
