// Package image opens images wherever they are and walks their layers with
// limits. It unpacks nothing to disk and knows nothing of what files mean.
//
// Open finds the source and returns an Image; Layer.Walk reads one layer from
// its first byte to its last. Each kind of source is one file.
package image

import (
	"context"
	"io/fs"
	"time"
)

// Image is an opened image, directory, container or host: an ordered list of
// file trees and what describes them. Close releases connections and files.
type Image struct {
	// Kind is the source's prefix without colon: registry, oci, oci-archive,
	// docker-archive, docker, podman, containerd, dir, rootfs, container, host.
	Kind string
	// Name is the reference as the user gave it, without the prefix.
	Name string
	// Digest is the manifest digest, the image's identity. Empty for archives
	// without a manifest and for directories.
	Digest string
	// ConfigDigest is the digest of the configuration ("image ID"), verified
	// against its bytes. Empty for directories.
	ConfigDigest string
	// Tags are the references that point to it, as the source tells them.
	Tags     []string
	Platform string // "linux/amd64"
	Config   Config
	// Layers are in order, base first.
	Layers []Layer
	// Warnings are for the user: foreign layer left out, tag moved.
	Warnings []string

	closers []func() error
}

// Close releases what the image holds. It may be called more than once.
func (im *Image) Close() error {
	var first error
	for i := len(im.closers) - 1; i >= 0; i-- {
		if err := im.closers[i](); err != nil && first == nil {
			first = err
		}
	}
	im.closers = nil
	return first
}

// Config is the part of an image's configuration that scans use.
// Source: OCI image specification, config.md.
type Config struct {
	Created    time.Time         `json:"created,omitzero"`
	Author     string            `json:"author,omitempty"`
	User       string            `json:"user,omitempty"`
	Env        []string          `json:"env,omitempty"`
	Entrypoint []string          `json:"entrypoint,omitempty"`
	Cmd        []string          `json:"cmd,omitempty"`
	WorkingDir string            `json:"workingDir,omitempty"`
	Ports      []string          `json:"ports,omitempty"`
	Volumes    []string          `json:"volumes,omitempty"`
	Labels     map[string]string `json:"labels,omitempty"`
	// Healthcheck is the command that says whether a container is well,
	// ["NONE"] when one was switched off. OCI configurations do not keep it.
	Healthcheck []string `json:"healthcheck,omitempty"`
	// History is one entry per build instruction, also those without a layer.
	History []History `json:"history,omitempty"`
}

// History is one build instruction.
type History struct {
	Created    time.Time `json:"created,omitzero"`
	CreatedBy  string    `json:"createdBy,omitempty"`
	Comment    string    `json:"comment,omitempty"`
	EmptyLayer bool      `json:"emptyLayer,omitempty"`
}

// Descriptor is what is known of a layer before it is read.
type Descriptor struct {
	// Index counts from the base, 0 first.
	Index int `json:"index"`
	// Digest is the digest of the blob as the manifest promises it; Walk
	// verifies it. Empty where the source has none (archives, directories).
	Digest string `json:"digest,omitempty"`
	// DiffID is the digest of the uncompressed tar as the configuration claims
	// it. It is a label, never a cache key, unless Walk computed it.
	DiffID    string `json:"diffID,omitempty"`
	MediaType string `json:"mediaType,omitempty"`
	// Size in bytes of the blob, -1 when unknown.
	Size int64 `json:"size"`
	// CreatedBy is the build instruction that made the layer.
	CreatedBy string `json:"createdBy,omitempty"`
	// Trusted is set by sources that computed DiffID themselves from the
	// bytes that they hold (the Docker daemon's own store), so that DiffID
	// may stand for them.
	Trusted bool `json:"-"`
	// Claimed is set where the readers of such an image do not verify Digest
	// (docker load takes a layer by its name in the archive), so that Digest
	// may stand for the bytes only once Walk has read them.
	Claimed bool `json:"-"`
}

// ID names the layer in results: the diff ID, else the blob digest.
func (d Descriptor) ID() string {
	if d.DiffID != "" {
		return d.DiffID
	}
	return d.Digest
}

// Layer is one file tree of an image. Walk may be called once per layer at a
// time, and different layers concurrently.
type Layer interface {
	Descriptor() Descriptor
	// Walk reads the whole layer and calls visit for every entry in order, on
	// the calling goroutine. After the last entry the digests are verified.
	//
	// The error, if any, is an *Error that names layer and file. Entries
	// visited before it stand, except when errors.Is(err, ErrDigest): then the
	// bytes are not what the image promised. A bad entry (its name, its sparse
	// map) is left out and the walk goes on; the first one is the error at the
	// end, the others are warnings.
	Walk(ctx context.Context, lim *Limits, visit Visit) (Walked, error)
}

// Walked tells what reading a layer showed.
type Walked struct {
	// Digest and DiffID are digests computed from the bytes that were read;
	// empty where nothing was computed.
	Digest, DiffID string
	// Compressed and Uncompressed count bytes; Entries tar headers.
	Compressed, Uncompressed int64
	Entries                  int
	// Warnings are for the user: what was passed over, and why (an unreadable
	// file, another mount, a second bad entry of the same layer).
	Warnings []string
}

// Visit sees one entry. The entry and its strings stay valid; body is valid
// until Visit returns and need not be read. An error stops the walk and is
// returned from Walk as it is.
type Visit func(e *Entry, body *Body) error

// Entry is one object of a layer's file tree.
type Entry struct {
	// Path is cleaned, relative to the root, without a leading slash; never
	// empty, never with "..". It is "." only for an Opaque of the root itself.
	Path string
	Type Type
	// Link is the target of a symlink as written, or the cleaned path of a
	// hard link's target.
	Link     string
	Mode     fs.FileMode // permission, setuid, setgid and sticky bits
	UID, GID int
	Size     int64
	ModTime  time.Time
}

// Type is what an entry is.
type Type uint8

// The types of entries. Whiteouts are decoded: Path of a Whiteout is the path
// that it removes, of an Opaque the directory whose lower contents it hides.
const (
	File Type = iota + 1
	Dir
	Symlink
	Hardlink
	Device // character, block, FIFO, socket
	Whiteout
	Opaque
)
