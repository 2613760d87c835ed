package rpm

import (
	"bytes"
	"encoding/binary"
	"errors"
	"strings"

	"github.com/boltseal/boltseal/image"
	"github.com/boltseal/boltseal/scan/scanner"
)

// budget bounds the paths of all packages of a database together.
type budget struct {
	longest int          // bytes of one path
	paths   int          // that may still be made
	bytes   int          // that they may have, by the database's size
	room    scanner.Room // that they may have, whatever its size
	names   scanner.Room // for names and versions
}

// pathFactor is how many times a database's size its paths may have together.
// A header has at least a digest and some 40 other bytes per file, so that the
// factor is below 1 in real ones; but a hostile one could name a long
// directory once and use it a million times.
const pathFactor = 4

func newBudget(size int64, limits *image.Limits) *budget {
	return &budget{
		longest: limits.PathBytes,
		paths:   limits.Entries,
		bytes:   int(pathFactor * size),
		room:    scanner.PathsBytes,
		names:   scanner.NameBytes,
	}
}

// take says whether a path of n bytes may be made.
func (b *budget) take(n int) bool {
	b.paths--
	b.bytes -= n
	return n <= b.longest && b.paths >= 0 && b.bytes >= 0 && b.room.Take(n) == nil
}

var (
	errPaths   = errors.New("too many or too long paths")
	errStrings = errors.New("strings end before their number is reached")
	errIndexes = errors.New("directory index out of range")
)

// files lists the paths that the package owns, without directories. Headers of
// old packages have whole paths; others have base names, directories, and for
// each base name the number of its directory.
func (h *header) files(b *budget) ([]string, error) {
	if h.basenames.count == 0 {
		return h.oldFiles(b)
	}
	dirs, err := h.dirnames.strings(b)
	if err != nil {
		return nil, err
	}
	if h.dirs.kind != typeInt32 || h.dirs.count < h.basenames.count || len(h.dirs.data) < 4*h.basenames.count {
		return nil, errIndexes
	}
	var all strings.Builder // one string for all paths
	var ends []int
	err = h.basenames.each(func(i int, name []byte) error {
		d := binary.BigEndian.Uint32(h.dirs.data[4*i:])
		if uint64(d) >= uint64(len(dirs)) {
			return errIndexes
		}
		if h.isDir(i) {
			return nil
		}
		dir := bytes.TrimPrefix(dirs[d], []byte("/"))
		if !b.take(len(dir) + len(name)) {
			return errPaths
		}
		all.Write(dir)
		all.Write(name)
		ends = append(ends, all.Len())
		return nil
	})
	return cut(all.String(), ends), err
}

// cut divides text at ends.
func cut(text string, ends []int) []string {
	if len(ends) == 0 {
		return nil
	}
	out, begin := make([]string, len(ends)), 0
	for i, end := range ends {
		out[i] = text[begin:end]
		begin = end
	}
	return out
}

func (h *header) oldFiles(b *budget) ([]string, error) {
	var paths []string
	err := h.old.each(func(i int, name []byte) error {
		if h.isDir(i) {
			return nil
		}
		if !b.take(len(name)) {
			return errPaths
		}
		paths = append(paths, strings.TrimPrefix(string(name), "/"))
		return nil
	})
	return paths, err
}

// isDir says whether the header's file i is a directory.
func (h *header) isDir(i int) bool {
	const typeBits, directory = 0o170000, 0o040000
	if h.mode.kind != typeInt16 || i >= h.mode.count || len(h.mode.data) < 2*i+2 {
		return false
	}
	return binary.BigEndian.Uint16(h.mode.data[2*i:])&typeBits == directory
}

// strings returns the strings of an array. They share the header's memory.
func (e entry) strings(b *budget) ([][]byte, error) {
	if e.count > b.paths {
		return nil, errPaths
	}
	out := make([][]byte, 0, e.count)
	err := e.each(func(_ int, s []byte) error {
		out = append(out, s)
		return nil
	})
	return out, err
}

// each calls do with the strings of an array.
func (e entry) each(do func(i int, s []byte) error) error {
	if e.count > 0 && e.kind != typeStringArray && e.kind != typeString {
		return errStrings
	}
	rest := e.data
	for i := range e.count {
		s, after, ok := bytes.Cut(rest, []byte{0})
		if !ok {
			return errStrings
		}
		if err := do(i, s); err != nil {
			return err
		}
		rest = after
	}
	return nil
}
