package build

import (
	"bytes"
	"slices"
	"strings"
)

// names decides which ids are one vulnerability.
//
//   - A CVE is a vulnerability of its own, always.
//   - Another id that a source calls an alias of CVEs is an alias of these: of
//     each of them, when there are several.
//   - An id without such a CVE takes those of the ids that it is connected to
//     through aliases that aren't CVEs.
//   - Where there is none at all, connected ids are one vulnerability, under
//     the best-known of them.
type names struct {
	strings *interner
	// vulns are the ids of all vulnerabilities, sorted; aliases are all other
	// ids, sorted.
	vulns, aliases []uint32
	// targets are the vulnerabilities that an alias stands for: numbers in
	// vulns, ascending.
	targets map[uint32][]int
	number  map[uint32]int // of an id in vulns
}

// maxTargets bounds how many CVEs an id may be an alias of; what goes beyond
// is a mistake in a feed.
const maxTargets = 128

// resolveNames joins the ids; keep says which of them are wanted: those that
// statements are about, by whatever name.
func resolveNames(in *interner, ids map[uint32]bool, edges []edge, keep map[uint32]bool) *names {
	n := &names{strings: in, targets: make(map[uint32][]int), number: make(map[uint32]int)}
	canonical := canonicalIDs(in, ids, edges)
	wanted := make(map[uint32]bool)
	for id := range keep {
		for _, c := range canonical[id] {
			wanted[c] = true
		}
	}
	n.vulns = in.sorted(func(i uint32) bool { return wanted[i] })
	for i, id := range n.vulns {
		n.number[id] = i
	}
	for id, targets := range canonical {
		if wanted[id] {
			continue
		}
		for _, t := range targets {
			if i, ok := n.number[t]; ok {
				n.targets[id] = append(n.targets[id], i)
			}
		}
		slices.Sort(n.targets[id])
	}
	n.aliases = in.sorted(func(i uint32) bool { return len(n.targets[i]) > 0 })
	return n
}

// of returns the numbers of the vulnerabilities that an id stands for.
func (n *names) of(id uint32) []int {
	if i, ok := n.number[id]; ok {
		return []int{i}
	}
	return n.targets[id]
}

// canonicalIDs returns for each id the vulnerabilities that it stands for.
func canonicalIDs(in *interner, ids map[uint32]bool, edges []edge) map[uint32][]uint32 {
	direct := make(map[uint32][]uint32)
	group := make(union)
	for _, e := range edges {
		switch a, b := isCVE(in.bytes(e.a)), isCVE(in.bytes(e.b)); {
		case a && !b:
			direct[e.b] = append(direct[e.b], e.a)
		case b && !a:
			direct[e.a] = append(direct[e.a], e.b)
		case !a && !b:
			group.join(e.a, e.b)
		}
	}
	for id, cves := range direct {
		direct[id] = boundedSet(in, cves)
	}
	members := make(map[uint32][]uint32)
	for id := range ids {
		if !isCVE(in.bytes(id)) {
			root := group.find(id)
			members[root] = append(members[root], id)
		}
	}
	canonical := make(map[uint32][]uint32, len(ids))
	for id := range ids {
		if isCVE(in.bytes(id)) {
			canonical[id] = []uint32{id}
		}
	}
	for _, group := range members {
		var shared []uint32
		for _, id := range group {
			shared = append(shared, direct[id]...)
		}
		if shared = boundedSet(in, shared); len(shared) == 0 {
			shared = []uint32{slices.MinFunc(group, func(a, b uint32) int { return compareFame(in.string(a), in.string(b)) })}
		}
		for _, id := range group {
			if canonical[id] = direct[id]; len(direct[id]) == 0 {
				canonical[id] = shared
			}
		}
	}
	return canonical
}

func isCVE(id []byte) bool { return bytes.HasPrefix(id, []byte("CVE-")) }

// boundedSet returns the distinct ids in the order of their strings, at most
// maxTargets.
func boundedSet(in *interner, ids []uint32) []uint32 {
	slices.SortFunc(ids, func(a, b uint32) int { return bytes.Compare(in.bytes(a), in.bytes(b)) })
	ids = slices.Compact(ids)
	return ids[:min(len(ids), maxTargets)]
}

// fame lists kinds of ids, the best-known first.
var fame = []string{"GHSA-", "GO-", "RUSTSEC-", "PYSEC-", "DSA-", "MAL-"}

// compareFame puts the better-known id first.
func compareFame(a, b string) int {
	rank := func(id string) int {
		i := slices.IndexFunc(fame, func(p string) bool { return strings.HasPrefix(id, p) })
		if i < 0 {
			i = len(fame)
		}
		return i
	}
	if d := rank(a) - rank(b); d != 0 {
		return d
	}
	return strings.Compare(a, b)
}

// union is a disjoint-set forest over ids; an id that is not in it stands
// alone.
type union map[uint32]uint32

func (u union) find(id uint32) uint32 {
	for {
		parent, ok := u[id]
		if !ok || parent == id {
			return id
		}
		if grand, ok := u[parent]; ok {
			u[id] = grand // halve the path
		}
		id = parent
	}
}

func (u union) join(a, b uint32) {
	if a, b = u.find(a), u.find(b); a != b {
		u[max(a, b)] = min(a, b)
	}
}
