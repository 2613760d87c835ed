package dpkg

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/boltseal/boltseal/image"
	"github.com/boltseal/boltseal/internal/lines"
	"github.com/boltseal/boltseal/scan/scanner"
)

// readList reads info/PACKAGE.list: one absolute path a line, directories too,
// which are left out unless they are empty.
func (Scanner) readList(f *scanner.File) (scanner.Result, error) {
	var paths []string
	err := eachLine(f, func(line []byte) {
		path := strings.TrimPrefix(string(line), "/")
		if n := len(paths); n > 0 && inside(path, paths[n-1]) {
			paths = paths[:n-1] // the usual order: a directory, then its files
		}
		if path != "" && path != "." {
			paths = append(paths, path)
		}
	})
	return owned(f.Path, ".list", withoutParents(paths)), err
}

// withoutParents removes the paths that are the directory of another. dpkg-deb
// packs symbolic links last, far from their directories.
func withoutParents(paths []string) []string {
	dirs := make(map[string]bool)
	last := ""
	for _, p := range paths {
		if dir, _ := scanner.Split(p); dir != last {
			dirs[dir] = true
			last = dir
		}
	}
	return slices.DeleteFunc(paths, func(p string) bool { return dirs[p] })
}

// inside says whether path is below the directory dir.
func inside(path, dir string) bool {
	return len(path) > len(dir) && path[len(dir)] == '/' && path[:len(dir)] == dir
}

// readSums reads status.d/PACKAGE.md5sums: a digest, blanks, and a path
// without the leading slash. Symbolic links and directories are not in it.
func (Scanner) readSums(f *scanner.File) (scanner.Result, error) {
	var paths []string
	err := eachLine(f, func(line []byte) {
		if _, path, ok := bytes.Cut(line, []byte(" ")); ok {
			path = bytes.TrimLeft(path, " *")
			path = bytes.TrimPrefix(path, []byte("./"))
			if path = bytes.TrimPrefix(path, []byte("/")); len(path) > 0 {
				paths = append(paths, string(path))
			}
		}
	})
	return owned(f.Path, ".md5sums", paths), err
}

func owned(path, suffix string, paths []string) scanner.Result {
	if len(paths) == 0 {
		return scanner.Result{}
	}
	_, base := scanner.Split(path)
	name := strings.TrimSuffix(base, suffix)
	return scanner.Result{Owned: []scanner.Owned{{Type: "deb", Package: name, Paths: paths}}}
}

// eachLine calls do for every line. Lines longer than any path may be are left
// out, as are those after more than a layer may have files; both make an error.
func eachLine(f *scanner.File, do func(line []byte)) error {
	room := scanner.PathsBytes
	limit := f.Limits.PathBytes + 64 // room for a digest
	l := lines.NewReader(f.Reader(), limit)
	for n := 0; ; n++ {
		if n > f.Limits.Entries {
			return fmt.Errorf("read file list: more than %d lines: %w", f.Limits.Entries, image.ErrLimit)
		}
		cut := l.Cut()
		line, ok := l.Next()
		if !ok {
			break
		}
		if l.Cut() != cut {
			continue
		}
		if err := room.Take(len(line)); err != nil {
			return fmt.Errorf("read file list: %w", err)
		}
		do(line)
	}
	if l.Cut() > 0 {
		return fmt.Errorf("read file list: %d lines of more than %d bytes: %w", l.Cut(), limit, image.ErrLimit)
	}
	return l.Err()
}
