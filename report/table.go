package report

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/boltseal/boltseal/finding"
)

// Table writes the report for a person at a terminal: what counts first, one
// group per place, then what the reader must know about the scan itself.
func Table(w io.Writer, r *Report, o Options) error {
	t := &table{w: bufio.NewWriter(w), r: r, o: o}
	t.header()
	t.groups(slices.DeleteFunc(slices.Clone(r.Findings), func(f finding.Finding) bool { return f.Suppressed != nil }))
	if o.Suppressed {
		t.withdrawn()
	}
	if o.All {
		t.packages()
	}
	t.layers()
	t.upgrades()
	t.notices()
	t.policy()
	t.summary()
	return t.w.Flush()
}

// table is one Table call.
type table struct {
	w *bufio.Writer
	r *Report
	o Options
	// hidden counts the findings that Options.Rows left out.
	hidden int
}

func (t *table) say(key string, args ...any) string { return say(t.o.Lang, key, args...) }

func (t *table) line(format string, args ...any) { fmt.Fprintf(t.w, format+"\n", args...) }

// header names the target by what never changes.
func (t *table) header() {
	g := &t.r.Target
	name := g.Kind + ":" + g.Name
	if g.Kind == "host" {
		name = g.Kind
	}
	parts := []string{t.style(bold, clean(name))}
	if os := t.r.Inventory.OS; os != nil {
		parts = append(parts, clean(cmp.Or(os.Pretty, os.ID+" "+os.VersionID)))
	}
	if g.Platform != "" {
		parts = append(parts, g.Platform)
	}
	t.line("%s", strings.Join(parts, "  "))
	if digest := cmp.Or(g.Digest, g.ConfigDigest); digest != "" {
		t.line("%s", t.style(dim, digest))
	}
}

// group is what the findings of one place have in common.
type group struct {
	title string
	rows  []finding.Finding
}

func (t *table) groups(fs []finding.Finding) {
	var order []*group
	byTitle := map[string]*group{}
	for i := range fs {
		title := place(t.o.Lang, &fs[i])
		g := byTitle[title]
		if g == nil {
			g = &group{title: title}
			byTitle[title] = g
			order = append(order, g)
		}
		g.rows = append(g.rows, fs[i])
	}
	for _, g := range order {
		t.line("\n%s  %s", t.style(bold, clean(g.title)), t.style(dim, t.severities(count(g.rows))))
		shown, left := t.fold(g.rows)
		switch {
		case len(shown) > 0 && shown[0].Rule != nil:
			t.threats(shown)
		case len(shown) > 0:
			t.grid(shown)
		}
		if len(left) > 0 {
			t.line("  %s", t.style(dim, t.say("not-shown", t.severities(left))))
		}
	}
}

// grid writes the findings of a group in columns.
func (t *table) grid(fs []finding.Finding) {
	g := grid{width: t.o.Width, columns: []column{
		{head: t.say("priority"), right: true, drop: 1},
		{head: t.say("severity")},
		{head: t.say("id"), shrink: 1, min: 19},
		{head: t.say("package"), shrink: 3, min: 14},
		{head: t.say("installed"), shrink: 2, min: 12, drop: 2},
		{head: t.say("fixed"), shrink: 2, min: 20},
		{head: t.say("layer"), right: true, drop: 3},
		{head: t.say("title"), shrink: 4, min: 24, drop: 4, last: true},
	}}
	if len(t.r.Target.Layers) == 0 {
		g.columns[6].head = ""
	}
	for i := range fs {
		g.rows = append(g.rows, t.cells(&fs[i]))
	}
	g.write(t)
}

// exploitedMark stands in the column of severities, which no terminal is too
// narrow for; the summary explains it.
const exploitedMark = " !"

func (t *table) cells(f *finding.Finding) []cell {
	fixed := cell{text: f.FixedVersion, style: green}
	if f.FixedVersion == "" {
		fixed = cell{text: t.say(cmp.Or(string(f.Status), "affected")), style: dim}
	}
	id, title, installed, severity := "", f.Title, "", t.say(f.Severity.String())
	if v := f.Vulnerability; v != nil {
		id = v.ID
		if title == "" {
			title = v.Description
		}
		if v.KEV != nil {
			title = t.say("kev") + " · " + title
			severity += exploitedMark
		}
	}
	if f.Kind == finding.KindMalware {
		title = t.say("malicious") + " · " + title
	}
	if f.Package != nil {
		installed = f.Package.Version
	}
	return []cell{
		{text: strconv.FormatFloat(f.Priority, 'f', 0, 64)}, {text: severity, style: severityStyle[f.Severity]},
		{text: clean(id)}, {text: clean(t.withAlso(f))}, {text: clean(installed)}, {text: clean(fixed.text), style: fixed.style},
		{text: t.layerNumber(f.Location.Layer), style: dim}, {text: clean(firstLine(title)), style: dim},
	}
}

// packageTitle is the package's short name; a jar inside an archive and a
// library bring their path with the group's title.
func packageTitle(f *finding.Finding) string {
	if f.Rule != nil {
		return spot(f)
	}
	if f.Package == nil {
		return f.Location.Path
	}
	if _, artifact, ok := strings.Cut(f.Package.Name, ":"); ok && f.Package.Type == "maven" {
		return artifact
	}
	return f.Package.Name
}

func firstLine(s string) string {
	s, _, _ = strings.Cut(s, "\n")
	return s
}

// layerNumber is the layer's place in the list at the end, counted from 1.
func (t *table) layerNumber(id string) string {
	for i := range t.r.Target.Layers {
		if l := &t.r.Target.Layers[i]; id != "" && (l.DiffID == id || l.Digest == id) {
			return strconv.Itoa(i + 1)
		}
	}
	return ""
}

// layers lists the layers that brought findings, with their instructions.
func (t *table) layers() {
	used := map[string]int{}
	for i := range t.r.Findings {
		if f := &t.r.Findings[i]; f.Suppressed == nil && f.Location.Layer != "" {
			used[t.layerNumber(f.Location.Layer)]++
		}
	}
	delete(used, "")
	if len(used) == 0 {
		return
	}
	t.line("\n%s", t.style(bold, t.say("layers")))
	for i, l := range t.r.Target.Layers {
		n := strconv.Itoa(i + 1)
		if used[n] == 0 {
			continue
		}
		text := cmp.Or(clean(firstLine(l.CreatedBy)), l.DiffID, l.Digest)
		if t.o.Width > 0 {
			text = truncate(text, max(t.o.Width-14, 20))
		}
		t.line("  %3s  %s  %s", n, t.style(dim, fmt.Sprintf("%5d", used[n])), text)
	}
}

// withdrawn lists what was suppressed, and why.
func (t *table) withdrawn() {
	first := true
	for i := range t.r.Findings {
		f := &t.r.Findings[i]
		if f.Suppressed == nil {
			continue
		}
		if first {
			t.line("\n%s", t.style(bold, t.say("withdrawn")))
			first = false
		}
		t.line("  %s  %s  %s: %s %s", clean(ruleID(f)), clean(packageTitle(f)), f.Suppressed.By, clean(f.Suppressed.Reason),
			t.style(dim, clean(f.Suppressed.Source)))
	}
}

// packages lists everything that was found.
func (t *table) packages() {
	t.line("\n%s", t.style(bold, t.say("all-packages")))
	g := grid{width: t.o.Width, columns: []column{{head: ""}, {head: t.say("package")}, {head: t.say("installed")}, {head: "", shrink: 1, min: 10, last: true}}}
	for i := range t.r.Inventory.Packages {
		p := &t.r.Inventory.Packages[i]
		g.rows = append(g.rows, []cell{{text: p.Type}, {text: clean(p.Name)}, {text: clean(p.Version)}, {text: clean(p.Path()), style: dim}})
	}
	g.write(t)
}

// notices says what the reader must know about the scan.
func (t *table) notices() {
	if n := len(t.r.Inventory.Issues); n > 0 {
		t.line("\n%s", t.style(red, t.say("partial", n)))
		for i, is := range t.r.Inventory.Issues {
			if i == 20 {
				t.line("  %s", t.say("more", n-i))
				break
			}
			where := clean(cmp.Or(is.File, "-"))
			if l := t.layerNumber(is.Layer); l != "" {
				where = t.say("layer") + " " + l + " " + where
			}
			t.line("  %s: %s", where, clean(is.Message))
		}
	}
	for _, n := range t.r.Notices {
		t.line("\n%s%s", t.style(yellow, t.say("note")), clean(n.In(t.o.Lang)))
	}
	for i, n := range t.r.Inventory.Notes {
		if i == 0 {
			t.line("")
		}
		if i == 5 {
			t.line("%s%s", t.say("note"), t.say("more", len(t.r.Inventory.Notes)-i))
			break
		}
		t.line("%s%s", t.style(dim, t.say("note")), clean(n))
	}
}

// summary is last, so that it is what the reader sees first: what there is, and
// how to see what the table left out.
func (t *table) summary() {
	s := &t.r.Summary
	t.line("")
	if s.Findings == 0 {
		t.line("%s", t.style(bold, t.say("summary-none", s.Packages)))
	} else {
		t.line("%s", t.style(bold, t.say("summary", s.Packages, s.Findings, t.severities(s.BySeverity))))
	}
	if len(s.ByKind) > 1 {
		t.line("%s", kinds(t.o.Lang, s.ByKind))
	}
	if s.Findings+s.Suppressed > 0 {
		t.line("%s", t.say("summary-more", s.Fixable, s.KEV, s.Suppressed))
	}
	if d := t.r.Database; d != nil {
		t.line("%s", t.style(dim, t.say("database", d.Date().Format("2006-01-02"), d.Vulnerabilities)))
	}
	if t.hidden > 0 {
		t.line("%s", t.say("see-all", t.hidden))
	}
}

// severities writes "2 critical, 5 high", worst first.
func (t *table) severities(n map[string]int) string {
	var parts []string
	for s := finding.Critical; ; s-- {
		if k := n[s.String()]; k > 0 {
			parts = append(parts, t.say("n-severity", k, t.say(s.String())))
		}
		if s == finding.Unknown {
			return list(t.o.Lang, parts)
		}
	}
}

func count(fs []finding.Finding) map[string]int {
	n := map[string]int{}
	for i := range fs {
		n[fs[i].Severity.String()]++
	}
	return n
}
