package report

import (
	"strconv"

	"github.com/boltseal/boltseal/finding"
)

// upgradeRows is how many upgrades the table lists.
const upgradeRows = 8

// upgrades says what to do first: one line repairs many findings.
func (t *table) upgrades() {
	all := upgrades(t.r.Findings)
	if len(all) == 0 {
		return
	}
	repaired := 0
	for _, u := range all {
		repaired += u.count
	}
	t.line("\n%s", t.style(bold, t.say("upgrades", len(all), repaired)))
	g := grid{width: t.o.Width, columns: []column{
		{head: t.say("priority"), right: true, drop: 1},
		{head: t.say("package"), shrink: 3, min: 14},
		{head: t.say("installed"), shrink: 2, min: 10, drop: 2},
		{head: t.say("upgrade-to"), shrink: 1, min: 20},
		{head: t.say("repairs"), shrink: 4, min: 24, drop: 3, last: true},
	}}
	shown := all
	if t.o.Rows > 0 {
		shown = all[:min(len(all), upgradeRows)]
	}
	for _, u := range shown {
		g.rows = append(g.rows, t.upgradeCells(u))
	}
	g.write(t)
	if n := len(all) - len(shown); n > 0 {
		t.line("  %s", t.style(dim, t.say("more-upgrades", n)))
	}
}

func (t *table) upgradeCells(u *upgrade) []cell {
	repairs := t.severities(u.repairs)
	if u.kev > 0 {
		repairs += " · " + t.say("n-exploited", u.kev)
	}
	return []cell{
		{text: strconv.FormatFloat(u.first.Priority, 'f', 0, 64)},
		{text: clean(t.withAlso(u.first))},
		{text: clean(u.first.Package.Version)},
		{text: clean(u.to), style: green},
		{text: repairs, style: dim},
	}
}

// withAlso is the package's title and how many others come from its source.
func (t *table) withAlso(f *finding.Finding) string {
	title := packageTitle(f)
	if n := len(f.Also); n > 0 {
		title += t.say("also", n)
	}
	return title
}

// fold keeps the first rows of a group where the table has a limit, and none
// that are negligible; what is known to be exploited or malicious stays. What
// is left out is counted.
func (t *table) fold(fs []finding.Finding) (shown []finding.Finding, left map[string]int) {
	if t.o.Rows <= 0 {
		return fs, nil
	}
	left = map[string]int{}
	for i := range fs {
		f := &fs[i]
		urgent := f.Kind == finding.KindMalware && f.Severity >= finding.High || f.Kind == finding.KindWebShell || f.Vulnerability != nil && f.Vulnerability.KEV != nil
		if !urgent && (f.Severity == finding.Negligible || len(shown) >= t.o.Rows) {
			left[f.Severity.String()]++
			t.hidden++
			continue
		}
		shown = append(shown, *f)
	}
	return shown, left
}
