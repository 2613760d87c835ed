// Package php reads Composer packages: vendor/composer/installed.json and
// composer.lock. Names are "vendor/name", versions as Composer prints them
// ("v5.4.1"). Source: getcomposer.org, and the files as Composer writes them.
package php

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/boltseal/boltseal/image"
	"github.com/boltseal/boltseal/inventory"
	"github.com/boltseal/boltseal/scan/scanner"
)

// Scanner reads vendor/composer/installed.json.
type Scanner struct{}

// New returns the scanner.
func New() *Scanner { return &Scanner{} }

// Name implements scanner.Scanner.
func (*Scanner) Name() string { return "php" }

// Version implements scanner.Scanner.
func (*Scanner) Version() int { return 1 }

// Wants implements scanner.Scanner.
func (*Scanner) Wants(e *image.Entry, _ []byte) bool {
	return e.Size > 0 && scanner.At(e.Path, "composer/installed.json")
}

// Scan implements scanner.Scanner. Composer 1 writes a list, Composer 2 an
// object with the list in it.
func (*Scanner) Scan(_ context.Context, f *scanner.File) (scanner.Result, error) {
	data, err := f.Text()
	if err != nil {
		return scanner.Result{}, err
	}
	var installed struct {
		Packages []entry
		Dev      []string `json:"dev-package-names"`
	}
	var into any = &installed
	if first := bytes.TrimSpace(data); len(first) > 0 && first[0] == '[' {
		into = &installed.Packages
	}
	if err := json.Unmarshal(data, into); err != nil {
		return scanner.Result{}, fmt.Errorf("%w: decode installed.json: %w", image.ErrCorrupt, err)
	}
	slices.Sort(installed.Dev)
	pkgs := packages(nil, installed.Packages, inventory.Installed)
	for i := range pkgs {
		_, pkgs[i].Dev = slices.BinarySearch(installed.Dev, pkgs[i].Name)
	}
	return scanner.Result{Packages: pkgs}, nil
}

// entry is a package in either file.
type entry struct {
	Name, Version string
	License       any // a list, once a string
}

// packages adds the entries that name a package.
func packages(pkgs []inventory.Package, entries []entry, evidence inventory.Evidence) []inventory.Package {
	for _, e := range entries {
		vendor, name, ok := strings.Cut(e.Name, "/")
		if !ok || vendor == "" || name == "" || e.Version == "" {
			continue
		}
		pkgs = append(pkgs, inventory.Package{
			Type: "composer", Name: strings.ToLower(e.Name), Version: e.Version, Evidence: evidence, Licenses: e.licenses(),
		})
	}
	return pkgs
}

func (e *entry) licenses() (names []string) {
	switch l := e.License.(type) {
	case string:
		return []string{l}
	case []any:
		for _, x := range l {
			if s, ok := x.(string); ok {
				names = append(names, s)
			}
		}
	}
	return names
}
