// Package updatetest builds databases of parts of the real feeds, for tests that
// want to match against them.
package updatetest

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/boltseal/boltseal/vulndb"
	"github.com/boltseal/boltseal/vulndb/feed/feedtest"
	"github.com/boltseal/boltseal/vulndb/update"
)

// Build builds a database of those files of the mirror that match the patterns,
// and returns its path. Each pattern must match something. The test is skipped
// where there is no mirror.
func Build(t testing.TB, patterns ...string) string {
	t.Helper()
	feeds, mirror := feedtest.Mirror(t), t.TempDir()
	for _, pattern := range patterns {
		files, err := filepath.Glob(filepath.Join(feeds, pattern))
		if err != nil || len(files) == 0 {
			t.Fatalf("mirror has no %s (%v)", pattern, err)
		}
		for _, file := range files {
			folder := filepath.Join(mirror, filepath.Base(filepath.Dir(file)))
			if err := os.MkdirAll(folder, 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.Symlink(file, filepath.Join(folder, filepath.Base(file))); err != nil {
				t.Fatal(err)
			}
		}
	}
	path := filepath.Join(t.TempDir(), "vulns.db")
	if _, err := update.Update(t.Context(), update.Options{Path: path, Mirror: mirror}); err != nil {
		t.Fatal(err)
	}
	return path
}

// Open builds a database as Build does and opens it until the test ends.
func Open(t testing.TB, patterns ...string) *vulndb.DB {
	t.Helper()
	db, err := vulndb.Open(Build(t, patterns...))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}
