package vulndb

import (
	"fmt"

	"github.com/boltseal/boltseal/vulndb/layout"
)

// maxAdvisories bounds what one lookup may return, so that a damaged file
// can't exhaust memory. The largest package, a kernel, has some ten thousand.
const maxAdvisories = 1 << 18

// Advisories appends to dst what all feeds say about the package in the
// namespace, in a stable order: by source, then by advisory, then by
// vulnerability. It appends nothing when the database doesn't know the
// package. Advisory.Vulnerability is the canonical id of the merged
// vulnerability, so two statements about one hole carry the same one. The
// returned advisories may share their slices; treat them as read-only.
//
// Names of nuget packages are kept in lower case; everything else as
// inventory.Package.Name writes it.
func (db *DB) Advisories(namespace, pkg string, dst []Advisory) (_ []Advisory, err error) {
	defer guard(&err)()
	var buf [128]byte
	i, found, err := db.keys.Seek(layout.Key(buf[:0], namespace, pkg))
	if err == nil && found {
		dst, err = db.appendRows(dst, i, namespace, pkg)
	}
	if err != nil {
		return dst, fmt.Errorf("look up %s in %s: %w", pkg, namespace, err)
	}
	return dst, nil
}

// appendRows decodes the rows of key i.
func (db *DB) appendRows(dst []Advisory, i int, namespace, pkg string) ([]Advisory, error) {
	b, err := db.rows.At(i)
	if err != nil {
		return dst, err
	}
	d := newDecoder(db, namespace, pkg, len(dst)+maxAdvisories)
	rows := layout.ReadRows(b)
	for row := rows.Next(); row != nil; row = rows.Next() {
		if err := d.setRow(row, rows.Same); err != nil {
			return dst, err
		}
		if dst, err = d.append(dst); err != nil {
			return dst, err
		}
	}
	return dst, rows.Err()
}

// decoder turns rows into advisories. It keeps what consecutive rows have in
// common, because making strings is most of the work.
type decoder struct {
	db    *DB
	limit int
	next  Advisory

	record int // whose fields are in next and vulns, -1 before the first
	origin int
	vulns  []int
	named  bool // the record has an id of its own

	fixed     layout.Ref
	fixedText string
	ranges    []Range // to cut the one-range slices from
}

func newDecoder(db *DB, namespace, pkg string, limit int) *decoder {
	return &decoder{db: db, limit: limit, record: -1, next: Advisory{Namespace: namespace, Package: pkg}}
}

// setRow makes next and vulns those of the row.
func (d *decoder) setRow(row *layout.Row, same bool) error {
	if !same {
		if err := d.setExtent(&row.Extent); err != nil {
			return err
		}
	}
	if row.Record != d.record {
		if err := d.setRecord(row.Record); err != nil {
			return err
		}
	}
	d.next.Status, d.next.Severity = row.FindingStatus(), row.Severity
	return nil
}

func (d *decoder) setRecord(n int) error {
	b, err := d.db.records.At(n)
	if err != nil {
		return err
	}
	r, err := layout.ParseRecord(b)
	if err != nil {
		return err
	}
	origin, err := d.db.origin(r.Origin)
	if err != nil {
		return err
	}
	d.record, d.origin = n, r.Origin
	d.next.Source, d.next.Modified = origin.Source, r.Modified
	if d.next.Advisory, err = d.db.text(r.Advisory); err != nil {
		return err
	}
	d.named = r.Advisory != 0
	d.vulns = append(d.vulns[:0], r.Vuln)
	if r.Many {
		d.vulns, err = d.db.set(d.db.sets.At, r.Vuln, d.vulns[:0])
	}
	return err
}

func (d *decoder) append(dst []Advisory) ([]Advisory, error) {
	if len(dst)+len(d.vulns) > d.limit {
		return dst, fmt.Errorf("%w: more than %d advisories", ErrFormat, maxAdvisories)
	}
	for _, v := range d.vulns {
		id, err := d.db.id(v)
		if err != nil {
			return dst, err
		}
		d.next.Vulnerability = id
		if !d.named {
			d.next.Advisory = id
		}
		dst = append(dst, d.next)
	}
	return dst, nil
}

func (d *decoder) setExtent(e *layout.Extent) (err error) {
	d.next.Ranges, d.next.Versions, d.next.Arch = nil, nil, nil
	if d.next.Module, err = d.db.text(e.Module); err != nil {
		return err
	}
	if len(e.Arch) > 0 {
		if d.next.Arch, err = d.db.texts(e.Arch); err != nil {
			return err
		}
	}
	if len(e.Versions) > 0 {
		if d.next.Versions, err = d.db.texts(e.Versions); err != nil {
			return err
		}
	}
	if len(e.Ranges) > 0 {
		d.next.Ranges, err = d.readRanges(e.Ranges)
	}
	return err
}

func (d *decoder) readRanges(ranges []layout.Range) (_ []Range, err error) {
	if cap(d.ranges)-len(d.ranges) < len(ranges) {
		d.ranges = make([]Range, 0, max(16, len(ranges)))
	}
	start := len(d.ranges)
	for _, r := range ranges {
		var out Range
		if out.Introduced, err = d.db.text(r.Introduced); err != nil {
			return nil, err
		}
		if r.Fixed != d.fixed {
			if d.fixedText, err = d.db.text(r.Fixed); err != nil {
				return nil, err
			}
			d.fixed = r.Fixed
		}
		out.Fixed = d.fixedText
		if out.LastAffected, err = d.db.text(r.LastAffected); err != nil {
			return nil, err
		}
		d.ranges = append(d.ranges, out)
	}
	return d.ranges[start:len(d.ranges):len(d.ranges)], nil
}

// id returns the canonical id of vulnerability v. Ids are kept once they were
// asked for: packages of one image share most of their vulnerabilities.
func (db *DB) id(v int) (string, error) {
	if v >= len(db.idCache) {
		return "", fmt.Errorf("%w: no vulnerability %d", ErrFormat, v)
	}
	if s := db.idCache[v].Load(); s != nil {
		return *s, nil
	}
	s, err := db.ids.String(v)
	if err == nil {
		db.idCache[v].Store(&s)
	}
	return s, err
}

// text returns the string that ref names.
func (db *DB) text(ref layout.Ref) (string, error) {
	if ref == 0 {
		return "", nil
	}
	return db.strings.String(int(ref - 1))
}

func (db *DB) texts(refs []layout.Ref) ([]string, error) {
	out := make([]string, len(refs))
	for i, ref := range refs {
		var err error
		if out[i], err = db.text(ref); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// set appends the numbers of set n, of the list behind at, to dst.
func (db *DB) set(at func(int) ([]byte, error), n int, dst []int) ([]int, error) {
	b, err := at(n)
	if err != nil {
		return dst, err
	}
	return layout.ParseSet(b, dst)
}
