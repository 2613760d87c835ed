package npm

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/boltseal/boltseal/image"
	"github.com/boltseal/boltseal/inventory"
	"github.com/boltseal/boltseal/scan/scanner"
)

// Lock reads the lock files of all JavaScript package managers.
type Lock struct{}

// NewLock returns the scanner.
func NewLock() *Lock { return &Lock{} }

// Name implements scanner.Scanner.
func (*Lock) Name() string { return "npm-lock" }

// Version implements scanner.Scanner.
func (*Lock) Version() int { return 1 }

// parsers are the lock files by name. What a parser returns besides an error
// counts.
var parsers = []struct {
	file  string
	parse func(data []byte, max int) ([]inventory.Package, error)
}{
	{"package-lock.json", parsePackageLock},
	{"npm-shrinkwrap.json", parsePackageLock},
	{"yarn.lock", parseYarn},
	{"pnpm-lock.yaml", parsePnpm},
	{"bun.lock", parseBun},
}

// Wants implements scanner.Scanner. Lock files inside installed packages
// belong to those who develop them.
func (*Lock) Wants(e *image.Entry, _ []byte) bool {
	_, base := scanner.Split(e.Path)
	for i := range parsers {
		if base == parsers[i].file {
			return e.Size > 0 && !strings.Contains(e.Path, "node_modules/")
		}
	}
	return false
}

// Scan implements scanner.Scanner.
func (*Lock) Scan(_ context.Context, f *scanner.File) (scanner.Result, error) {
	data, err := f.Text()
	if err != nil {
		return scanner.Result{}, err
	}
	for _, p := range parsers {
		if scanner.At(f.Path, p.file) {
			pkgs, err := p.parse(data, f.Limits.Packages)
			if err != nil {
				err = fmt.Errorf("%w: decode %s: %w", image.ErrCorrupt, p.file, err)
			} else if len(pkgs) > f.Limits.Packages {
				err = fmt.Errorf("%w: more than %d packages", image.ErrLimit, f.Limits.Packages)
				pkgs = pkgs[:f.Limits.Packages]
			}
			return scanner.Result{Packages: unique(pkgs)}, err
		}
	}
	return scanner.Result{}, nil
}

// unique sorts packages and makes one of those with the same name and version;
// it is a development dependency if all are.
func unique(pkgs []inventory.Package) []inventory.Package {
	slices.SortStableFunc(pkgs, func(a, b inventory.Package) int {
		return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.Version, b.Version))
	})
	out := pkgs[:0]
	for _, p := range pkgs {
		if last := len(out) - 1; last >= 0 && out[last].Name == p.Name && out[last].Version == p.Version {
			out[last].Dev = out[last].Dev && p.Dev
			continue
		}
		out = append(out, p)
	}
	return out
}

func parsePackageLock(data []byte, max int) ([]inventory.Package, error) {
	var lock struct {
		Packages     map[string]lockPackage
		Dependencies json.RawMessage
	}
	if err := json.Unmarshal(data, &lock); err != nil {
		return nil, err
	}
	if lock.Packages != nil {
		return lockPackages(lock.Packages, max), nil
	}
	var nested map[string]lockDependency
	if len(lock.Dependencies) > 0 {
		if err := json.Unmarshal(lock.Dependencies, &nested); err != nil {
			return nil, err
		}
	}
	return lockDependencies(nil, nested, max), nil
}

// lockPackage is a package in version 2 and 3 of package-lock.json, under the
// directory in which it is installed.
type lockPackage struct {
	Version   string
	Name      string // when the directory has another
	Link, Dev bool
}

func lockPackages(entries map[string]lockPackage, max int) (pkgs []inventory.Package) {
	for _, path := range slices.Sorted(maps.Keys(entries)) {
		e := entries[path]
		i := strings.LastIndex(path, "node_modules/")
		if i < 0 || e.Link || e.Version == "" {
			continue // the project itself, or a workspace of it
		}
		name := cmp.Or(e.Name, path[i+len("node_modules/"):])
		if isName(name) {
			p := npmPackage(name, e.Version)
			p.Dev = e.Dev
			pkgs = scanner.Append(pkgs, p, max)
		}
	}
	return pkgs
}

// lockDependency is a package in version 1, nested as the directories are.
type lockDependency struct {
	Version      string
	Dev          bool
	Dependencies map[string]lockDependency
}

func lockDependencies(pkgs []inventory.Package, entries map[string]lockDependency, max int) []inventory.Package {
	for _, name := range slices.Sorted(maps.Keys(entries)) {
		e := entries[name]
		version := e.Version
		if alias, ok := strings.CutPrefix(version, "npm:"); ok {
			name, version = splitSpec(alias)
		}
		// A version with a colon is an address: git, file or tarball.
		if isName(name) && version != "" && !strings.Contains(version, ":") {
			p := npmPackage(name, version)
			p.Dev = e.Dev
			pkgs = scanner.Append(pkgs, p, max)
		}
		pkgs = lockDependencies(pkgs, e.Dependencies, max)
	}
	return pkgs
}

// splitSpec splits "name@rest" and "@scope/name@rest".
func splitSpec(s string) (name, rest string) {
	if len(s) < 2 {
		return s, ""
	}
	i := strings.IndexByte(s[1:], '@')
	if i < 0 {
		return s, ""
	}
	return s[:i+1], s[i+2:]
}
