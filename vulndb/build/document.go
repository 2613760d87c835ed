package build

import (
	"encoding/binary"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/boltseal/boltseal/vulndb"
	"github.com/boltseal/boltseal/vulndb/feed"
	"github.com/boltseal/boltseal/vulndb/layout"
)

// Document takes what a feed says in one document. It is a feed.Sink.
type Document struct {
	a *Artifact

	mu       sync.Mutex
	pending  vulndb.Advisory // with its slices copied
	vulns    []string        // that pending is about
	records  int
	advised  int
	newest   int64
	year     int // of the newest CVE
	carrying bool
}

var _ feed.Sink = (*Document)(nil)

// Document starts a document. Close it.
func (a *Artifact) Document() *Document { return &Document{a: a, records: 1} }

// Advisory takes a statement. Consecutive ones that differ only in the
// vulnerability are kept as one row about several.
func (d *Document) Advisory(adv *vulndb.Advisory) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	id := adv.Vulnerability
	if id == "" {
		id = adv.Advisory
	}
	if len(d.vulns) > 0 && sameStatement(&d.pending, adv) {
		d.vulns = append(d.vulns, id)
		return nil
	}
	if err := d.flush(); err != nil {
		return err
	}
	ranges := append(d.pending.Ranges[:0], adv.Ranges...)
	versions := append(d.pending.Versions[:0], adv.Versions...)
	arch := append(d.pending.Arch[:0], adv.Arch...)
	d.pending = *adv
	if adv.Advisory == "" {
		d.pending.Advisory = id
	}
	d.pending.Ranges, d.pending.Versions, d.pending.Arch = ranges, versions, arch
	d.vulns = append(d.vulns[:0], id)
	return nil
}

// sameStatement says if a and b differ at most in the vulnerability.
func sameStatement(a, b *vulndb.Advisory) bool {
	return a.Package == b.Package && a.Namespace == b.Namespace && a.Advisory == b.Advisory &&
		a.Source == b.Source && a.Status == b.Status && a.Severity == b.Severity &&
		a.Modified == b.Modified && a.Module == b.Module && slices.Equal(a.Ranges, b.Ranges) &&
		slices.Equal(a.Versions, b.Versions) && slices.Equal(a.Arch, b.Arch)
}

// flush hands the pending statement to the builder.
func (d *Document) flush() error {
	if len(d.vulns) == 0 {
		return nil
	}
	d.advised += len(d.vulns)
	d.date(d.pending.Modified)
	for _, id := range d.vulns {
		d.datedBy(id)
	}
	err := d.a.b.addRow(d.a.number, &d.pending, d.vulns, d.carrying)
	d.vulns = d.vulns[:0]
	return err
}

// Vulnerability takes a description.
func (d *Document) Vulnerability(v *vulndb.Vulnerability) error {
	if v.ID == "" {
		return nil
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.date(unixSeconds(v.Modified))
	d.date(unixSeconds(v.Published))
	d.datedBy(v.ID)
	c := newContribution(v, d.carrying)
	return d.a.b.addContribution(d.a.number, &c)
}

// Close hands over the rest and counts the document.
func (d *Document) Close() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	err := d.flush()
	if d.carrying {
		return err
	}
	b := d.a.b
	b.mu.Lock()
	defer b.mu.Unlock()
	s := &d.a.Source
	s.Records += d.records
	s.Advisories += d.advised
	if newest := unixTime(d.newest); newest.After(s.Newest) {
		s.Newest = newest
	}
	d.a.year = max(d.a.year, d.year)
	return err
}

// date takes a record's date in Unix seconds into account.
func (d *Document) date(seconds int64) {
	if seconds <= d.a.b.options.Now.Unix() {
		d.newest = max(d.newest, seconds)
	}
}

// datedBy takes the year in the id of a CVE into account.
func (d *Document) datedBy(id string) {
	rest, ok := strings.CutPrefix(id, "CVE-")
	if !ok {
		return
	}
	year, _, _ := strings.Cut(rest, "-")
	if n, err := strconv.Atoi(year); err == nil && n <= d.a.b.options.Now.Year() {
		d.year = max(d.year, n)
	}
}

// addRow keeps one statement about the vulnerabilities.
func (b *Builder) addRow(artifact int, a *vulndb.Advisory, vulns []string, carried bool) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	s := &b.scratch
	s.set = s.set[:0]
	for _, id := range vulns {
		n := b.strings.add(id)
		b.ids[n] = true
		s.set = append(s.set, int(n))
	}
	slices.Sort(s.set)
	s.set = slices.Compact(s.set)
	s.value = layout.AppendSet(s.value[:0], s.set)
	row := &s.row[0]
	row.Record = int(b.recordNumber(recordKey{
		source: b.strings.add(a.Source), advisory: b.strings.add(a.Advisory),
		set: b.sets.add(string(s.value)), modified: a.Modified, carried: carried,
	}, artifact))
	row.Severity = a.Severity
	row.SetStatus(a.Status)
	row.Module = b.ref(a.Module)
	row.Arch, row.Versions, row.Ranges = row.Arch[:0], row.Versions[:0], row.Ranges[:0]
	for _, arch := range a.Arch {
		row.Arch = append(row.Arch, b.ref(arch))
	}
	for _, v := range a.Versions {
		row.Versions = append(row.Versions, b.ref(v))
	}
	for _, r := range a.Ranges {
		row.Ranges = append(row.Ranges, layout.Range{
			Introduced: b.ref(r.Introduced), Fixed: b.ref(r.Fixed), LastAffected: b.ref(r.LastAffected),
		})
	}
	s.value = layout.AppendRows(s.value[:0], s.row[:])
	s.key = appendKey(s.key[:0], a.Namespace, a.Package)
	if !carried {
		b.counts[namespaceKey{a.Source, a.Namespace}] += len(vulns)
	}
	return b.rows.add(s.key, s.value)
}

// appendKey is layout.Key for names that come from a feed: a zero byte would
// break the key in two.
func appendKey(dst []byte, namespace, pkg string) []byte {
	return layout.Key(dst, strings.ReplaceAll(namespace, "\x00", ""), strings.ReplaceAll(pkg, "\x00", ""))
}

// ref interns a string; refs are numbers of the interner plus one until Write
// gives them their place in the table.
func (b *Builder) ref(s string) layout.Ref {
	if s == "" {
		return 0
	}
	n := b.strings.add(s)
	b.wanted.add(n)
	return layout.Ref(n + 1)
}

func (b *Builder) recordNumber(key recordKey, artifact int) uint32 {
	n, ok := b.records[key]
	if !ok {
		n = uint32(len(b.recordOf))
		b.records[key] = n
		b.recordOf = append(b.recordOf, record{key, artifact})
	}
	r := &b.recordOf[n]
	r.artifact = min(r.artifact, artifact)
	return n
}

// addContribution keeps a description.
func (b *Builder) addContribution(artifact int, c *contribution) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if !c.carried {
		b.artifacts[artifact].Source.Vulnerabilities++
	}
	id := b.strings.add(c.ID)
	b.ids[id] = true
	for _, alias := range c.Aliases {
		if n := b.strings.add(alias); n != id && alias != "" {
			b.ids[n] = true
			b.edges = append(b.edges, edge{id, n})
		}
	}
	if c.KEV != nil {
		b.kev[id] = true
	}
	s := &b.scratch
	s.key = binary.LittleEndian.AppendUint32(s.key[:0], id)
	s.value = c.append(s.value[:0], b, artifact)
	writeField(b.log, s.key)
	writeField(b.log, s.value)
	_, err := b.log.Write(nil) // the writer keeps its first error
	return err
}
