// Package archive shows the files in zip and tar archives, gzipped or not, and
// in archives within them, to whoever looks for threats: an application's
// WAR hides a WebShell or a password as well as a directory does.
//
// It keeps nothing and unpacks only what is asked for by name. It does not
// decrypt. The Java scanner, which names packages, has its own walk.
package archive

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"
	"sync"

	"github.com/boltseal/boltseal/image"
)

// MemberBytes is how large a file in an archive may be to be looked at, and an
// archive in an archive to be opened if it is compressed. It also bounds what a
// walk holds at a time: the file and the compressed archives around it.
const MemberBytes = 64 << 20

// largeBytes is from where on Archive.Large is locked.
const largeBytes = 4 << 20

// Member is one file of an archive.
type Member struct {
	// Path is "!/WEB-INF/web.xml", or "!/lib/x.jar!/a" further in.
	Path string
	// Data is the content, valid until visit returns.
	Data []byte
}

// Archive is what to walk and what to show of it.
type Archive struct {
	Content io.ReaderAt
	Size    int64
	Limits  *image.Limits
	// Wants says by its path alone whether a file is worth unpacking.
	Wants func(path string) bool
	// Visit sees the files that are wanted. An error ends the walk.
	Visit func(m Member) error
	// Large, if set, is locked while files of more than 4 MiB are in memory, so
	// that walks at the same time do not add up.
	Large sync.Locker
}

// headBytes is what Is needs to know a tar by its magic.
const headBytes = 512

// Is says whether a file that begins with head is an archive that can be
// walked. A gzip is one when its name says that a tar is in it.
func Is(name string, head []byte) bool {
	return bytes.HasPrefix(head, []byte("PK\x03\x04")) || isTar(head) || isGzip(head) && isTarball(name)
}

// Plain says whether the files in an archive that begins with head stand in it
// as they are.
func Plain(head []byte) bool { return isTar(head) }

func isGzip(head []byte) bool { return bytes.HasPrefix(head, []byte("\x1f\x8b\x08")) }

// isTar looks for the magic of POSIX and GNU tar.
func isTar(head []byte) bool {
	return len(head) >= headBytes && string(head[257:262]) == "ustar"
}

func isTarball(name string) bool {
	lower := strings.ToLower(name)
	return strings.HasSuffix(lower, ".tgz") || strings.HasSuffix(lower, ".tar.gz")
}

// Walk shows the files. The error names every limit that kept it from showing
// more, and is an image.ErrLimit then; broken parts are passed over, because
// archives that only look like one are common, and what is around them counts.
func (a *Archive) Walk(ctx context.Context) error {
	w := walk{Archive: a, ctx: ctx, entries: a.Limits.ArchiveEntries, bytes: a.Limits.ArchiveBytes}
	defer func() {
		if w.locked {
			a.Large.Unlock()
		}
	}()
	w.open(level{content: a.Content, size: a.Size})
	return errors.Join(w.limits...)
}

// level is an archive to open, and where it is.
type level struct {
	content io.ReaderAt
	size    int64
	inner   string // "" or "!/lib/x.jar"
	depth   int
}

// walk is one Walk call, for one goroutine.
type walk struct {
	*Archive
	ctx     context.Context
	entries int   // that may still be seen
	bytes   int64 // that may still be unpacked
	held    int64 // bytes in memory
	locked  bool  // Large
	limits  []error
	done    error // what ended the walk
}

// limitsKept is how many limits are told apart.
const limitsKept = 20

// over notes that something was not looked at.
func (w *walk) over(inner, format string, args ...any) {
	if len(w.limits) < limitsKept {
		w.limits = append(w.limits, fmt.Errorf("read archive %.300q: %w: %s", inner, image.ErrLimit, fmt.Sprintf(format, args...)))
	}
}

// open walks an archive of any format.
func (w *walk) open(l level) {
	if l.depth > w.Limits.ArchiveDepth {
		w.over(l.inner, "archives nest deeper than %d", w.Limits.ArchiveDepth)
		return
	}
	head := make([]byte, headBytes)
	n, _ := l.content.ReadAt(head, 0)
	switch head = head[:n]; {
	case bytes.HasPrefix(head, []byte("PK\x03\x04")):
		w.zip(l)
	case isGzip(head):
		w.gzip(l)
	case isTar(head):
		w.tar(l, io.NewSectionReader(l.content, 0, l.size), true)
	}
}

// take counts an entry; false ends the walk.
func (w *walk) take(inner string) bool {
	if w.done == nil {
		w.done = w.ctx.Err()
	}
	if w.done != nil {
		return false
	}
	if w.entries--; w.entries < 0 {
		w.over(inner, "more than %d files", w.Limits.ArchiveEntries)
		w.done = image.ErrLimit
		return false
	}
	return true
}

// admit says whether a file of the archive is to be unpacked: one that is
// wanted, or an archive, of a size that fits.
func (w *walk) admit(inner string, size int64) bool {
	if !w.Wants(inner) && !isArchiveName(inner) {
		return false
	}
	if w.held+size > MemberBytes {
		w.over(inner, "%d bytes, at most %d are looked at in an archive", size, MemberBytes-w.held)
		return false
	}
	if size > largeBytes && w.Large != nil && !w.locked {
		w.Large.Lock()
		w.locked = true
	}
	if w.bytes -= size; w.bytes < 0 {
		w.over(inner, "more than %d bytes in all", w.Limits.ArchiveBytes)
		w.done = image.ErrLimit
		return false
	}
	return true
}

// show hands a file over, and opens it if it is an archive.
func (w *walk) show(l level, inner string, data []byte) {
	if w.Wants(inner) {
		if err := w.Visit(Member{inner, data}); err != nil {
			w.done = err
			return
		}
	}
	if isArchiveName(inner) && Is(inner, data[:min(len(data), headBytes)]) {
		w.held += int64(len(data))
		w.open(level{bytes.NewReader(data), int64(len(data)), inner, l.depth + 1})
		w.held -= int64(len(data))
	}
}

// archiveNames are the endings of archives that applications come in.
var archiveNames = map[string]bool{
	".zip": true, ".jar": true, ".war": true, ".ear": true, ".rar": true, ".sar": true, ".hpi": true, ".jpi": true, ".apk": true,
	".whl": true, ".egg": true, ".nupkg": true, ".tar": true, ".tgz": true, ".gz": true, ".phar": true,
}

func isArchiveName(p string) bool { return archiveNames[strings.ToLower(path.Ext(p))] }
