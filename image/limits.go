package image

import (
	"cmp"
	"errors"
	"fmt"
)

// Limits bound what a hostile image can make us do. The zero value of a field
// means its default; DefaultLimits documents those.
type Limits struct {
	// ImageBytes is how much all layers of an image may hold uncompressed: a
	// manifest can name the same bomb thousands of times. Walk knows of one
	// layer; whoever walks several keeps count.
	ImageBytes int64
	// LayerBytes is how much one layer may hold uncompressed.
	LayerBytes int64
	// Ratio is the largest uncompressed/compressed ratio of a layer, checked
	// beyond the first 64 MiB of output.
	Ratio int64
	// Entries is how many tar headers one layer may have.
	Entries int
	// PathBytes bounds a path or link name.
	PathBytes int
	// HeaderBytes bounds one PAX or GNU extension record block.
	HeaderBytes int64
	// WindowBytes is the largest zstd window that a layer may ask for, and so
	// about the memory that decoding one takes. What container tools write
	// needs 8 MiB.
	WindowBytes int64
	// FileBytes is how large a file may be for a scanner to see it whole.
	FileBytes int64
	// MemoryBytes is how much of one file is held in memory; a larger one that
	// a scanner must see whole goes to an unlinked spill file.
	MemoryBytes int64
	// ArchiveDepth is how deep archives inside archives are followed.
	ArchiveDepth int
	// ArchiveBytes and ArchiveEntries bound what one archive may expand to,
	// with all archives inside it.
	ArchiveBytes   int64
	ArchiveEntries int
	// LineBytes bounds one line of a text database.
	LineBytes int
	// Packages bounds the packages that one file may name.
	Packages int
	// ResultBytes bounds what a scan remembers of all layers together: paths,
	// links and what was found, in bytes, about.
	ResultBytes int64

	// DiffID makes Walk compute and verify the digest of the uncompressed
	// bytes of compressed layers too. That costs about as much again as
	// inflating them; those of uncompressed layers cost nothing and are always
	// computed.
	DiffID bool
}

// DefaultLimits are generous for real images and still bounded.
func DefaultLimits() *Limits {
	return &Limits{
		ImageBytes:     256 << 30,
		LayerBytes:     64 << 30,
		Ratio:          1000,
		Entries:        5_000_000,
		PathBytes:      4096,
		HeaderBytes:    1 << 20,
		WindowBytes:    32 << 20,
		FileBytes:      1 << 30,
		MemoryBytes:    8 << 20,
		ArchiveDepth:   8,
		ArchiveBytes:   4 << 30,
		ArchiveEntries: 1_000_000,
		LineBytes:      1 << 20,
		Packages:       50_000,
		ResultBytes:    256 << 20,
	}
}

// WithDefaults returns a copy of l in which every zero limit has its default. A
// nil l is all defaults.
func (l *Limits) WithDefaults() *Limits {
	d := DefaultLimits()
	if l == nil {
		return d
	}
	return &Limits{
		ImageBytes:     cmp.Or(l.ImageBytes, d.ImageBytes),
		LayerBytes:     cmp.Or(l.LayerBytes, d.LayerBytes),
		Ratio:          cmp.Or(l.Ratio, d.Ratio),
		Entries:        cmp.Or(l.Entries, d.Entries),
		PathBytes:      cmp.Or(l.PathBytes, d.PathBytes),
		HeaderBytes:    cmp.Or(l.HeaderBytes, d.HeaderBytes),
		WindowBytes:    cmp.Or(l.WindowBytes, d.WindowBytes),
		FileBytes:      cmp.Or(l.FileBytes, d.FileBytes),
		MemoryBytes:    cmp.Or(l.MemoryBytes, d.MemoryBytes),
		ArchiveDepth:   cmp.Or(l.ArchiveDepth, d.ArchiveDepth),
		ArchiveBytes:   cmp.Or(l.ArchiveBytes, d.ArchiveBytes),
		ArchiveEntries: cmp.Or(l.ArchiveEntries, d.ArchiveEntries),
		LineBytes:      cmp.Or(l.LineBytes, d.LineBytes),
		Packages:       cmp.Or(l.Packages, d.Packages),
		ResultBytes:    cmp.Or(l.ResultBytes, d.ResultBytes),
		DiffID:         l.DiffID,
	}
}

// Errors that callers tell apart with errors.Is.
var (
	// ErrLimit: a limit of Limits was reached; the rest was not read.
	ErrLimit = errors.New("limit exceeded")
	// ErrDigest: the bytes do not have the digest that the image promised.
	ErrDigest = errors.New("digest mismatch")
	// ErrCorrupt: the bytes are not what their format demands.
	ErrCorrupt = errors.New("corrupt data")
)

// Error names the layer and file at which reading failed.
type Error struct {
	Layer string // digest or diff ID
	File  string // path in the layer, "" before the first
	Err   error
}

// Error implements error.
func (e *Error) Error() string {
	if e.File == "" {
		return fmt.Sprintf("read layer %s: %v", e.Layer, e.Err)
	}
	return fmt.Sprintf("read layer %s: file %s: %v", e.Layer, e.File, e.Err)
}

// Unwrap implements errors.Unwrap.
func (e *Error) Unwrap() error { return e.Err }
