// Package scannertest runs scanners over files in tests, the way the scan does:
// first Wants with the head of the file, then Scan.
package scannertest

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/boltseal/boltseal/image"
	"github.com/boltseal/boltseal/inventory"
	"github.com/boltseal/boltseal/scan/scanner"
)

// headBytes is how much of a file Wants sees.
const headBytes = 4096

// File makes an executable file of bytes in memory, with default limits.
func File(path string, data []byte) *scanner.File {
	return &scanner.File{
		Entry:   image.Entry{Path: path, Type: image.File, Mode: 0o755, Size: int64(len(data))},
		Content: bytes.NewReader(data), Data: data, Limits: image.DefaultLimits(),
	}
}

// Wants asks the scanner for the file.
func Wants(s scanner.Scanner, f *scanner.File) bool {
	return s.Wants(&f.Entry, f.Data[:min(len(f.Data), headBytes)])
}

// Scan returns the packages that the scanner finds in the file. The test fails
// when the scanner does not want it or reports an error.
func Scan(t *testing.T, s scanner.Scanner, path string, data []byte) []inventory.Package {
	t.Helper()
	f := File(path, data)
	if !Wants(s, f) {
		t.Fatalf("%s does not want %s", s.Name(), path)
	}
	res, err := s.Scan(t.Context(), f)
	if err != nil {
		t.Fatalf("scan %s: %v", path, err)
	}
	return res.Packages
}

// Names lists packages as "name version", with " dev" for those that are.
func Names(pkgs []inventory.Package) []string {
	out := make([]string, len(pkgs))
	for i, p := range pkgs {
		out[i] = strings.TrimSuffix(p.Name+" "+p.Version, " ")
		if p.Dev {
			out[i] += " dev"
		}
	}
	return out
}

// Tree scans every file below root that the scanner wants, or below the
// directory sub of root. Paths in locations are relative to root, as in a scan.
// A file that cannot be read is an error of the test.
func Tree(t testing.TB, s scanner.Scanner, root string, sub ...string) []inventory.Package {
	t.Helper()
	var out []inventory.Package
	err := filepath.WalkDir(filepath.Join(append([]string{root}, sub...)...), func(p string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		pkgs, err := diskFile(t, s, root, p)
		out = append(out, pkgs...)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func diskFile(t testing.TB, s scanner.Scanner, root, name string) ([]inventory.Package, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	st, err := file.Stat()
	if err != nil {
		return nil, err
	}
	rel, err := filepath.Rel(root, name)
	if err != nil {
		return nil, err
	}
	f := File(filepath.ToSlash(rel), nil)
	f.Mode, f.Size, f.Content, f.Data = st.Mode(), st.Size(), file, nil
	head := make([]byte, min(headBytes, f.Size))
	if _, err := file.ReadAt(head, 0); err != nil {
		return nil, err
	}
	if !s.Wants(&f.Entry, head) {
		return nil, nil
	}
	res, err := s.Scan(t.Context(), f)
	if err != nil {
		return nil, fmt.Errorf("scan %s: %w", f.Path, err)
	}
	for i := range res.Packages {
		p := &res.Packages[i]
		p.Locations = []inventory.Location{{Path: f.Path + p.Path()}}
	}
	return res.Packages, nil
}

// Fuzz feeds arbitrary bytes to the scanner as the file at path, with small
// limits. It checks what holds for every input: no panic, and no package
// without a type, a name and evidence.
func Fuzz(f *testing.F, s scanner.Scanner, path string) {
	f.Fuzz(func(t *testing.T, data []byte) {
		file := File(path, data)
		file.Limits.MemoryBytes = 1 << 16
		file.Limits.ArchiveBytes = 1 << 20
		file.Limits.ArchiveEntries = 1000
		Wants(s, file)
		res, _ := s.Scan(t.Context(), file)
		for _, p := range res.Packages {
			if p.Type == "" || p.Name == "" || p.Evidence == "" {
				t.Errorf("incomplete package %+v", p)
			}
		}
	})
}
