package cli

import (
	"testing"

	"github.com/boltseal/boltseal/image"
)

// What has no amount yet is said without one.
func TestProgressText(t *testing.T) {
	p := &progress{bytes: map[string]int64{}, total: map[string]int64{}, files: map[int]int{}}
	for _, c := range []struct {
		event image.Event
		want  string
	}{
		{image.Event{Stage: "try", Name: "registry"}, "looking in registry"},
		{image.Event{Stage: "download", Name: "a", Bytes: 1200, Total: -1}, "looking in registry"},
		{image.Event{Stage: "download", Name: "b", Bytes: 2_000_000, Total: -1}, "looking in registry  2.0 MB"},
		{image.Event{Stage: "download", Name: "b", Bytes: 2_000_000, Total: 8_000_000}, "looking in registry  2.0 of 8.0 MB"},
	} {
		p.event(c.event)
		if got := p.text(); got != c.want {
			t.Errorf("after %+v: %q, want %q", c.event, got, c.want)
		}
	}
}
