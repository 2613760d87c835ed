package match_test

import (
	"os"
	"testing"

	"github.com/boltseal/boltseal/finding"
	"github.com/boltseal/boltseal/inventory"
	"github.com/boltseal/boltseal/match"
	"github.com/boltseal/boltseal/vulndb"
	"github.com/boltseal/boltseal/vulndb/update/updatetest"
)

// BenchmarkMatch matches 1,000 packages of Debian 12 that have advisories: with
// all repairs installed, and each before its last repair, where reading what is
// known of the vulnerabilities costs most. BOLTSEAL_DB is a whole database to
// match against; without it one of Debian's feeds is built.
func BenchmarkMatch(b *testing.B) {
	db := benchDatabase(b)
	inv := thousand(b, db)
	for _, name := range []string{"repaired", "before"} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			findings := 0
			for b.Loop() {
				res, err := match.Match(b.Context(), inv, db)
				if err != nil {
					b.Fatal(err)
				}
				findings = len(res.Findings)
			}
			b.ReportMetric(float64(findings), "findings")
		})
		for i := range inv.Packages {
			inv.Packages[i].Version += "~before"
		}
	}
}

func benchDatabase(b *testing.B) *vulndb.DB {
	path := os.Getenv("BOLTSEAL_DB")
	if path == "" {
		return updatetest.Open(b, "debian-tracker-lists/*", "osv-2025-02/Debian.*")
	}
	db, err := vulndb.Open(path)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { db.Close() })
	return db
}

// thousand lists packages with known repairs, the kernel left out, in the
// version of the last.
func thousand(b *testing.B, db *vulndb.DB) *inventory.Inventory {
	inv := &inventory.Inventory{OS: &inventory.OS{ID: "debian", VersionID: "12"}}
	seen := map[string]int{"linux": 0}
	err := db.Statements(func(s *vulndb.Statement) error {
		if s.Namespace != "debian:12" || len(s.Ranges) == 0 || s.Ranges[0].Fixed == "" || s.Status != finding.StatusFixed {
			return nil
		}
		i, ok := seen[s.Package]
		if !ok && len(inv.Packages) < 1000 {
			seen[s.Package] = len(inv.Packages)
			inv.Packages = append(inv.Packages, inventory.Package{Type: "deb", Name: s.Package, Version: s.Ranges[0].Fixed})
		} else if ok && s.Package != "linux" && match.Scheme("debian:12").Compare(s.Ranges[0].Fixed, inv.Packages[i].Version) > 0 {
			inv.Packages[i].Version = s.Ranges[0].Fixed
		}
		return nil
	})
	if err != nil || len(inv.Packages) < 1000 {
		b.Fatalf("%d packages: %v", len(inv.Packages), err)
	}
	return inv
}
