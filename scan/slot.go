package scan

import (
	"cmp"
	"slices"
	"sync"

	"github.com/boltseal/boltseal/image"
	"github.com/boltseal/boltseal/inventory"
	"github.com/boltseal/boltseal/scan/scanner"
)

// slots collect what the scanners say about the files of one layer. Files about
// which nobody says anything cost a few bytes each.
type slots struct {
	// last has the number of the last entry of each path, by the path's hash:
	// of two entries of a name, the later one is the file. Used by the walking
	// goroutine only.
	last map[uint64]int
	seen int

	mu    sync.Mutex
	found []slot
}

// slot is what the scanners say about one entry.
type slot struct {
	path    string
	number  int // of the entry in the layer
	results []fileResult
	issues  []inventory.Issue
}

// note counts an entry and returns its number.
func (s *slots) note(e *image.Entry) int {
	s.seen++
	if e.Type != image.Dir {
		if s.last == nil {
			s.last = make(map[uint64]int)
		}
		s.last[pathHash(e.Path)] = s.seen
	}
	return s.seen
}

// add keeps what was said; it is safe for concurrent use.
func (s *slots) add(found slot) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.found = append(s.found, found)
}

// deliver puts everything into the layer's result, in the layer's order. Of an
// entry that a later one replaced, only what is wrong with it counts.
func (s *slots) deliver(to *layerResult) {
	slices.SortFunc(s.found, func(a, b slot) int { return cmp.Compare(a.number, b.number) })
	for _, f := range s.found {
		if s.last[pathHash(f.path)] == f.number {
			to.Files = append(to.Files, f.results...)
			to.Issues = append(to.Issues, f.issues...)
			continue
		}
		for _, r := range f.results {
			if len(r.Result.Findings) > 0 {
				r.Result = scanner.Result{Findings: r.Result.Findings}
				to.Shadowed = append(to.Shadowed, r)
			}
		}
	}
}
