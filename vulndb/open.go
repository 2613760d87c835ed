package vulndb

import (
	"crypto/ed25519"
	"errors"
	"fmt"
	"sync/atomic"

	"github.com/boltseal/boltseal/vulndb/format"
	"github.com/boltseal/boltseal/vulndb/layout"
)

// ErrFormat is the cause of every error about a file that is not a database of
// this version, is damaged, or contradicts itself.
var ErrFormat = format.ErrFormat

// ErrSignature is the cause of errors about a signature that is missing,
// damaged or not by the expected key.
var ErrSignature = format.ErrSignature

// DB is an open database file. It is immutable: any number of goroutines may
// look things up at the same time. When the file is cut short underneath it,
// which nothing here ever does, lookups that meet the gap return an error. What lookups return is copied out of the
// file and stays valid after Close; Close must not run beside a lookup.
type DB struct {
	file    *format.File
	unmap   func() error
	meta    Meta
	origins []layout.Origin

	namespaces                          []NamespaceCount
	strings, keys, ids, aliases         format.Table
	rows, records, sets, vulns, targets format.List
	titles, details                     *format.Texts

	idCache []atomic.Pointer[string] // of ids
}

// Open maps the file at path into memory and checks its header: magic, version
// and the table of sections with its checksum. It takes milliseconds because
// it doesn't read the rest; damage there is found by Verify, or comes out of
// the lookup that meets it as an error that wraps ErrFormat. No file content
// makes a lookup panic.
func Open(path string) (*DB, error) {
	data, unmap, err := mapFile(path)
	if err != nil {
		return nil, fmt.Errorf("open vulnerability database: %w", err)
	}
	db, err := open(data)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open vulnerability database %s: %w", path, err), unmap())
	}
	db.unmap = unmap
	return db, nil
}

// open reads a database that is in memory.
func open(data []byte) (_ *DB, err error) {
	defer guard(&err)()
	file, err := format.Parse(data)
	if err != nil {
		return nil, err
	}
	db := &DB{file: file, unmap: func() error { return nil }}
	for id, table := range map[uint32]*format.Table{
		layout.Strings: &db.strings, layout.Keys: &db.keys,
		layout.IDs: &db.ids, layout.Aliases: &db.aliases,
	} {
		if *table, err = format.ParseTable(file.Section(id)); err != nil {
			return nil, fmt.Errorf("section %d: %w", id, err)
		}
	}
	for id, list := range map[uint32]*format.List{
		layout.Rows: &db.rows, layout.Records: &db.records,
		layout.Sets: &db.sets, layout.Vulns: &db.vulns, layout.Targets: &db.targets,
	} {
		if *list, err = format.ParseList(file.Section(id)); err != nil {
			return nil, fmt.Errorf("section %d: %w", id, err)
		}
	}
	for id, texts := range map[uint32]**format.Texts{layout.Titles: &db.titles, layout.Details: &db.details} {
		if *texts, err = format.ParseTexts(file.Section(id)); err != nil {
			return nil, fmt.Errorf("section %d: %w", id, err)
		}
	}
	if db.ids.Len() > db.vulns.Len() {
		return nil, fmt.Errorf("%w: %d ids of %d vulnerabilities", ErrFormat, db.ids.Len(), db.vulns.Len())
	}
	db.idCache = make([]atomic.Pointer[string], db.ids.Len())
	return db, errors.Join(db.readOrigins(), db.readMeta())
}

// maxNames bounds the tables that Open decodes.
const maxNames = 1 << 16

// readOrigins reads the names of the sources.
func (db *DB) readOrigins() error {
	origins, err := format.ParseList(db.file.Section(layout.Origins))
	if err != nil {
		return fmt.Errorf("read origins: %w", err)
	}
	for i := range min(origins.Len(), maxNames) {
		b, err := origins.At(i)
		if err != nil {
			return fmt.Errorf("read origins: %w", err)
		}
		o, err := layout.ParseOrigin(b)
		if err != nil {
			return fmt.Errorf("read origins: %w", err)
		}
		db.origins = append(db.origins, o)
	}
	return nil
}

// readNames returns the strings of a small table.
func readNames(t format.Table) (names []string, err error) {
	if t.Len() > maxNames {
		return nil, fmt.Errorf("%w: table of %d names", ErrFormat, t.Len())
	}
	err = t.Walk(0, func(_ int, s []byte) bool {
		names = append(names, string(s))
		return true
	})
	return names, err
}

// Close unmaps the file.
func (db *DB) Close() error { return db.unmap() }

// Verify reads the whole file and compares the checksums of its sections with
// those in the header. It takes about as long as reading the file.
func (db *DB) Verify() (err error) {
	defer guard(&err)()
	return db.file.Verify()
}

// VerifySignature checks that the header is signed by key. Together with
// Verify it proves that the whole content is what the owner of the key signed.
func (db *DB) VerifySignature(key ed25519.PublicKey) error { return db.file.VerifySignature(key) }

// Content is the file's bytes without a signature, and Signed with it, if it
// has one. They are those of the mapping: not to be used after Close.
func (db *DB) Content() []byte { return db.file.Content() }

// Signed is described at Content.
func (db *DB) Signed() []byte { return db.file.Data() }

// Checksum identifies the content, without the signature.
func (db *DB) Checksum() [32]byte { return db.file.Checksum }
