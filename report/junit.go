package report

import (
	"encoding/xml"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/boltseal/boltseal/finding"
)

// JUnit writes one test case per finding, in one suite per type of package, so
// that CI systems show findings as failed tests. Withdrawn ones are skipped
// tests. What could not be read is an error.
// Source: the schema of Jenkins' xunit plugin, which CI systems share.
func JUnit(w io.Writer, r *Report, _ Options) error {
	doc := junitSuites{Name: r.Target.fullName()}
	byType := map[string]*junitSuite{}
	suite := func(name string) *junitSuite {
		s := byType[name]
		if s == nil {
			s = &junitSuite{Name: name, Timestamp: r.Created.UTC().Format(time.RFC3339)}
			byType[name] = s
			doc.Suites = append(doc.Suites, s)
		}
		return s
	}
	for i := range r.Findings {
		suite(junitGroup(&r.Findings[i])).add(junitFinding(&r.Findings[i]))
	}
	for _, c := range r.junitPolicy() {
		suite("policy").add(c)
	}
	scan := suite("scan")
	scan.add(junitCase{Class: "scan", Name: r.Target.fullName()})
	for _, is := range r.Inventory.Issues {
		c := junitCase{Class: "scan", Name: strings.TrimSpace(is.Layer + " " + is.File)}
		c.Error = &junitResult{Message: clean(is.Message), Type: is.Kind}
		scan.add(c)
	}
	return doc.write(w)
}

type junitSuites struct {
	XMLName  xml.Name      `xml:"testsuites"`
	Name     string        `xml:"name,attr"`
	Tests    int           `xml:"tests,attr"`
	Failures int           `xml:"failures,attr"`
	Errors   int           `xml:"errors,attr"`
	Skipped  int           `xml:"skipped,attr"`
	Suites   []*junitSuite `xml:"testsuite"`
}

type junitSuite struct {
	Name      string      `xml:"name,attr"`
	Tests     int         `xml:"tests,attr"`
	Failures  int         `xml:"failures,attr"`
	Errors    int         `xml:"errors,attr"`
	Skipped   int         `xml:"skipped,attr"`
	Timestamp string      `xml:"timestamp,attr,omitempty"`
	Cases     []junitCase `xml:"testcase"`
}

type junitCase struct {
	Class   string       `xml:"classname,attr"`
	Name    string       `xml:"name,attr"`
	Failure *junitResult `xml:"failure,omitempty"`
	Error   *junitResult `xml:"error,omitempty"`
	Skipped *junitResult `xml:"skipped,omitempty"`
	Output  string       `xml:"system-out,omitempty"`
}

type junitResult struct {
	Message string `xml:"message,attr"`
	Type    string `xml:"type,attr,omitempty"`
	Text    string `xml:",chardata"`
}

func (s *junitSuite) add(c junitCase) {
	s.Tests++
	switch {
	case c.Failure != nil:
		s.Failures++
	case c.Error != nil:
		s.Errors++
	case c.Skipped != nil:
		s.Skipped++
	}
	c.Class, c.Name = clean(c.Class), clean(c.Name)
	s.Cases = append(s.Cases, c)
}

// junitGroup is the suite of a finding.
func junitGroup(f *finding.Finding) string {
	if f.Rule != nil || f.Package == nil {
		return string(f.Kind)
	}
	return f.Package.Type
}

func junitFinding(f *finding.Finding) junitCase {
	c := junitCase{Class: subject(f), Name: ruleID(f)}
	if s := f.Suppressed; s != nil {
		c.Skipped = &junitResult{Message: clean(fmt.Sprintf("%s: %s (%s)", s.By, s.Reason, s.Source))}
		return c
	}
	text := []string{headline(f)}
	if r := remedy(f); r != "" {
		text = append(text, r)
	}
	if flow := flow(f); flow != "" {
		text = append(text, "flow: "+flow)
	}
	if f.Rule != nil && f.Evidence != "" {
		text = append(text, "evidence: "+f.Evidence)
	}
	if f.Location.Path != "" {
		text = append(text, "path: "+f.Location.Path)
	}
	if f.Location.Layer != "" {
		text = append(text, "layer: "+f.Location.Layer)
	}
	if u := page(f.Vulnerability); u != "" {
		text = append(text, u)
	}
	c.Failure = &junitResult{
		Message: clean(fmt.Sprintf("%s: %s", f.Severity, headline(f))), Type: f.Severity.String(),
		Text: cleanLines(strings.Join(text, "\n")),
	}
	return c
}
