package build

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/boltseal/boltseal/vulndb"
	"github.com/boltseal/boltseal/vulndb/format"
	"github.com/boltseal/boltseal/vulndb/layout"
)

// Write makes the database of what was collected. The builder can't be used
// afterwards.
func (b *Builder) Write(w io.WriteSeeker) (vulndb.Meta, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	defer b.rows.close()
	meta, err := b.write(w)
	if err != nil {
		return vulndb.Meta{}, fmt.Errorf("build vulnerability database: %w", err)
	}
	return meta, nil
}

func (b *Builder) write(w io.WriteSeeker) (meta vulndb.Meta, err error) {
	stated, err := b.statedIDs()
	if err != nil {
		return meta, err
	}
	names := resolveNames(b.strings, b.ids, b.edges, stated)
	file := format.NewWriter(w, layout.Sections)
	origins := b.writeOrigins(file)
	rank := b.writeStrings(file)
	docs, err := b.numberRecords(names, origins, rank)
	if err != nil {
		return meta, err
	}
	docs.write(file)

	rows := rowMerger{b: b, docs: docs, rank: rank}
	var keys, ids, aliases, targets bytes.Buffer
	file.Section(layout.Rows, func(w io.Writer) error { return rows.write(w, &keys) })
	writeBuffer(file, layout.Keys, &keys)

	merger := vulnMerger{b: b, names: names, origins: origins, rank: rank}
	file.Section(layout.Vulns, merger.write)
	file.Section(layout.Titles, func(w io.Writer) error { return merger.titles.writeTo(w) })
	file.Section(layout.Details, func(w io.Writer) error { return merger.details.writeTo(w) })
	if err := names.write(&ids, &aliases, &targets); err != nil {
		return meta, err
	}
	writeBuffer(file, layout.IDs, &ids)
	writeBuffer(file, layout.Aliases, &aliases)
	writeBuffer(file, layout.Targets, &targets)
	meta = b.meta(rows.counts, len(names.vulns))
	b.writeMeta(file, &meta, rows.counts)
	return meta, file.Close()
}

func writeBuffer(file *format.Writer, id uint32, b *bytes.Buffer) {
	file.Section(id, func(w io.Writer) error {
		_, err := b.WriteTo(w)
		return err
	})
}

// writeOrigins writes the origins in order, and returns the place of each of
// Builder.originOf.
func (b *Builder) writeOrigins(file *format.Writer) []int {
	for i := range b.recordOf {
		b.originNumber(b.recordOf[i].artifact, b.recordOf[i].source)
	}
	out := make([]layout.Origin, len(b.originOf))
	order := make([]int, len(b.originOf))
	for i, o := range b.originOf {
		a := &b.artifacts[o.artifact].Source
		out[i] = layout.Origin{Source: b.strings.string(o.source), Feed: a.Feed, Artifact: a.Artifact}
		order[i] = i
	}
	slices.SortFunc(order, func(i, j int) int {
		p, q := &out[i], &out[j]
		return cmp.Or(cmp.Compare(p.Source, q.Source), cmp.Compare(p.Feed, q.Feed), cmp.Compare(p.Artifact, q.Artifact))
	})
	places := make([]int, len(order))
	file.Section(layout.Origins, func(w io.Writer) error {
		list := format.NewListWriter(w)
		for place, i := range order {
			places[i] = place
			list.Add(out[i].Append(nil))
		}
		return list.Close()
	})
	return places
}

// writeStrings writes the table of strings and returns the Ref of each string
// of the interner.
func (b *Builder) writeStrings(file *format.Writer) []layout.Ref {
	for i := range b.recordOf {
		if r := &b.recordOf[i]; !b.named(r) {
			b.wanted.add(r.advisory)
		}
	}
	rank := make([]layout.Ref, b.strings.len())
	file.Section(layout.Strings, func(w io.Writer) error {
		table := format.NewTableWriter(w)
		for _, i := range b.strings.sorted(func(i uint32) bool { return b.wanted.has(i) && len(b.strings.bytes(i)) > 0 }) {
			rank[i] = layout.Ref(table.Add(b.strings.bytes(i)) + 1)
		}
		return table.Close()
	})
	return rank
}

// named says if a document's id is that of the CVE that it is about, so that it
// needs no string of its own.
func (b *Builder) named(r *record) bool {
	return isCVE(b.strings.bytes(r.advisory)) &&
		string(b.sets.bytes(r.set)) == string(layout.AppendSet(nil, []int{int(r.advisory)}))
}

func (d *documents) write(file *format.Writer) {
	file.Section(layout.Records, func(w io.Writer) error {
		list := format.NewListWriter(w)
		var b []byte
		for i := range d.record {
			b = d.record[i].Append(b[:0])
			list.Add(b)
		}
		return list.Close()
	})
	file.Section(layout.Sets, func(w io.Writer) error {
		list := format.NewListWriter(w)
		var b []byte
		for _, set := range d.sets {
			b = layout.AppendSet(b[:0], set)
			list.Add(b)
		}
		return list.Close()
	})
}

// meta describes the result.
func (b *Builder) meta(counts []namespaceCount, vulns int) vulndb.Meta {
	m := vulndb.Meta{Vulnerabilities: vulns, Kept: b.kept}
	for _, a := range b.artifacts {
		if a.Source.Fetched.IsZero() && a.Source.Error == "" {
			continue // never there, and nobody expected it
		}
		m.Sources = append(m.Sources, a.Source)
		if a.Source.Fetched.After(m.Built) {
			m.Built = a.Source.Fetched
		}
	}
	slices.SortStableFunc(m.Sources, func(a, b vulndb.Source) int {
		return cmp.Or(cmp.Compare(a.Feed, b.Feed), cmp.Compare(a.Artifact, b.Artifact))
	})
	slices.SortFunc(m.Kept, func(a, b vulndb.Kept) int {
		return cmp.Or(cmp.Compare(a.Source, b.Source), cmp.Compare(a.Namespace, b.Namespace))
	})
	for _, n := range counts {
		m.Packages += n.Packages
		m.Advisories += n.Advisories
	}
	return m
}

func (b *Builder) writeMeta(file *format.Writer, meta *vulndb.Meta, counts []namespaceCount) {
	var names, list bytes.Buffer
	table, counted := format.NewTableWriter(&names), format.NewListWriter(&list)
	for _, n := range counts {
		table.Add([]byte(n.name))
		counted.Add(n.Count.Append(nil))
	}
	err := errors.Join(table.Close(), counted.Close())
	writeBuffer(file, layout.Namespaces, &names)
	writeBuffer(file, layout.Counts, &list)
	file.Section(layout.Meta, func(w io.Writer) error {
		if err != nil {
			return err
		}
		return json.NewEncoder(w).Encode(meta)
	})
}
