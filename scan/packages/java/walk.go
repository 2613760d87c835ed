package java

import (
	"bytes"
	"context"
	"crypto/sha1"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/boltseal/boltseal/image"
	"github.com/boltseal/boltseal/inventory"
	"github.com/boltseal/boltseal/scan/packages/zip"
)

const (
	// manifestBytes is how much of a manifest is read. The main section, which
	// comes first, is some kilobytes; signatures of single files follow.
	manifestBytes = 128 << 10
	// pomBytes is how much of a pom.properties is read; real ones have 200.
	pomBytes = 16 << 10
	// errorsKept is how many errors of one file are told apart.
	errorsKept = 20
)

// walk goes through one file and all archives in it. Its counters bound what
// the whole may cost.
type walk struct {
	ctx      context.Context
	limits   *image.Limits
	temp     string // directory for spill files
	entries  int    // zip entries left
	expanded int64  // bytes left that may be inflated
	memory   int64  // bytes left that may be held at a time
	packages []inventory.Package
	errs     []error
	dropped  int  // errors beyond errorsKept
	stopped  bool // a limit of the whole is reached: nothing more is opened
	buf      []byte
}

// level is one archive.
type level struct {
	content io.ReaderAt
	size    int64
	path    string // of the outermost file, or the name in the parent
	inner   string // "!/BOOT-INF/lib/x.jar", empty for the file itself
	depth   int
}

func newWalk(ctx context.Context, lim *image.Limits, temp string) *walk {
	return &walk{ctx: ctx, limits: lim, temp: temp, entries: lim.ArchiveEntries, expanded: lim.ArchiveBytes, memory: lim.MemoryBytes}
}

// fail notes an error at an inner path; nothing else stops.
func (w *walk) fail(inner string, err error) {
	if len(w.errs) == errorsKept {
		w.dropped++
		return
	}
	if inner == "" {
		w.errs = append(w.errs, fmt.Errorf("read archive: %w", err))
		return
	}
	w.errs = append(w.errs, fmt.Errorf("read archive %.300q: %w", inner, err))
}

func (w *walk) err() error {
	if w.dropped > 0 {
		w.errs = append(w.errs, fmt.Errorf("and %d more errors", w.dropped))
	}
	return errors.Join(w.errs...)
}

// archive reads one archive, and the archives in it before it is done.
func (w *walk) archive(l level) {
	a, err := zip.Open(l.content, l.size)
	if err != nil {
		w.fail(l.inner, err)
		return
	}
	var c clues
	n, err := a.Walk(w.entries, func(e *zip.Entry) error { return w.entry(l, a, e, &c) })
	w.entries -= min(n, w.entries)
	if err != nil && !w.stopped {
		w.fail(l.inner, err)
		w.stopped = errors.Is(err, image.ErrLimit)
	}
	if w.ctx.Err() == nil {
		w.identify(l, &c)
	}
}

// errStopped ends the archives around the one in which a limit was reached.
var errStopped = errors.New("a limit was reached further in")

// entry looks at one entry. An error ends the archive, an image.ErrLimit all of
// them.
func (w *walk) entry(l level, a *zip.Archive, e *zip.Entry, c *clues) error {
	if w.stopped {
		return errStopped
	}
	switch name := e.Name; {
	case isMeta(name):
		if err := w.ctx.Err(); err != nil {
			return err
		}
		return w.meta(l, a, e, c)
	case len(name) > 4 && len(name) <= w.limits.PathBytes && (name[len(name)-4] == '.' || name[len(name)-5] == '.'):
		if s := string(name); isArchiveName(s) {
			return w.nested(l, a, e, s)
		}
	}
	return nil
}

// isMeta says whether an entry tells something about the archive.
func isMeta(name []byte) bool {
	const prefix = "META-INF/"
	if len(name) <= len(prefix) || name[0]|0x20 != 'm' || !bytes.EqualFold(name[:len(prefix)], []byte(prefix)) {
		return false
	}
	rest := name[len(prefix):]
	return bytes.EqualFold(rest, []byte("MANIFEST.MF")) ||
		bytes.HasPrefix(rest, []byte("maven/")) && bytes.HasSuffix(rest, []byte("/pom.properties"))
}

// meta reads a manifest or a pom.properties.
func (w *walk) meta(l level, a *zip.Archive, e *zip.Entry, c *clues) error {
	if w.buf == nil {
		w.buf = make([]byte, manifestBytes)
	}
	name, buf := string(e.Name[:min(len(e.Name), w.limits.PathBytes)]), w.buf
	isPom := strings.HasSuffix(name, "pom.properties")
	if isPom {
		buf = buf[:pomBytes]
	}
	n, err := a.Head(e, buf)
	if err != nil {
		w.fail(l.inner+"!/"+name, err)
		return nil
	}
	if w.expanded -= int64(n); w.expanded < 0 {
		return w.tooLarge()
	}
	if isPom {
		c.addPom(name, buf[:n])
	} else if c.manifest == nil {
		c.manifest = parseManifest(buf[:n])
		if e.Size > int64(n) && !endsMainSection(buf[:n]) {
			w.fail(l.inner+"!/"+name, fmt.Errorf("%w: main section of more than %d bytes", image.ErrLimit, n))
		}
	}
	if len(w.packages)+len(c.poms) > w.limits.Packages {
		return fmt.Errorf("%w: more than %d packages in one archive", image.ErrLimit, w.limits.Packages)
	}
	return nil
}

// endsMainSection says whether text holds the empty line behind the first
// section.
func endsMainSection(text []byte) bool {
	return bytes.Contains(text, []byte("\n\n")) || bytes.Contains(text, []byte("\n\r\n")) || bytes.Contains(text, []byte("\r\r"))
}

func (w *walk) tooLarge() error {
	return fmt.Errorf("%w: archive expands to more than %d bytes", image.ErrLimit, w.limits.ArchiveBytes)
}

// nested reads an archive in an archive: in place when it is stored, inflated
// to memory or to a spill file otherwise.
func (w *walk) nested(l level, a *zip.Archive, e *zip.Entry, name string) error {
	if err := w.ctx.Err(); err != nil {
		return err
	}
	in := level{path: name, inner: l.inner + "!/" + name, depth: l.depth + 1, size: e.Size}
	if in.depth > w.limits.ArchiveDepth {
		w.fail(in.inner, fmt.Errorf("%w: archives are nested more than %d deep", image.ErrLimit, w.limits.ArchiveDepth))
		return nil
	}
	var head [4]byte
	if n, err := a.Head(e, head[:]); err != nil {
		w.fail(in.inner, err)
		return nil
	} else if !isArchive(head[:n]) {
		return nil // another thing of that name
	}
	if e.Method == zip.Stored && e.Size == e.CompressedSize {
		data, err := a.Data(e)
		if err != nil {
			w.fail(in.inner, err)
			return nil
		}
		in.content = data
		w.archive(in)
		return nil
	}
	return w.inflated(in, a, e)
}

// inflated reads a compressed archive in an archive.
func (w *walk) inflated(in level, a *zip.Archive, e *zip.Entry) error {
	if w.expanded -= e.Size; w.expanded < 0 {
		return w.tooLarge()
	}
	if e.Size > w.memory {
		w.spilled(in, a, e)
		return nil
	}
	w.memory -= e.Size
	defer func() { w.memory += e.Size }()
	buf := bytes.NewBuffer(make([]byte, 0, e.Size+bytes.MinRead))
	if err := a.Read(e, buf); err != nil {
		w.fail(in.inner, err)
		return nil
	}
	in.content = bytes.NewReader(buf.Bytes())
	w.archive(in)
	return nil
}

// spilled is inflated for what is too large for memory; the file has no name
// any more while it is used.
func (w *walk) spilled(in level, a *zip.Archive, e *zip.Entry) {
	f, err := os.CreateTemp(w.temp, "boltseal-archive-")
	if err != nil {
		w.fail(in.inner, fmt.Errorf("create spill file: %w", err))
		return
	}
	defer f.Close()
	os.Remove(f.Name())
	if err := a.Read(e, f); err != nil {
		w.fail(in.inner, err)
		return
	}
	in.content = f
	w.archive(in)
}

// digest is the SHA-1 of an archive in hexadecimal: the key under which Maven
// Central knows it.
func digest(l level) string {
	h := sha1.New()
	if _, err := io.Copy(h, io.NewSectionReader(l.content, 0, l.size)); err != nil {
		return ""
	}
	return hex.EncodeToString(h.Sum(nil))
}
