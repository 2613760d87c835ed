// Package executable tells from the first bytes of a file what kind of program
// it may be, so that an image's executables need not all be read whole: nine
// of ten are C programs that say nothing about packages.
//
// It looks at ELF program headers and notes only. Go's linker writes a note
// with the name "Go" into the first page; programs of Go's and Rust's
// standard libraries have thread-local storage where the platform's linker
// built them, which few C programs have. Source: System V ABI (gABI),
// chapter 5; cmd/link/internal/ld/elf.go for the note.
package executable

import (
	"encoding/binary"
	"strings"
)

// Format is the container of a program.
type Format uint8

// The formats.
const (
	Other Format = iota
	ELF
	PE
	MachO
)

// Head is what the first bytes of a program tell.
type Head struct {
	Format Format
	// Program is set unless the file is an object file, a core dump or, by its
	// name, a library or kernel module.
	Program bool
	// GoNote is set when Go's linker left its build ID. Only ELF has it.
	GoNote bool
	// TLS is set when the program has thread-local storage, Notes when it
	// has notes that stand in the first bytes. Only for ELF.
	TLS, Notes bool
}

// Parse looks at the first bytes of the file at path, 4 KiB if it has them. It
// does not allocate.
func Parse(path string, head []byte) Head {
	if len(head) < 64 {
		return Head{}
	}
	switch {
	case string(head[:4]) == "\x7fELF":
		return parseELF(path, head)
	case string(head[:2]) == "MZ":
		return Head{Format: PE, Program: hasSuffixFold(path, ".exe")}
	}
	switch binary.BigEndian.Uint32(head) {
	case 0xfeedface, 0xfeedfacf, 0xcefaedfe, 0xcffaedfe:
		return Head{Format: MachO, Program: !hasSuffixFold(path, ".dylib")}
	}
	return Head{}
}

// ELF constants.
const (
	typeExec       = 2
	typeDyn        = 3
	class64        = 2
	bigEndian      = 2
	segmentNote    = 4
	segmentTLS     = 7
	programHeaders = 64 // no real program has more
)

func parseELF(path string, head []byte) Head {
	h := Head{Format: ELF}
	var order binary.ByteOrder = binary.LittleEndian
	if head[5] == bigEndian {
		order = binary.BigEndian
	}
	if t := order.Uint16(head[16:]); t != typeExec && t != typeDyn {
		return h
	}
	h.Program = !isLibrary(path)
	var at uint64
	var size, count int
	wide := head[4] == class64
	if wide {
		at, size, count = order.Uint64(head[32:]), int(order.Uint16(head[54:])), int(order.Uint16(head[56:]))
	} else {
		at, size, count = uint64(order.Uint32(head[28:])), int(order.Uint16(head[42:])), int(order.Uint16(head[44:]))
	}
	for i := range min(count, programHeaders) {
		p := slice(head, at+uint64(i*size), uint64(size))
		if len(p) < 32 || wide && len(p) < 56 {
			return h
		}
		switch order.Uint32(p) {
		case segmentTLS:
			h.TLS = true
		case segmentNote:
			offset, n := uint64(order.Uint32(p[4:])), uint64(order.Uint32(p[16:]))
			if wide {
				offset, n = order.Uint64(p[8:]), order.Uint64(p[32:])
			}
			notes := slice(head, offset, n)
			h.Notes = h.Notes || len(notes) > 0
			h.GoNote = h.GoNote || hasGoNote(notes, order)
		}
	}
	return h
}

// hasGoNote looks for a note whose name is "Go".
func hasGoNote(notes []byte, order binary.ByteOrder) bool {
	for len(notes) >= 16 {
		name, desc := uint64(order.Uint32(notes)), uint64(order.Uint32(notes[4:]))
		if name == 4 && string(notes[12:16]) == "Go\x00\x00" {
			return true
		}
		notes = slice(notes, 12+(name+3)&^3+(desc+3)&^3, 1<<16)
	}
	return false
}

// slice is b[at:at+n] as far as b goes.
func slice(b []byte, at, n uint64) []byte {
	if at >= uint64(len(b)) {
		return nil
	}
	b = b[at:]
	return b[:min(n, uint64(len(b)))]
}

// isLibrary goes by the name: libx.so, libx.so.1.2, x.ko, x.o, x.node.
func isLibrary(path string) bool {
	base := path[strings.LastIndexByte(path, '/')+1:]
	return strings.HasSuffix(base, ".so") || strings.Contains(base, ".so.") ||
		strings.HasSuffix(base, ".ko") || strings.HasSuffix(base, ".o") || strings.HasSuffix(base, ".node")
}

func hasSuffixFold(s, suffix string) bool {
	return len(s) >= len(suffix) && strings.EqualFold(s[len(s)-len(suffix):], suffix)
}
