package rust

import (
	"context"

	"github.com/boltseal/boltseal/image"
	"github.com/boltseal/boltseal/inventory"
	"github.com/boltseal/boltseal/scan/packages/tables"
	"github.com/boltseal/boltseal/scan/scanner"
)

// Lock reads Cargo.lock. The workspace's own crates, which have no source, are
// left out.
type Lock struct{}

// NewLock returns the scanner.
func NewLock() *Lock { return &Lock{} }

// Name implements scanner.Scanner.
func (*Lock) Name() string { return "cargo-lock" }

// Version implements scanner.Scanner.
func (*Lock) Version() int { return 1 }

// Wants implements scanner.Scanner.
func (*Lock) Wants(e *image.Entry, _ []byte) bool { return scanner.At(e.Path, "Cargo.lock") }

// Scan implements scanner.Scanner.
func (*Lock) Scan(_ context.Context, f *scanner.File) (scanner.Result, error) {
	data, err := f.Text()
	if err != nil {
		return scanner.Result{}, err
	}
	var pkgs []inventory.Package
	for name, t := range tables.All(data) {
		if name == "package" && t["name"] != "" && t["source"] != "" {
			p := inventory.Package{Type: "cargo", Name: t["name"], Version: t["version"], Evidence: inventory.Lockfile}
			pkgs = scanner.Append(pkgs, p, f.Limits.Packages)
		}
	}
	return scanner.Result{Packages: pkgs}, nil
}
