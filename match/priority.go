package match

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"github.com/boltseal/boltseal/finding"
)

// severity chooses the grade that counts: the distribution's or ecosystem's own
// for this package, because it knows how the package is built; else the first
// source's, in the order that the database gives them.
func severity(f *finding.Finding, own finding.Severity) finding.Severity {
	if f.Kind == finding.KindMalware {
		return finding.Critical
	}
	if own != finding.Unknown {
		return own
	}
	for _, s := range f.Vulnerability.Severities {
		if s.Severity != finding.Unknown {
			return s.Severity
		}
	}
	return finding.Unknown
}

// Priority is the order in which a finding deserves work, 0 to 100:
//
//	impact        up to 40   severity: critical 40, high 30, medium 18, unknown 12, low 8, negligible 2
//	exploitation  up to 45   listed in KEV 40 (known ransomware use 45), else 40 x sqrt(EPSS)
//	remedy        up to 15   a fixed version exists 15
//
// The square root spreads EPSS, most of whose scores are far below 0.1. What
// maintainers decided not to repair because it hardly matters (will not fix,
// deferred) loses 10. What a rule found in a file is rated by rulePriority.
// docs/priority.md explains the choice with examples.
func Priority(f *finding.Finding) float64 {
	if f.Rule != nil {
		return rulePriority(f)
	}
	impact := [...]float64{
		finding.Unknown: 12, finding.Negligible: 2, finding.Low: 8,
		finding.Medium: 18, finding.High: 30, finding.Critical: 40,
	}
	p := impact[f.Severity]
	if v := f.Vulnerability; v != nil {
		switch {
		case v.KEV != nil && v.KEV.Ransomware:
			p += 45
		case v.KEV != nil:
			p += 40
		case v.EPSS != nil:
			p += 40 * math.Sqrt(min(max(v.EPSS.Score, 0), 1))
		}
	}
	if f.FixedVersion != "" {
		p += 15
	}
	if f.Kind == finding.KindMalware {
		p = 95
	}
	if f.Status == finding.StatusWillNotFix || f.Status == finding.StatusDeferred {
		p -= 10
	}
	return math.Round(10*min(max(p, 0), 100)) / 10
}

// rulePriority rates what was found in a file or a configuration: critical 90,
// high 70, medium 45, unknown 30, low 20, negligible 5; a rule that is not sure
// counts for 0.6 of it, malware and WebShells that nothing can start any more,
// because an upper layer removed them, for 0.7. A secret is as readable in a
// lower layer as in the last.
func rulePriority(f *finding.Finding) float64 {
	p := [...]float64{
		finding.Unknown: 30, finding.Negligible: 5, finding.Low: 20,
		finding.Medium: 45, finding.High: 70, finding.Critical: 90,
	}[f.Severity]
	if f.Confidence == finding.ConfidenceLow {
		p *= 0.6
	}
	if f.Presence != "" && f.Kind != finding.KindSecret {
		p *= 0.7
	}
	return math.Round(10*p) / 10
}

// Sort puts findings in the order of reports: what counts before what was
// withdrawn, then by priority and severity, then by package and identifier so
// that the order is the same in every run.
func Sort(fs []finding.Finding) {
	slices.SortFunc(fs, func(a, b finding.Finding) int {
		return cmp.Or(
			compareBool(a.Suppressed != nil, b.Suppressed != nil),
			cmp.Compare(b.Priority, a.Priority), cmp.Compare(b.Severity, a.Severity),
			strings.Compare(packageName(&a), packageName(&b)),
			strings.Compare(vulnerabilityID(&a), vulnerabilityID(&b)),
			strings.Compare(a.Location.Path, b.Location.Path), strings.Compare(a.ID, b.ID))
	})
}

func packageName(f *finding.Finding) string {
	if f.Package == nil {
		return ""
	}
	return f.Package.Name
}

func vulnerabilityID(f *finding.Finding) string {
	if f.Vulnerability == nil {
		return ""
	}
	return f.Vulnerability.ID
}

func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}
