package vulndb

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/boltseal/boltseal/vulndb/format"
	"github.com/boltseal/boltseal/vulndb/layout"
)

// Meta says what the database was made of, and when.
type Meta struct {
	// Built is the time of the newest download that went into the file, so
	// that building again from the same files gives the same bytes.
	Built   time.Time `json:"built"`
	Sources []Source  `json:"sources"`
	// Vulnerabilities is the number of distinct ones, aliases merged;
	// Advisories and Packages are the sums over all namespaces.
	Vulnerabilities int `json:"vulnerabilities"`
	Advisories      int `json:"advisories"`
	Packages        int `json:"packages"`
	// Kept lists namespaces that a source stopped serving and whose old
	// advisories were carried over from the previous database.
	Kept []Kept `json:"kept,omitempty"`
	// Signer is the hexadecimal ed25519 public key in the file's signature, ""
	// for an unsigned file. That the signature is valid is for VerifySignature
	// to say.
	Signer string `json:"signer,omitempty"`
	// Size is the file's size in bytes.
	Size int64 `json:"size,omitempty"`
}

// Source is one downloaded artifact of one feed.
type Source struct {
	Feed     string `json:"feed"`
	Artifact string `json:"artifact"`
	// Records is the number of documents read, Advisories of statements about
	// one package and one vulnerability, Vulnerabilities of descriptions; all
	// as the feed gave them, before duplicates were removed.
	Records         int `json:"records"`
	Advisories      int `json:"advisories"`
	Vulnerabilities int `json:"vulnerabilities"`
	// Newest is the date of the newest record: how far the data reaches. When
	// Estimated, the records have no dates, and it is the end of the year of the
	// newest CVE, or Fetched if that is earlier: the data is not newer.
	Newest    time.Time `json:"newest,omitzero"`
	Estimated bool      `json:"estimated,omitempty"`
	// Fetched is when the data was downloaded or last found unchanged; for a
	// mirror directory, the modification time of the file.
	Fetched time.Time `json:"fetched,omitzero"`
	// Tag is the ETag or date under which the server knows the data, for the
	// next conditional download.
	Tag string `json:"tag,omitempty"`
	// Error is why the last update could not use newer data, "" when it did.
	// What there was is then carried over, and Fetched is its date.
	Error string `json:"error,omitempty"`
	// Unread says which few documents could not be read, "" when all could.
	// What was known of them before is carried over.
	Unread string `json:"unread,omitempty"`
}

// Name is the feed and the artifact: "osv/Debian".
func (s *Source) Name() string { return s.Feed + "/" + s.Artifact }

// Kept is a namespace whose advisories of one source were carried over.
type Kept struct {
	Source     string    `json:"source"`
	Namespace  string    `json:"namespace"`
	Advisories int       `json:"advisories"`
	Since      time.Time `json:"since"`
}

// Meta returns the description of the database.
func (db *DB) Meta() Meta { return db.meta }

// readMeta decodes what Meta and Namespaces return.
func (db *DB) readMeta() error {
	if err := json.Unmarshal(db.file.Section(layout.Meta), &db.meta); err != nil {
		return fmt.Errorf("%w: read meta data: %w", ErrFormat, err)
	}
	db.meta.Size = int64(db.file.Size())
	db.meta.Signer = ""
	if s := db.file.Signature; s != nil {
		db.meta.Signer = fmt.Sprintf("%x", []byte(s.PublicKey))
	}
	table, err := format.ParseTable(db.file.Section(layout.Namespaces))
	if err != nil {
		return fmt.Errorf("read namespaces: %w", err)
	}
	counts, err := format.ParseList(db.file.Section(layout.Counts))
	if err != nil {
		return fmt.Errorf("read namespaces: %w", err)
	}
	names, err := readNames(table)
	ages := db.ages()
	db.namespaces = make([]NamespaceCount, len(names))
	for i := 0; i < len(names) && err == nil; i++ {
		var b []byte
		var n layout.Count
		if b, err = counts.At(i); err == nil {
			n, err = layout.ParseCount(b)
		}
		if err == nil {
			db.namespaces[i], err = ages.namespace(names[i], &n)
		}
	}
	return err
}

// NamespaceCount is how much the database knows in one namespace.
type NamespaceCount struct {
	Namespace string `json:"namespace"`
	// Packages is the number of package names, Advisories the number of what
	// Advisories would return for all of them.
	Packages   int `json:"packages"`
	Advisories int `json:"advisories"`
	// Sources are the artifacts that most advisories are from, the largest
	// first: those that have at least half as many as the largest. They say
	// how new the data is.
	Sources []string `json:"sources,omitempty"`
	// Newest is the latest Source.Newest among Sources, the zero time when
	// they have none.
	Newest time.Time `json:"newest,omitzero"`
}

// Has says if there is any advisory in the namespace, such as "debian:12".
func (db *DB) Has(namespace string) bool {
	_, found := db.Namespace(namespace)
	return found
}

// Namespace describes one namespace, if there is any advisory in it.
func (db *DB) Namespace(name string) (NamespaceCount, bool) {
	i, found := slices.BinarySearchFunc(db.namespaces, name, func(n NamespaceCount, name string) int {
		return strings.Compare(n.Namespace, name)
	})
	if !found {
		return NamespaceCount{}, false
	}
	return db.namespaces[i], true
}

// Namespaces lists all namespaces, sorted by name.
func (db *DB) Namespaces() []NamespaceCount { return slices.Clone(db.namespaces) }
