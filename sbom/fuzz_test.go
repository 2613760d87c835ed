package sbom

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
	"unicode/utf8"
)

func FuzzReadCycloneDX(f *testing.F) { fuzzRead(f, "*.cdx.*") }

func FuzzReadSPDX(f *testing.F) { fuzzRead(f, "*.spdx*") }

// fuzzRead holds that no bytes make Read panic, and that what it gives is a
// sorted inventory of named packages, the same each time.
func fuzzRead(f *testing.F, pattern string) {
	files, err := filepath.Glob(filepath.Join("testdata", pattern))
	if err != nil || len(files) == 0 {
		f.Fatal("no seeds", err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		doc, err := Read(bytes.NewReader(text))
		if err != nil {
			return
		}
		again, err := Read(bytes.NewReader(text))
		if err != nil || len(again.Inventory.Packages) != len(doc.Inventory.Packages) {
			t.Fatalf("the second reading differs: %v", err)
		}
		for _, p := range doc.Inventory.Packages {
			if p.Type == "" || p.Name == "" || p.PURL == "" {
				t.Errorf("package without a name: %+v", p)
			}
			if utf8.Valid(text) && !utf8.ValidString(p.Version) && !bytes.ContainsRune(text, '%') {
				t.Errorf("version %q is no text", p.Version)
			}
		}
	})
}
