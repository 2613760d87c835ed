// Package dotnet reads NuGet packages: the x.deps.json that dotnet publish
// writes beside every program (the shared frameworks have one too), and the
// lock files packages.lock.json and packages.config.
//
// Not read: project files, whose versions are ranges, and assemblies. Source:
// learn.microsoft.com/nuget, github.com/dotnet/sdk documentation/specs
// (runtime-configuration-file.md).
package dotnet

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/boltseal/boltseal/image"
	"github.com/boltseal/boltseal/inventory"
	"github.com/boltseal/boltseal/scan/scanner"
)

// Scanner reads x.deps.json.
type Scanner struct{}

// New returns the scanner.
func New() *Scanner { return &Scanner{} }

// Name implements scanner.Scanner.
func (*Scanner) Name() string { return "dotnet" }

// Version implements scanner.Scanner.
func (*Scanner) Version() int { return 1 }

// Wants implements scanner.Scanner.
func (*Scanner) Wants(e *image.Entry, _ []byte) bool {
	return e.Size > 0 && strings.HasSuffix(e.Path, ".deps.json")
}

// Scan implements scanner.Scanner. The keys of "libraries" are NAME/VERSION; a
// runtime that was published with the program is a "runtimepack". Projects
// and references are the program's own.
func (*Scanner) Scan(_ context.Context, f *scanner.File) (scanner.Result, error) {
	data, err := f.Text()
	if err != nil {
		return scanner.Result{}, err
	}
	var deps struct {
		Libraries map[string]struct{ Type string }
	}
	err = json.Unmarshal(trimMark(data), &deps)
	var other *json.UnmarshalTypeError
	if errors.As(err, &other) {
		return scanner.Result{}, nil // another tool's file of that name
	}
	if err != nil {
		return scanner.Result{}, fmt.Errorf("%w: decode deps.json: %w", image.ErrCorrupt, err)
	}
	var pkgs []inventory.Package
	for _, key := range slices.Sorted(maps.Keys(deps.Libraries)) {
		name, version, ok := strings.Cut(key, "/")
		kind := strings.ToLower(deps.Libraries[key].Type)
		if !ok || name == "" || version == "" || kind != "package" && kind != "runtimepack" {
			continue
		}
		p := nuget(strings.TrimPrefix(name, "runtimepack."), version)
		p.Evidence = inventory.Installed
		pkgs = scanner.Append(pkgs, p, f.Limits.Packages)
	}
	return scanner.Result{Packages: pkgs}, nil
}

// nuget makes a package of a lock file.
func nuget(name, version string) inventory.Package {
	return inventory.Package{Type: "nuget", Name: name, Version: version, Evidence: inventory.Lockfile}
}

// trimMark drops the byte order mark that .NET tools like to write.
func trimMark(data []byte) []byte {
	if len(data) >= 3 && string(data[:3]) == "\xef\xbb\xbf" {
		return data[3:]
	}
	return data
}
