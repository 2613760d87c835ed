// Package dpkg reads what Debian's package manager leaves in a file system:
// its status file, the file lists, and of each package's documentation the
// changelog and the licences. It does not decide which files belong together;
// each result is what one file says.
//
// Sources: deb-control(5), dpkg(1), Debian Policy 4.4 and 12.5-12.7, and for
// distroless images, which keep one stanza per file in status.d,
// https://github.com/GoogleContainerTools/distroless.
package dpkg

import (
	"context"
	"strings"
	"sync"

	"github.com/boltseal/boltseal/image"
	"github.com/boltseal/boltseal/scan/scanner"
)

// Scanner reads dpkg's files.
type Scanner struct {
	tops *sync.Pool // of *top
}

// New returns the scanner.
func New() scanner.Scanner {
	return Scanner{tops: &sync.Pool{New: func() any { return new(top) }}}
}

// Name implements scanner.Scanner.
func (Scanner) Name() string { return "dpkg" }

// Version implements scanner.Scanner.
func (Scanner) Version() int { return 2 }

// Wants implements scanner.Scanner.
func (Scanner) Wants(e *image.Entry, _ []byte) bool { return kindOf(e.Path) != nil }

// Scan implements scanner.Scanner.
func (s Scanner) Scan(_ context.Context, f *scanner.File) (scanner.Result, error) {
	read := kindOf(f.Path)
	if read == nil {
		return scanner.Result{}, nil
	}
	return read(s, f)
}

// kind reads one kind of file.
type kind func(s Scanner, f *scanner.File) (scanner.Result, error)

// kindOf tells the kind of a file by its path, nil for files that are not
// dpkg's.
func kindOf(path string) kind {
	dir, base := scanner.Split(path)
	switch {
	case base == "status" && strings.HasSuffix(dir, "lib/dpkg"):
		return Scanner.readStatus
	case strings.HasSuffix(dir, "lib/dpkg/info"):
		if strings.HasSuffix(base, ".list") {
			return Scanner.readList
		}
	case strings.HasSuffix(dir, "lib/dpkg/status.d"):
		if strings.HasSuffix(base, ".md5sums") {
			return Scanner.readSums
		}
		return Scanner.readStanza
	case base == "copyright":
		if isDoc(dir) {
			return Scanner.readCopyright
		}
	case isChangelog(base):
		if isDoc(dir) {
			return Scanner.readChangelog
		}
	}
	return nil
}

// isDoc says whether dir is the documentation directory of a package.
func isDoc(dir string) bool {
	parent, _ := scanner.Split(dir)
	return scanner.At(parent, "usr/share/doc")
}

// packageOf is the package whose documentation directory holds path.
func packageOf(path string) string {
	dir, _ := scanner.Split(path)
	_, name := scanner.Split(dir)
	return name
}
