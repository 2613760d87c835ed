package image

import (
	"io/fs"
	"path"
	"strings"
)

// Names with a meaning in layers. Source: OCI image specification, layer.md,
// "Whiteouts"; of the rest, aufs, whose metadata the second prefix marks.
const (
	whiteoutPrefix = ".wh."
	metadataPrefix = ".wh..wh."
	opaqueName     = ".wh..wh..opq"
)

// entryOf makes an entry of a tar header, nil for one that is not part of the
// file tree (the root, aufs metadata).
func entryOf(h *tarHeader, lim *Limits) (*Entry, error) {
	if h.bad != nil {
		return nil, h.bad
	}
	if len(h.name) > lim.PathBytes || len(h.link) > lim.PathBytes {
		return nil, beyond("path of more than %d bytes", lim.PathBytes)
	}
	e := &Entry{
		Path: cleanPath(h.name), Type: typeOf(h.typ), Mode: modeOf(h.mode),
		UID: int(h.uid), GID: int(h.gid), ModTime: h.modTime,
	}
	if e.Path == "" {
		return nil, nil
	}
	switch e.Type {
	case File:
		e.Size = h.size
	case Symlink:
		e.Link = h.link
	case Hardlink:
		if e.Link = cleanPath(h.link); e.Link == "" {
			return nil, corrupt("hard link to the root")
		}
	}
	return decodeWhiteout(e)
}

// decodeWhiteout turns an entry with a whiteout's name into what it means.
func decodeWhiteout(e *Entry) (*Entry, error) {
	dir, base := path.Split(e.Path)
	switch {
	case !strings.HasPrefix(base, whiteoutPrefix):
		return e, nil
	case base == opaqueName:
		return &Entry{Path: path.Clean(dir), Type: Opaque}, nil
	case strings.HasPrefix(base, metadataPrefix):
		return nil, nil
	}
	name := base[len(whiteoutPrefix):]
	if name == "" || name == "." || name == ".." {
		return nil, corrupt("invalid whiteout")
	}
	return &Entry{Path: dir + name, Type: Whiteout}, nil
}

// typeOf takes a type flag that no one knows for a file, as POSIX asks: better
// to look at it than not.
func typeOf(flag byte) Type {
	switch flag {
	case tarHardlink:
		return Hardlink
	case tarSymlink:
		return Symlink
	case tarChar, tarBlock, tarFIFO:
		return Device
	case tarDir:
		return Dir
	}
	return File
}

func modeOf(mode int64) fs.FileMode {
	m := fs.FileMode(mode & 0o777)
	for i, bit := range []fs.FileMode{fs.ModeSticky, fs.ModeSetgid, fs.ModeSetuid} {
		if mode&(0o1000<<i) != 0 {
			m |= bit
		}
	}
	return m
}

// cleanPath makes a path relative to the root, without "." and "..": a path
// that would leave the root stays in it, as container engines have it.
func cleanPath(p string) string {
	p = strings.TrimSuffix(strings.TrimPrefix(p, "./"), "/")
	if isClean(p) {
		return p
	}
	return path.Clean("/" + p)[1:]
}

// leavesRoot says whether ".." components lead above the root. No tool writes
// such a path.
func leavesRoot(p string) bool {
	if !strings.Contains(p, "..") {
		return false
	}
	depth := 0
	for name := range strings.SplitSeq(p, "/") {
		switch name {
		case "", ".":
		case "..":
			depth--
		default:
			depth++
		}
		if depth < 0 {
			return true
		}
	}
	return false
}

// isClean says whether all components are names.
func isClean(p string) bool {
	start := 0
	for i := 0; i <= len(p); i++ {
		if i < len(p) && p[i] != '/' {
			continue
		}
		switch p[start:i] {
		case "", ".", "..":
			return false
		}
		start = i + 1
	}
	return true
}

// shorten makes a hostile name fit for a message.
func shorten(name string) string {
	const most = 200
	if len(name) <= most {
		return name
	}
	return name[:most] + "..."
}

// isTOC says whether e is what eStargz adds to the files: an index and marks.
// Source: stargz-snapshotter, docs/estargz.md.
func isTOC(e *Entry) bool {
	switch e.Path {
	case "stargz.index.json":
		return true
	case ".prefetch.landmark", ".no.prefetch.landmark":
		return e.Size == 1
	}
	return false
}
