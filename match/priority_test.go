package match

import (
	"testing"

	"github.com/boltseal/boltseal/finding"
)

func TestPriority(t *testing.T) {
	kev, ransom := &finding.KEV{}, &finding.KEV{Ransomware: true}
	epss := func(score float64) *finding.EPSS { return &finding.EPSS{Score: score} }
	for _, c := range []struct {
		name string
		f    finding.Finding
		v    *finding.Vulnerability
		want float64
	}{
		{"everything", finding.Finding{Severity: finding.Critical, FixedVersion: "2"}, &finding.Vulnerability{KEV: ransom}, 100},
		{"exploited, no fix", finding.Finding{Severity: finding.Critical}, &finding.Vulnerability{KEV: kev}, 80},
		{"KEV counts before EPSS", finding.Finding{Severity: finding.Low}, &finding.Vulnerability{KEV: kev, EPSS: epss(0.01)}, 48},
		{"EPSS 0.25", finding.Finding{Severity: finding.High, FixedVersion: "2"}, &finding.Vulnerability{EPSS: epss(0.25)}, 65},
		{"EPSS beyond its range", finding.Finding{Severity: finding.Negligible}, &finding.Vulnerability{EPSS: epss(7)}, 42},
		{"nothing known", finding.Finding{}, nil, 12},
		{"will not fix", finding.Finding{Severity: finding.Medium, Status: finding.StatusWillNotFix}, nil, 8},
		{"deferred, never below 0", finding.Finding{Severity: finding.Negligible, Status: finding.StatusDeferred}, nil, 0},
		{"malware", finding.Finding{Kind: finding.KindMalware, Severity: finding.Critical}, nil, 95},
	} {
		c.f.Vulnerability = c.v
		if got := Priority(&c.f); got != c.want {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

func TestSort(t *testing.T) {
	row := func(pkg string, priority float64, suppressed bool) finding.Finding {
		f := finding.Finding{ID: pkg, Priority: priority}
		if suppressed {
			f.Suppressed = &finding.Suppression{}
		}
		return f
	}
	fs := []finding.Finding{row("d", 99, true), row("b", 10, false), row("c", 50, false), row("a", 10, false)}
	Sort(fs)
	got := ""
	for _, f := range fs {
		got += f.ID
	}
	if got != "cabd" {
		t.Errorf("order %s", got)
	}
}
