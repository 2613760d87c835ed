package image

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
	"syscall"
)

// files is a directory or archive with a layout in it.
type files interface {
	openFile(name string) (io.ReadCloser, error)
}

// layout is a store: the blobs of an OCI image layout.
// Source: OCI image specification, image-layout.md.
type layout struct{ files files }

// open implements store.
func (l layout) open(_ context.Context, d descriptor) (io.ReadCloser, error) {
	if err := checkDigest(d.Digest); err != nil {
		return nil, err
	}
	return l.files.openFile("blobs/" + strings.Replace(d.Digest, ":", "/", 1))
}

// has implements holder.
func (l layout) has(ctx context.Context, d descriptor) bool {
	f, err := l.open(ctx, d)
	if err != nil {
		return false
	}
	f.Close()
	return true
}

// directory is files below a folder, which links cannot leave.
type directory struct{ root *os.Root }

func (d directory) openFile(name string) (io.ReadCloser, error) {
	f, err := d.root.OpenFile(name, os.O_RDONLY|syscall.O_NONBLOCK, 0) // a pipe would block
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s/%s: %w", d.root.Name(), name, ErrNotFound)
	}
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = fmt.Errorf("%s/%s: %w: not a regular file", d.root.Name(), name, ErrCorrupt)
	}
	if err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}

// openLayout opens "DIR[:TAG|@DIGEST]".
func openLayout(ctx context.Context, ref string, o *Options) (*Image, error) {
	path, sel := splitPath(ref)
	root, err := os.OpenRoot(path)
	if err != nil {
		return nil, err
	}
	im, err := fromLayout(ctx, directory{root}, path, sel, o)
	if err != nil {
		root.Close()
		return nil, err
	}
	im.onClose(root.Close)
	return im, nil
}

// ociArchive reads an archive whose members are an OCI layout.
func ociArchive(ctx context.Context, a *archive, sel selector, o *Options) (*Image, error) {
	im, err := fromLayout(ctx, a, a.name, sel, o)
	if err == nil && a.has("manifest.json") {
		im.claim()
	}
	return im, err
}

func fromLayout(ctx context.Context, fs files, where string, sel selector, o *Options) (*Image, error) {
	data, err := readFile(fs, "index.json", maxManifest)
	if errors.Is(err, ErrNotFound) {
		return nil, &hinted{fmt.Errorf("%s is no OCI layout: %w", where, err), "for a tree of files write rootfs:PATH or dir:PATH"}
	}
	if err != nil {
		return nil, err
	}
	doc, err := parseDocument(data, typeOCIIndex)
	if err != nil {
		return nil, fmt.Errorf("%s/index.json: %w", where, err)
	}
	root, err := sel.pick(doc.Manifests, where, o)
	if err != nil {
		return nil, err
	}
	im, err := resolve(ctx, layout{fs}, root, nil, o)
	if err != nil {
		return nil, err
	}
	for _, d := range doc.Manifests {
		if d.Digest == root.Digest {
			im.addTags(d.names()...)
		}
	}
	return im, nil
}

// readFile reads one file of at most limit bytes.
func readFile(fs files, name string, limit int64) ([]byte, error) {
	f, err := fs.openFile(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := readAll(f, limit)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	return data, nil
}

// names are the references under which an entry of index.json is known:
// the specification's, which is often only a tag, and containerd's full one.
func (d descriptor) names() []string {
	var names []string
	for _, key := range []string{"io.containerd.image.name", "org.opencontainers.image.ref.name"} {
		if name := d.Annotations[key]; name != "" {
			names = append(names, name)
		}
	}
	return names
}

// selector is what a reference says behind the path of an archive or layout:
// nothing, ":TAG" or "@DIGEST".
type selector struct{ tag, digest string }

// splitPath separates the selector from the path. A path that exists as it is
// written has none.
func splitPath(ref string) (string, selector) {
	if _, err := os.Stat(ref); err == nil {
		return ref, selector{}
	}
	if path, digest, ok := strings.Cut(ref, "@sha256:"); ok {
		return path, selector{digest: "sha256:" + digest}
	}
	// The tag may itself be "registry:5000/name:tag": the path ends at the
	// first colon before which something exists.
	for i := range len(ref) {
		if ref[i] != ':' {
			continue
		}
		if _, err := os.Stat(ref[:i]); err == nil {
			return ref[:i], selector{tag: ref[i+1:]}
		}
	}
	return ref, selector{}
}

// matches says whether a name, in full or as a tag alone, is the wanted one.
func (s selector) matches(name string) bool {
	return name == s.tag || strings.HasSuffix(name, ":"+s.tag) || strings.HasSuffix(name, "/"+s.tag)
}

// pick chooses among the entries of index.json. Entries for several platforms
// are one image.
func (s selector) pick(entries []descriptor, where string, o *Options) (descriptor, error) {
	var found []descriptor
	var names []string
	for _, d := range entries {
		if !d.isImage() {
			continue
		}
		names = append(names, strings.Join(append(d.names(), d.Digest), " "))
		if s.wants(d) {
			found = append(found, d)
		}
	}
	switch {
	case len(found) == 0 && len(names) > 0:
		return descriptor{}, fmt.Errorf("%s: %s%s: %w, only %s", where, s.tag, s.digest, ErrNotFound, strings.Join(names, ", "))
	case len(found) == 0:
		return descriptor{}, &UnsupportedError{What: where + ": a layout without images", Next: "name another one"}
	case same(found):
		return found[0], nil
	case platforms(found):
		return choose(found, o.Platform)
	}
	return descriptor{}, &AmbiguousError{Where: where, Names: names}
}

func (s selector) wants(d descriptor) bool {
	if s.digest != "" {
		return d.Digest == s.digest
	}
	if s.tag == "" {
		return true
	}
	for _, name := range d.names() {
		if s.matches(name) {
			return true
		}
	}
	return false
}

func same(list []descriptor) bool {
	for _, d := range list {
		if d.Digest != list[0].Digest {
			return false
		}
	}
	return true
}

// platforms says whether the entries are one image for different platforms.
func platforms(list []descriptor) bool {
	seen := map[string]bool{}
	for _, d := range list {
		if d.Platform == nil || seen[d.Platform.String()] {
			return false
		}
		seen[d.Platform.String()] = true
	}
	return true
}

// layoutVersion is the marker file of a layout.
type layoutVersion struct {
	Version string `json:"imageLayoutVersion"`
}

// isLayout says whether a directory is an OCI layout.
func isLayout(path string) bool {
	root, err := os.OpenRoot(path)
	if err != nil {
		return false
	}
	defer root.Close()
	data, err := readFile(directory{root}, "oci-layout", 4096)
	var v layoutVersion
	return err == nil && json.Unmarshal(data, &v) == nil && v.Version != ""
}
