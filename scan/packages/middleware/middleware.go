// Package middleware recognises software that no package manager knows: a
// server that was compiled in a Dockerfile, a runtime that was unpacked into
// /opt, a web application that was copied. What it looks for is data, one row
// per product in table.go; a row names the files that the product can be
// recognised by and what stands in them around the version.
//
// It does not find products whose files were renamed, and what it finds is
// weaker evidence than a package manager's record of the same file.
package middleware

import (
	"context"
	"strings"

	"github.com/boltseal/boltseal/image"
	"github.com/boltseal/boltseal/inventory"
	"github.com/boltseal/boltseal/scan/scanner"
)

// Scanner looks for the products of the table.
type Scanner struct {
	index *index
}

// New returns the scanner.
func New() scanner.Scanner { return Scanner{index: newIndex(table)} }

// Name implements scanner.Scanner.
func (Scanner) Name() string { return "middleware" }

// Version implements scanner.Scanner.
func (Scanner) Version() int { return 2 }

// Wants implements scanner.Scanner. Nearly all files are refused by a look at
// their base name, and of the others those that are not of the row's kind.
func (s Scanner) Wants(e *image.Entry, head []byte) bool {
	_, base := scanner.Split(e.Path)
	for _, r := range s.index.candidates(base) {
		if r.wants(e, base, head) {
			return true
		}
	}
	return false
}

// Scan implements scanner.Scanner. A file without any of the expected texts
// says nothing; that is no error.
func (s Scanner) Scan(ctx context.Context, f *scanner.File) (scanner.Result, error) {
	head := make([]byte, min(f.Size, headBytes))
	if _, err := f.Content.ReadAt(head, 0); err != nil && len(head) > 0 && int64(len(head)) < f.Size {
		return scanner.Result{}, err
	}
	_, base := scanner.Split(f.Path)
	var res scanner.Result
	for _, r := range s.index.candidates(base) {
		if !r.wants(&f.Entry, base, head) {
			continue
		}
		version, err := r.version(ctx, f, base)
		if err != nil {
			return res, err
		}
		if version != "" {
			res.Packages = append(res.Packages, inventory.Package{
				Type: purlType(r.name), Name: r.name, Version: version, CPE: r.cpe, Evidence: inventory.Fingerprint,
			})
		}
	}
	return res, nil
}

// purlType is the type of a product by its name: libraries for the JVM have
// their Maven name, so that they merge with what the Java scanner finds.
func purlType(name string) string {
	if strings.Contains(name, ":") {
		return "maven"
	}
	return "generic"
}
