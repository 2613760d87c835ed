package yara

import (
	"debug/elf"
	"strings"
)

// row is one record of an ELF table: its fields in the order of its names.
type row struct {
	names  []string
	values []value
}

func (r row) field(name string) value {
	for i, n := range r.names {
		if n == name {
			return r.values[i]
		}
	}
	return value{}
}

// table computes its rows when they are asked for.
type elfTable struct {
	n   int
	row func(i int) value
}

func (t elfTable) length() int    { return t.n }
func (t elfTable) at(i int) value { return t.row(i) }

var (
	sectionNames = strings.Fields("name type flags address size offset")
	segmentNames = strings.Fields("type flags offset virtual_address physical_address file_size memory_size alignment")
	dynamicNames = strings.Fields("type val")
	symbolNames  = strings.Fields("name value size type bind shndx")
)

func ints(vs ...uint64) []value {
	out := make([]value, len(vs))
	for i, v := range vs {
		out[i] = intValue(int64(v))
	}
	return out
}

func (f *elfFile) sections() elfTable {
	names, _ := f.section(f.namesIndex)
	return elfTable{f.shnum, func(i int) value {
		s, ok := f.section(i)
		if !ok {
			return value{}
		}
		v := append([]value{f.text(names, s.name)}, ints(s.typ, s.flags, s.addr, s.size, s.offset)...)
		return object(row{sectionNames, v})
	}}
}

func (f *elfFile) segments() elfTable {
	return elfTable{f.phnum, func(i int) value {
		s, ok := f.segment(i)
		if !ok {
			return value{}
		}
		return object(row{segmentNames, ints(s.typ, s.flags, s.offset, s.vaddr, s.paddr, s.filesz, s.memsz, s.align)})
	}}
}

// dynamic is the table of the dynamic segment up to and with its end mark.
func (f *elfFile) dynamic() elfTable {
	size := uint64(8)
	if f.wide {
		size = 16
	}
	var at uint64
	n := 0
	for i := range f.phnum {
		s, ok := f.segment(i)
		if !ok || elf.ProgType(s.typ) != elf.PT_DYNAMIC {
			continue
		}
		at = s.offset
		for {
			w := f.words(at+uint64(n)*size, 0, 0)
			if w == nil {
				break
			}
			if n++; elf.DynTag(w[0]) == elf.DT_NULL {
				break
			}
		}
		break
	}
	return elfTable{n, func(i int) value {
		w := f.words(at+uint64(i)*size, 0, 0)
		if w == nil {
			return value{}
		}
		return object(row{dynamicNames, ints(w...)})
	}}
}

// symbols is the last symbol table of a type.
func (f *elfFile) symbols(typ elf.SectionType) elfTable {
	size := uint64(16)
	if f.wide {
		size = 24
	}
	var t, names elfSection
	for i := range f.shnum {
		if s, ok := f.section(i); ok && s.typ == uint64(typ) {
			if n, ok := f.section(int(s.link)); ok {
				t, names = s, n
			}
		}
	}
	if f.at(t.offset, 0) == nil {
		t.size = 0
	}
	n := int(min(t.size, uint64(len(f.data))) / size)
	return elfTable{n, func(i int) value {
		w := f.symbol(t.offset + uint64(i)*size)
		if w == nil {
			return value{}
		}
		v := append([]value{f.text(names, w[0])}, ints(w[1:]...)...)
		return object(row{symbolNames, v})
	}}
}

// symbol is name, value, size, type, bind, section.
func (f *elfFile) symbol(at uint64) []uint64 {
	if f.wide {
		if w := f.words(at, 4, 1, 1, 2, 8, 8); w != nil {
			return []uint64{w[0], w[4], w[5], w[1] & 15, w[1] >> 4, w[3]}
		}
		return nil
	}
	if w := f.words(at, 4, 4, 4, 1, 1, 2); w != nil {
		return []uint64{w[0], w[1], w[2], w[3] & 15, w[3] >> 4, w[5]}
	}
	return nil
}

// elfFields is the module's structure; constants are there without a file.
type elfFields struct {
	file  *elfFile
	known constants
}

func (e *elfFields) field(name string) value {
	if v, ok := e.known[name]; ok {
		return v
	}
	f := e.file
	if f == nil {
		return value{}
	}
	switch name {
	case "type":
		return intValue(int64(f.typ))
	case "machine":
		return intValue(int64(f.machine))
	case "entry_point":
		if off, ok := f.fileOffset(f.entry); ok && f.entry != 0 {
			return intValue(off)
		}
		return value{}
	case "sh_offset":
		return intValue(int64(f.shoff))
	case "sh_entry_size":
		return intValue(int64(f.shsize))
	case "ph_offset":
		return intValue(int64(f.phoff))
	case "ph_entry_size":
		return intValue(int64(f.phsize))
	case "number_of_sections":
		return intValue(int64(f.shnum))
	case "number_of_segments":
		return intValue(int64(f.phnum))
	}
	return e.table(name)
}

func (e *elfFields) table(name string) value {
	count := strings.HasSuffix(name, "_entries")
	var t elfTable
	switch strings.TrimSuffix(name, "_entries") {
	case "sections":
		t = e.file.sections()
	case "segments":
		t = e.file.segments()
	case "dynamic", "dynamic_section":
		t = e.file.dynamic()
	case "symtab":
		t = e.file.symbols(elf.SHT_SYMTAB)
	case "dynsym":
		t = e.file.symbols(elf.SHT_DYNSYM)
	}
	if !count {
		return object(t)
	}
	if t.n == 0 {
		return value{}
	}
	return intValue(int64(t.n))
}

func elfModule() *module {
	d := &decl{typ: typObject, fields: map[string]*decl{}}
	for _, n := range strings.Fields(`type machine entry_point sh_offset sh_entry_size ph_offset ph_entry_size
		number_of_sections number_of_segments dynamic_section_entries symtab_entries dynsym_entries`) {
		d.fields[n] = &decl{typ: typInt}
	}
	for name, columns := range map[string][]string{"sections": sectionNames, "segments": segmentNames,
		"dynamic": dynamicNames, "symtab": symbolNames, "dynsym": symbolNames} {
		elem := &decl{typ: typObject, fields: map[string]*decl{}}
		for _, c := range columns {
			elem.fields[c] = &decl{typ: typInt}
			if c == "name" {
				elem.fields[c].typ = typString
			}
		}
		d.fields[name] = &decl{typ: typObject, elem: elem}
	}
	known := constants{}
	for name, v := range elfConstants {
		known[name] = intValue(v)
		d.fields[name] = &decl{typ: typInt}
	}
	return &module{decl: d, load: func(c *evaluation) value {
		return object(&elfFields{file: parseElf(c.data), known: known})
	}}
}
