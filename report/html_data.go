package report

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/boltseal/boltseal/finding"
)

// pageData is what the page's script reads. Findings name their vulnerability,
// package and advisories by number, so that each is in the page once. All text
// is clean; JSON escapes what could begin markup.
type pageData struct {
	Severities      []string                  `json:"severities"` // by rank
	Words           map[string]string         `json:"words"`
	Labels          shared[string]            `json:"labels"`
	Vulnerabilities shared[pageVulnerability] `json:"vulnerabilities"`
	Packages        shared[pagePackage]       `json:"packages"`
	Advisories      shared[[]fact]            `json:"advisories"`
	Findings        []pageFinding             `json:"findings"`
	lang            string
}

// pageVulnerability is what all findings of a vulnerability have in common.
type pageVulnerability struct {
	ID        string `json:"id"`
	Title     string `json:"title,omitempty"`
	KEV       bool   `json:"kev,omitempty"`
	Malicious bool   `json:"malicious,omitempty"`
	Facts     []fact `json:"facts,omitempty"`
}

// pagePackage is what all findings of a package at one place have in common.
type pagePackage struct {
	Name    string   `json:"name"`
	Version string   `json:"version,omitempty"`
	Also    []string `json:"also,omitempty"`
	Path    string   `json:"path,omitempty"`
	Place   string   `json:"place"`
	Layer   int      `json:"layer,omitempty"`
	Facts   []fact   `json:"facts,omitempty"`
}

// pageFinding is one row: V, P and A are numbers of the vulnerability, package
// and advisories, S is the severity's rank.
type pageFinding struct {
	V         int     `json:"v"`
	P         int     `json:"p"`
	A         int     `json:"a"`
	S         int     `json:"s"`
	Kind      string  `json:"k"`
	Priority  float64 `json:"o"`
	Fix       string  `json:"fix,omitempty"`
	NoFix     string  `json:"no,omitempty"`
	Evidence  []fact  `json:"e,omitempty"`
	Withdrawn []fact  `json:"w,omitempty"`
}

// fact is one line of the details: the number of its label, its text, and links
// as pairs of text and address; a link without text shows its address.
type fact struct {
	Label int         `json:"l"`
	Text  string      `json:"t,omitempty"`
	Links [][2]string `json:"u,omitempty"`
}

// shared keeps each value once.
type shared[T any] struct {
	values []T
	number map[string]int
}

// add gives the number of a value, which is new or already there.
func (s *shared[T]) add(value T) int {
	key, err := json.Marshal(value)
	if err != nil {
		panic(err) // T is plain data
	}
	if s.number == nil {
		s.number = map[string]int{}
	}
	n, ok := s.number[string(key)]
	if !ok {
		n = len(s.values)
		s.number[string(key)] = n
		s.values = append(s.values, value)
	}
	return n
}

// MarshalJSON writes the values in the order of their numbers.
func (s shared[T]) MarshalJSON() ([]byte, error) {
	return json.Marshal(s.values)
}

func newPageData(lang string) *pageData {
	d := &pageData{lang: lang, Words: map[string]string{}}
	for _, key := range []string{"kev", "malicious", "html-layer", "html-show-more"} {
		d.Words[key] = say(lang, key)
	}
	for s := finding.Unknown; s <= finding.Critical; s++ {
		d.Severities = append(d.Severities, s.String())
		d.Words[s.String()] = say(lang, s.String())
	}
	return d
}

// packedFrom is the size in bytes from which the data are packed. Below it they
// can be read in the page's source.
const packedFrom = 256 << 10

// text is the data as JSON without markup, or as a JSON string: the base64 form
// of the gzip of the JSON.
func (d *pageData) text() ([]byte, error) {
	text, err := json.Marshal(d)
	if err != nil || len(text) < packedFrom {
		return text, err
	}
	var packed bytes.Buffer
	packed.WriteByte('"')
	b := base64.NewEncoder(base64.StdEncoding, &packed)
	z := gzip.NewWriter(b)
	_, err = z.Write(text)
	if err := errors.Join(err, z.Close(), b.Close()); err != nil {
		return nil, err
	}
	packed.WriteByte('"')
	return packed.Bytes(), nil
}

// add appends a finding, which is in layer, counted from 1; 0 is none.
func (d *pageData) add(f *finding.Finding, layer int) {
	row := pageFinding{
		V: d.Vulnerabilities.add(d.vulnerability(f)), P: d.Packages.add(d.pkg(f, layer)), A: d.Advisories.add(d.advisories(f)),
		S: int(f.Severity), Priority: f.Priority, Fix: clean(f.FixedVersion),
		Kind: string(f.Kind), Evidence: d.evidence(f),
	}
	if row.Fix == "" {
		row.NoFix = clean(noFix(d.lang, f))
	}
	if f.Suppressed != nil {
		row.Withdrawn = d.fact(nil, "html-withdrawn", d.withdrawn(f.Suppressed))
	}
	d.Findings = append(d.Findings, row)
}

// fact appends a line of text to facts, unless there is none.
func (d *pageData) fact(facts []fact, label, text string, links ...[2]string) []fact {
	if text = cleanLines(text); text == "" && len(links) == 0 {
		return facts
	}
	return append(facts, fact{d.Labels.add(say(d.lang, label)), text, links})
}

// What the page shows of a vulnerability, whose references and description can
// have any length; the other formats have all.
const (
	referencesShown  = 6
	descriptionShown = 2000
)

func (d *pageData) vulnerability(f *finding.Finding) pageVulnerability {
	v := f.Vulnerability
	out := pageVulnerability{ID: clean(ruleID(f)), Malicious: f.Kind == finding.KindMalware, Title: clean(firstLine(f.Title))}
	if v == nil {
		return d.rule(out, f)
	}
	if out.Title == "" {
		out.Title = clean(firstLine(v.Title))
	}
	out.KEV = v.KEV != nil
	fs := d.fact(nil, "html-description", clip(strings.ReplaceAll(v.Description, "\r", ""), descriptionShown))
	if u := identifierPage(v.ID); u != "" {
		fs = d.fact(fs, "html-vulnerability", strings.Join(v.Aliases, " "), [2]string{out.ID, u})
	}
	if s, vector := score(f); s > 0 {
		fs = d.fact(fs, "CVSS", strings.TrimSpace(fmt.Sprintf("%.1f %s", s, vector)))
	}
	fs = d.fact(fs, "html-severities", d.gradings(v.Severities))
	if v.KEV != nil {
		fs = d.fact(fs, "kev", d.exploited(v.KEV))
	}
	if v.EPSS != nil {
		fs = d.fact(fs, "EPSS", strconv.FormatFloat(v.EPSS.Score*100, 'f', 2, 64)+" %")
	}
	fs = d.fact(fs, "CWE", strings.Join(v.CWEs, " "))
	if !v.Published.IsZero() {
		fs = d.fact(fs, "html-published", v.Published.Format("2006-01-02"))
	}
	out.Facts = d.references(fs, webURLs(v.References))
	return out
}

func (d *pageData) gradings(severities []finding.SourcedSeverity) string {
	var all []string
	for _, s := range severities {
		all = append(all, s.Source+" "+say(d.lang, s.Severity.String()))
	}
	return list(d.lang, all)
}

func (d *pageData) exploited(k *finding.KEV) string {
	text := "CISA KEV " + k.Added
	if k.Due != "" {
		text += " · " + say(d.lang, "html-due") + " " + k.Due
	}
	if k.Ransomware {
		text += " · " + say(d.lang, "html-ransomware")
	}
	if k.Action != "" {
		text += " · " + k.Action
	}
	return text
}

func (d *pageData) references(fs []fact, urls []string) []fact {
	more := ""
	if n := len(urls) - referencesShown; n > 0 {
		urls, more = urls[:referencesShown], say(d.lang, "html-more", n)
	}
	var links [][2]string
	for _, u := range urls {
		links = append(links, [2]string{"", u})
	}
	return d.fact(fs, "html-references", more, links...)
}

func (d *pageData) advisories(f *finding.Finding) []fact {
	if f.Vulnerability == nil {
		return nil
	}
	var links [][2]string
	var plain []string
	for _, a := range f.Vulnerability.Advisories {
		name := clean(a.ID + " (" + a.Source + ")")
		if u := webURL(a.URL); u != "" {
			links = append(links, [2]string{name, u})
		} else {
			plain = append(plain, name)
		}
	}
	return d.fact(nil, "html-advisories", strings.Join(plain, " "), links...)
}

func (d *pageData) pkg(f *finding.Finding, layer int) pagePackage {
	out := pagePackage{Name: clean(subject(f)), Place: clean(place(d.lang, f)), Layer: layer}
	if p := f.Package; p != nil && f.Rule == nil {
		out.Name, out.Version, out.Path = clean(p.Name), clean(p.Version), clean(f.Location.Path)
		out.Facts = d.fact(nil, "html-package", p.PURL)
	}
	for _, name := range f.Also {
		out.Also = append(out.Also, clean(name))
	}
	return out
}

func (d *pageData) withdrawn(s *finding.Suppression) string {
	text := s.By
	if s.Status != "" {
		text += " · " + s.Status
	}
	text += ": " + s.Reason
	if s.Source != "" {
		text += " (" + s.Source + ")"
	}
	if !s.Expires.IsZero() {
		text += " · " + say(d.lang, "html-until") + " " + s.Expires.Format("2006-01-02")
	}
	return text
}
