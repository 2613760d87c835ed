package middleware

import (
	"bytes"
	"context"
	"slices"
	"strings"
	"sync"

	"github.com/boltseal/boltseal/image"
	"github.com/boltseal/boltseal/scan/scanner"
)

// fingerprint is a row of the table.
type fingerprint struct {
	name string // as emergency advisories and purls call it
	cpe  string // vendor:product of the National Vulnerability Database
	kind kind
	// files are path patterns separated by blanks: the end of a path, in which
	// "*" stands for any characters of the base name.
	files string
	// texts are patterns of what stands in the file (see pattern); of those
	// that are found the first counts. For a named file they are of its name.
	texts []string
}

// kind is what a file must be to be looked at.
type kind uint8

const (
	program kind = iota // an ELF, PE or Mach-O file
	text                // a text file of at most textBytes
	named               // any file: its name has the version
)

const (
	headBytes = 64      // enough for all tests of kinds
	textBytes = 1 << 20 // largest text file that is looked at
)

// row is a fingerprint that is ready for use.
type row struct {
	fingerprint
	paths []pathPattern
	once  sync.Once
	found []*pattern // texts, compiled when first needed
}

// pathPattern is one of a fingerprint's files.
type pathPattern struct {
	dir            string // end of the directory, "" for any
	prefix, suffix string // of the base name
	exact          bool   // prefix is the whole base name
}

func (p *pathPattern) matches(path, base string) bool {
	switch {
	case p.exact && base != p.prefix:
		return false
	case !p.exact && (len(base) < len(p.prefix)+len(p.suffix) || !strings.HasPrefix(base, p.prefix) || !strings.HasSuffix(base, p.suffix)):
		return false
	}
	if p.dir == "" {
		return true
	}
	dir, _ := scanner.Split(path)
	return scanner.At(dir, p.dir)
}

// wants says whether the file is one of the row's.
func (r *row) wants(e *image.Entry, base string, head []byte) bool {
	for i := range r.paths {
		if r.paths[i].matches(e.Path, base) {
			return r.kind.holds(e.Size, head)
		}
	}
	return false
}

// holds says whether a file of this size and beginning can be of the kind.
func (k kind) holds(size int64, head []byte) bool {
	switch k {
	case program:
		return isProgram(head)
	case text:
		return size <= textBytes && bytes.IndexByte(head[:min(len(head), headBytes)], 0) < 0
	}
	return true
}

// magics begin executables and shared libraries: ELF, PE, Mach-O of 32 and 64
// bits in both byte orders.
var magics = []string{
	"\x7fELF", "MZ", "\xfe\xed\xfa\xce", "\xfe\xed\xfa\xcf", "\xce\xfa\xed\xfe", "\xcf\xfa\xed\xfe",
}

func isProgram(head []byte) bool {
	for _, m := range magics {
		if len(head) >= len(m) && string(head[:len(m)]) == m {
			return true
		}
	}
	return false
}

// version finds the version in the file, "" if there is none.
func (r *row) version(ctx context.Context, f *scanner.File, base string) (string, error) {
	r.once.Do(func() {
		for _, t := range r.texts {
			r.found = append(r.found, compile(t))
		}
	})
	if r.kind == named {
		for _, p := range r.found {
			if v := p.find([]byte(base)); v != "" {
				return v, nil
			}
		}
		return "", nil
	}
	return search(ctx, f, r.found)
}

// index finds the rows that a file may be of, by its base name.
type index struct {
	exact map[string][]*row
	wild  map[prefix][]*row
}

// prefix is the beginning of a base name; no "*" of the table stands before its
// end.
type prefix [4]byte

func prefixOf(base string) (p prefix, ok bool) {
	if len(base) < len(p) {
		return p, false
	}
	return prefix([]byte(base[:len(p)])), true
}

func newIndex(fingerprints []fingerprint) *index {
	x := &index{exact: make(map[string][]*row, 2*len(fingerprints)), wild: make(map[prefix][]*row)}
	for _, f := range fingerprints {
		r := &row{fingerprint: f}
		for _, path := range strings.Fields(f.files) {
			dir, base := scanner.Split(path)
			begin, end, wild := strings.Cut(base, "*")
			r.paths = append(r.paths, pathPattern{dir: dir, prefix: begin, suffix: end, exact: !wild})
			if p, ok := prefixOf(begin); wild && ok {
				x.wild[p] = appendOnce(x.wild[p], r)
			} else {
				x.exact[base] = appendOnce(x.exact[base], r)
			}
		}
	}
	for base, rows := range x.exact { // which may be matched by a "*" as well
		if p, ok := prefixOf(base); ok {
			for _, r := range x.wild[p] {
				rows = appendOnce(rows, r)
			}
			x.exact[base] = rows
		}
	}
	return x
}

func appendOnce(rows []*row, r *row) []*row {
	if slices.Contains(rows, r) {
		return rows
	}
	return append(rows, r)
}

// candidates are the rows that the base name allows. It does not allocate.
func (x *index) candidates(base string) []*row {
	if rows := x.exact[base]; rows != nil {
		return rows
	}
	if p, ok := prefixOf(base); ok {
		return x.wild[p]
	}
	return nil
}
