// Package layout says what stands in the sections of a vulnerability database
// and how one record of each is encoded: for every shape an Append method that
// writes it and a function that reads it. The shapes hold numbers where the
// file holds numbers; turning them into names is vulndb's.
//
// A Ref is a string of the Strings table by its number plus one, 0 for "".
// Numbers are unsigned varints unless said otherwise. The specification is
// docs/format/vulndb.md.
package layout

import (
	"encoding/binary"

	"github.com/boltseal/boltseal/vulndb/format"
)

// The sections, in the order of the file.
const (
	Meta       = 1  // JSON, see vulndb.Meta
	Origins    = 2  // List of Origin
	Namespaces = 3  // Table, and
	Counts     = 4  // List of Count, one for each namespace
	Strings    = 5  // Table: versions, identifiers of advisories, modules, ...
	Keys       = 6  // Table of Key(namespace, package), and
	Rows       = 7  // List of Row sequences, one for each key
	Records    = 8  // List of Record
	Sets       = 9  // List of sets of vulnerabilities
	IDs        = 10 // Table: canonical ids, and for each of them
	Vulns      = 11 // List of Vuln,
	Titles     = 12 // Texts: title,
	Details    = 13 // Texts: Detail
	Aliases    = 14 // Table: other ids, and
	Targets    = 15 // List of sets of vulnerabilities, one for each alias
	Sections   = 15 // how many there are
)

// Ref names a string of the Strings table: its number plus one, 0 for "".
type Ref uint32

// Key is the string under which a package stands in the Keys table.
func Key(dst []byte, namespace, pkg string) []byte {
	dst = append(dst, namespace...)
	dst = append(dst, 0)
	return append(dst, pkg...)
}

// Origin is a source as advisories and severities name it, and the artifact
// that brought it.
type Origin struct{ Source, Feed, Artifact string }

// Append appends the encoded form.
func (o *Origin) Append(b []byte) []byte {
	b = appendString(b, o.Source)
	b = appendString(b, o.Feed)
	return appendString(b, o.Artifact)
}

// ParseOrigin reads an Origin.
func ParseOrigin(b []byte) (Origin, error) {
	c := format.NewCursor(b)
	o := Origin{Source: string(c.Bytes()), Feed: string(c.Bytes()), Artifact: string(c.Bytes())}
	return o, c.Err()
}

// Count is how much there is in one namespace.
type Count struct {
	Packages, Advisories int
	// Shares are the parts of Advisories, by origin. They fill the rest of the
	// record.
	Shares []Share
}

// Share is how much of a namespace comes from one origin.
type Share struct{ Origin, Advisories int }

// Append appends the encoded form.
func (n *Count) Append(b []byte) []byte {
	b = binary.AppendUvarint(b, uint64(n.Packages))
	b = binary.AppendUvarint(b, uint64(n.Advisories))
	for _, s := range n.Shares {
		b = binary.AppendUvarint(b, uint64(s.Origin))
		b = binary.AppendUvarint(b, uint64(s.Advisories))
	}
	return b
}

// ParseCount reads a Count.
func ParseCount(b []byte) (Count, error) {
	c := format.NewCursor(b)
	n := Count{Packages: int(c.Uvarint()), Advisories: int(c.Uvarint())}
	for c.More() {
		n.Shares = append(n.Shares, Share{Origin: int(uint32(c.Uvarint())), Advisories: int(c.Uvarint())})
	}
	return n, c.Err()
}

// Record is what all rows of one document of a feed have in common.
type Record struct {
	// Origin is the number in Origins.
	Origin int
	// Advisory is the document's own id; 0 when it is the vulnerability's.
	Advisory Ref
	// Modified in Unix seconds, 0 when unknown.
	Modified int64
	// Vuln is the number of the vulnerability or, when Many, of the set.
	Vuln int
	Many bool
}

// Append appends the encoded form.
func (r *Record) Append(b []byte) []byte {
	b = binary.AppendUvarint(b, uint64(r.Origin))
	b = binary.AppendUvarint(b, uint64(r.Advisory))
	b = binary.AppendVarint(b, r.Modified)
	many := uint64(0)
	if r.Many {
		many = 1
	}
	return binary.AppendUvarint(b, uint64(r.Vuln)<<1|many)
}

// ParseRecord reads a Record.
func ParseRecord(b []byte) (Record, error) {
	c := format.NewCursor(b)
	r := Record{Origin: int(uint32(c.Uvarint())), Advisory: Ref(c.Uvarint()), Modified: c.Varint()}
	v := c.Uvarint()
	r.Vuln, r.Many = int(uint32(v>>1)), v&1 == 1
	return r, c.Err()
}

// AppendSet appends an ascending sequence of numbers as differences.
func AppendSet(b []byte, set []int) []byte {
	b = binary.AppendUvarint(b, uint64(len(set)))
	last := 0
	for _, n := range set {
		b = binary.AppendUvarint(b, uint64(n-last))
		last = n
	}
	return b
}

// ParseSet reads a set and appends its numbers to dst.
func ParseSet(b []byte, dst []int) ([]int, error) {
	c := format.NewCursor(b)
	dst = readSet(&c, dst)
	return dst, c.Err()
}

func readSet(c *format.Cursor, dst []int) []int {
	last := uint64(0)
	for range c.Count() {
		last += c.Uvarint()
		dst = append(dst, int(uint32(last)))
	}
	return dst
}

func appendString(b []byte, s string) []byte {
	b = binary.AppendUvarint(b, uint64(len(s)))
	return append(b, s...)
}
