package zip

import (
	"bytes"
	"encoding/binary"
	"io"
)

const (
	endBytes       = 22 // end of central directory record
	endSignature   = "PK\x05\x06"
	end64Bytes     = 56
	end64Signature = "PK\x06\x06"
	locatorBytes   = 20
	locatorSig     = "PK\x06\x07"
)

// Open finds the central directory. The content stays in use by the Archive.
// Bytes before the archive are allowed, as executable jars have them.
func Open(r io.ReaderAt, size int64) (*Archive, error) {
	end, at, err := findEnd(r, size)
	if err != nil {
		return nil, err
	}
	le := binary.LittleEndian
	a := &Archive{r: r, size: size, entries: uint64(le.Uint16(end[10:]))}
	dirSize, dirOffset := uint64(le.Uint32(end[12:])), uint64(le.Uint32(end[16:]))
	if a.entries == 0xffff || dirSize == 0xffffffff || dirOffset == 0xffffffff {
		if end64, at64 := findEnd64(r, at); end64 != nil {
			a.zip64, at = true, at64
			a.entries, dirSize, dirOffset = le.Uint64(end64[32:]), le.Uint64(end64[40:]), le.Uint64(end64[48:])
		}
	}
	if dirSize > uint64(at) || dirOffset > uint64(at) {
		return nil, corrupt("directory lies outside the file")
	}
	a.base = at - int64(dirSize) - int64(dirOffset)
	if a.base < 0 || a.base > 0 && isEntry(r, int64(dirOffset)) {
		// Something stands between the directory and the end record.
		a.base = 0
	}
	start := a.base + int64(dirOffset)
	a.dir = *io.NewSectionReader(r, start, min(int64(dirSize), at-start))
	if a.entries > 0 && !isEntry(r, start) {
		return nil, corrupt("no directory where the end record points")
	}
	return a, nil
}

func isEntry(r io.ReaderAt, at int64) bool {
	var sig [4]byte
	_, err := r.ReadAt(sig[:], at)
	return err == nil && string(sig[:]) == entrySignature
}

// findEnd searches the end record backwards: a comment of up to 65,535 bytes
// may follow it. Most archives have none, so a short tail is tried first.
func findEnd(r io.ReaderAt, size int64) (record []byte, at int64, err error) {
	for _, n := range []int64{1 << 10, endBytes + 1<<16} {
		tail := make([]byte, min(n, size))
		if _, err := r.ReadAt(tail, size-int64(len(tail))); err != nil && err != io.EOF {
			return nil, 0, err
		}
		for end := len(tail); ; {
			i := bytes.LastIndex(tail[:end], []byte(endSignature))
			if i < 0 {
				break
			}
			if i+endBytes <= len(tail) {
				comment := int(binary.LittleEndian.Uint16(tail[i+20:]))
				if i+endBytes+comment <= len(tail) {
					return tail[i:], size - int64(len(tail)) + int64(i), nil
				}
			}
			end = i
		}
		if int64(len(tail)) == size {
			break
		}
	}
	return nil, 0, corrupt("no end of central directory")
}

// findEnd64 reads the zip64 end record through its locator, which stands
// before the end record.
func findEnd64(r io.ReaderAt, end int64) (record []byte, at int64) {
	locator := make([]byte, locatorBytes)
	if _, err := r.ReadAt(locator, end-locatorBytes); err != nil || string(locator[:4]) != locatorSig {
		return nil, 0
	}
	record = make([]byte, end64Bytes)
	// Where something stands before the archive, the locator's offset misses
	// by that much; then the record is looked for where it usually is.
	for _, at := range []uint64{binary.LittleEndian.Uint64(locator[8:]), uint64(end - locatorBytes - end64Bytes)} {
		if at > uint64(end) {
			continue
		}
		if _, err := r.ReadAt(record, int64(at)); err == nil && string(record[:4]) == end64Signature {
			return record, int64(at)
		}
	}
	return nil, 0
}
