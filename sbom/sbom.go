// Package sbom reads software bills of materials into inventories: CycloneDX in
// JSON and XML, SPDX in JSON and tag-value form. Start at Read.
//
// It keeps what matching needs: packages with a package URL, their source
// packages, and the operating system. Files, services, dependencies and
// vulnerabilities that a document may carry are passed over. The documents of
// this program, of Syft and of Trivy tell more than the standards have fields
// for; their properties are understood.
//
// Writing is in package report, which has the findings that belong into such a
// document; the list of SPDX licences that both sides share is here.
package sbom

import (
	"errors"

	"github.com/boltseal/boltseal/inventory"
)

// Document is what was read from an SBOM.
type Document struct {
	// Format is "CycloneDX 1.6", "SPDX 2.3".
	Format string
	// Name and Version are what the document is about, Digest its image digest
	// where it tells one.
	Name, Version, Digest string
	Inventory             inventory.Inventory
}

// Errors that callers tell apart with errors.Is.
var (
	// ErrFormat: the bytes are neither CycloneDX nor SPDX in a form and
	// version that this package reads.
	ErrFormat = errors.New("neither CycloneDX 1.2 to 1.7 nor SPDX 2.2 or 2.3")
	// ErrLimit: the document is larger, deeper or has more parts than the
	// limits of this package allow.
	ErrLimit = errors.New("limit exceeded")
)

// The limits on one document.
const (
	// maxBytes bounds JSON and tag-value documents, maxXML those in XML, which
	// take more memory to read.
	maxBytes = 512 << 20
	maxXML   = 64 << 20
	// maxComponents is as many packages as one layer of an image may have.
	maxComponents = 500_000
	// maxDepth is how deep components may contain components.
	maxDepth = 64
	// maxItems bounds each list inside one component.
	maxItems = 10_000
)
