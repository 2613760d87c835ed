package ubuntu

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/boltseal/boltseal/finding"
)

// scores are CVSS vectors by who assigned them, with the score behind:
// "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H [7.5 HIGH]".
type scores map[string]string

// severities are the scores in alphabetical order of who assigned them.
func (s scores) severities() []finding.SourcedSeverity {
	var out []finding.SourcedSeverity
	for _, source := range slices.Sorted(maps.Keys(s)) {
		vector, rest, _ := strings.Cut(strings.TrimSpace(s[source]), " [")
		if !strings.HasPrefix(vector, "CVSS:") {
			continue
		}
		number, _, _ := strings.Cut(rest, " ")
		score, err := strconv.ParseFloat(number, 64)
		if err != nil || !(score >= 0 && score <= 10) {
			score = 0
		}
		out = append(out, finding.SourcedSeverity{
			Source: source, Severity: finding.FromScore(score), Score: score, Vector: vector,
		})
	}
	return out
}
