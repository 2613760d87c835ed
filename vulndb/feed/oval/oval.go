// Package oval reads OVAL definitions about RPM packages: which vulnerability
// or erratum, and which packages in which versions have it. The feeds that use
// it decide where a definition's statements go.
//
// Source: OVAL 5.11 (https://oval.mitre.org/language/version5.11/), definitions
// and the rpminfo test of the Linux schema. A document lists definitions, then
// the tests that they refer to, then the tests' objects and states. It is read
// once, and only what the definitions need is kept: an identifier, a name and a
// version for each test.
package oval

import (
	"context"
	"encoding/xml"
	"errors"
	"fmt"

	"github.com/boltseal/boltseal/vulndb/feed"
	"github.com/boltseal/boltseal/vulndb/feed/input"
)

// Definition is one vulnerability or patch.
type Definition struct {
	ID       string   `xml:"id,attr"`
	Class    string   `xml:"class,attr"` // "vulnerability", "patch", "inventory"
	Metadata Metadata `xml:"metadata"`
	Criteria Criteria `xml:"criteria"`
}

// Metadata describes a definition.
type Metadata struct {
	Title      string      `xml:"title"`
	Text       string      `xml:"description"`
	Platforms  []string    `xml:"affected>platform"`
	References []Reference `xml:"reference"`
	// Of Microsoft's definitions.
	Severity  string `xml:"severity"`
	Patchable string `xml:"patchable"`
	Date      string `xml:"advisory_date"`
	// Of all others'.
	Advisory struct {
		Severity string `xml:"severity"`
		Issued   struct {
			Date string `xml:"date,attr"`
		} `xml:"issued"`
		Updated struct {
			Date string `xml:"date,attr"`
		} `xml:"updated"`
		CVEs []CVE `xml:"cve"`
	} `xml:"advisory"`
}

// Reference is another name of a definition.
type Reference struct {
	Source string `xml:"source,attr"`
	ID     string `xml:"ref_id,attr"`
}

// CVE is a vulnerability of an erratum with its own grade and score.
type CVE struct {
	ID     string `xml:",chardata"`
	Impact string `xml:"impact,attr"`
	CVSS3  string `xml:"cvss3,attr"`
}

// Criteria joins criteria and tests by its operator, "AND" or "OR".
type Criteria struct {
	Operator string      `xml:"operator,attr"`
	Negate   bool        `xml:"negate,attr"`
	Criteria []Criteria  `xml:"criteria"`
	Tests    []Criterion `xml:"criterion"`
}

// Criterion refers to a test.
type Criterion struct {
	Ref     string `xml:"test_ref,attr"`
	Comment string `xml:"comment,attr"`
	Negate  bool   `xml:"negate,attr"`
}

// Test is an rpminfo test resolved: a package and the condition on it.
type Test struct {
	Name string
	// Operation is how the installed version compares to EVR: "less than",
	// "less than or equal", "greater than", "equals", ...; "" without EVR.
	Operation, EVR string
	// Arch is a pattern of the architectures, "" for all.
	Arch string
	// Version is the plain version where a test is on that instead, as on the
	// release of the distribution.
	Version string
}

// test and state are the parts of a Test as they stand in the document.
type test struct {
	ID     string `xml:"id,attr"`
	Object struct {
		Ref string `xml:"object_ref,attr"`
	} `xml:"object"`
	States []struct {
		Ref string `xml:"state_ref,attr"`
	} `xml:"state"`
}

type object struct {
	ID   string `xml:"id,attr"`
	Name string `xml:"name"`
}

type state struct {
	ID  string `xml:"id,attr"`
	EVR struct {
		Operation string `xml:"operation,attr"`
		Value     string `xml:",chardata"`
	} `xml:"evr"`
	Arch    string `xml:"arch"`
	Version string `xml:"version"`
}

var errNotOVAL = errors.New("no oval_definitions")

// maxDefinitions is how many definitions a document may have, and how many
// tests, objects and states; the largest real one has about 300,000 tests.
const maxDefinitions = 4 << 20

// Document is what Read keeps.
type Document struct {
	Definitions []Definition
	tests       map[string]*test
	objects     map[string]string
	states      map[string]*state
}

// Read reads a document. Definitions of class "inventory" are passed over.
func Read(ctx context.Context, doc feed.Document) (*Document, error) {
	d := &Document{tests: map[string]*test{}, objects: map[string]string{}, states: map[string]*state{}}
	seen := false
	err := input.XML(ctx, doc, func(dec *xml.Decoder, start xml.StartElement) error {
		seen = seen || start.Name.Local == "oval_definitions"
		if len(d.Definitions)+len(d.tests)+len(d.objects)+len(d.states) > maxDefinitions {
			return input.ErrTooLarge
		}
		return d.element(dec, start)
	})
	if err == nil && !seen {
		err = fmt.Errorf("parse %s: %w", doc.Name, errNotOVAL)
	}
	return d, err
}

// Each calls each for every definition and keeps none, for documents whose
// comments say all that their tests do.
func Each(ctx context.Context, doc feed.Document, each func(*Definition) error) error {
	seen := false
	err := input.XML(ctx, doc, func(dec *xml.Decoder, start xml.StartElement) error {
		seen = seen || start.Name.Local == "oval_definitions"
		if start.Name.Local != "definition" {
			return nil
		}
		var def Definition
		if err := dec.DecodeElement(&def, &start); err != nil {
			return err
		}
		return each(&def)
	})
	if err == nil && !seen {
		err = fmt.Errorf("parse %s: %w", doc.Name, errNotOVAL)
	}
	return err
}

func (d *Document) element(dec *xml.Decoder, start xml.StartElement) error {
	switch start.Name.Local {
	case "definition":
		var def Definition
		if err := dec.DecodeElement(&def, &start); err != nil {
			return err
		}
		if def.Class != "inventory" {
			d.Definitions = append(d.Definitions, def)
		}
	case "rpminfo_test":
		t := new(test)
		if err := dec.DecodeElement(t, &start); err != nil {
			return err
		}
		d.tests[t.ID] = t
	case "rpminfo_object":
		var o object
		if err := dec.DecodeElement(&o, &start); err != nil {
			return err
		}
		d.objects[o.ID] = o.Name
	case "rpminfo_state":
		s := new(state)
		if err := dec.DecodeElement(s, &start); err != nil {
			return err
		}
		d.states[s.ID] = s
	}
	return nil
}

// Test resolves a reference of a criterion. It is false for tests that are not
// about packages.
func (d *Document) Test(ref string) (Test, bool) {
	t := d.tests[ref]
	if t == nil || d.objects[t.Object.Ref] == "" {
		return Test{}, false
	}
	out := Test{Name: d.objects[t.Object.Ref]}
	for _, r := range t.States {
		s := d.states[r.Ref]
		if s == nil {
			continue
		}
		if s.EVR.Value != "" {
			out.EVR, out.Operation = s.EVR.Value, s.EVR.Operation
		}
		if s.Arch != "" {
			out.Arch = s.Arch
		}
		if s.Version != "" {
			out.Version = s.Version
		}
	}
	return out, true
}

// Reference is the first reference of a source, "" when there is none.
func (m *Metadata) Reference(source string) string {
	for _, r := range m.References {
		if r.Source == source {
			return r.ID
		}
	}
	return ""
}
