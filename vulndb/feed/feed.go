// Package feed is the contract between the sources of vulnerability data and
// the builder. Each folder below it implements one source; nothing here does
// I/O or knows the database file.
package feed

import (
	"context"
	"io"

	"github.com/boltseal/boltseal/vulndb"
)

// Feed is one source of advisories. Implementations are stateless and Parse is
// safe for concurrent use on different documents.
type Feed interface {
	// Name is stable: it names the folder in a mirror and the source in the
	// database's statistics. Lower case, "debian", "osv".
	Name() string
	// Artifacts lists what to download.
	Artifacts() []Artifact
	// Parse reads one document of the feed and emits what it says. A document
	// that cannot be understood is an error that names it and the place; what
	// was emitted before stays. Parse must not keep doc or rely on the order of
	// documents.
	Parse(ctx context.Context, doc Document, out Sink) error
}

// Artifact is one downloadable file of a feed.
type Artifact struct {
	// Name is unique in the feed: "Debian", "v3.19/main", "epss".
	Name string
	// URL is the upstream address, "" when only mirrors hold this form.
	URL string
	// Index is the address of a text file that holds the archive's name,
	// relative to the index itself, where that name changes daily; then URL is
	// "". It is "" for all others.
	Index string
	// Repository is the address of a repository of RPMs, or of a mirror.list
	// whose first line is one, when the artifact is the updateinfo that its
	// repodata/repomd.xml names; then URL is "". It is "" for all others.
	Repository string
	// Mirror lists path patterns (path.Match, relative to the mirror's root)
	// under which a mirror directory may hold the same data, for example
	// "osv-*/Debian.jsonl.zst". The file name's ending tells the packing.
	Mirror []string
	// Entries is a path.Match pattern for the base names of the archive's
	// entries that are documents of the feed; "" is all entries. Archives of
	// repositories also hold readme and schema files.
	Entries string
	// Delta is the address of a list of changed documents beside the archive
	// (OSV's modified_id.csv), "" when there is none.
	Delta string
	// ByCVE says that documents are named after the CVE that they are about,
	// while their advisories have names of their own: Red Hat's cve-2024-1.json
	// speaks of RHSA-2024:2. Otherwise documents are named as the advisory.
	ByCVE bool
}

// Document is one record or file of an artifact after unpacking: a line of a
// .jsonl.zst, an entry of a .zip or .tar.zst, or a whole plain file.
type Document struct {
	// Artifact is the Artifact.Name it came from.
	Artifact string
	// Name is the entry's name or "file:line".
	Name string
	// Size in bytes, -1 when unknown.
	Size int64
	// Body is valid until Parse returns. For JSON lines and small entries it
	// is a *bytes.Reader.
	Body io.Reader
}

// Sink receives what a feed says. It is safe for concurrent use. It copies what
// it keeps, so the caller may reuse slices and structs.
type Sink interface {
	Advisory(*vulndb.Advisory) error
	Vulnerability(*vulndb.Vulnerability) error
}
