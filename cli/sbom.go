package cli

import (
	"errors"
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
		err = fmt.Errorf("read SBOM %s: %w", path, err)
		if errors.Is(err, sbom.ErrFormat) {
			return hintError{err, "name a document in CycloneDX (JSON, XML) or SPDX (JSON, tag-value); for a tree of files write dir:PATH, for an archive of an image docker-archive:FILE"}
		}
		return err
	}
	r.Target = report.Target{Kind: "sbom", Name: path, Digest: doc.Digest}
	r.Inventory = doc.Inventory
	return nil
}
