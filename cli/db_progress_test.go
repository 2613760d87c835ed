package cli

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/boltseal/boltseal/vulndb/update"
)

func TestUpdateProgress(t *testing.T) {
	u := newUpdateProgress(new(progress))
	var lines []string
	for _, e := range []update.Progress{
		{Step: update.StepWait},
		{Feed: "osv", Artifact: "npm", Of: 4, Step: update.StepDownload, Bytes: 1e6, Total: 4e6},
		{Feed: "osv", Artifact: "npm", Of: 4, Step: update.StepRead, Records: 1000},
		{Feed: "osv", Artifact: "npm", Of: 4, Step: update.StepDone, Records: 1500},
		{Step: update.StepBuild},
	} {
		u.hear(e)
		lines = append(lines, u.p.line)
	}
	want := []string{
		"waiting for another update to end",
		"[....................]  0/4 sources  1.0 of 4.0 MB  download osv/npm",
		"[....................]  0/4 sources  1000 records  1.0 of 4.0 MB  read osv/npm",
		"[#####...............]  1/4 sources  1500 records  1.0 of 4.0 MB",
		"[####################]  writing the database of 1500 records",
	}
	if diff := cmp.Diff(want, lines); diff != "" {
		t.Error(diff)
	}
}
