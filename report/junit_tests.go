package report

import (
	"encoding/xml"
	"io"
	"strings"
)

// TestCase is a test that the program ran for its user.
type TestCase struct {
	Suite  string `json:"suite"`
	Name   string `json:"name"`
	Source string `json:"source"` // file:line
	// Failures are what is not as expected; none when it passed.
	Failures []string `json:"failures,omitempty"`
}

// JUnitTests writes tests as JUnit XML, in suites by their file.
func JUnitTests(w io.Writer, name string, cases []TestCase) error {
	doc := junitSuites{Name: name}
	var suite *junitSuite
	for _, t := range cases {
		if suite == nil || suite.Name != t.Suite {
			suite = &junitSuite{Name: t.Suite}
			doc.Suites = append(doc.Suites, suite)
		}
		c := junitCase{Class: t.Suite, Name: t.Name}
		if len(t.Failures) > 0 {
			c.Failure = &junitResult{Message: clean(t.Failures[0]), Text: cleanLines(strings.Join(append(t.Failures, t.Source), "\n"))}
		}
		suite.add(c)
	}
	return doc.write(w)
}

// write counts and writes the document.
func (doc *junitSuites) write(w io.Writer) error {
	for _, s := range doc.Suites {
		doc.Tests, doc.Failures, doc.Errors, doc.Skipped = doc.Tests+s.Tests, doc.Failures+s.Failures, doc.Errors+s.Errors, doc.Skipped+s.Skipped
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	enc := xml.NewEncoder(w)
	enc.Indent("", "  ")
	if err := enc.Encode(doc); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}
