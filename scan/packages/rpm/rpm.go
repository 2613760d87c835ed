// Package rpm reads the databases of the RPM package manager in all the forms
// that it had: a hash file of Berkeley DB, ndb, and SQLite, each holding one
// header per installed package; and the text manifest of distroless images. It
// reads the files where they are, through io.ReaderAt, and trusts nothing in
// them: every page is used once at most, so that work and memory are bounded
// by the file's size.
//
// Sources: https://rpm.org/docs/4.19.x/manual/ (format_header, format_lead,
// tags), rpm's lib/backend for ndb, db_page.h of Berkeley DB 4 and 5 for hash
// files, and https://www.sqlite.org/fileformat2.html.
package rpm

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/boltseal/boltseal/image"
	"github.com/boltseal/boltseal/inventory"
	"github.com/boltseal/boltseal/scan/scanner"
)

// Scanner reads RPM databases.
type Scanner struct{}

// New returns the scanner.
func New() scanner.Scanner { return Scanner{} }

// Name implements scanner.Scanner.
func (Scanner) Name() string { return "rpm" }

// Version implements scanner.Scanner.
func (Scanner) Version() int { return 1 }

// Wants implements scanner.Scanner. Of SQLite's write-ahead log only one that
// holds something is of interest.
func (Scanner) Wants(e *image.Entry, _ []byte) bool {
	dir, base := scanner.Split(e.Path)
	switch base {
	case "Packages", "Packages.db", "rpmdb.sqlite":
		return inDatabase(dir)
	case walName:
		return e.Size > walHeader && inDatabase(dir)
	case "container-manifest-2":
		return scanner.At(dir, "var/lib/rpmmanifest")
	}
	return false
}

// inDatabase says whether dir is one of the places of the database: the usual
// one, SUSE's and Fedora's newer one, and rpm-ostree's.
func inDatabase(dir string) bool {
	return scanner.At(dir, "var/lib/rpm") || scanner.At(dir, "lib/sysimage/rpm") || scanner.At(dir, "share/rpm")
}

const (
	walName   = "rpmdb.sqlite-wal"
	walHeader = 32 // bytes of a log without content
)

// errLog says that the database is older than what the log beside it holds.
var errLog = errors.New("changes in the write-ahead log were not read: packages may be missing or outdated")

// Scan implements scanner.Scanner. Packages that could not be read make an
// error beside those that could.
func (Scanner) Scan(ctx context.Context, f *scanner.File) (scanner.Result, error) {
	_, base := scanner.Split(f.Path)
	switch base {
	case walName:
		return scanner.Result{}, errLog
	case "container-manifest-2":
		return scanManifest(f)
	}
	src := &source{r: f.Content, data: f.Data, size: f.Size}
	walk, err := formatOf(src)
	if walk == nil || err != nil {
		return scanner.Result{}, err
	}
	c := collector{ctx: ctx, limits: f.Limits, budget: newBudget(f.Size, f.Limits)}
	if err := walk(src, c.add); err != nil {
		c.fail(err)
	}
	return scanner.Result{Packages: c.packages}, c.err()
}

// walk calls yield with each value of a database, which is the header of a
// package, valid until yield returns. An error of yield ends it. Broken parts
// are passed over where the rest can still be found; the first error is
// returned at the end.
type walk func(src *source, yield func(blob []byte) error) error

// formatOf tells a database's format by its first bytes, nil for an empty file.
func formatOf(src *source) (walk, error) {
	if src.size == 0 {
		return nil, nil
	}
	head := make([]byte, headBytes)
	head, err := src.read(0, headBytes, head)
	if err != nil {
		return nil, err
	}
	switch {
	case strings.HasPrefix(string(head), sqliteMagic):
		return walkSQLite, nil
	case strings.HasPrefix(string(head), ndbMagic):
		return walkNDB, nil
	case hashOrder(head) != nil:
		return walkHash, nil
	}
	return nil, fmt.Errorf("read package database: unknown format: %w", image.ErrCorrupt)
}

// collector turns headers into packages.
type collector struct {
	ctx      context.Context
	limits   *image.Limits
	budget   *budget
	packages []inventory.Package
	first    error
	broken   int
}

// add takes one header. It returns an error only when going on is pointless.
func (c *collector) add(blob []byte) error {
	if err := c.ctx.Err(); err != nil {
		return err
	}
	if len(c.packages) >= c.limits.Packages {
		return fmt.Errorf("more than %d packages: %w", c.limits.Packages, image.ErrLimit)
	}
	p, err := parseHeader(blob, c.budget)
	if err != nil {
		c.fail(err)
	}
	if p.Name == "" || p.Name == "gpg-pubkey" { // which is a key, not a package
		return nil
	}
	if err := c.budget.names.Take(textOf(&p)); err != nil {
		return err
	}
	c.packages = append(c.packages, p)
	return nil
}

// textOf is how many bytes a package's fields have, without its paths.
func textOf(p *inventory.Package) int {
	n := len(p.Name) + len(p.Version) + len(p.Arch) + len(p.Source.Name) + len(p.Source.Version) + len(p.Module) + len(p.Vendor)
	for _, l := range p.Licenses {
		n += len(l)
	}
	return n
}

func (c *collector) fail(err error) {
	if c.first == nil {
		c.first = err
	}
	c.broken++
}

func (c *collector) err() error {
	if c.first == nil {
		return nil
	}
	if c.broken == 1 {
		return fmt.Errorf("read package database: %w", c.first)
	}
	return fmt.Errorf("read package database: %d broken parts, the first: %w", c.broken, c.first)
}

// corrupt is an error for bytes that the format forbids.
func corrupt(format string, args ...any) error {
	return fmt.Errorf(format+": %w", append(args, image.ErrCorrupt)...)
}
