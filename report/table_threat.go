package report

import (
	"strconv"

	"github.com/boltseal/boltseal/finding"
)

// threats writes what rules found in columns.
func (t *table) threats(fs []finding.Finding) {
	g := grid{width: t.o.Width, columns: []column{
		{head: t.say("priority"), right: true, drop: 1},
		{head: t.say("severity")},
		{head: t.say("rule"), shrink: 3, min: 14, drop: 4},
		{head: t.say("where"), shrink: 1, min: 24},
		{head: t.say("layer"), right: true, drop: 2},
		{head: t.say("title"), shrink: 2, min: 24, drop: 3, last: true},
	}}
	if len(t.r.Target.Layers) == 0 {
		g.columns[4].head = ""
	}
	for i := range fs {
		f := &fs[i]
		g.rows = append(g.rows, []cell{
			{text: strconv.FormatFloat(f.Priority, 'f', 0, 64)}, {text: t.say(f.Severity.String()), style: severityStyle[f.Severity]},
			{text: clean(ruleID(f)), style: dim}, {text: clean(t.spot(f))}, {text: t.layerNumber(f.Location.Layer), style: dim},
			{text: clean(what(t.o.Lang, f))},
		})
	}
	g.write(t)
}

// spot is where a finding is, in the reader's language.
func (t *table) spot(f *finding.Finding) string {
	if f.Location.Path == "" && f.Package == nil {
		return t.say("image-config")
	}
	return spot(f)
}
