package vulndb_test

import (
	"os"
	"testing"

	"github.com/boltseal/boltseal/vulndb"
)

// realDB is a database of real feeds, named by BOLTSEAL_DB.
func realDB(b *testing.B) string {
	b.Helper()
	path := os.Getenv("BOLTSEAL_DB")
	if path == "" {
		b.Skip("set BOLTSEAL_DB to a database that 'boltseal db update' made")
	}
	return path
}

func BenchmarkOpen(b *testing.B) {
	path := realDB(b)
	for b.Loop() {
		db, err := vulndb.Open(path)
		if err != nil {
			b.Fatal(err)
		}
		if err := db.Close(); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkAdvisories looks up a thousand packages of one distribution that all
// have advisories, which is more than a large image has.
func BenchmarkAdvisories(b *testing.B) {
	path := realDB(b)
	for _, namespace := range []string{"debian:12", "redhat:9", "ubuntu:22.04", "npm"} {
		b.Run(namespace, func(b *testing.B) {
			db, err := vulndb.Open(path)
			if err != nil {
				b.Fatal(err)
			}
			defer db.Close()
			names := packages(b, db, namespace, 1000)
			var found []vulndb.Advisory
			for b.Loop() {
				found = found[:0]
				for _, name := range names {
					if found, err = db.Advisories(namespace, name, found); err != nil {
						b.Fatal(err)
					}
				}
			}
			b.ReportMetric(float64(len(names)), "packages/op")
			b.ReportMetric(float64(len(found)), "advisories/op")
		})
	}
}

// packages are up to n names of a namespace, spread over all of them.
func packages(b *testing.B, db *vulndb.DB, namespace string, n int) []string {
	b.Helper()
	var all []string
	last := ""
	err := db.Statements(func(s *vulndb.Statement) error {
		if s.Namespace == namespace && s.Package != last {
			last = s.Package
			all = append(all, last)
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
	step := max(1, len(all)/n)
	var out []string
	for i := 0; i < len(all) && len(out) < n; i += step {
		out = append(out, all[i])
	}
	return out
}
