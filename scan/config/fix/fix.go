// Package fix repairs configuration files where the repair is mechanical: settings
// of containers in Kubernetes manifests, options of commands in Dockerfiles. It
// changes the lines at fault and no others, so that comments and formatting stay,
// and gives a file back unchanged rather than risk it: what it made is parsed again
// and must hold all that the file held.
package fix

import (
	"bytes"
	"slices"
	"strings"

	"github.com/boltseal/boltseal/finding"
)

// Text repairs one file for the findings about it. kubernetes says whether it is a
// manifest; otherwise it is a Dockerfile. It gives back the new text, the same
// when nothing could be done, and how many of the findings it repaired.
func Text(text []byte, kubernetes bool, found []finding.Finding) ([]byte, int) {
	repair, check := instructions, sameInstructions
	if kubernetes {
		repair, check = containers, nothingLost
	}
	edits, n := repair(text, found)
	if len(edits) == 0 {
		return text, 0
	}
	out := apply(text, edits)
	if !check(text, out) {
		return text, 0
	}
	return out, n
}

// checkID is the id of a finding's check: "KSV-0014".
func checkID(f *finding.Finding) string {
	if f.Rule == nil || f.Suppressed != nil {
		return ""
	}
	return strings.ToUpper(strings.TrimPrefix(f.Rule.ID, "config/"))
}

// edit replaces the bytes from start to end.
type edit struct {
	start, end int
	text       string
}

// apply makes all edits, which must not overlap.
func apply(text []byte, edits []edit) []byte {
	slices.SortStableFunc(edits, func(a, b edit) int { return a.start - b.start })
	var out bytes.Buffer
	at := 0
	for _, e := range edits {
		if e.start < at || e.end > len(text) {
			continue
		}
		out.Write(text[at:e.start])
		out.WriteString(e.text)
		at = e.end
	}
	out.Write(text[at:])
	return out.Bytes()
}

// lineStarts are the offsets of lines; index 0 is line 1, and one more follows the last.
func lineStarts(text []byte) []int {
	starts := []int{0}
	for i, c := range text {
		if c == '\n' {
			starts = append(starts, i+1)
		}
	}
	return append(starts, len(text))
}
