package yara

import (
	"bytes"
	"debug/elf"
	"encoding/binary"
)

// elfFile reads the headers of an ELF file where they are, without trust.
type elfFile struct {
	data  []byte
	order binary.ByteOrder
	wide  bool // 64 bits
	typ   uint16
	// tables of the header
	entry         uint64
	phoff, shoff  uint64
	phsize, phnum int
	shsize, shnum int
	machine       uint16
	namesIndex    int
}

// parseElf is nil for what is no ELF file.
func parseElf(d []byte) *elfFile {
	if len(d) < 52 || string(d[:4]) != "\x7fELF" || d[4] < 1 || d[4] > 2 || d[5] < 1 || d[5] > 2 {
		return nil
	}
	f := &elfFile{data: d, order: binary.LittleEndian, wide: d[4] == 2}
	if d[5] == 2 {
		f.order = binary.BigEndian
	}
	o := f.order
	f.typ, f.machine = o.Uint16(d[16:]), o.Uint16(d[18:])
	rest := d[40:]
	if f.wide {
		if len(d) < 64 {
			return nil
		}
		f.entry, f.phoff, f.shoff = o.Uint64(d[24:]), o.Uint64(d[32:]), o.Uint64(d[40:])
		rest = d[52:]
	} else {
		f.entry, f.phoff, f.shoff = uint64(o.Uint32(d[24:])), uint64(o.Uint32(d[28:])), uint64(o.Uint32(d[32:]))
	}
	f.phsize, f.phnum = int(o.Uint16(rest[2:])), int(o.Uint16(rest[4:]))
	f.shsize, f.shnum = int(o.Uint16(rest[6:])), int(o.Uint16(rest[8:]))
	f.namesIndex = int(o.Uint16(rest[10:]))
	return f
}

// at is n bytes at an offset, nil if they are not all there.
func (f *elfFile) at(off uint64, n int) []byte {
	if off > uint64(len(f.data)) || uint64(n) > uint64(len(f.data))-off {
		return nil
	}
	return f.data[off : off+uint64(n)]
}

// words splits a record into fields of the given sizes; 0 is an address: 4 or 8 bytes.
func (f *elfFile) words(off uint64, sizes ...int) []uint64 {
	out := make([]uint64, len(sizes))
	for i, n := range sizes {
		if n == 0 {
			if n = 4; f.wide {
				n = 8
			}
		}
		b := f.at(off, n)
		off += uint64(n)
		switch {
		case b == nil:
			return nil
		case n == 1:
			out[i] = uint64(b[0])
		case n == 2:
			out[i] = uint64(f.order.Uint16(b))
		case n == 4:
			out[i] = uint64(f.order.Uint32(b))
		default:
			out[i] = f.order.Uint64(b)
		}
	}
	return out
}

type elfSection struct {
	name, typ                 uint64
	flags, addr, offset, size uint64
	link                      uint64
}

func (f *elfFile) section(i int) (s elfSection, ok bool) {
	if i < 0 || i >= f.shnum {
		return s, false
	}
	size := 40
	if f.wide {
		size = 64
	}
	w := f.words(f.shoff+uint64(i)*uint64(size), 4, 4, 0, 0, 0, 0, 4)
	if w == nil {
		return s, false
	}
	return elfSection{w[0], w[1], w[2], w[3], w[4], w[5], w[6]}, true
}

type elfSegment struct{ typ, flags, offset, vaddr, paddr, filesz, memsz, align uint64 }

func (f *elfFile) segment(i int) (s elfSegment, ok bool) {
	if i < 0 || i >= f.phnum {
		return s, false
	}
	if f.wide {
		w := f.words(f.phoff+uint64(i)*56, 4, 4, 0, 0, 0, 0, 0, 0)
		if w == nil {
			return s, false
		}
		return elfSegment{w[0], w[1], w[2], w[3], w[4], w[5], w[6], w[7]}, true
	}
	w := f.words(f.phoff+uint64(i)*32, 4, 4, 4, 4, 4, 4, 4, 4)
	if w == nil {
		return s, false
	}
	return elfSegment{w[0], w[6], w[1], w[2], w[3], w[4], w[5], w[7]}, true
}

// fileOffset turns an address into an offset: by segments in programs, by
// sections in object files.
func (f *elfFile) fileOffset(addr uint64) (int64, bool) {
	if elf.Type(f.typ) == elf.ET_EXEC || f.shnum == 0 || f.shoff == 0 {
		for i := range f.phnum {
			if s, ok := f.segment(i); ok && addr >= s.vaddr && addr-s.vaddr < s.memsz {
				return int64(addr - s.vaddr + s.offset), true
			}
		}
		return 0, false
	}
	for i := range f.shnum {
		s, ok := f.section(i)
		if ok && s.typ != uint64(elf.SHT_NULL) && s.typ != uint64(elf.SHT_NOBITS) && addr >= s.addr && addr-s.addr < s.size {
			return int64(addr - s.addr + s.offset), true
		}
	}
	return 0, false
}

// text is the string at an offset in a string table.
func (f *elfFile) text(table elfSection, at uint64) value {
	b := f.at(table.offset, 0)
	if b == nil || at >= table.size {
		return value{}
	}
	b = f.data[table.offset:min(uint64(len(f.data)), table.offset+min(table.size, uint64(len(f.data))))]
	if at >= uint64(len(b)) {
		return value{}
	}
	b = b[at:]
	n := bytes.IndexByte(b, 0)
	if n < 0 {
		return value{}
	}
	return stringValue(string(b[:n]))
}
