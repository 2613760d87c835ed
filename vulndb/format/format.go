// Package format is the container of the vulnerability database's file and
// the three shapes that its sections are made of: a sorted table of strings
// ([Table]), a list of records ([List]) and a list of compressed texts
// ([Texts]). It knows nothing of vulnerabilities; what stands in which section
// is vulndb's.
//
// Readers work on the mapped bytes without copying them, and check every
// length against what is there: a damaged or hostile file gives an error that
// wraps [ErrFormat], never a panic, and never more memory than the answer has
// bytes. Writers give the same bytes for the same input.
//
// The layout is specified in docs/format/vulndb.md.
package format

import (
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// ErrFormat is the cause of every error about the content of a file.
var ErrFormat = errors.New("not a valid vulnerability database")

// Magic begins every file; Version is that of the layout. A reader refuses
// every other version, because the file is cheap to make again.
const (
	Magic   = "BOLTVDB\n"
	Version = 1
)

// The sizes of the header's parts, in bytes, and the largest number of
// sections that a reader accepts.
const (
	headSize    = len(Magic) + 8
	entrySize   = 4 + 4 + 8 + 8 + sha256.Size
	maxSections = 64
)

// Section is one entry of the section table.
type Section struct {
	ID     uint32
	Offset uint64
	Length uint64
	SHA256 [sha256.Size]byte
}

// File is the parsed header over the bytes of a database.
type File struct {
	// Sections in the order of the file.
	Sections []Section
	// Checksum is the SHA-256 of the header, which holds the checksums of all
	// sections; it identifies the content and is what a signature signs.
	Checksum [sha256.Size]byte
	// Signature is the trailer, nil when the file isn't signed.
	Signature *Signature

	data []byte
}

// Parse reads the header of a file. It checks the header's own checksum and
// that sections follow each other without gaps to the end of the file or the
// signature, but not the sections' checksums: that is Verify's.
func Parse(data []byte) (*File, error) {
	if len(data) < headSize || string(data[:len(Magic)]) != Magic {
		return nil, fmt.Errorf("%w: no magic number", ErrFormat)
	}
	version := binary.LittleEndian.Uint32(data[len(Magic):])
	if version != Version {
		return nil, fmt.Errorf("%w: layout version %d, this program reads %d", ErrFormat, version, Version)
	}
	count := int(binary.LittleEndian.Uint32(data[len(Magic)+4:]))
	if count > maxSections {
		return nil, fmt.Errorf("%w: %d sections", ErrFormat, count)
	}
	end := headSize + count*entrySize
	if len(data) < end+sha256.Size {
		return nil, fmt.Errorf("%w: truncated header", ErrFormat)
	}
	f := &File{data: data, Checksum: sha256.Sum256(data[:end])}
	if string(f.Checksum[:]) != string(data[end:end+sha256.Size]) {
		return nil, fmt.Errorf("%w: header checksum differs", ErrFormat)
	}
	return f, f.parseSections(count)
}

func (f *File) parseSections(count int) error {
	next := uint64(headSize + count*entrySize + sha256.Size)
	for i := range count {
		b := f.data[headSize+i*entrySize:]
		s := Section{
			ID:     binary.LittleEndian.Uint32(b),
			Offset: binary.LittleEndian.Uint64(b[8:]),
			Length: binary.LittleEndian.Uint64(b[16:]),
		}
		copy(s.SHA256[:], b[24:])
		if s.Offset != next || s.Length > uint64(len(f.data))-next {
			return fmt.Errorf("%w: section %d ends beyond the file", ErrFormat, s.ID)
		}
		next += s.Length
		f.Sections = append(f.Sections, s)
	}
	return f.parseTrailer(f.data[next:])
}

// Section returns the bytes of a section, and nil when there is none. They are
// those of the mapping.
func (f *File) Section(id uint32) []byte {
	for _, s := range f.Sections {
		if s.ID == id {
			return f.data[s.Offset : s.Offset+s.Length : s.Offset+s.Length]
		}
	}
	return nil
}

// Size is the file's size in bytes.
func (f *File) Size() int { return len(f.data) }

// Data is the whole file, and Content the file without a signature.
func (f *File) Data() []byte { return f.data }

// Content is described at Data.
func (f *File) Content() []byte {
	if f.Signature == nil {
		return f.data
	}
	return f.data[:len(f.data)-TrailerSize]
}

// Verify reads the whole file and compares the checksums of all sections.
func (f *File) Verify() error {
	for _, s := range f.Sections {
		if sha256.Sum256(f.data[s.Offset:s.Offset+s.Length]) != s.SHA256 {
			return fmt.Errorf("%w: checksum of section %d differs", ErrFormat, s.ID)
		}
	}
	return nil
}

// Writer writes a file section by section. Its errors are sticky: Close
// reports the first one.
type Writer struct {
	w        io.WriteSeeker
	sections []Section
	count    int
	next     uint64
	err      error
}

// NewWriter starts a file of exactly that many sections at w's beginning.
func NewWriter(w io.WriteSeeker, sections int) *Writer {
	f := &Writer{w: w, count: sections, next: uint64(headSize + sections*entrySize + sha256.Size)}
	_, f.err = w.Seek(int64(f.next), io.SeekStart)
	return f
}

// Section appends one section, whose bytes write gives to its argument.
func (f *Writer) Section(id uint32, write func(io.Writer) error) {
	if f.err != nil {
		return
	}
	s := &sectionWriter{w: f.w, sum: sha256.New()}
	if err := write(s); err != nil {
		f.err = fmt.Errorf("write section %d: %w", id, err)
		return
	}
	entry := Section{ID: id, Offset: f.next, Length: s.n}
	s.sum.Sum(entry.SHA256[:0])
	f.next += s.n
	f.sections = append(f.sections, entry)
}

// Close writes the header. It doesn't close or sync the underlying file.
func (f *Writer) Close() error {
	if f.err != nil {
		return f.err
	}
	if len(f.sections) != f.count {
		return fmt.Errorf("write database: %d sections instead of %d", len(f.sections), f.count)
	}
	head := append([]byte(nil), Magic...)
	head = binary.LittleEndian.AppendUint32(head, Version)
	head = binary.LittleEndian.AppendUint32(head, uint32(f.count))
	for _, s := range f.sections {
		head = binary.LittleEndian.AppendUint32(head, s.ID)
		head = binary.LittleEndian.AppendUint32(head, 0)
		head = binary.LittleEndian.AppendUint64(head, s.Offset)
		head = binary.LittleEndian.AppendUint64(head, s.Length)
		head = append(head, s.SHA256[:]...)
	}
	sum := sha256.Sum256(head)
	if _, err := f.w.Seek(0, io.SeekStart); err != nil {
		return err
	}
	_, err := f.w.Write(append(head, sum[:]...))
	return err
}

type sectionWriter struct {
	w   io.Writer
	sum interface {
		io.Writer
		Sum([]byte) []byte
	}
	n uint64
}

func (s *sectionWriter) Write(p []byte) (int, error) {
	n, err := s.w.Write(p)
	s.sum.Write(p[:n])
	s.n += uint64(n)
	return n, err
}
