package osv

import (
	"fmt"
	"testing"

	"github.com/boltseal/boltseal/finding"
	"github.com/boltseal/boltseal/vulndb/feed/feedtest"
)

func TestWithdrawn(t *testing.T) {
	const record = `{"id":"GHSA-1","modified":"2024-01-02T00:00:00Z","summary":%q,%s"affected":[` +
		`{"package":{"ecosystem":"npm","name":"x"},"ranges":[{"type":"SEMVER","events":[{"introduced":"0"}]}]}]}`
	for _, c := range []struct {
		title, field string
		want         finding.Status
	}{
		{"Code execution in x", "", finding.StatusAffected},
		{"Code execution in x", `"withdrawn":"2024-02-03T00:00:00Z",`, finding.StatusWithdrawn},
		{"Withdrawn Advisory: Code execution in x", "", finding.StatusWithdrawn},
		{"WITHDRAWN: code execution in x", "", finding.StatusWithdrawn},
		{"Withdrawn", "", finding.StatusWithdrawn},
		{"Duplicate Advisory: Code execution in x", "", finding.StatusWithdrawn},
		{"Duplicate advisory GHSA-2", "", finding.StatusWithdrawn},
		{"Duplicate advisories crash x", "", finding.StatusAffected},
		{"Withdrawn funds can be paid out twice", "", finding.StatusAffected},
	} {
		got := feedtest.Parse(t, New(), "npm", fmt.Sprintf(record, c.title, c.field))
		if len(got.Advisories) != 1 || got.Advisories[0].Status != c.want {
			t.Errorf("%s %s: %v, want %s", c.title, c.field, got.Lines(), c.want)
		}
		if gone := !got.Vulnerabilities[0].Withdrawn.IsZero(); gone != (c.want == finding.StatusWithdrawn) {
			t.Errorf("%s %s: vulnerability withdrawn %v", c.title, c.field, gone)
		}
	}
}
