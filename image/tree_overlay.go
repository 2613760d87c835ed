package image

import (
	"errors"
	"strings"

	"golang.org/x/sys/unix"
)

// The extended attributes of an overlayfs upper directory stand under the
// first name, under the second when it was mounted without privileges; of
// fuse-overlayfs under the third. Source: Linux,
// Documentation/filesystems/overlayfs.rst; fuse-overlayfs(1).
var overlayPrefixes = []string{"trusted.overlay.", "user.overlay.", "user.fuseoverlayfs."}

// overlayAttr returns an attribute of an open file, and whether it has it.
func overlayAttr(fd int, name string) (string, bool, error) {
	var buf [unix.PathMax]byte
	for _, prefix := range overlayPrefixes {
		n, err := unix.Fgetxattr(fd, prefix+name, buf[:])
		switch {
		case err == nil:
			return strings.TrimRight(string(buf[:n]), "\x00"), true, nil
		case errors.Is(err, unix.ENODATA), errors.Is(err, unix.ENOTSUP), errors.Is(err, unix.EPERM):
		default:
			return "", false, err
		}
	}
	return "", false, nil
}

// overlayDir visits what an upper directory says of the lower ones' content.
func (t *treeWalk) overlayDir(d *treeDir) error {
	if from, ok, err := overlayAttr(d.fd, "redirect"); ok {
		t.warn("directory %s: renamed from %s, of which lower layers' files are not seen here", d.path, from)
	} else if err != nil {
		t.unreadable(d.path, err)
	}
	opaque, _, err := overlayAttr(d.fd, "opaque")
	if err != nil {
		t.unreadable(d.path, err)
	}
	if opaque != "y" {
		return nil
	}
	path := d.path
	if path == "" {
		path = "."
	}
	return t.show(&Entry{Path: path, Type: Opaque}, nil)
}

// overlayFile returns what a regular file of an upper directory means: itself,
// a whiteout (an attribute of an empty file, or fuse-overlayfs' name), or nil
// where it holds no content and stands for the lower file.
func (t *treeWalk) overlayFile(d *treeDir, name string, e *Entry) (*Entry, error) {
	if strings.HasPrefix(name, whiteoutPrefix) {
		return decodeWhiteout(e)
	}
	fd, err := openat(d.fd, name, fileFlags)
	if err != nil {
		return nil, err
	}
	defer unix.Close(fd)
	if _, ok, err := overlayAttr(fd, "whiteout"); err != nil {
		return nil, err
	} else if ok && e.Size == 0 {
		return &Entry{Path: e.Path, Type: Whiteout}, nil
	}
	_, meta, err := overlayAttr(fd, "metacopy")
	if err != nil {
		return nil, err
	}
	if !meta {
		return e, nil
	}
	if from, ok, _ := overlayAttr(fd, "redirect"); ok {
		t.warn("file %s: renamed from %s of a lower layer, not seen here", e.Path, from)
	}
	return nil, nil
}
