package cli

import (
	"os"
	"path/filepath"
)

// databasePath is where the vulnerability database stands unless a flag says
// otherwise.
func databasePath() string {
	if path := os.Getenv("BOLTSEAL_DB"); path != "" {
		return path
	}
	return filepath.Join(cacheDir(), "vuln.db")
}
