package python

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/boltseal/boltseal/image"
	"github.com/boltseal/boltseal/inventory"
	"github.com/boltseal/boltseal/scan/packages/tables"
	"github.com/boltseal/boltseal/scan/scanner"
)

// Lock reads lock files and requirements.txt.
type Lock struct{}

// NewLock returns the scanner.
func NewLock() *Lock { return &Lock{} }

// Name implements scanner.Scanner.
func (*Lock) Name() string { return "python-lock" }

// Version implements scanner.Scanner.
func (*Lock) Version() int { return 1 }

type parser func(data []byte, max int) ([]inventory.Package, error)

// parserOf returns the parser of the file at path, nil if it is none of ours.
func parserOf(path string) parser {
	_, base := scanner.Split(path)
	switch base {
	case "poetry.lock", "uv.lock", "pdm.lock", "pylock.toml":
		return parseTables
	case "Pipfile.lock":
		return parsePipfile
	}
	if strings.HasSuffix(base, ".txt") && (strings.HasPrefix(base, "requirements") || strings.HasSuffix(base, "requirements.txt")) {
		return parseRequirements
	}
	return nil
}

// Wants implements scanner.Scanner.
func (*Lock) Wants(e *image.Entry, _ []byte) bool { return e.Size > 0 && parserOf(e.Path) != nil }

// Scan implements scanner.Scanner.
func (*Lock) Scan(_ context.Context, f *scanner.File) (scanner.Result, error) {
	data, err := f.Text()
	if err != nil {
		return scanner.Result{}, err
	}
	pkgs, err := parserOf(f.Path)(data, f.Limits.Packages)
	if err != nil {
		err = fmt.Errorf("%w: decode lock file: %w", image.ErrCorrupt, err)
	}
	return scanner.Result{Packages: pkgs}, err
}

// parseTables reads the lock files in TOML, which agree on the keys that count.
// The project itself and others on disk (uv's "virtual", "editable" and
// "directory" sources) are left out.
func parseTables(data []byte, max int) ([]inventory.Package, error) {
	var pkgs []inventory.Package
	for array, t := range tables.All(data) {
		if array != "package" && array != "packages" || !isName(t["name"]) || t["version"] == "" || isLocal(t["source"]) {
			continue
		}
		p := pypi(t["name"], t["version"])
		p.Dev = isDev(t)
		pkgs = scanner.Append(pkgs, p, max)
	}
	return pkgs, nil
}

func isLocal(source string) bool {
	source = strings.TrimLeft(source, "{ ")
	return strings.HasPrefix(source, "virtual") || strings.HasPrefix(source, "editable") || strings.HasPrefix(source, "directory")
}

// isDev goes by the category of poetry 1, or by the groups of poetry 2 ("main")
// and pdm ("default") if they stand on one line.
func isDev(t tables.Table) bool {
	if g := t["groups"]; strings.HasSuffix(g, "]") && len(g) > len("[]") {
		return !strings.Contains(g, `"main"`) && !strings.Contains(g, `"default"`) && strings.Contains(g, `"dev`)
	}
	return t["category"] == "dev"
}

func parsePipfile(data []byte, max int) ([]inventory.Package, error) {
	type locked map[string]struct{ Version string }
	var lock struct{ Default, Develop locked }
	if err := json.Unmarshal(data, &lock); err != nil {
		return nil, err
	}
	var pkgs []inventory.Package
	add := func(section locked, dev bool) {
		for _, name := range slices.Sorted(maps.Keys(section)) {
			version := strings.TrimLeft(section[name].Version, "=")
			if isName(name) && version != "" {
				p := pypi(name, version)
				p.Dev = dev
				pkgs = scanner.Append(pkgs, p, max)
			}
		}
	}
	add(lock.Default, false)
	add(lock.Develop, true)
	return pkgs, nil
}
