package layout

import (
	"encoding/binary"
	"slices"

	"github.com/boltseal/boltseal/finding"
	"github.com/boltseal/boltseal/vulndb/format"
)

// statuses gives the numbers under which a status is kept; number 0 is one
// that the program doesn't know.
var statuses = [...]finding.Status{
	"", finding.StatusFixed, finding.StatusAffected, finding.StatusNotAffected, finding.StatusWillNotFix,
	finding.StatusDeferred, finding.StatusEndOfLife, finding.StatusUnderInvestigation, finding.StatusWithdrawn,
}

// StatusNumber is the number of a status, 0 for an unknown one.
func StatusNumber(s finding.Status) uint8 {
	return uint8(max(slices.Index(statuses[:], s), 0))
}

// Range is vulndb.Range with its strings by number.
type Range struct{ Introduced, Fixed, LastAffected Ref }

// Extent is the part of a statement that neighbouring rows often share: which
// versions of what.
type Extent struct {
	Module   Ref
	Arch     []Ref
	Ranges   []Range
	Versions []Ref
}

func (e *Extent) equal(f *Extent) bool {
	return e.Module == f.Module && slices.Equal(e.Arch, f.Arch) &&
		slices.Equal(e.Ranges, f.Ranges) && slices.Equal(e.Versions, f.Versions)
}

// Row is one statement about one package.
type Row struct {
	Record   int
	Status   uint8
	Severity finding.Severity
	Extent
}

// SetStatus keeps the status as its number.
func (r *Row) SetStatus(s finding.Status) { r.Status = StatusNumber(s) }

// FindingStatus is the status by name.
func (r *Row) FindingStatus() finding.Status { return statuses[int(r.Status)%len(statuses)] }

// The forms of a row's extent.
const (
	formAll   = iota // no bounds
	formFixed        // one range, with Fixed only
	formSame         // as the row before
	formFull         // a mask and the parts
)

// The parts of a full extent.
const (
	hasModule = 1 << iota
	hasArch
	hasRanges
	hasVersions
)

// AppendRows appends the rows of one key, which must be sorted by Record: for
// each the difference of the record numbers; a byte of status, severity and
// form; and the extent in that form.
func AppendRows(b []byte, rows []Row) []byte {
	last := Row{}
	for i := range rows {
		r := &rows[i]
		b = binary.AppendUvarint(b, uint64(r.Record-last.Record))
		form := byte(formFull)
		switch {
		case i > 0 && r.Extent.equal(&last.Extent):
			form = formSame
		case r.Extent.equal(&Extent{}):
			form = formAll
		case len(r.Ranges) == 1 && r.Extent.equal(&Extent{Ranges: []Range{{Fixed: r.Ranges[0].Fixed}}}):
			form = formFixed
		}
		b = append(b, pack(r.Status, r.Severity, form))
		switch form {
		case formFixed:
			b = binary.AppendUvarint(b, uint64(r.Ranges[0].Fixed))
		case formFull:
			b = r.Extent.append(b)
		}
		last = *r
	}
	return b
}

// Status, severity and form have 9, 6 and 4 values: together less than 256.
const (
	severityCount = 6
	formCount     = 4
)

func pack(status uint8, severity finding.Severity, form byte) byte {
	return (status*severityCount+byte(severity)%severityCount)*formCount + form
}

func unpack(b byte) (status uint8, severity finding.Severity, form byte) {
	form, b = b%formCount, b/formCount
	return b / severityCount, finding.Severity(b % severityCount), form
}

func (e *Extent) append(b []byte) []byte {
	mask := byte(0)
	for i, has := range [...]bool{e.Module != 0, len(e.Arch) > 0, len(e.Ranges) > 0, len(e.Versions) > 0} {
		if has {
			mask |= 1 << i
		}
	}
	b = append(b, mask)
	if mask&hasModule != 0 {
		b = binary.AppendUvarint(b, uint64(e.Module))
	}
	if mask&hasArch != 0 {
		b = appendRefs(b, e.Arch)
	}
	if mask&hasRanges != 0 {
		b = binary.AppendUvarint(b, uint64(len(e.Ranges)))
		for _, r := range e.Ranges {
			b = binary.AppendUvarint(b, uint64(r.Introduced))
			b = binary.AppendUvarint(b, uint64(r.Fixed))
			b = binary.AppendUvarint(b, uint64(r.LastAffected))
		}
	}
	if mask&hasVersions != 0 {
		b = appendRefs(b, e.Versions)
	}
	return b
}

func appendRefs(b []byte, refs []Ref) []byte {
	b = binary.AppendUvarint(b, uint64(len(refs)))
	for _, r := range refs {
		b = binary.AppendUvarint(b, uint64(r))
	}
	return b
}

// RowReader reads the rows of one key.
type RowReader struct {
	// Same says that the row has the extent of the one before.
	Same bool

	c   format.Cursor
	row Row
	err error
}

// ReadRows starts reading.
func ReadRows(b []byte) RowReader { return RowReader{c: format.NewCursor(b)} }

// Next returns the next row, which is valid until the call after, or nil at the
// end or after damage, which Err tells apart.
func (r *RowReader) Next() *Row {
	if !r.c.More() {
		return nil
	}
	row := &r.row
	row.Record = int(uint32(uint64(row.Record) + r.c.Uvarint()))
	var form byte
	row.Status, row.Severity, form = unpack(r.c.Byte())
	if r.Same = form == formSame; !r.Same {
		row.Extent = Extent{Arch: row.Arch[:0], Ranges: row.Ranges[:0], Versions: row.Versions[:0]}
	}
	switch form {
	case formFixed:
		row.Ranges = append(row.Ranges, Range{Fixed: Ref(r.c.Uvarint())})
	case formFull:
		row.Extent.read(&r.c)
	}
	if r.err = r.c.Err(); r.err != nil {
		return nil
	}
	return row
}

func (e *Extent) read(c *format.Cursor) {
	mask := c.Byte()
	if mask&hasModule != 0 {
		e.Module = Ref(c.Uvarint())
	}
	if mask&hasArch != 0 {
		e.Arch = readRefs(c, e.Arch)
	}
	if mask&hasRanges != 0 {
		for range c.Count() {
			e.Ranges = append(e.Ranges, Range{Ref(c.Uvarint()), Ref(c.Uvarint()), Ref(c.Uvarint())})
		}
	}
	if mask&hasVersions != 0 {
		e.Versions = readRefs(c, e.Versions)
	}
}

func readRefs(c *format.Cursor, dst []Ref) []Ref {
	for range c.Count() {
		dst = append(dst, Ref(c.Uvarint()))
	}
	return dst
}

// Err returns what ended the rows early.
func (r *RowReader) Err() error { return r.err }
