// Package golang reads what Go programs are made of: the build information
// that the linker leaves in executables, and go.mod files.
//
// Versions of modules are as Go writes them, "v1.2.3". The standard library is
// the module "stdlib" in semantic form: go1.21 is "1.21.0", go1.22rc1
// "1.22.0-rc.1". Programs of Go before 1.13, and those whose build information
// was stripped by obfuscators, say nothing. Source: debug/buildinfo,
// https://go.dev/ref/mod.
package golang

import (
	"context"
	"debug/buildinfo"
	"debug/elf"
	"fmt"
	"runtime/debug"
	"strings"

	"github.com/boltseal/boltseal/image"
	"github.com/boltseal/boltseal/inventory"
	"github.com/boltseal/boltseal/scan/packages/executable"
	"github.com/boltseal/boltseal/scan/scanner"
)

// Scanner reads the build information of executables.
type Scanner struct{}

// New returns the scanner.
func New() *Scanner { return &Scanner{} }

// Name implements scanner.Scanner.
func (*Scanner) Name() string { return "golang" }

// Version implements scanner.Scanner.
func (*Scanner) Version() int { return 1 }

const (
	// doubtBytes is the least size of a Go program: an empty main has 1.5 MB,
	// 1 MB on some platforms.
	doubtBytes = 512 << 10
	// mostBytes bounds what is read of programs that may be Go's but do not
	// say so.
	mostBytes = 64 << 20
)

// Wants implements scanner.Scanner: programs with Go's note; those without it
// (built with an empty build ID) when they have no notes at all, as Go's own
// linker makes them, or thread-local storage, as the platform's linker makes
// them.
func (*Scanner) Wants(e *image.Entry, head []byte) bool {
	h := executable.Parse(e.Path, head)
	switch {
	case h.GoNote:
		return true
	case !h.Program || e.Size < doubtBytes:
		return false
	case h.Format == executable.ELF:
		return e.Mode&0o111 != 0 && e.Size <= mostBytes && (h.TLS || !h.Notes)
	}
	return true
}

// Scan implements scanner.Scanner.
func (*Scanner) Scan(_ context.Context, f *scanner.File) (scanner.Result, error) {
	info, err := buildinfo.Read(f.Content)
	if err != nil {
		return scanner.Result{}, broken(f)
	}
	if n := len(info.Deps); n > f.Limits.Packages {
		return scanner.Result{}, fmt.Errorf("%w: %d modules in one program", image.ErrLimit, n)
	}
	var pkgs []inventory.Package
	add := func(name, version string) {
		if name != "" {
			pkgs = append(pkgs, inventory.Package{Type: "golang", Name: name, Version: version, Evidence: inventory.Binary})
		}
	}
	if v := stdlibVersion(info.GoVersion); v != "" {
		add("stdlib", v)
	}
	add(info.Main.Path, mainVersion(info))
	for _, m := range info.Deps {
		add(module(m))
	}
	return scanner.Result{Packages: pkgs}, nil
}

// broken says why a program of Go could not be read. It is nil for all else:
// most of what has no note is not Go's, and old or obfuscated programs have no
// build information.
func broken(f *scanner.File) error {
	head := make([]byte, min(f.Size, 4096))
	if _, err := f.Content.ReadAt(head, 0); err != nil || !executable.Parse(f.Path, head).GoNote {
		return nil
	}
	if _, err := elf.NewFile(f.Content); err != nil {
		return fmt.Errorf("%w: read build information: %w", image.ErrCorrupt, err)
	}
	return nil
}

// module is what was built in: the replacement, if there is one. A directory
// that replaces a module has no version.
func module(m *debug.Module) (path, version string) {
	if m.Replace == nil {
		return m.Path, cleanVersion(m.Version)
	}
	if v := cleanVersion(m.Replace.Version); v != "" {
		return m.Replace.Path, v
	}
	return m.Path, ""
}

// cleanVersion drops what names no version, "(devel)".
func cleanVersion(v string) string {
	if strings.HasPrefix(v, "(") {
		return ""
	}
	return v
}

// mainVersion is the version of the program itself: the one that Go stamped,
// else the one that the build put into a variable.
func mainVersion(info *debug.BuildInfo) string {
	if v := cleanVersion(info.Main.Version); v != "" {
		return v
	}
	for _, s := range info.Settings {
		if s.Key == "-ldflags" {
			return flagVersion(s.Value)
		}
	}
	return ""
}
