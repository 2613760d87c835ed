// Package locks reads the packages of the less common ecosystems: Dart, Swift,
// CocoaPods, Elixir, Erlang, Haskell, R, Conan, Conda, Julia, Lua and OCaml, and
// Gradle's lock files. Each format is a row of formats and one small function.
// What is installed is read of Erlang and Elixir (applications), R, Conda, Lua
// and OCaml; the others compile into programs, which do not tell.
//
// The formats are regular text that programs write, so each is read by a few
// lines on top of the bounded readers of packages outline and tables.
// google/osv-scalibr has extractors for most of them, which would add 5.4 MB to
// the binary, 3 ms to its start and some 200 modules, and which set no limits.
package locks

import (
	"context"
	"fmt"
	"strings"

	"github.com/boltseal/boltseal/image"
	"github.com/boltseal/boltseal/inventory"
	"github.com/boltseal/boltseal/scan/scanner"
)

// Scanner reads all formats of this package.
type Scanner struct{}

// New returns the scanner.
func New() *Scanner { return &Scanner{} }

// Name implements scanner.Scanner.
func (*Scanner) Name() string { return "locks" }

// Version implements scanner.Scanner.
func (*Scanner) Version() int { return 2 }

// format is one kind of file.
type format struct {
	name string // of the file, or an extension with its dot
	dir  string // if set, must be a part of the path before the name
	kind string // purl type
	// evidence is Lockfile unless set.
	evidence inventory.Evidence
	parse    func(data []byte, add func(name, version string) *inventory.Package) error
}

var formats = []format{
	{name: "pubspec.lock", kind: "pub", parse: parsePubspec},
	{name: "Package.resolved", kind: "swift", parse: parseSwift},
	{name: "Podfile.lock", kind: "cocoapods", parse: parsePodfile},
	{name: "mix.lock", kind: "hex", parse: parseMix},
	{name: "rebar.lock", kind: "hex", parse: parseRebar},
	{name: "cabal.project.freeze", kind: "hackage", parse: parseCabal},
	{name: "stack.yaml.lock", kind: "hackage", parse: parseStack},
	{name: ".app", dir: "ebin/", kind: "hex", evidence: inventory.Installed, parse: parseApplication},
	{name: "renv.lock", kind: "cran", parse: parseRenv},
	{name: "DESCRIPTION", dir: "library/", kind: "cran", evidence: inventory.Installed, parse: parseDescription},
	{name: "gradle.lockfile", kind: "maven", parse: parseGradle},
	{name: "buildscript-gradle.lockfile", kind: "maven", parse: parseGradle},
	{name: "conan.lock", kind: "conan", parse: parseConan},
	{name: ".json", dir: "conda-meta/", kind: "conda", evidence: inventory.Installed, parse: parseConda},
	{name: "Manifest.toml", kind: "julia", parse: parseJulia},
	{name: ".rockspec", dir: "luarocks/", kind: "luarocks", evidence: inventory.Installed, parse: parseRockspec},
	{name: "switch-state", dir: ".opam-switch/", kind: "opam", evidence: inventory.Installed, parse: parseOpam},
}

// formatOf returns the format of the file at path, nil if there is none. It
// does not allocate.
func formatOf(path string) *format {
	_, base := scanner.Split(path)
	extension := ""
	if i := strings.LastIndexByte(base, '.'); i > 0 {
		extension = base[i:]
	}
	for i := range formats {
		f := &formats[i]
		if (f.name == base || f.name == extension) && strings.Contains(path[:len(path)-len(base)], f.dir) {
			return f
		}
	}
	return nil
}

// Wants implements scanner.Scanner.
func (*Scanner) Wants(e *image.Entry, _ []byte) bool {
	return e.Size > 0 && formatOf(e.Path) != nil
}

// Scan implements scanner.Scanner.
func (*Scanner) Scan(_ context.Context, f *scanner.File) (scanner.Result, error) {
	format := formatOf(f.Path)
	data, err := f.Text()
	if err != nil {
		return scanner.Result{}, err
	}
	evidence := format.evidence
	if evidence == "" {
		evidence = inventory.Lockfile
	}
	var pkgs []inventory.Package
	var none inventory.Package
	full, most := false, min(f.Limits.Packages, scanner.TextItems)
	err = format.parse(data, func(name, version string) *inventory.Package {
		if name == "" || version == "" {
			none = inventory.Package{}
			return &none
		}
		if len(pkgs) >= most {
			full = true
			return &none
		}
		pkgs = append(pkgs, inventory.Package{Type: format.kind, Name: name, Version: version, Evidence: evidence})
		return &pkgs[len(pkgs)-1]
	})
	if full {
		return scanner.Result{Packages: pkgs}, fmt.Errorf("%w: more than %d packages", image.ErrLimit, len(pkgs))
	}
	if err != nil {
		_, base := scanner.Split(f.Path)
		err = fmt.Errorf("%w: decode %s: %w", image.ErrCorrupt, base, err)
	}
	return scanner.Result{Packages: pkgs}, err
}
