package image

import (
	"bytes"
	"encoding/binary"
	"strconv"
	"strings"
	"time"
)

type field struct{ start, end int }

func (f field) of(block []byte) []byte { return block[f.start:f.end] }

// The fields of a header block. Sources: POSIX.1-2017, pax, "ustar Interchange
// Format"; GNU tar manual, "Basic Tar Format".
var (
	fieldName     = field{0, 100}
	fieldMode     = field{100, 108}
	fieldUID      = field{108, 116}
	fieldGID      = field{116, 124}
	fieldSize     = field{124, 136}
	fieldTime     = field{136, 148}
	fieldChecksum = field{148, 156}
	fieldLink     = field{157, 257}
	fieldMagic    = field{257, 265} // with the version
	fieldPrefix   = field{345, 500} // ustar
	// Of star, whose prefix ends earlier and whose block ends in a signature.
	fieldStarPrefix = field{345, 476}
	fieldStarMagic  = field{508, 512}
	// Of old GNU.
	fieldGNUATime    = field{345, 357}
	fieldGNUCTime    = field{357, 369}
	fieldGNUSparse   = field{386, 482}
	fieldGNURealSize = field{483, 495}
	// Of the block that continues the old GNU sparse map.
	fieldMoreSparse = field{0, 504}
)

const (
	offsetType = 156
	// Not zero where a block with more of the sparse map follows.
	offsetGNUExtended  = 482
	offsetMoreExtended = 504
)

// cstring returns b up to its first NUL.
func cstring(b []byte) []byte {
	if i := bytes.IndexByte(b, 0); i >= 0 {
		return b[:i]
	}
	return b
}

// parseNumber reads a numeric field: octal digits among spaces and NULs, or,
// where the top bit is set, a big-endian two's complement number (GNU).
func parseNumber(b []byte) (int64, bool) {
	if b[0]&0x80 != 0 {
		return parseBinary(b)
	}
	b = bytes.Trim(b, " \x00")
	if len(b) == 0 {
		return 0, true
	}
	var n uint64
	for i, c := range b {
		if c == 0 && i > 0 {
			break // what follows a terminator does not count
		}
		if c < '0' || c > '7' {
			return 0, false
		}
		if n >= 1<<60 {
			return 0, false
		}
		n = n<<3 | uint64(c-'0')
	}
	return int64(n), true
}

// parseBinary reads a base-256 number: the top bit of b only marks it, the one
// below is the sign.
func parseBinary(b []byte) (int64, bool) {
	n := int64(int8(b[0]<<1) >> 1)
	for _, c := range b[1:] {
		if n != n<<8>>8 {
			return 0, false // the byte would push significant bits out
		}
		n = n<<8 | int64(c)
	}
	return n, true
}

// checksumOK compares the stored checksum with the sum of all bytes, taken as
// unsigned or, as some old writers did, as signed; the field itself counts as
// spaces.
func checksumOK(block []byte) bool {
	stored, ok := parseNumber(fieldChecksum.of(block))
	if !ok || block[fieldChecksum.start]&0x80 != 0 {
		return false
	}
	unsigned, high := sumBytes(block)
	for _, c := range fieldChecksum.of(block) {
		unsigned += ' ' - int64(c)
		high -= int64(c >> 7)
	}
	return stored == unsigned || stored == unsigned-256*high
}

// sumBytes adds up a block, eight bytes at a time, and counts those of 128 and
// more, which signed arithmetic counts as 256 less.
func sumBytes(block []byte) (sum, high int64) {
	const even, ones = 0x00ff00ff00ff00ff, 0x0101010101010101
	var lanes, tops uint64 // four 16-bit lanes: at most 64*2*255 each
	for i := 0; i < blockSize; i += 8 {
		w := binary.LittleEndian.Uint64(block[i:])
		lanes += w&even + w>>8&even
		tops += w >> 7 & ones // eight 8-bit lanes: at most 64 each
	}
	for ; lanes != 0; lanes >>= 16 {
		sum += int64(lanes & 0xffff)
	}
	for ; tops != 0; tops >>= 8 {
		high += int64(tops & 0xff)
	}
	return sum, high
}

// parseTime reads a PAX time: decimal seconds with an optional fraction.
func parseTime(s string) (time.Time, bool) {
	whole, fraction, _ := strings.Cut(s, ".")
	sec, err := strconv.ParseInt(whole, 10, 64)
	if err != nil {
		return time.Time{}, false
	}
	var nsec, unit int64 = 0, 1e8
	for _, c := range []byte(fraction) {
		if c < '0' || c > '9' {
			return time.Time{}, false
		}
		nsec += int64(c-'0') * unit
		unit /= 10
	}
	if whole[0] == '-' {
		nsec = -nsec
	}
	return time.Unix(sec, nsec), true
}
