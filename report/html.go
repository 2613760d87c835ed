package report

import (
	"bufio"
	"cmp"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
	"sync"

	"github.com/boltseal/boltseal/finding"
	"github.com/boltseal/boltseal/inventory"
)

// The page's parts, which are put into one file.
var (
	//go:embed page/page.html
	pageHTML string
	//go:embed page/page.css
	pageCSS string
	//go:embed page/page.js
	pageJS string
)

var pageTemplate = sync.OnceValues(func() (*template.Template, error) {
	return template.New("page").Funcs(template.FuncMap{
		"say":   func() string { return "" }, // replaced for each page
		"inc":   func(i int) int { return i + 1 },
		"clean": clean,
		"size":  byteSize,
	}).Parse(pageHTML)
})

// HTML writes one page that needs nothing else: no request leaves it, and its
// content security policy allows only its own style and script. The findings
// are in it once, as data of which the script shows what the reader asks for;
// without the script the most urgent ones stand there as plain rows.
func HTML(w io.Writer, r *Report, o Options) error {
	shared, err := pageTemplate()
	if err != nil {
		return err
	}
	t, err := shared.Clone()
	if err != nil {
		return err
	}
	t.Funcs(template.FuncMap{"say": func(key string, args ...any) string { return say(o.Lang, key, args...) }})
	b := bufio.NewWriterSize(w, 64<<10)
	page, err := newPage(r, o)
	if err != nil {
		return err
	}
	if err := t.Execute(b, page); err != nil {
		return err
	}
	return b.Flush()
}

// htmlPage is what the template shows.
type htmlPage struct {
	*Report
	Lang, Policy string
	CSS          template.CSS
	JS           template.JS
	Name, OSName string
	Bar          []segment
	Kinds        []finding.Kind // of the findings, when there are several
	BarWidth     int
	Upgrades     []upgradeRow
	Repaired     int
	Rows         []row
	JSON         template.JS
	Layers       []layerRow
	Packages     []inventory.Package
}

// segment is one part of the severity bar: X and Width in thousandths.
type segment struct {
	Name            string
	Count, X, Width int
}

// row is one of the most urgent findings, for readers without the script.
type row struct {
	*finding.Finding
	Key, Name, Version, What, Page, Fix string
	Layer                               int
	KEV                                 bool
}

// upgradeRow is one thing to do.
type upgradeRow struct {
	*finding.Finding
	Name, To string
	Repairs  []segment
	KEV      int
}

// layerRow is one layer with the number of findings in it.
type layerRow struct {
	Layer
	ID       string
	Findings int
	Worst    string
}

func newPage(r *Report, o Options) (*htmlPage, error) {
	p := &htmlPage{
		Report: r, Lang: cmp.Or(o.Lang, "en"), CSS: template.CSS(pageCSS), JS: template.JS(pageJS), Name: r.Target.fullName(),
		Policy: fmt.Sprintf("default-src 'none'; style-src '%s'; script-src '%s'; base-uri 'none'; form-action 'none'", sourceHash(pageCSS), sourceHash(pageJS)),
		Bar:    severityBar(r.Summary.BySeverity, r.Summary.Findings),
	}
	if r.Target.Kind == "registry" {
		p.Name = r.Target.Name
	}
	for _, k := range kindOrder {
		if n := r.Summary.ByKind[string(k)]; n > 0 && n < r.Summary.Findings {
			p.Kinds = append(p.Kinds, k)
		}
	}
	for _, s := range p.Bar {
		p.BarWidth = s.X + s.Width
	}
	if os := r.Inventory.OS; os != nil {
		p.OSName = cmp.Or(os.Pretty, os.ID+" "+os.VersionID)
	}
	if o.All {
		p.Packages = r.Inventory.Packages
	}
	p.addUpgrades()
	for i := range r.Target.Layers {
		l := r.Target.Layers[i]
		p.Layers = append(p.Layers, layerRow{Layer: l, ID: cmp.Or(l.DiffID, l.Digest)})
	}
	data := newPageData(o.Lang)
	for i := range r.Findings {
		f := &r.Findings[i]
		layer := p.layer(f)
		p.count(f, layer)
		data.add(f, layer)
		if i < rowsWithoutScript && f.Suppressed == nil {
			p.Rows = append(p.Rows, newRow(f, layer, o.Lang))
		}
	}
	text, err := data.text()
	p.JSON = template.JS(text)
	return p, err
}

// sourceHash names an inline style or script to the policy.
// Source: W3C Content Security Policy Level 3, hash-source.
func sourceHash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "sha256-" + base64.StdEncoding.EncodeToString(sum[:])
}

// addUpgrades fills in what to do.
func (p *htmlPage) addUpgrades() {
	for _, u := range upgrades(p.Findings) {
		p.Repaired += u.count
		p.Upgrades = append(p.Upgrades, upgradeRow{
			Finding: u.first, Name: packageTitle(u.first), To: u.to, Repairs: severityBar(u.repairs, u.count), KEV: u.kev,
		})
	}
}

// severityBar lays out total findings by severity, worst first.
func severityBar(bySeverity map[string]int, total int) []segment {
	var bar []segment
	x := 0
	for sev := finding.Critical; ; sev-- {
		name := sev.String()
		if n := bySeverity[name]; n > 0 {
			width := max(n*1000/max(total, 1), 6)
			bar = append(bar, segment{name, n, x, width})
			x += width
		}
		if sev == finding.Unknown {
			return bar
		}
	}
}

// rowsWithoutScript is how many findings can be read without the script.
const rowsWithoutScript = 100

func newRow(f *finding.Finding, layer int, lang string) row {
	row := row{
		Finding: f, Key: ruleID(f), Name: subject(f), What: what(lang, f), Layer: layer, Page: page(f.Vulnerability),
		Fix: cmp.Or(f.FixedVersion, noFix(lang, f)), KEV: f.Vulnerability != nil && f.Vulnerability.KEV != nil,
	}
	if f.Package != nil && f.Rule == nil {
		row.Name, row.Version = f.Package.Name, f.Package.Version
	}
	return row
}

// noFix says why there is no version that repairs the finding; what a rule
// found has no versions.
func noFix(lang string, f *finding.Finding) string {
	if f.Rule != nil {
		return ""
	}
	return say(lang, cmp.Or(string(f.Status), string(finding.StatusAffected)))
}

// count adds a finding to its layer.
func (p *htmlPage) count(f *finding.Finding, layer int) {
	if layer == 0 || f.Suppressed != nil {
		return
	}
	l := &p.Layers[layer-1]
	if w, _ := finding.ParseSeverity(l.Worst); l.Findings == 0 || f.Severity > w {
		l.Worst = f.Severity.String()
	}
	l.Findings++
}

// layer is the number of a finding's layer, counted from 1; 0 is none.
func (p *htmlPage) layer(f *finding.Finding) int {
	for i := range p.Layers {
		l := &p.Layers[i]
		if id := f.Location.Layer; id != "" && (l.DiffID == id || l.Digest == id) {
			return i + 1
		}
	}
	return 0
}

// byteSize writes a size with its unit, in powers of ten.
func byteSize(n int64) string {
	switch {
	case n <= 0:
		return ""
	case n < 1000_000:
		return fmt.Sprintf("%.1f kB", float64(n)/1e3)
	case n < 1000_000_000:
		return fmt.Sprintf("%.1f MB", float64(n)/1e6)
	}
	return fmt.Sprintf("%.1f GB", float64(n)/1e9)
}
