package php

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/boltseal/boltseal/image"
	"github.com/boltseal/boltseal/inventory"
	"github.com/boltseal/boltseal/scan/scanner"
)

// Lock reads composer.lock.
type Lock struct{}

// NewLock returns the scanner.
func NewLock() *Lock { return &Lock{} }

// Name implements scanner.Scanner.
func (*Lock) Name() string { return "composer-lock" }

// Version implements scanner.Scanner.
func (*Lock) Version() int { return 1 }

// Wants implements scanner.Scanner.
func (*Lock) Wants(e *image.Entry, _ []byte) bool {
	return e.Size > 0 && scanner.At(e.Path, "composer.lock")
}

// Scan implements scanner.Scanner.
func (*Lock) Scan(_ context.Context, f *scanner.File) (scanner.Result, error) {
	data, err := f.Text()
	if err != nil {
		return scanner.Result{}, err
	}
	var lock struct {
		Packages []entry
		Dev      []entry `json:"packages-dev"`
	}
	if err := json.Unmarshal(data, &lock); err != nil {
		return scanner.Result{}, fmt.Errorf("%w: decode composer.lock: %w", image.ErrCorrupt, err)
	}
	pkgs := packages(nil, lock.Packages, inventory.Lockfile)
	runtime := len(pkgs)
	pkgs = packages(pkgs, lock.Dev, inventory.Lockfile)
	for i := range pkgs[runtime:] {
		pkgs[runtime+i].Dev = true
	}
	return scanner.Result{Packages: pkgs}, nil
}
