package build

import (
	"bytes"
	"cmp"
	"io"
	"slices"

	"github.com/boltseal/boltseal/vulndb/format"
	"github.com/boltseal/boltseal/vulndb/layout"
)

// rowMerger turns the sorted statements into the Keys and Rows sections.
type rowMerger struct {
	b    *Builder
	docs *documents
	rank []layout.Ref

	keys *format.TableWriter
	list *format.ListWriter

	key  []byte
	rows []layout.Row
	raw  []int // for each of rows its number in Builder.recordOf
	out  []byte

	namespace string
	counts    []namespaceCount
}

type namespaceCount struct {
	name string
	layout.Count
}

// write streams the rows to w and the keys to keys.
func (m *rowMerger) write(w io.Writer, keys io.Writer) error {
	m.list, m.keys = format.NewListWriter(w), format.NewTableWriter(keys)
	err := m.b.rows.each(func(key, value []byte) error {
		if !bytes.Equal(key, m.key) {
			m.flush()
			m.key = append(m.key[:0], key...)
		}
		return m.add(value)
	})
	if err != nil {
		return err
	}
	m.flush()
	if err := m.keys.Close(); err != nil {
		return err
	}
	return m.list.Close()
}

// add decodes one statement.
func (m *rowMerger) add(value []byte) error {
	r := layout.ReadRows(value)
	row := r.Next()
	if row == nil {
		return r.Err()
	}
	final := layout.Row{Record: m.docs.number[row.Record], Status: row.Status, Severity: row.Severity}
	final.Module = m.ref(row.Module)
	for _, a := range row.Arch {
		final.Arch = append(final.Arch, m.ref(a))
	}
	for _, v := range row.Versions {
		final.Versions = append(final.Versions, m.ref(v))
	}
	for _, g := range row.Ranges {
		final.Ranges = append(final.Ranges, layout.Range{
			Introduced: m.ref(g.Introduced), Fixed: m.ref(g.Fixed), LastAffected: m.ref(g.LastAffected),
		})
	}
	m.rows = append(m.rows, final)
	m.raw = append(m.raw, row.Record)
	return nil
}

// ref is the place in the table of an interned string.
func (m *rowMerger) ref(r layout.Ref) layout.Ref {
	if r == 0 {
		return 0
	}
	return m.rank[r-1]
}

// flush writes the rows of one key.
func (m *rowMerger) flush() {
	if len(m.rows) == 0 {
		return
	}
	m.dropReplaced()
	slices.SortFunc(m.rows, compareRows)
	m.rows = slices.CompactFunc(m.rows, func(a, b layout.Row) bool { return compareRows(a, b) == 0 })
	m.out = layout.AppendRows(m.out[:0], m.rows)
	m.keys.Add(m.key)
	m.list.Add(m.out)
	m.count()
	m.rows, m.raw = m.rows[:0], m.raw[:0]
}

// document is what makes two statements about a package versions of one.
type document struct{ source, advisory, set uint32 }

// dropReplaced removes the statements of older versions of a document, and
// those carried over from the previous database where the same document is
// there anew.
func (m *rowMerger) dropReplaced() {
	newest := make(map[document]int64)
	fresh := make(map[document]bool)
	for _, raw := range m.raw {
		r := &m.b.recordOf[raw]
		if d := (document{r.source, r.advisory, r.set}); !r.carried {
			newest[d] = max(newest[d], r.modified)
			fresh[document{r.source, r.advisory, 0}] = true
		}
	}
	kept := m.rows[:0]
	for i, row := range m.rows {
		r := &m.b.recordOf[m.raw[i]]
		if r.carried && fresh[document{r.source, r.advisory, 0}] {
			continue
		}
		if !r.carried && r.modified < newest[document{r.source, r.advisory, r.set}] {
			continue
		}
		kept = append(kept, row)
	}
	m.rows = kept
}

func (m *rowMerger) count() {
	namespace, _, _ := bytes.Cut(m.key, []byte{0})
	if len(m.counts) == 0 || m.namespace != string(namespace) {
		m.namespace = string(namespace)
		m.counts = append(m.counts, namespaceCount{name: m.namespace})
	}
	n := &m.counts[len(m.counts)-1]
	n.Packages++
	for _, row := range m.rows {
		r, advisories := &m.docs.record[row.Record], 1
		if r.Many {
			advisories = len(m.docs.sets[r.Vuln])
		}
		n.Advisories += advisories
		n.share(r.Origin, advisories)
	}
}

// share adds to the part of an origin.
func (n *namespaceCount) share(origin, advisories int) {
	i, found := slices.BinarySearchFunc(n.Shares, origin, func(s layout.Share, origin int) int { return cmp.Compare(s.Origin, origin) })
	if !found {
		n.Shares = slices.Insert(n.Shares, i, layout.Share{Origin: origin})
	}
	n.Shares[i].Advisories += advisories
}

func compareRows(a, b layout.Row) int {
	return cmp.Or(
		cmp.Compare(a.Record, b.Record), cmp.Compare(a.Module, b.Module), slices.Compare(a.Arch, b.Arch),
		slices.CompareFunc(a.Ranges, b.Ranges, compareRanges), slices.Compare(a.Versions, b.Versions),
		cmp.Compare(a.Status, b.Status), cmp.Compare(a.Severity, b.Severity),
	)
}

func compareRanges(a, b layout.Range) int {
	return cmp.Or(cmp.Compare(a.Introduced, b.Introduced), cmp.Compare(a.Fixed, b.Fixed), cmp.Compare(a.LastAffected, b.LastAffected))
}
