package build

import (
	"bytes"
	"cmp"
	"slices"

	"github.com/boltseal/boltseal/vulndb/layout"
)

// documents are the records of the file in their order, and what every number
// of Builder.recordOf became.
type documents struct {
	sets   [][]int // distinct sets of several vulnerabilities, sorted
	record []layout.Record
	// number is the place of each of Builder.recordOf.
	number []int
}

// statedIDs returns the ids that statements are about, and those in the KEV
// catalogue.
func (b *Builder) statedIDs() (map[uint32]bool, error) {
	ids := make(map[uint32]bool, len(b.recordOf))
	for id := range b.kev {
		ids[id] = true
	}
	var set []int
	for i := range b.recordOf {
		var err error
		if set, err = layout.ParseSet(b.sets.bytes(b.recordOf[i].set), set[:0]); err != nil {
			return nil, err
		}
		for _, id := range set {
			ids[uint32(id)] = true
		}
	}
	return ids, nil
}

// numberRecords puts the records in the file's order: by source, id,
// vulnerabilities and date.
func (b *Builder) numberRecords(n *names, origins []int, rank []layout.Ref) (*documents, error) {
	vulns := make([][]int, b.sets.len())
	for i := range vulns {
		ids, err := layout.ParseSet(b.sets.bytes(uint32(i)), nil)
		if err != nil {
			return nil, err
		}
		for _, id := range ids {
			vulns[i] = append(vulns[i], n.of(uint32(id))...)
		}
		slices.Sort(vulns[i])
		vulns[i] = slices.Compact(vulns[i])
	}
	order := make([]int, len(b.recordOf))
	for i := range order {
		order[i] = i
	}
	compare := func(x, y int) int {
		p, q := &b.recordOf[x], &b.recordOf[y]
		return cmp.Or(
			bytes.Compare(b.strings.bytes(p.source), b.strings.bytes(q.source)),
			bytes.Compare(b.strings.bytes(p.advisory), b.strings.bytes(q.advisory)),
			slices.Compare(vulns[p.set], vulns[q.set]),
			cmp.Compare(p.modified, q.modified),
		)
	}
	slices.SortFunc(order, func(x, y int) int {
		return cmp.Or(compare(x, y), cmp.Compare(b.recordOf[x].artifact, b.recordOf[y].artifact))
	})
	d := &documents{number: make([]int, len(b.recordOf))}
	d.numberSets(b, order, vulns)
	for i, x := range order {
		if i == 0 || compare(order[i-1], x) != 0 {
			d.record = append(d.record, b.layoutRecord(x, vulns, d, n, origins, rank))
		}
		d.number[x] = len(d.record) - 1
	}
	return d, nil
}

// numberSets collects the sets of several vulnerabilities.
func (d *documents) numberSets(b *Builder, order []int, vulns [][]int) {
	for _, x := range order {
		if set := vulns[b.recordOf[x].set]; len(set) > 1 {
			d.sets = append(d.sets, set)
		}
	}
	slices.SortFunc(d.sets, slices.Compare)
	d.sets = slices.CompactFunc(d.sets, slices.Equal)
}

func (b *Builder) layoutRecord(x int, vulns [][]int, d *documents, n *names, origins []int, rank []layout.Ref) layout.Record {
	r := &b.recordOf[x]
	out := layout.Record{
		Origin:   origins[b.originNumber(r.artifact, r.source)],
		Advisory: rank[r.advisory], Modified: r.modified,
	}
	set := vulns[r.set]
	if len(set) == 1 {
		out.Vuln = set[0]
		if n.vulns[set[0]] == r.advisory {
			out.Advisory = 0
		}
		return out
	}
	out.Many = true
	out.Vuln, _ = slices.BinarySearchFunc(d.sets, set, slices.Compare)
	return out
}
