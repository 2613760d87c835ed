package image

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"

	"golang.org/x/sys/unix"
)

// TreeOptions say how a directory is read as a layer.
type TreeOptions struct {
	// OneFilesystem keeps the walk on the root's file system: directories on
	// others are passed over, with a warning each.
	OneFilesystem bool
	// Skip lists paths, clean and relative to the root, that are passed over
	// with all below them, without a warning.
	Skip []string
	// Overlay decodes what an overlayfs upper directory holds beyond files:
	// whiteouts, opaque and renamed directories. Every file is opened then, to
	// read its extended attributes.
	Overlay bool
}

// TreeLayer returns the directory root as a layer. Nothing outside of it is
// opened: symlinks are never followed and nothing but regular files and
// directories is opened, even if they are swapped during the walk. A file is
// opened when its body is first read; an error then is one that the visitor
// may deal with (files vanish, permissions lack), and if the visitor returns
// it, it becomes a warning. So do directories that cannot be read. A further
// name of the same file is a Hardlink to the first.
func TreeLayer(d Descriptor, root string, opts TreeOptions) Layer {
	return &treeLayer{d, root, opts}
}

type treeLayer struct {
	desc Descriptor
	root string
	opts TreeOptions
}

// Descriptor implements Layer.
func (l *treeLayer) Descriptor() Descriptor { return l.desc }

// Walk implements Layer. No digest is computed. Each directory's entries are
// visited in order of their names (of the first 65,536 of them, then the next).
func (l *treeLayer) Walk(ctx context.Context, lim *Limits, visit Visit) (Walked, error) {
	name := l.desc.ID()
	if name == "" {
		name = l.root
	}
	t := &treeWalk{
		walker: newWalker(ctx, name, lim.WithDefaults(), visit),
		opts:   l.opts,
		skip:   make(map[string]bool, len(l.opts.Skip)),
		links:  map[inode]string{},
		buf:    make([]byte, treeBuffer),
	}
	for _, path := range l.opts.Skip {
		t.skip[path] = true
	}
	err := t.root(l.root)
	t.walked.Compressed = t.walked.Uncompressed
	if t.stop != nil {
		return t.walked, t.stop
	}
	return t.walked, firstError(err, t.bad)
}

const (
	treeBuffer = 128 << 10
	// treeHead is how much of a file is read first.
	treeHead = 4 << 10
	// treeDepth bounds how deep directories are entered; each level holds a
	// file descriptor.
	treeDepth = 255
	// treeNames is how many names of a directory are held at a time.
	treeNames = 1 << 16
	// treeLinks is how many files with several names are remembered; names of
	// further ones are files of their own.
	treeLinks = 1 << 17
)

// inode identifies a file.
type inode struct{ dev, ino uint64 }

// treeWalk is one walk of a treeLayer.
type treeWalk struct {
	*walker
	opts  TreeOptions
	dev   uint64 // of the root
	skip  map[string]bool
	links map[inode]string
	buf   []byte // what files are read into
}

// treeDir is an open directory.
type treeDir struct {
	*os.File
	fd   int
	path string // "" is the root
}

func (d *treeDir) join(name string) string {
	if d.path == "" {
		return name
	}
	return d.path + "/" + name
}

func (t *treeWalk) root(root string) error {
	f, err := os.OpenFile(root, os.O_RDONLY|unix.O_DIRECTORY, 0)
	if err != nil {
		return t.fail(err)
	}
	defer f.Close()
	d := &treeDir{f, int(f.Fd()), ""}
	var st unix.Stat_t
	if err := unix.Fstat(d.fd, &st); err != nil {
		return t.fail(err)
	}
	t.dev = st.Dev
	if t.opts.Overlay {
		if err := t.overlayDir(d); err != nil {
			return err
		}
	}
	return t.children(d, 0)
}

// children visits what is in a directory.
func (t *treeWalk) children(d *treeDir, depth int) error {
	for {
		names, err := d.Readdirnames(treeNames)
		slices.Sort(names)
		for _, name := range names {
			if err := t.ctx.Err(); err != nil {
				return t.fail(err)
			}
			if err := t.child(d, name, depth); err != nil {
				return err
			}
		}
		if err == io.EOF {
			return nil
		}
		if err != nil {
			t.warn("directory %s: %v", d.path, err)
			return nil
		}
	}
}

// child visits one name in a directory and, if it is a directory, what is in
// it. Errors are final.
func (t *treeWalk) child(d *treeDir, name string, depth int) error {
	path := d.join(name)
	if t.skip[path] {
		return nil
	}
	if t.walked.Entries++; t.walked.Entries > t.lim.Entries {
		return t.fail(beyond("more than %d files", t.lim.Entries))
	}
	if len(path) > t.lim.PathBytes {
		t.note(shorten(path), beyond("path of more than %d bytes", t.lim.PathBytes))
		return nil
	}
	var st unix.Stat_t
	if err := unix.Fstatat(d.fd, name, &st, unix.AT_SYMLINK_NOFOLLOW); err != nil {
		t.unreadable(path, err)
		return nil
	}
	t.file = path
	switch st.Mode & unix.S_IFMT {
	case unix.S_IFDIR:
		return t.directory(d, name, &st, depth)
	case unix.S_IFREG:
		return t.regular(d, name, &st)
	case unix.S_IFLNK:
		return t.symlink(d, name, &st)
	}
	if t.opts.Overlay && st.Mode&unix.S_IFMT == unix.S_IFCHR && st.Rdev == 0 {
		return t.show(&Entry{Path: path, Type: Whiteout}, nil)
	}
	return t.show(treeEntry(path, Device, &st), nil)
}

// unreadable warns, except of what is gone by now.
func (t *treeWalk) unreadable(path string, err error) {
	if !errors.Is(err, fs.ErrNotExist) {
		t.warn("file %s: %v", path, err)
	}
}

// directory visits a directory and what is in it.
func (t *treeWalk) directory(parent *treeDir, name string, st *unix.Stat_t, depth int) error {
	path := parent.join(name)
	if err := t.show(treeEntry(path, Dir, st), nil); err != nil {
		return err
	}
	switch {
	case t.opts.OneFilesystem && st.Dev != t.dev:
		t.warn("directory %s: not read, it is another file system", path)
		return nil
	case depth >= treeDepth:
		t.note(path, beyond("directories more than %d deep", treeDepth))
		return nil
	}
	fd, err := openat(parent.fd, name, unix.O_DIRECTORY)
	if err != nil {
		t.unreadable(path, err)
		return nil
	}
	d := &treeDir{os.NewFile(uintptr(fd), path), fd, path}
	defer d.Close()
	if t.opts.Overlay {
		if err := t.overlayDir(d); err != nil {
			return err
		}
	}
	return t.children(d, depth+1)
}

// symlink visits a symlink.
func (t *treeWalk) symlink(d *treeDir, name string, st *unix.Stat_t) error {
	e := treeEntry(d.join(name), Symlink, st)
	buf := make([]byte, unix.PathMax)
	n, err := unix.Readlinkat(d.fd, name, buf)
	if err != nil {
		t.unreadable(e.Path, err)
		return nil
	}
	e.Link = string(buf[:n])
	return t.show(e, nil)
}

func treeEntry(path string, typ Type, st *unix.Stat_t) *Entry {
	e := &Entry{
		Path: path, Type: typ, Mode: modeOf(int64(st.Mode)),
		UID: int(st.Uid), GID: int(st.Gid), ModTime: timeOf(st.Mtim),
	}
	if typ == File {
		e.Size = st.Size
	}
	return e
}

// openat opens a name in a directory for reading, unless it is a symlink.
func openat(dir int, name string, flags int) (int, error) {
	for {
		fd, err := unix.Openat(dir, name, flags|unix.O_RDONLY|unix.O_NOFOLLOW|unix.O_CLOEXEC, 0)
		if err == unix.EINTR {
			continue
		}
		if err != nil {
			return -1, fmt.Errorf("open: %w", err)
		}
		return fd, nil
	}
}
