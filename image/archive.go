package image

import (
	"archive/tar"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"strings"
	"syscall"
)

const (
	maxMembers   = 200_000  // of an archive of images, which has a few per layer
	maxNames     = 32 << 20 // bytes of their names and links
	maxLinkDepth = 8
)

// archive is a tar of one or more images, open for reading at random: an index
// of where its members lie. It is never unpacked. A compressed one is inflated
// once to an unlinked temporary file, because its members have no position of
// their own; that costs its uncompressed size in TempDir.
//
// Its methods may be called concurrently.
type archive struct {
	name    string
	file    randomReader
	members map[string]member
	names   int // bytes of names in members
	// broken is why the index ends early; members before that are usable.
	broken error
}

// randomReader is a file, or bytes.
type randomReader interface {
	io.ReadSeeker
	io.ReaderAt
}

// member is a file in an archive, or a link to one.
type member struct {
	offset, size int64
	link         string
}

// openArchive reads the index of the archive at path.
func openArchive(ctx context.Context, path string, o *Options) (*archive, error) {
	f, err := openRegular(path)
	if err != nil {
		return nil, err
	}
	if f, err = inflateArchive(ctx, f, o); err != nil {
		return nil, fmt.Errorf("inflate %s: %w", path, err)
	}
	a := &archive{name: path, file: f}
	if err := a.index(ctx); err != nil {
		f.Close()
		return nil, fmt.Errorf("read %s: %w", path, err)
	}
	return a, nil
}

// openRegular opens a file that is not a device or pipe, which could block.
func openRegular(path string) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = fmt.Errorf("%s is not a regular file", path)
	}
	if err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}

// index notes where each member lies. archive/tar reads whole blocks and seeks
// over contents, so after Next the file stands at the member's first byte.
func (a *archive) index(ctx context.Context) error {
	a.members = make(map[string]member)
	r := tar.NewReader(a.file)
	for {
		hdr, err := r.Next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			if len(a.members) == 0 {
				return &hinted{fmt.Errorf("%w: no tar archive: %w", ErrCorrupt, err), "name a file that docker save, podman save or skopeo copy wrote"}
			}
			a.broken = err
			return nil
		}
		if len(a.members) == maxMembers {
			return fmt.Errorf("%w: more than %d members", ErrLimit, maxMembers)
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := a.add(hdr); err != nil {
			return err
		}
	}
}

func (a *archive) add(hdr *tar.Header) error {
	if a.names += len(hdr.Name) + len(hdr.Linkname); a.names > maxNames {
		return fmt.Errorf("%w: names of more than %d bytes", ErrLimit, maxNames)
	}
	name := memberName(hdr.Name)
	switch hdr.Typeflag {
	case tar.TypeReg:
		offset, err := a.file.Seek(0, io.SeekCurrent)
		if err != nil {
			return err
		}
		a.members[name] = member{offset: offset, size: hdr.Size}
	case tar.TypeSymlink:
		a.members[name] = member{link: memberName(path.Join(path.Dir(name), hdr.Linkname))}
	case tar.TypeLink:
		a.members[name] = member{link: memberName(hdr.Linkname)}
	}
	return nil
}

// memberName makes "./a//b" and "/a/b" the same. A name that leads out of the
// archive stays inside: it is only ever a key.
func memberName(name string) string {
	return strings.TrimPrefix(path.Clean("/"+name), "/")
}

// find follows links to a file. resolved is the name it has in the end.
func (a *archive) find(name string) (m member, resolved string, err error) {
	name = memberName(name)
	for range maxLinkDepth {
		m, ok := a.members[name]
		if !ok {
			if a.broken != nil {
				return m, name, fmt.Errorf("%s: %s: %w in an archive that breaks off: %w", a.name, name, ErrNotFound, a.broken)
			}
			return m, name, fmt.Errorf("%s: %s: %w", a.name, name, ErrNotFound)
		}
		if m.link == "" {
			return m, name, nil
		}
		name = m.link
	}
	return m, name, fmt.Errorf("%s: %s: %w: links in a circle", a.name, name, ErrCorrupt)
}

func (a *archive) has(name string) bool {
	_, _, err := a.find(name)
	return err == nil
}

// openFile implements files.
func (a *archive) openFile(name string) (io.ReadCloser, error) {
	m, _, err := a.find(name)
	if err != nil {
		return nil, err
	}
	return io.NopCloser(io.NewSectionReader(a.file, m.offset, m.size)), nil
}

// close ends all readers.
func (a *archive) close() error {
	if c, ok := a.file.(io.Closer); ok {
		return c.Close()
	}
	return nil
}

// openAnyArchive opens an archive of either format; with both in it, what the
// OCI part says goes first, because it has a manifest digest. Both must then
// be about the same image: which of them a container engine reads depends on
// the engine.
func openAnyArchive(ctx context.Context, ref string, o *Options) (*Image, error) {
	path, sel := splitPath(ref)
	a, err := openArchive(ctx, path, o)
	if err != nil {
		return nil, err
	}
	im, err := anyArchive(ctx, a, sel, o)
	if err != nil {
		a.close()
		return nil, err
	}
	im.onClose(a.close)
	return im, nil
}

func anyArchive(ctx context.Context, a *archive, sel selector, o *Options) (*Image, error) {
	var errs []error
	for _, format := range []struct {
		kind, marker string
		open         func(context.Context, *archive, selector, *Options) (*Image, error)
	}{
		{"oci-archive", "index.json", ociArchive},
		{"docker-archive", "manifest.json", dockerArchive},
		{"docker-archive", "repositories", dockerArchive},
	} {
		if !a.has(format.marker) {
			continue
		}
		im, err := format.open(ctx, a, sel, o)
		if err == nil {
			im.Kind = format.kind
			return im, agree(a, im)
		}
		errs = append(errs, err)
	}
	switch {
	case errs != nil:
		return nil, errors.Join(errs...)
	case a.broken != nil:
		return nil, fmt.Errorf("read %s: %w: %w", a.name, ErrCorrupt, a.broken)
	}
	return nil, &UnsupportedError{
		What: a.name + ": an archive without index.json or manifest.json",
		Next: "for a plain file tree unpack it and scan rootfs:DIR",
	}
}

// openArchiveAs opens an archive in one format.
func openArchiveAs(open func(context.Context, *archive, selector, *Options) (*Image, error)) opener {
	return func(ctx context.Context, ref string, o *Options) (*Image, error) {
		path, sel := splitPath(ref)
		a, err := openArchive(ctx, path, o)
		if err != nil {
			return nil, err
		}
		im, err := open(ctx, a, sel, o)
		if err != nil {
			a.close()
			return nil, err
		}
		im.onClose(a.close)
		return im, nil
	}
}
