package yara

import "debug/elf"

// entrypoint is where a program begins to run, as an offset in the file: of ELF
// files of type EXEC and of PE files, as in YARA. It is undefined for all others.
func entrypoint(c *evaluation) value {
	if f := parseElf(c.data); f != nil {
		if elf.Type(f.typ) == elf.ET_EXEC {
			if off, ok := f.fileOffset(f.entry); ok {
				return intValue(off)
			}
		}
		return value{}
	}
	return peEntrypoint(c.data)
}

// peEntrypoint maps the entry point by the section that begins last before it.
func peEntrypoint(d []byte) value {
	if len(d) < 64 || string(d[:2]) != "MZ" {
		return value{}
	}
	at := uint64(le.Uint32(d[60:]))
	const header = 24 + 20 // up to and with AddressOfEntryPoint
	if at+header > uint64(len(d)) || string(d[at:at+4]) != "PE\x00\x00" {
		return value{}
	}
	if m := le.Uint16(d[at+4:]); m != 0x14c && m != 0x8664 {
		return value{}
	}
	entry := uint64(le.Uint32(d[at+40:]))
	var base, raw uint64
	section := at + 24 + uint64(le.Uint16(d[at+20:]))
	for range min(le.Uint16(d[at+6:]), 60) {
		if section+40 > uint64(len(d)) {
			return intValue(0)
		}
		if v := uint64(le.Uint32(d[section+12:])); entry >= v && base <= v {
			base, raw = v, uint64(le.Uint32(d[section+20:]))
		}
		section += 40
	}
	return intValue(int64(raw + entry - base))
}
