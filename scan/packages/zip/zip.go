// Package zip reads zip archives that nobody trusts: the entries are streamed
// from the central directory without being kept, the content is read only of
// those that are asked for, and every size is checked before it is believed.
//
// It does not write, decrypt, or verify checksums, and knows no compression but
// deflate. Source: PKWARE APPNOTE.TXT 6.3.10, zip64 included.
package zip

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"io"

	"github.com/boltseal/boltseal/image"
)

// Archive is an opened zip archive. It is for one goroutine.
type Archive struct {
	r    io.ReaderAt
	size int64
	base int64 // what stands before the archive: the script of an executable jar
	dir  io.SectionReader
	// entries is the number that the end record promises, modulo 65536 unless
	// the archive is zip64.
	entries uint64
	zip64   bool
	read    int64 // compressed bytes handed out
}

// Entry is one entry of the central directory.
type Entry struct {
	// Name is as written, valid until the visit returns.
	Name []byte
	// Size and CompressedSize are what the directory says, not negative.
	Size, CompressedSize int64
	Method               uint16
	Flags                uint16
	offset               int64 // of the local header, from the archive's start
}

// The compression methods that Reader understands.
const (
	Stored   = 0
	Deflated = 8
)

const encrypted = 1 // Flags

func corrupt(format string, args ...any) error {
	return fmt.Errorf("%w: zip: %s", image.ErrCorrupt, fmt.Sprintf(format, args...))
}

const (
	entryHeader    = 46
	entrySignature = "PK\x01\x02"
	directoryBytes = 16 << 10 // read ahead
)

// Walk calls visit for every entry, in the order of the directory, at most
// limit times; more entries are an image.ErrLimit. It returns how many it saw.
// An error of visit ends the walk and is returned as it is.
func (a *Archive) Walk(limit int, visit func(e *Entry) error) (int, error) {
	a.dir.Seek(0, io.SeekStart)
	br := bufio.NewReaderSize(&a.dir, int(min(directoryBytes, max(a.dir.Size(), 16))))
	var head [entryHeader]byte
	var names []byte
	var e Entry
	for n := 0; ; n++ {
		if m, err := io.ReadFull(br, head[:]); err != nil || string(head[:4]) != entrySignature {
			if m == 0 || m >= 4 && string(head[:4]) != entrySignature {
				return n, a.complete(n)
			}
			return n, corrupt("directory ends within entry %d", n)
		}
		if n >= limit {
			return n, fmt.Errorf("%w: more than %d zip entries", image.ErrLimit, limit)
		}
		var err error
		if names, err = a.entry(&e, head[:], names, br); err != nil {
			return n, err
		}
		if err := visit(&e); err != nil {
			return n, err
		}
	}
}

// complete checks that the directory had as many entries as promised.
func (a *Archive) complete(n int) error {
	got := uint64(n)
	if !a.zip64 {
		got &= 0xffff
	}
	if got != a.entries {
		return corrupt("directory has %d entries, %d were promised", n, a.entries)
	}
	return nil
}

// entry decodes one directory entry: its fixed part is in head, its name, extra
// field and comment follow in br. The name is kept in buf, which is returned.
func (a *Archive) entry(e *Entry, head, buf []byte, br *bufio.Reader) ([]byte, error) {
	le := binary.LittleEndian
	nameLen, extraLen, commentLen := int(le.Uint16(head[28:])), int(le.Uint16(head[30:])), int(le.Uint16(head[32:]))
	if n := nameLen + extraLen; cap(buf) < n {
		buf = make([]byte, n, 2*n)
	}
	buf = buf[:nameLen+extraLen]
	if _, err := io.ReadFull(br, buf); err != nil {
		return buf, corrupt("directory ends within a name")
	}
	if _, err := br.Discard(commentLen); err != nil {
		return buf, corrupt("directory ends within a comment")
	}
	compressed, size, offset := uint64(le.Uint32(head[20:])), uint64(le.Uint32(head[24:])), uint64(le.Uint32(head[42:]))
	widen(buf[nameLen:], &size, &compressed, &offset)
	const most = 1 << 62
	if compressed > most || size > most || offset > most {
		return buf, corrupt("entry %q has impossible sizes", buf[:nameLen])
	}
	*e = Entry{
		Name: buf[:nameLen:nameLen], Size: int64(size), CompressedSize: int64(compressed),
		Method: le.Uint16(head[10:]), Flags: le.Uint16(head[8:]), offset: int64(offset),
	}
	return buf, nil
}

// widen replaces those values that are all ones by the 64-bit values of the
// zip64 extra field, which has them in this order.
func widen(extra []byte, values ...*uint64) {
	le := binary.LittleEndian
	for len(extra) >= 4 {
		id, n := le.Uint16(extra), int(le.Uint16(extra[2:]))
		extra = extra[4:]
		if n > len(extra) {
			return
		}
		field := extra[:n]
		extra = extra[n:]
		if id != 1 {
			continue
		}
		for _, v := range values {
			if *v == 0xffffffff && len(field) >= 8 {
				*v = le.Uint64(field)
				field = field[8:]
			}
		}
		return
	}
}
