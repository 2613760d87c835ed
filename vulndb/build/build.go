// Package build makes a vulnerability database out of what feeds say, in
// bounded memory: statements and descriptions are written to unnamed temporary
// files as they come, sorted there, and merged into the one file.
//
// The rules of merging:
//
//   - Of what several versions of one document (same source and id) say about
//     a package, the newest counts. Equal statements of several archives
//     become one.
//   - Aliases are merged into one vulnerability under its CVE; see names. Two
//     CVEs are never one vulnerability. What is only related is not an alias.
//   - A vulnerability that no statement mentions is left out, unless it is in
//     the KEV catalogue: nothing could ever match it.
//   - Nothing is lost because a feed shrank; see Carry and KeepNamespaces.
//   - The same input gives the same bytes, in whatever order documents come.
//
// Start at New; package update drives it.
package build

import (
	"bufio"
	"fmt"
	"os"
	"sync"
	"time"

	"github.com/boltseal/boltseal/vulndb"
	"github.com/boltseal/boltseal/vulndb/layout"
)

// defaultMemory is how many bytes of unsorted data are kept in memory for each
// of the two sorts.
const defaultMemory = 32 << 20

// Options are the settings of a Builder.
type Options struct {
	// Dir is where temporary files are made; "" is the system's directory.
	Dir string
	// Memory overrides how many bytes each sort may hold, for tests.
	Memory int
	// Now is the latest date that a record may have: later ones are typing
	// errors and say nothing about how new a source is. The zero time is now.
	Now time.Time
}

// Builder collects what feeds say. Its methods and those of its Artifacts may
// be called concurrently until Write.
type Builder struct {
	options Options

	mu        sync.Mutex
	strings   *interner
	sets      *interner // of vulnerability ids, encoded by layout.AppendSet
	artifacts []*Artifact
	origins   map[origin]uint32
	originOf  []origin
	records   map[recordKey]uint32
	recordOf  []record
	rows      *sorter
	log       *bufio.Writer // of contributions
	logFile   *os.File
	edges     []edge
	ids       map[uint32]bool // strings that are ids of vulnerabilities
	wanted    numbers         // strings that belong into the table
	kev       map[uint32]bool // ids in the KEV catalogue
	counts    map[namespaceKey]int
	kept      []vulndb.Kept
	scratch   scratch
}

// origin is a source as statements name it, and the artifact that brought it.
type origin struct {
	artifact int
	source   uint32
}

// edge says that two ids are aliases.
type edge struct{ a, b uint32 }

// recordKey tells documents apart.
type recordKey struct {
	source, advisory, set uint32
	modified              int64
	carried               bool
}

// record is what the statements of one document have in common. When several
// artifacts hold the document, artifact is the first of them.
type record struct {
	recordKey
	artifact int
}

type namespaceKey struct{ source, namespace string }

// scratch holds buffers that are used under the Builder's lock.
type scratch struct {
	key, value []byte
	set        []int
	row        [1]layout.Row
}

// New starts a database.
func New(o Options) (*Builder, error) {
	if o.Memory == 0 {
		o.Memory = defaultMemory
	}
	if o.Now.IsZero() {
		o.Now = time.Now()
	}
	file, err := unnamedFile(o.Dir)
	if err != nil {
		return nil, fmt.Errorf("make temporary file: %w", err)
	}
	return &Builder{
		options: o,
		strings: newInterner(), sets: newInterner(),
		origins: make(map[origin]uint32),
		records: make(map[recordKey]uint32),
		rows:    newSorter(o.Dir, o.Memory),
		log:     bufio.NewWriterSize(file, 1<<18), logFile: file,
		ids: make(map[uint32]bool), kev: make(map[uint32]bool),
		counts: make(map[namespaceKey]int),
	}, nil
}

// Close frees temporary files. It is needed only when Write wasn't called, and
// harmless otherwise.
func (b *Builder) Close() error {
	b.rows.close()
	return b.logFile.Close()
}

// Artifact is one downloaded artifact of one feed, on its way into the
// database.
type Artifact struct {
	// Source is what Meta will say; the builder counts what it holds, and the
	// caller fills in the rest before Write.
	Source vulndb.Source

	b      *Builder
	number int
	year   int // of the newest CVE
}

// Date completes Source once all documents were read and Fetched is set: a
// source whose records have no dates is at most as new as the end of the year
// of its newest CVE.
func (a *Artifact) Date() {
	a.b.mu.Lock()
	defer a.b.mu.Unlock()
	s := &a.Source
	if s.Estimated = s.Newest.IsZero() && a.year > 0; !s.Estimated {
		return
	}
	s.Newest = time.Date(a.year, time.December, 31, 0, 0, 0, 0, time.UTC)
	if s.Newest.After(s.Fetched) {
		s.Newest = s.Fetched
	}
}

// Artifact registers an artifact. Registering order decides ties between equal
// statements, so it must be the same for the same input.
func (b *Builder) Artifact(feed, name string) *Artifact {
	b.mu.Lock()
	defer b.mu.Unlock()
	a := &Artifact{b: b, number: len(b.artifacts), Source: vulndb.Source{Feed: feed, Artifact: name}}
	b.artifacts = append(b.artifacts, a)
	return a
}

// originNumber is called under the lock.
func (b *Builder) originNumber(artifact int, source uint32) uint32 {
	o := origin{artifact, source}
	n, ok := b.origins[o]
	if !ok {
		n = uint32(len(b.originOf))
		b.origins[o] = n
		b.originOf = append(b.originOf, o)
	}
	return n
}
