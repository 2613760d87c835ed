// Package apk reads the database of Alpine's package manager: one text file
// with a stanza of one-letter fields for every installed package.
//
// Source: apk-tools, https://wiki.alpinelinux.org/wiki/Apk_spec.
package apk

import (
	"bytes"
	"context"
	"fmt"

	"github.com/boltseal/boltseal/image"
	"github.com/boltseal/boltseal/internal/lines"
	"github.com/boltseal/boltseal/inventory"
	"github.com/boltseal/boltseal/scan/scanner"
)

// Scanner reads apk's database.
type Scanner struct{}

// New returns the scanner.
func New() scanner.Scanner { return Scanner{} }

// Name implements scanner.Scanner.
func (Scanner) Name() string { return "apk" }

// Version implements scanner.Scanner.
func (Scanner) Version() int { return 1 }

// Wants implements scanner.Scanner. Newer releases have the database below usr.
func (Scanner) Wants(e *image.Entry, _ []byte) bool {
	return scanner.At(e.Path, "lib/apk/db/installed")
}

// Scan implements scanner.Scanner.
func (Scanner) Scan(_ context.Context, f *scanner.File) (scanner.Result, error) {
	var res scanner.Result
	l := lines.NewReader(f.Reader(), f.Limits.LineBytes)
	names, owned := scanner.NameBytes, scanner.PathsBytes
	p := paths{longest: f.Limits.PathBytes, most: f.Limits.Entries, left: f.Size*pathFactor + 4096, room: &owned}
	s := stanza{paths: &p}
	for {
		line, ok := l.Next()
		if ok && len(line) > 0 {
			s.field(line)
			continue
		}
		if s.pkg.Name != "" && s.pkg.Version != "" {
			if len(res.Packages) >= f.Limits.Packages {
				return res, fmt.Errorf("read packages: more than %d: %w", f.Limits.Packages, image.ErrLimit)
			}
			if err := names.Take(s.size()); err != nil {
				return res, fmt.Errorf("read packages: %w", err)
			}
			res.Packages = append(res.Packages, s.done())
		}
		s = stanza{paths: &p}
		if !ok {
			break
		}
	}
	if n := l.Cut() + p.dropped; n > 0 {
		return res, fmt.Errorf("read packages: %d lines or paths are too long: %w", n, image.ErrLimit)
	}
	return res, l.Err()
}

// stanza is one package while it is being read.
type stanza struct {
	pkg    inventory.Package
	origin string
	paths  *paths
}

// field takes one line, "X:value".
func (s *stanza) field(line []byte) {
	if len(line) < 2 || line[1] != ':' {
		return
	}
	value := line[2:]
	switch line[0] {
	case 'P':
		s.pkg.Name = string(value)
	case 'V':
		s.pkg.Version = string(value)
	case 'A':
		s.pkg.Arch = string(value)
	case 'L':
		if len(value) > 0 {
			s.pkg.Licenses = []string{string(value)}
		}
	case 'o':
		s.origin = string(value)
	case 'F':
		s.paths.dir = append(s.paths.dir[:0], bytes.Trim(value, "/")...)
	case 'R':
		if path := s.paths.join(value); path != "" {
			s.pkg.Files = append(s.pkg.Files, path)
		}
	}
}

// pathFactor is how many times the database's size its paths may have: the
// directory is written once for all of its files, each of which has a digest of
// some 30 bytes, so that the factor is about 1 in real databases.
const pathFactor = 4

// paths joins directories and file names.
type paths struct {
	dir, path []byte
	longest   int
	most      int   // paths that may still be made
	left      int64 // bytes that they may have, by the database's size
	room      *scanner.Room
	dropped   int // paths left out
}

// join returns the path of a file in the current directory, "" if a limit
// forbids it.
func (p *paths) join(name []byte) string {
	p.path = append(p.path[:0], p.dir...)
	if len(p.path) > 0 {
		p.path = append(p.path, '/')
	}
	p.path = append(p.path, name...)
	p.left -= int64(len(p.path))
	p.most--
	if len(p.path) > p.longest || p.most < 0 || p.left < 0 || p.room.Take(len(p.path)) != nil {
		p.dropped++
		return ""
	}
	return string(p.path)
}

// size is how much text the package has beside its paths.
func (s *stanza) size() int {
	n := len(s.pkg.Name) + len(s.pkg.Version) + len(s.pkg.Arch) + len(s.origin)
	for _, l := range s.pkg.Licenses {
		n += len(l)
	}
	return n
}

// done completes the package. All packages that were built from one source have
// its version.
func (s *stanza) done() inventory.Package {
	s.pkg.Type, s.pkg.Evidence = "apk", inventory.Installed
	if s.origin != "" && s.origin != s.pkg.Name {
		s.pkg.Source = inventory.Source{Name: s.origin, Version: s.pkg.Version}
	}
	return s.pkg
}
