package cli

import (
	"fmt"
	"strings"

	"github.com/boltseal/boltseal/vulndb/update"
)

// updateProgress turns the steps of an update into one line: a bar of the
// sources that are done, what is being done, and how much there was of it.
type updateProgress struct {
	p       *progress
	done    int
	records map[string]int
	bytes   map[string]int64
	total   map[string]int64
}

func newUpdateProgress(p *progress) *updateProgress {
	return &updateProgress{p: p, records: map[string]int{}, bytes: map[string]int64{}, total: map[string]int64{}}
}

// hear is update.Options.Progress.
func (u *updateProgress) hear(e update.Progress) {
	u.p.mu.Lock()
	defer u.p.mu.Unlock()
	name := e.Feed + "/" + e.Artifact
	switch e.Step {
	case update.StepWait:
		u.p.line = "waiting for another update to end"
		return
	case update.StepBuild:
		u.p.line = fmt.Sprintf("%s  writing the database of %d records", bar(1, 1), sum(u.records))
		return
	case update.StepDone:
		u.done++
	case update.StepDownload:
		u.bytes[name], u.total[name] = e.Bytes, e.Total
	}
	u.records[name] = max(u.records[name], e.Records)
	u.p.line = u.text(e, name)
}

func (u *updateProgress) text(e update.Progress, name string) string {
	parts := []string{bar(u.done, e.Of), fmt.Sprintf("%d/%d sources", u.done, e.Of)}
	if n := sum(u.records); n > 0 {
		parts = append(parts, fmt.Sprintf("%d records", n))
	}
	if bytes, total := sum(u.bytes), sum(u.total); bytes > 0 {
		part := fmt.Sprintf("%.1f MB", float64(bytes)/1e6)
		if total > bytes {
			part = fmt.Sprintf("%.1f of %.1f MB", float64(bytes)/1e6, float64(total)/1e6)
		}
		parts = append(parts, part)
	}
	if e.Step != update.StepDone {
		parts = append(parts, fmt.Sprintf("%s %s", e.Step, name))
	}
	return strings.Join(parts, "  ")
}

// barWidth is how many columns the bar itself has.
const barWidth = 20

// bar draws how much is done.
func bar(done, of int) string {
	filled := barWidth * done / max(of, 1)
	return "[" + strings.Repeat("#", filled) + strings.Repeat(".", barWidth-filled) + "]"
}

func sum[N int | int64](counts map[string]N) (n N) {
	for _, c := range counts {
		n += c
	}
	return n
}
