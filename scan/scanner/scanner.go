// Package scanner is the contract between the scan and what it looks for. Each
// implementation sees the files of one layer, one at a time and in any order,
// and says what a file by itself tells; joining files and layers is the scan's.
package scanner

import (
	"context"
	"io"

	"github.com/boltseal/boltseal/finding"
	"github.com/boltseal/boltseal/image"
	"github.com/boltseal/boltseal/inventory"
)

// Scanner finds something in files. Implementations are stateless and safe for
// concurrent use.
type Scanner interface {
	// Name is stable: it is part of cache keys and of messages.
	Name() string
	// Version is raised whenever the same bytes would give another result. One
	// that follows rules returns a hash of them.
	Version() int
	// Wants says whether Scan must see the file. It is called for every
	// regular file of every layer with the first bytes of the content (at
	// least 512 unless the file is shorter), so it must be cheap and not
	// allocate: compare the path's suffix first.
	Wants(e *image.Entry, head []byte) bool
	// Scan reads one file. An error means that this file could not be
	// understood: it is reported with the path and makes the result partial;
	// what the Result holds all the same is kept.
	Scan(ctx context.Context, f *File) (Result, error)
}

// MemberScanner is a Scanner that also looks at the files in zip and tar
// archives, which it sees as files whose path is "app.war!/WEB-INF/x.jsp". An
// archive itself is still shown to Wants as any file.
type MemberScanner interface {
	Scanner
	// WantsMember says by its path alone whether a file in an archive is worth
	// unpacking; then Wants is asked with its beginning.
	WantsMember(path string) bool
}

// HeadScanner is a Scanner that can say something of a file by its entry and
// first bytes alone. It is asked for files that Wants does not ask for, so that
// they need not be read whole.
type HeadScanner interface {
	Scanner
	// ScanHead is called on the goroutine that reads the layer: it must be as
	// cheap as Wants, and not keep head.
	ScanHead(e *image.Entry, head []byte) Result
}

// File is one file, whole. It is valid until Scan returns.
type File struct {
	image.Entry
	// Content reads it at random; Entry.Size is its size.
	Content io.ReaderAt
	// Data is the content when it is in memory, else nil (spilled).
	Data []byte
	// Admit, if set, waits until a text of so many bytes may be parsed, which
	// can take twenty times as much memory. What was asked for is given back
	// when Scan returns.
	Admit func(bytes int64) error
	// Limits bound what the scanner may do.
	Limits *image.Limits
	// TempDir is where a scanner spills what is too large for memory; "" is the
	// system's directory for temporary files.
	TempDir string
}

// Reader reads the file from its beginning.
func (f *File) Reader() *io.SectionReader { return io.NewSectionReader(f.Content, 0, f.Size) }

// Result is what one file says. Locations are left empty by scanners, except
// for paths inside archives, which they give relative to the file ("!/..." is
// put behind the file's path by the scan: Path "!/BOOT-INF/lib/x.jar").
type Result struct {
	// OS is set by the release-file scanner.
	OS *inventory.OS `json:"os,omitempty"`
	// Packages are those that the file proves or names.
	Packages []inventory.Package `json:"packages,omitempty"`
	// Owned is set by scanners of package databases: what a package owns.
	Owned []Owned `json:"owned,omitempty"`
	// Details complete packages that another file names: a changelog's CVEs, a
	// licence file, a source name.
	Details []Detail `json:"details,omitempty"`
	// Fact says what a program or compared file is; see Fact.
	Fact *Fact `json:"fact,omitempty"`
	// Sums are the digests that a package database has of the files that are
	// worth comparing, in hexadecimal by path: MD5, SHA-1 or SHA-256, told apart
	// by their length. Where packages disagree there are several, with blanks
	// between.
	Sums map[string]string `json:"sums,omitempty"`
	// Diversions are files that dpkg installs elsewhere.
	Diversions []Diversion `json:"diversions,omitempty"`
	// Findings are what is wrong with the file by itself. Scanners set Kind,
	// Severity, Title, Rule, Confidence, Evidence, Trace, Remedy and of the
	// Location the lines and, in archives, the path; the scan sets the rest. Where
	// one rule can find several things in a file, ID tells them apart in a way
	// that holds when the file is built again (a hash of what was found).
	Findings []finding.Finding `json:"findings,omitempty"`
}

// Image is what is known of an image when all its layers were put together.
type Image struct {
	// Kind is where it came from, as in image.Image: "registry", "dir", "host"...
	Kind string
	// Name is how the user named it, Tags what it is called where it was found.
	Name string
	Tags []string
	// Config is as the image has it: user, environment, labels, history.
	Config *image.Config
	// Layers are base first; History entries that made none have no layer.
	Layers []image.Descriptor
	// Inventory is complete; it must not be changed.
	Inventory *inventory.Inventory
}

// ImageScanner finds something in an image as a whole: in its configuration,
// history or name. It is asked on every scan, also when all layers came from
// the cache, so it must be quick. Implementations are stateless.
type ImageScanner interface {
	// Name as in Scanner.
	Name() string
	// ScanImage returns findings with the Location that they have: a Layer, a
	// Path, or none for the configuration; ID as in Result.Findings.
	ScanImage(ctx context.Context, im *Image) ([]finding.Finding, error)
}

// Fact is what is to be known of a file to compare it with what packages brought.
type Fact struct {
	// Program is set for ELF executables and shared libraries, Packed for those
	// that a packer made.
	Program bool `json:"program,omitempty"`
	Packed  bool `json:"packed,omitempty"`
	// SetUID and SetGID are the mode's bits, UID the owner.
	SetUID bool `json:"setuid,omitempty"`
	SetGID bool `json:"setgid,omitempty"`
	UID    int  `json:"uid,omitempty"`
	// Digests of the content, as in Result.Sums; nil where it is not compared.
	Digests []string `json:"digests,omitempty"`
}

// Diversion says that the file at From is installed at To, unless it is that of
// Package. Source: dpkg-divert(1).
type Diversion struct {
	From    string `json:"from"`
	To      string `json:"to"`
	Package string `json:"package"`
}

// Owned lists the files of one operating-system package when the database
// keeps them in a file of their own (dpkg's info/*.list). The package is found
// by Type and Key in the same layer or a lower one.
type Owned struct {
	Type string `json:"type"`
	// Package is the name, with ":arch" where the database has it so.
	Package string   `json:"package"`
	Paths   []string `json:"paths"`
}

// Detail says something about a package that is recorded elsewhere.
type Detail struct {
	Type    string `json:"type"`
	Package string `json:"package"`
	// FixedCVEs as in inventory.Package.
	FixedCVEs map[string]string `json:"fixedCVEs,omitempty"`
	Licenses  []string          `json:"licenses,omitempty"`
}
