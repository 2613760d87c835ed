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
	"strconv"
	"strings"
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
		"lines": func(s string) string { return cleanLines(clip(strings.ReplaceAll(s, "\r", ""), descriptionShown)) },
	}).Parse(pageHTML)
})

// HTML writes one page that needs nothing else: no request leaves it, and its
// content security policy allows only its own style and script. It can be read
// and printed without the script, which filters and sorts.
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
	if err := t.Execute(b, newPage(r, o)); err != nil {
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
	BarWidth     int
	Upgrades     []upgradeRow
	Repaired     int
	Rows         []row
	Layers       []layerRow
	Packages     []inventory.Package
}

// segment is one part of the severity bar: X and Width in thousandths.
type segment struct {
	Name            string
	Count, X, Width int
}

// row is one finding as the table shows it.
type row struct {
	*finding.Finding
	Key, Name, Version, What, Page, Fix string
	Place                               string
	Rank, Layer                         int
	KEV                                 bool
	Score, EPSS                         string
	References                          []string
	MoreReferences                      int
	Advisories                          []finding.Advisory
	Instruction                         string
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

func newPage(r *Report, o Options) *htmlPage {
	p := &htmlPage{
		Report: r, Lang: cmp.Or(o.Lang, "en"), CSS: template.CSS(pageCSS), JS: template.JS(pageJS), Name: r.Target.fullName(),
		Policy: fmt.Sprintf("default-src 'none'; style-src '%s'; script-src '%s'; base-uri 'none'; form-action 'none'", sourceHash(pageCSS), sourceHash(pageJS)),
		Bar:    severityBar(r.Summary.BySeverity, r.Summary.Findings),
	}
	if r.Target.Kind == "registry" {
		p.Name = r.Target.Name
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
	for i := range r.Findings {
		p.add(&r.Findings[i], o.Lang)
	}
	return p
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

// What the page shows of a vulnerability, whose references and description can
// have any length; the other formats have all.
const (
	referencesShown  = 6
	descriptionShown = 2000
)

// add appends a finding to the table and counts it for its layer.
func (p *htmlPage) add(f *finding.Finding, lang string) {
	row := row{
		Finding: f, Key: ruleID(f), Name: subject(f), What: headline(f), Fix: f.FixedVersion,
		Rank: int(f.Severity), Layer: p.layer(f), Place: place(lang, f),
	}
	if f.Package != nil {
		row.Name, row.Version = f.Package.Name, f.Package.Version
	}
	if row.Fix == "" {
		row.Fix = say(lang, cmp.Or(string(f.Status), string(finding.StatusAffected)))
	}
	if v := f.Vulnerability; v != nil {
		row.Page, row.KEV, row.References = page(v), v.KEV != nil, webURLs(v.References)
		row.Advisories = v.Advisories
		if n := len(row.References) - referencesShown; n > 0 {
			row.References, row.MoreReferences = row.References[:referencesShown], n
		}
		if v.EPSS != nil {
			row.EPSS = strconv.FormatFloat(v.EPSS.Score*100, 'f', 2, 64) + " %"
		}
	}
	if s, vector := score(f); s > 0 {
		row.Score = strings.TrimSpace(fmt.Sprintf("%.1f %s", s, vector))
	}
	if row.Layer > 0 {
		l := &p.Layers[row.Layer-1]
		row.Instruction = l.CreatedBy
		if f.Suppressed == nil {
			if l.Findings == 0 {
				l.Worst = f.Severity.String()
			}
			l.Findings++
			if w, _ := finding.ParseSeverity(l.Worst); f.Severity > w {
				l.Worst = f.Severity.String()
			}
		}
	}
	p.Rows = append(p.Rows, row)
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
