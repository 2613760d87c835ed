package image

import (
	"fmt"
	"strings"
	"time"
)

// Type flags of tar headers. Sources: POSIX.1-2017, pax; GNU tar manual.
const (
	tarOldFile   = 0 // a directory if the name ends in a slash
	tarRegular   = '0'
	tarHardlink  = '1'
	tarSymlink   = '2'
	tarChar      = '3'
	tarBlock     = '4'
	tarDir       = '5'
	tarFIFO      = '6'
	tarGNUSparse = 'S'
	tarGNUName   = 'L' // content is the name of the next entry
	tarGNULink   = 'K' // content is the link name of the next entry
	tarPAX       = 'x' // content describes the next entry
	tarGlobal    = 'g' // content describes all following entries
)

// tarHeader is one entry's header with what extension headers said of it.
type tarHeader struct {
	name, link     string
	typ            byte
	size           int64 // of the content as a program would read it
	mode, uid, gid int64
	modTime        time.Time
	// bad says that this entry cannot be used, while the next one can.
	bad error
}

// headerOnly says that the entry has no content, whatever its size field says.
func (h *tarHeader) headerOnly() bool { return h.typ >= tarHardlink && h.typ <= tarFIFO }

// tarFormat is the dialect of a header block.
type tarFormat uint8

const (
	formatV7 tarFormat = iota
	formatUSTAR
	formatSTAR
	formatGNU
)

func formatOf(block []byte) tarFormat {
	switch magic := fieldMagic.of(block); {
	case string(magic) == "ustar  \x00":
		return formatGNU
	case string(magic[:6]) != "ustar\x00":
		return formatV7
	case string(fieldStarMagic.of(block)) == "tar\x00":
		return formatSTAR
	}
	return formatUSTAR
}

// parse reads a header block, whose checksum is verified.
func (h *tarHeader) parse(block []byte) (tarFormat, error) {
	if !checksumOK(block) {
		return 0, corrupt("not a tar header")
	}
	format := formatOf(block)
	valid := true
	number := func(f field) int64 {
		n, ok := parseNumber(f.of(block))
		valid = valid && ok
		return n
	}
	*h = tarHeader{
		typ:     block[offsetType],
		name:    headerName(block, format),
		link:    string(cstring(fieldLink.of(block))),
		size:    number(fieldSize),
		mode:    number(fieldMode),
		uid:     number(fieldUID),
		gid:     number(fieldGID),
		modTime: time.Unix(number(fieldTime), 0),
	}
	if !valid {
		return 0, corrupt("tar header of %.100q has a bad number", h.name)
	}
	return format, nil
}

// headerName joins prefix and name.
func headerName(block []byte, format tarFormat) string {
	var prefix []byte
	switch format {
	case formatUSTAR:
		prefix = cstring(fieldPrefix.of(block))
	case formatSTAR:
		prefix = cstring(fieldStarPrefix.of(block))
	case formatGNU:
		prefix = misplacedPrefix(block)
	}
	name := cstring(fieldName.of(block))
	if len(prefix) == 0 {
		return string(name)
	}
	return string(prefix) + "/" + string(name)
}

// misplacedPrefix returns the prefix that Go before 1.8 wrote into GNU
// headers, where two times belong: it is there if those are no numbers.
// Container engines read it so. Source: golang.org/issue/12594.
func misplacedPrefix(block []byte) []byte {
	for _, f := range []field{fieldGNUATime, fieldGNUCTime} {
		b := f.of(block)
		if _, ok := parseNumber(b); ok || b[0] == 0 {
			continue
		}
		if p := cstring(fieldPrefix.of(block)); isASCII(p) {
			return p
		}
	}
	return nil
}

func isASCII(b []byte) bool {
	for _, c := range b {
		if c >= 0x80 {
			return false
		}
	}
	return true
}

// corrupt makes an error that is ErrCorrupt.
func corrupt(format string, args ...any) error {
	return fmt.Errorf("%w: "+format, append([]any{ErrCorrupt}, args...)...)
}

// beyond makes an error that is ErrLimit.
func beyond(format string, args ...any) error {
	return fmt.Errorf("%w: "+format, append([]any{ErrLimit}, args...)...)
}

// apply gives h what the extension headers before it said.
func (h *tarHeader) apply(x *tarExtension) error {
	if err := h.applyPAX(x); err != nil {
		return err
	}
	if x.gnuName != "" {
		h.name = x.gnuName
	}
	if x.gnuLink != "" {
		h.link = x.gnuLink
	}
	if h.typ == tarOldFile {
		h.typ = tarRegular
		if strings.HasSuffix(h.name, "/") {
			h.typ = tarDir
		}
	}
	return nil
}
