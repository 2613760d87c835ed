package scan

import (
	"fmt"
	"sync/atomic"

	"github.com/boltseal/boltseal/finding"
	"github.com/boltseal/boltseal/image"
	"github.com/boltseal/boltseal/scan/scanner"
)

// What is remembered beside the names themselves, in bytes, about.
const (
	hashBytes    = 8
	linkBytes    = 64
	slotBytes    = 256
	packageBytes = 2048
	// nameCopies is in how many keys, package URLs and lists a name comes again
	// on the way to the report.
	nameCopies = 8
)

// budget bounds what is remembered of all layers of a scan together: paths,
// links and what scanners found. It is safe for concurrent use.
type budget struct {
	limit int64
	used  atomic.Int64
	names atomic.Int64 // of used, for paths and links
	over  atomic.Bool
}

func newBudget(limit int64) *budget { return &budget{limit: limit} }

// take asks for n bytes; what does not fit is refused.
func (b *budget) take(n int64) error {
	if b.used.Add(n) <= b.limit {
		return nil
	}
	b.used.Add(-n)
	b.over.Store(true)
	return b.err()
}

// takeName asks for n bytes of a path or link, which may have half of all:
// however many there are, packages find room.
func (b *budget) takeName(n int64) error {
	if b.names.Add(n) <= b.limit/2 {
		return b.take(n)
	}
	b.names.Add(-n)
	b.over.Store(true)
	return b.err()
}

// err says whether anything was refused.
func (b *budget) err() error {
	if !b.over.Load() {
		return nil
	}
	return fmt.Errorf("%w: names and results of more than %d bytes (--max-result)", image.ErrLimit, b.limit)
}

// weight is about how many bytes a result takes.
func weight(r *scanner.Result) int64 {
	n := 0
	for i := range r.Packages {
		p := &r.Packages[i]
		n += packageBytes + len(p.Path()) + len(p.Vendor) + nameCopies*(len(p.Name)+len(p.Version)+len(p.Source.Name)+len(p.Source.Version))
		n += names(p.Files) + names(p.Licenses) + fixes(p.FixedCVEs)
	}
	for _, o := range r.Owned {
		n += linkBytes + names(o.Paths)
	}
	for _, d := range r.Details {
		n += linkBytes + names(d.Licenses) + fixes(d.FixedCVEs)
	}
	if r.Fact != nil {
		n += linkBytes + names(r.Fact.Digests)
	}
	n += fixes(r.Sums) + len(r.Diversions)*linkBytes
	for i := range r.Findings {
		n += findingBytes(&r.Findings[i])
	}
	return int64(n)
}

func findingBytes(f *finding.Finding) int {
	n := 1024 + len(f.Title) + len(f.Evidence) + len(f.Remedy) + len(f.Location.Path)
	for _, s := range f.Trace {
		n += linkBytes + len(s.What) + len(s.Code)
	}
	return n
}

func names(list []string) int {
	n := 0
	for _, s := range list {
		n += 16 + len(s)
	}
	return n
}

func fixes(m map[string]string) int {
	n := 0
	for id, version := range m {
		n += linkBytes + len(id) + len(version)
	}
	return n
}
