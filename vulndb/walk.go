package vulndb

import (
	"bytes"
	"fmt"
	"time"

	"github.com/boltseal/boltseal/finding"
	"github.com/boltseal/boltseal/vulndb/layout"
)

// Statement is an advisory as it is stored: about all its vulnerabilities at
// once, and with the artifact that brought it. Advisory.Vulnerability is empty.
type Statement struct {
	Advisory
	Vulnerabilities []string
	Feed, Artifact  string
}

// Statements visits all statements in the order of namespaces and packages.
// The statement is valid during the call only. It is how a new database is
// built from an old one.
func (db *DB) Statements(visit func(*Statement) error) (err error) {
	defer guard(&err)()
	var visitErr error
	i := 0
	err = db.keys.Walk(0, func(_ int, key []byte) bool {
		namespace, pkg, _ := bytes.Cut(key, []byte{0})
		visitErr = db.statements(i, string(namespace), string(pkg), visit)
		i++
		return visitErr == nil
	})
	if err == nil {
		err = visitErr
	}
	if err != nil {
		return fmt.Errorf("read all statements: %w", err)
	}
	return nil
}

func (db *DB) statements(i int, namespace, pkg string, visit func(*Statement) error) error {
	b, err := db.rows.At(i)
	if err != nil {
		return err
	}
	d := newDecoder(db, namespace, pkg, 0)
	rows := layout.ReadRows(b)
	for row := rows.Next(); row != nil; row = rows.Next() {
		if err := d.setRow(row, rows.Same); err != nil {
			return err
		}
		origin := db.origins[d.origin]
		s := Statement{Advisory: d.next, Feed: origin.Feed, Artifact: origin.Artifact}
		for _, v := range d.vulns {
			id, err := db.id(v)
			if err != nil {
				return err
			}
			s.Vulnerabilities = append(s.Vulnerabilities, id)
		}
		if !d.named && len(s.Vulnerabilities) == 1 {
			s.Advisory.Advisory = s.Vulnerabilities[0]
		}
		if err := visit(&s); err != nil {
			return err
		}
	}
	return rows.Err()
}

// Description is the part of a vulnerability that came from one source of one
// artifact, as far as merging left it apart.
type Description struct {
	Vulnerability
	Feed, Artifact string
}

// Descriptions visits all descriptions in the order of canonical ids.
func (db *DB) Descriptions(visit func(*Description) error) (err error) {
	defer guard(&err)()
	for n := range db.ids.Len() {
		if err := db.descriptions(n, visit); err != nil {
			return fmt.Errorf("read vulnerability %d: %w", n, err)
		}
	}
	return nil
}

func (db *DB) descriptions(n int, visit func(*Description) error) error {
	v, err := db.vuln(n)
	if err != nil {
		return err
	}
	whole, err := db.vulnerability(n, &v)
	if err == nil {
		err = db.describe(n, whole)
	}
	if err != nil {
		return err
	}
	taken := make([]bool, len(v.Severities))
	for _, number := range v.Sources {
		origin, err := db.origin(number)
		if err != nil {
			return err
		}
		d := Description{Feed: origin.Feed, Artifact: origin.Artifact, Vulnerability: Vulnerability{
			ID: whole.ID, Aliases: whole.Aliases, Source: origin.Source, CWEs: whole.CWEs, References: whole.References,
			Published: whole.Published, Modified: whole.Modified,
		}}
		if v.Withdrawn {
			d.Withdrawn = time.Unix(max(v.Modified, 1), 0)
		}
		if v.Title == number {
			d.Title = whole.Title
		}
		if v.Description == number {
			d.Description = whole.Description
		}
		if v.EPSS != nil && v.EPSS.Origin == number {
			d.EPSS = whole.EPSS
		}
		if v.KEV != nil && v.KEV.Origin == number {
			d.KEV = whole.KEV
		}
		if d.Severities, err = db.severitiesOf(&v, whole.Severities, origin, taken); err != nil {
			return err
		}
		if err := visit(&d); err != nil {
			return err
		}
	}
	return nil
}

// severitiesOf returns the severities that came with the artifact and weren't
// taken by another of its sources.
func (db *DB) severitiesOf(v *layout.Vuln, all []finding.SourcedSeverity, of layout.Origin, taken []bool) ([]finding.SourcedSeverity, error) {
	var out []finding.SourcedSeverity
	for i, s := range v.Severities {
		origin, err := db.origin(s.Origin)
		if err != nil {
			return nil, err
		}
		if origin.Feed == of.Feed && origin.Artifact == of.Artifact && !taken[i] {
			taken[i] = true
			out = append(out, all[i])
		}
	}
	return out, nil
}
