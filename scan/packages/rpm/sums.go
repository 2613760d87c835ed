package rpm

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"

	"github.com/boltseal/boltseal/image"
	"github.com/boltseal/boltseal/scan/scanner"
)

// Sums reads the digests that the database has of files. Those that rpm itself
// would not compare are left out: configuration, ghosts, files of which another
// package's version is installed, and those whose package says so.
// Source: rpm's lib/verify.c, include/rpm/rpmfiles.h.
type Sums struct {
	lists   func(path string) bool
	version int
}

// SumsName is the scanner's name in results.
const SumsName = "rpm-sums"

// NewSums returns the scanner; lists says of which paths the digests are kept,
// and version changes when it does.
func NewSums(lists func(path string) bool, version int) *Sums { return &Sums{lists, version} }

// Name implements scanner.Scanner.
func (*Sums) Name() string { return SumsName }

// Version implements scanner.Scanner.
func (s *Sums) Version() int { return 1 + s.version }

// Wants implements scanner.Scanner.
func (*Sums) Wants(e *image.Entry, head []byte) bool {
	_, base := scanner.Split(e.Path)
	return base != walName && base != "container-manifest-2" && Scanner{}.Wants(e, head)
}

// Scan implements scanner.Scanner. Broken headers are Scanner's to report.
func (s *Sums) Scan(ctx context.Context, f *scanner.File) (scanner.Result, error) {
	src := &source{r: f.Content, data: f.Data, size: f.Size}
	walk, err := formatOf(src)
	if walk == nil || err != nil {
		return scanner.Result{}, nil
	}
	sums := map[string]string{}
	room := scanner.PathsBytes
	b := newBudget(f.Size, f.Limits)
	err = walk(src, func(blob []byte) error {
		if err := ctx.Err(); err != nil {
			return err
		}
		var h header
		if h.parse(blob) != nil {
			return nil
		}
		return h.sums(b, func(path, digest string) error {
			if !s.lists(path) {
				return nil
			}
			// Of a library for two architectures, either may be there.
			if old := sums[path]; old != "" && old != digest && len(old) < maxDigests {
				digest = old + " " + digest
			}
			sums[path] = digest
			return room.Take(len(path) + len(digest))
		})
	})
	if err != nil && ctx.Err() == nil {
		err = fmt.Errorf("read digests: %w", err)
	}
	return scanner.Result{Sums: sums}, err
}

// maxDigests is how long the digests of one path may be, together.
const maxDigests = 1024

// Flags of files and of what rpm compares of them.
const (
	fileConfig, fileGhost = 1 << 0, 1 << 6
	verifyDigest          = 1 << 0
)

// sums calls do with every file whose content is to be as the package had it.
func (h *header) sums(b *budget, do func(path, digest string) error) error {
	if h.digests.count == 0 || h.digests.count != h.basenames.count || !h.indexed() {
		return nil
	}
	dirs, err := h.dirnames.strings(b)
	if err != nil {
		return nil
	}
	rest := h.digests.data
	return h.basenames.each(func(i int, name []byte) error {
		digest, after, ok := bytes.Cut(rest, []byte{0})
		if rest = after; !ok || len(digest) == 0 || !h.compares(i) {
			return nil
		}
		d := binary.BigEndian.Uint32(h.dirs.data[4*i:])
		if uint64(d) >= uint64(len(dirs)) {
			return nil
		}
		dir := bytes.TrimPrefix(dirs[d], []byte("/"))
		if !b.take(len(dir) + len(name)) {
			return fmt.Errorf("%w: %w", errPaths, image.ErrLimit)
		}
		return do(string(dir)+string(name), string(bytes.ToLower(digest)))
	})
}

// indexed says whether every base name has a directory.
func (h *header) indexed() bool {
	return h.dirs.kind == typeInt32 && h.dirs.count >= h.basenames.count && len(h.dirs.data) >= 4*h.basenames.count
}

// compares says whether rpm would compare the content of file i.
func (h *header) compares(i int) bool {
	if flags, ok := h.flags.at(i); ok && flags&(fileConfig|fileGhost) != 0 {
		return false
	}
	if verify, ok := h.verify.at(i); ok && verify&verifyDigest == 0 {
		return false
	}
	return i >= len(h.states.data) || i >= h.states.count || h.states.data[i] == 0
}

// at is the 32-bit number i of an array.
func (e entry) at(i int) (uint32, bool) {
	if e.kind != typeInt32 || i >= e.count || len(e.data) < 4*i+4 {
		return 0, false
	}
	return binary.BigEndian.Uint32(e.data[4*i:]), true
}
