package build

import (
	"bufio"
	"bytes"
	"cmp"
	"encoding/binary"
	"errors"
	"io"
	"slices"
	"time"

	"github.com/boltseal/boltseal/finding"
	"github.com/boltseal/boltseal/vulndb/format"
	"github.com/boltseal/boltseal/vulndb/layout"
)

// vulnMerger turns the log of descriptions into the Vulns, Titles and Details
// sections.
type vulnMerger struct {
	b       *Builder
	names   *names
	origins []int
	rank    []layout.Ref
	source  []string // of each origin of the file

	list    *format.ListWriter
	titles  *spool
	details *spool
	aliases [][]int // of each vulnerability, numbers in names.aliases
	next    int     // the vulnerability to write next
	group   []contribution
	out     []byte
}

// write writes the list of vulnerabilities to w; the texts are in titles and
// details afterwards.
func (m *vulnMerger) write(w io.Writer) (err error) {
	m.list = format.NewListWriter(w)
	if m.titles, err = newSpool(m.b.options.Dir, len(m.names.vulns)); err != nil {
		return err
	}
	if m.details, err = newSpool(m.b.options.Dir, len(m.names.vulns)); err != nil {
		return err
	}
	m.aliases = make([][]int, len(m.names.vulns))
	for i, id := range m.names.aliases {
		for _, n := range m.names.targets[id] {
			m.aliases[n] = append(m.aliases[n], i)
		}
	}
	m.source = make([]string, len(m.origins))
	for i, place := range m.origins {
		m.source[place] = m.b.strings.string(m.b.originOf[i].source)
	}
	sorted, err := m.sortLog()
	if err != nil {
		return err
	}
	err = sorted.each(func(key, value []byte) error {
		n := int(binary.BigEndian.Uint32(key))
		if n != m.next {
			m.flushTo(n)
		}
		c, err := m.b.readContribution(value)
		m.group = append(m.group, c)
		return err
	})
	if err != nil {
		return err
	}
	m.flushTo(len(m.names.vulns))
	return m.list.Close()
}

// sortLog sorts the descriptions by the vulnerability that they are about.
func (m *vulnMerger) sortLog() (*sorter, error) {
	b := m.b
	if err := b.log.Flush(); err != nil {
		return nil, err
	}
	if _, err := b.logFile.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	defer b.logFile.Close() // only read from now on
	s := newSorter(b.options.Dir, b.options.Memory)
	r := run{r: bufio.NewReaderSize(b.logFile, 1<<18)}
	var key [4]byte
	for {
		ok, err := r.next()
		if err != nil || !ok {
			return s, err
		}
		for _, n := range m.names.of(binary.LittleEndian.Uint32(r.key)) {
			binary.BigEndian.PutUint32(key[:], uint32(n))
			if err := s.add(key[:], r.value); err != nil {
				return nil, err
			}
		}
	}
}

// flushTo writes the vulnerabilities up to n, of which only the first has
// descriptions.
func (m *vulnMerger) flushTo(n int) {
	for ; m.next < n; m.next++ {
		m.flush(m.group)
		m.group = m.group[:0]
	}
}

func (m *vulnMerger) flush(group []contribution) {
	group = dropCarried(group)
	v := layout.Vuln{Aliases: m.aliases[m.next], Withdrawn: withdrawn(group)}
	var title string
	var detail layout.Detail
	slices.SortStableFunc(group, m.compare(textRank))
	for i := range group {
		c := &group[i]
		origin := m.origins[c.source]
		v.Sources = append(v.Sources, origin)
		if title == "" && c.Title != "" {
			title, v.Title = c.Title, origin
		}
		if detail.Description == "" && c.Description != "" {
			detail.Description, v.Description = c.Description, origin
		}
		detail.References = union10(detail.References, c.References)
		for _, n := range c.cwes {
			if !slices.Contains(v.CWEs, n) && len(v.CWEs) < maxCWEs {
				v.CWEs = append(v.CWEs, n)
			}
		}
		if t := unixSeconds(c.Published); t != 0 && (v.Published == 0 || t < v.Published) {
			v.Published = t
		}
		if c.KEV == nil && c.EPSS == nil { // theirs are the dates of lists
			v.Modified = max(v.Modified, unixSeconds(c.Modified))
		}
		m.mergeScores(&v, &detail, c, origin)
	}
	slices.SortStableFunc(group, m.compare(severityRank))
	for i := range group {
		m.mergeSeverities(&v, &group[i])
	}
	slices.Sort(v.Sources)
	v.Sources = slices.Compact(v.Sources)
	m.out = v.Append(m.out[:0])
	m.list.Add(m.out)
	m.titles.add([]byte(title))
	m.out = detail.Append(m.out[:0])
	m.details.add(m.out)
}

// compare orders descriptions: those that were carried over last, else the
// better source first, by artifact, the newer first, and by content.
func (m *vulnMerger) compare(rank func(string) int) func(a, b contribution) int {
	return func(a, b contribution) int {
		return cmp.Or(
			cmp.Compare(rank(a.Source), rank(b.Source)),
			b.Modified.Compare(a.Modified),
			cmp.Compare(a.Source, b.Source),
			cmp.Compare(m.origins[a.source], m.origins[b.source]),
			cmp.Compare(a.Title, b.Title), cmp.Compare(a.Description, b.Description),
			slices.Compare(a.References, b.References),
			slices.CompareFunc(a.Severities, b.Severities, compareSeverities),
			slices.Compare(a.cwes, b.cwes),
		)
	}
}

func compareSeverities(a, b finding.SourcedSeverity) int {
	return cmp.Or(cmp.Compare(a.Source, b.Source), cmp.Compare(a.Severity, b.Severity), cmp.Compare(a.Score, b.Score))
}

// dropCarried removes descriptions that were carried over from the previous
// database where the same artifact gives a new one.
func dropCarried(group []contribution) []contribution {
	return slices.DeleteFunc(group, func(c contribution) bool {
		return c.carried && slices.ContainsFunc(group, func(d contribution) bool { return !d.carried && d.source == c.source })
	})
}

// withdrawn says if every source that describes the vulnerability took it back.
func withdrawn(group []contribution) bool {
	any := false
	for i := range group {
		c := &group[i]
		if c.Title == "" && c.Description == "" && len(c.Severities) == 0 {
			continue // a score or a listing, which isn't a description
		}
		if c.Withdrawn.IsZero() {
			return false
		}
		any = true
	}
	return any
}

// mergeScores takes EPSS and KEV from the first that has them.
func (m *vulnMerger) mergeScores(v *layout.Vuln, detail *layout.Detail, c *contribution, origin int) {
	if v.EPSS == nil && c.EPSS != nil {
		v.EPSS = &layout.EPSS{Origin: origin, EPSS: *c.EPSS}
	}
	if v.KEV == nil && c.KEV != nil {
		v.KEV = &layout.KEV{Origin: origin, Added: dayNumber(c.KEV.Added), Due: dayNumber(c.KEV.Due), Ransomware: c.KEV.Ransomware}
		detail.Action = c.KEV.Action
	}
}

func (m *vulnMerger) mergeSeverities(v *layout.Vuln, c *contribution) {
	for i, s := range c.Severities {
		vector := c.vectors[i]
		if vector != 0 {
			vector = m.rank[vector-1]
		}
		out := layout.Severity{Origin: m.origins[c.origins[i]], Severity: s.Severity, Score: uint8(s.Score), Vector: vector}
		same := slices.ContainsFunc(v.Severities, func(o layout.Severity) bool {
			return m.source[o.Origin] == s.Source && o.Vector == out.Vector && (o.Severity == out.Severity || o.Vector != 0)
		})
		if !same && len(v.Severities) < maxSeverities {
			v.Severities = append(v.Severities, out)
		}
	}
}

// union10 adds the references that are new, up to maxReferences.
func union10(to, from []string) []string {
	for _, r := range from {
		if len(to) >= maxReferences {
			break
		}
		if !slices.Contains(to, r) {
			to = append(to, r)
		}
	}
	return to
}

// dayNumber turns YYYY-MM-DD into days since 1970 plus one, 0 when it is none.
func dayNumber(day string) uint64 {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil || t.Unix() < 0 {
		return 0
	}
	return uint64(t.Unix()/(24*60*60)) + 1
}

// writeAliases makes the IDs, Aliases and Targets sections.
func (n *names) write(ids, aliases, targets *bytes.Buffer) error {
	idTable, aliasTable, targetList := format.NewTableWriter(ids), format.NewTableWriter(aliases), format.NewListWriter(targets)
	for _, id := range n.vulns {
		idTable.Add(n.strings.bytes(id))
	}
	var set []byte
	for _, id := range n.aliases {
		aliasTable.Add(n.strings.bytes(id))
		set = layout.AppendSet(set[:0], n.targets[id])
		targetList.Add(set)
	}
	return errors.Join(idTable.Close(), aliasTable.Close(), targetList.Close())
}
