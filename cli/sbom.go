package cli

import (
	"fmt"
	"io"
	"os"

	"github.com/boltseal/boltseal/report"
	"github.com/boltseal/boltseal/sbom"
)

// maxSBOM bounds a document.
const maxSBOM = 512 << 20

// readSBOM fills the report's target and inventory from a document.
func readSBOM(r *report.Report, path string) error {
	f, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("read SBOM: %w", err)
	}
	defer f.Close()
	doc, err := sbom.Read(io.LimitReader(f, maxSBOM))
	if err != nil {
		return fmt.Errorf("read SBOM %s: %w", path, err)
	}
	r.Target = report.Target{Kind: "sbom", Name: path, Digest: doc.Digest}
	r.Inventory = doc.Inventory
	return nil
}
