package dotnet

import (
	"bytes"
	"context"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/boltseal/boltseal/image"
	"github.com/boltseal/boltseal/inventory"
	"github.com/boltseal/boltseal/scan/scanner"
)

// Lock reads packages.lock.json and packages.config.
type Lock struct{}

// NewLock returns the scanner.
func NewLock() *Lock { return &Lock{} }

// Name implements scanner.Scanner.
func (*Lock) Name() string { return "nuget-lock" }

// Version implements scanner.Scanner.
func (*Lock) Version() int { return 1 }

const (
	lockName   = "packages.lock.json"
	configName = "packages.config"
)

// Wants implements scanner.Scanner.
func (*Lock) Wants(e *image.Entry, _ []byte) bool {
	return e.Size > 0 && (scanner.At(e.Path, lockName) || scanner.At(e.Path, configName))
}

// Scan implements scanner.Scanner.
func (*Lock) Scan(_ context.Context, f *scanner.File) (scanner.Result, error) {
	data, err := f.Text()
	if err != nil {
		return scanner.Result{}, err
	}
	parse, name := parseLock, lockName
	if scanner.At(f.Path, configName) {
		parse, name = parseConfig, configName
	}
	pkgs, err := parse(trimMark(data), f.Limits.Packages)
	if err != nil && !errors.Is(err, image.ErrLimit) {
		err = fmt.Errorf("%w: decode %s: %w", image.ErrCorrupt, name, err)
	}
	return scanner.Result{Packages: pkgs}, err
}

// parseLock reads the packages of every target framework, each once.
func parseLock(data []byte, max int) ([]inventory.Package, error) {
	var lock struct {
		Dependencies map[string]map[string]struct{ Type, Resolved string }
	}
	if err := json.Unmarshal(data, &lock); err != nil {
		return nil, err
	}
	var pkgs []inventory.Package
	seen := map[string]bool{}
	for _, framework := range slices.Sorted(maps.Keys(lock.Dependencies)) {
		entries := lock.Dependencies[framework]
		for _, name := range slices.Sorted(maps.Keys(entries)) {
			version := entries[name].Resolved // projects have none
			if name == "" || version == "" || seen[name+"/"+version] {
				continue
			}
			seen[name+"/"+version] = true
			pkgs = scanner.Append(pkgs, nuget(name, version), max)
		}
	}
	return pkgs, nil
}

// parseConfig reads the list of the older project format.
func parseConfig(data []byte, max int) ([]inventory.Package, error) {
	var config struct {
		Packages []struct {
			ID      string `xml:"id,attr"`
			Version string `xml:"version,attr"`
			Dev     bool   `xml:"developmentDependency,attr"`
		} `xml:"package"`
	}
	if n := bytes.Count(data, []byte("=")); n > scanner.TextItems {
		return nil, fmt.Errorf("%w: %d attributes", image.ErrLimit, n)
	}
	if err := xml.Unmarshal(data, &config); err != nil {
		return nil, err
	}
	var pkgs []inventory.Package
	for _, c := range config.Packages {
		if c.ID != "" && c.Version != "" {
			p := nuget(c.ID, c.Version)
			p.Dev = c.Dev
			pkgs = scanner.Append(pkgs, p, max)
		}
	}
	return pkgs, nil
}
