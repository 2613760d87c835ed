// Package rust reads what Rust programs are made of: the list that
// cargo-auditable leaves in executables, and Cargo.lock.
//
// Programs built by plain cargo do not say what they contain. Source:
// https://github.com/rust-secure-code/cargo-auditable/blob/master/PARSING.md,
// https://doc.rust-lang.org/cargo/guide/cargo-toml-vs-cargo-lock.html.
package rust

import (
	"compress/zlib"
	"context"
	"debug/elf"
	"debug/pe"
	"encoding/json"
	"fmt"
	"io"

	"github.com/boltseal/boltseal/image"
	"github.com/boltseal/boltseal/inventory"
	"github.com/boltseal/boltseal/scan/packages/executable"
	"github.com/boltseal/boltseal/scan/scanner"
)

// Scanner reads executables made with cargo-auditable.
type Scanner struct{}

// New returns the scanner.
func New() *Scanner { return &Scanner{} }

// Name implements scanner.Scanner.
func (*Scanner) Name() string { return "rust" }

// Version implements scanner.Scanner.
func (*Scanner) Version() int { return 1 }

const (
	// section holds the list, compressed by zlib.
	section = ".dep-v0"
	// leastBytes and mostBytes bound the programs that are read whole to see
	// whether they have the section: its header is at their end.
	leastBytes = 64 << 10
	mostBytes  = 64 << 20
	// listBytes bounds the list when inflated; that of a large program has
	// 200 KB.
	listBytes = 16 << 20
)

// Wants implements scanner.Scanner: programs with thread-local storage, which
// Rust's standard library always has and few C programs have.
func (*Scanner) Wants(e *image.Entry, head []byte) bool {
	if e.Size < leastBytes || e.Size > mostBytes {
		return false
	}
	h := executable.Parse(e.Path, head)
	switch h.Format {
	case executable.ELF:
		return h.Program && h.TLS && !h.GoNote && e.Mode&0o111 != 0
	case executable.PE:
		return h.Program
	}
	return false
}

// Scan implements scanner.Scanner.
func (*Scanner) Scan(_ context.Context, f *scanner.File) (scanner.Result, error) {
	compressed := find(f)
	if compressed == nil {
		return scanner.Result{}, nil
	}
	z, err := zlib.NewReader(compressed)
	if err != nil {
		return scanner.Result{}, fmt.Errorf("%w: read %s: %w", image.ErrCorrupt, section, err)
	}
	list, err := io.ReadAll(io.LimitReader(z, listBytes+1))
	if err != nil {
		return scanner.Result{}, fmt.Errorf("%w: read %s: %w", image.ErrCorrupt, section, err)
	}
	if len(list) > listBytes {
		return scanner.Result{}, fmt.Errorf("%w: %s inflates to more than %d bytes", image.ErrLimit, section, listBytes)
	}
	return parseList(list)
}

// find returns the section's content, nil if the program has none or is no
// program after all.
func find(f *scanner.File) io.Reader {
	if e, err := elf.NewFile(f.Content); err == nil {
		if s := e.Section(section); s != nil && s.Type != elf.SHT_NOBITS {
			return io.NewSectionReader(f.Content, int64(s.Offset), int64(s.FileSize))
		}
		return nil
	}
	if p, err := pe.NewFile(f.Content); err == nil {
		if s := p.Section(section); s != nil {
			return s.Open()
		}
	}
	return nil
}

// parseList decodes the list. Crates that were only needed to build are not in
// the program.
func parseList(list []byte) (scanner.Result, error) {
	if err := scanner.CheckItems(list); err != nil {
		return scanner.Result{}, err
	}
	var audit struct {
		Packages []struct {
			Name, Version, Kind string
		}
	}
	if err := json.Unmarshal(list, &audit); err != nil {
		return scanner.Result{}, fmt.Errorf("%w: decode %s: %w", image.ErrCorrupt, section, err)
	}
	var pkgs []inventory.Package
	for _, p := range audit.Packages {
		if p.Name != "" && p.Kind != "build" {
			pkgs = append(pkgs, inventory.Package{Type: "cargo", Name: p.Name, Version: p.Version, Evidence: inventory.Binary})
		}
	}
	return scanner.Result{Packages: pkgs}, nil
}
