package build

import (
	"fmt"
	"slices"
	"time"

	"github.com/boltseal/boltseal/vulndb"
)

// A source or namespace that loses more than a tenth of its statements has
// most likely lost them by mistake, or has reached its end of life; either way
// what it said before stays. Namespaces with fewer than minShrink statements
// less are left alone, unless they vanish.
const (
	shrinkPercent = 10
	minShrink     = 20
)

// Shrunk says if a count fell by more than a tenth.
func Shrunk(before, now int) bool { return now*100 < before*(100-shrinkPercent) }

// Want says if something that an artifact told the previous database is to be
// carried over: a statement of the advisory about vulnerabilities with these
// ids, or, when advisory is "", a description of the one that has these ids.
type Want func(feed, artifact, advisory string, ids []string) bool

// Carry takes over from the previous database what want says that artifacts
// told there, besides what they told now. Where a document is there anew, its
// new statements and descriptions displace the old ones.
//
// It also keeps the statements of namespaces that a source stopped serving, or
// serves much less of: distributions vanish from feeds at their end of life,
// but not from images. Call it once, after all documents.
func (b *Builder) Carry(previous *vulndb.DB, want Want) error {
	c := carrier{b: b, want: want, artifacts: make(map[[2]string]*Artifact)}
	for _, a := range b.artifacts {
		c.artifacts[[2]string{a.Source.Feed, a.Source.Artifact}] = a
	}
	err := c.findShrunk(previous)
	if err == nil {
		err = previous.Statements(c.statement)
	}
	if err == nil {
		err = previous.Descriptions(c.description)
	}
	if err != nil {
		return fmt.Errorf("carry over previous database: %w", err)
	}
	return nil
}

type carrier struct {
	b         *Builder
	want      Want
	artifacts map[[2]string]*Artifact
	shrunk    map[namespaceKey]bool
	old       map[*Artifact]*Document
	needed    map[string]bool // vulnerabilities of statements that were carried over
}

// findShrunk counts what the previous database holds of each namespace, and
// what of it would be there again.
func (c *carrier) findShrunk(previous *vulndb.DB) error {
	before, carried := make(map[namespaceKey]int), make(map[namespaceKey]int)
	err := previous.Statements(func(s *vulndb.Statement) error {
		key := namespaceKey{s.Source, s.Namespace}
		before[key] += len(s.Vulnerabilities)
		if c.want(s.Feed, s.Artifact, s.Advisory.Advisory, s.Vulnerabilities) {
			carried[key] += len(s.Vulnerabilities)
		}
		return nil
	})
	c.shrunk, c.needed, c.old = make(map[namespaceKey]bool), make(map[string]bool), make(map[*Artifact]*Document)
	since := make(map[namespaceKey]time.Time)
	for _, k := range previous.Meta().Kept {
		since[namespaceKey{k.Source, k.Namespace}] = k.Since
	}
	for key, n := range before {
		now := c.b.counts[key] + carried[key]
		if now > 0 && (n-now < minShrink || !Shrunk(n, now)) {
			continue
		}
		c.shrunk[key] = true
		kept := vulndb.Kept{Source: key.source, Namespace: key.namespace, Advisories: n - now, Since: since[key]}
		if kept.Since.IsZero() {
			kept.Since = previous.Meta().Built
		}
		c.b.kept = append(c.b.kept, kept)
	}
	return err
}

// document returns where what an artifact said before goes. An artifact that
// isn't known any more keeps its name.
func (c *carrier) document(feed, artifact string) *Document {
	key := [2]string{feed, artifact}
	a := c.artifacts[key]
	if a == nil {
		a = c.b.Artifact(feed, artifact)
		c.artifacts[key] = a
	}
	d := c.old[a]
	if d == nil {
		d = &Document{a: a, carrying: true}
		c.old[a] = d
	}
	return d
}

func (c *carrier) statement(s *vulndb.Statement) error {
	if !c.shrunk[namespaceKey{s.Source, s.Namespace}] && !c.want(s.Feed, s.Artifact, s.Advisory.Advisory, s.Vulnerabilities) {
		return nil
	}
	for _, id := range s.Vulnerabilities {
		c.needed[id] = true
	}
	d := c.document(s.Feed, s.Artifact)
	return d.a.b.addRow(d.a.number, &s.Advisory, s.Vulnerabilities, true)
}

// description carries over what wanted artifacts said, and everything about
// the vulnerabilities of statements that were carried over.
func (c *carrier) description(d *vulndb.Description) error {
	if !c.needed[d.ID] && !c.want(d.Feed, d.Artifact, "", append(slices.Clip(d.Aliases), d.ID)) {
		return nil
	}
	return c.document(d.Feed, d.Artifact).Vulnerability(&d.Vulnerability)
}
