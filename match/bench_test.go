package match

import (
	"context"
	"os"
	"testing"

	"github.com/boltseal/boltseal/inventory"
	"github.com/boltseal/boltseal/vulndb"
)

// BenchmarkMatch opens a database of real feeds, named by BOLTSEAL_DB, and
// matches an image of a thousand Debian packages that all have advisories and
// the newest version that any of these names.
func BenchmarkMatch(b *testing.B) {
	path := os.Getenv("BOLTSEAL_DB")
	if path == "" {
		b.Skip("set BOLTSEAL_DB to a database that 'boltseal db update' made")
	}
	inv := benchInventory(b, path)
	findings := 0
	for b.Loop() {
		db, err := vulndb.Open(path)
		if err != nil {
			b.Fatal(err)
		}
		res, err := Match(context.Background(), inv, db)
		if err != nil {
			b.Fatal(err)
		}
		findings = len(res.Findings)
		if err := db.Close(); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(len(inv.Packages)), "packages/op")
	b.ReportMetric(float64(findings), "findings/op")
}

func benchInventory(b *testing.B, path string) *inventory.Inventory {
	b.Helper()
	db, err := vulndb.Open(path)
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	inv := &inventory.Inventory{OS: &inventory.OS{ID: inventory.Debian, VersionID: "12"}}
	scheme := Scheme("debian:12")
	err = db.Statements(func(s *vulndb.Statement) error {
		if s.Namespace != "debian:12" {
			return nil
		}
		n := len(inv.Packages)
		if n == 0 || inv.Packages[n-1].Name != s.Package {
			if n == 1000 {
				return nil
			}
			inv.Packages = append(inv.Packages, inventory.Package{Type: "deb", Name: s.Package, Version: "1.0-1", Arch: "amd64"})
			n++
		}
		for _, r := range s.Ranges {
			if p := &inv.Packages[n-1]; scheme.Compare(r.Fixed, p.Version) > 0 {
				p.Version = r.Fixed
			}
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
	return inv
}
