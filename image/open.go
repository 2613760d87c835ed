package image

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
)

// opener opens a reference without its prefix.
type opener func(ctx context.Context, ref string, o *Options) (*Image, error)

// sourceOf returns the opener of a prefix, nil if it is none.
func sourceOf(kind string) opener {
	switch kind {
	case "registry":
		return openRegistry
	case "oci":
		return openLayout
	case "oci-archive":
		return openArchiveAs(ociArchive)
	case "docker-archive":
		return openArchiveAs(dockerArchive)
	case "docker":
		return openDocker
	case "podman":
		return openPodman
	case "containerd":
		return openContainerd
	case "container":
		return openContainer
	case "rootfs", "dir":
		return openTree(kind)
	case "sbom":
		return openSBOM
	}
	return nil
}

// Open finds what ref names and describes it; no layer is read yet. The caller
// closes the image.
//
// ref is "KIND:REST" with one of the kinds of Image.Kind, or "host". Without a
// kind it is a file or directory if one of that name exists, and otherwise an
// image that the local engines are asked for before the registry.
//
// The error is an *OpenError that lists the places that were asked; within it
// are *AuthError, *PlatformError, *AmbiguousError, *UnsupportedError and
// *SBOMError (the reference is a bill of materials and the caller's to read).
func Open(ctx context.Context, ref string, opts Options) (*Image, error) {
	o := opts.withDefaults()
	if o.Platform != "" {
		if _, err := parsePlatform(o.Platform); err != nil {
			return nil, err
		}
	}
	if strings.TrimSuffix(ref, ":") == "" || sourceOf(strings.TrimSuffix(ref, ":")) != nil && strings.HasSuffix(ref, ":") {
		return nil, &hinted{fmt.Errorf("%q names nothing to open", ref), "write an image's name, a path, or host"}
	}
	if ref == "host" {
		return try(ctx, ref, []attempt{{"host", "", openHost}}, o)
	}
	if kind, rest, ok := strings.Cut(ref, ":"); ok {
		if open := sourceOf(kind); open != nil {
			return try(ctx, ref, []attempt{{kind, rest, open}}, o)
		}
	}
	return try(ctx, ref, guess(ref), o)
}

// attempt is one place to ask.
type attempt struct {
	kind, ref string
	open      opener
}

// guess lists the places to ask for a reference without a prefix.
func guess(ref string) []attempt {
	path, _ := splitPath(ref)
	if info, err := os.Stat(path); err == nil && (path == ref || info.Mode().IsRegular() || isLayout(path)) {
		return []attempt{guessFile(ref, path, info)}
	}
	if strings.HasPrefix(ref, "/") || strings.HasPrefix(ref, "./") || strings.HasPrefix(ref, "../") {
		return []attempt{{"file", ref, func(context.Context, string, *Options) (*Image, error) {
			_, err := os.Stat(path)
			return nil, err
		}}}
	}
	var list []attempt
	for _, kind := range []string{"docker", "podman", "containerd", "registry"} {
		list = append(list, attempt{kind, ref, sourceOf(kind)})
	}
	return list
}

// guessFile says what the file or directory at path is.
func guessFile(ref, path string, info os.FileInfo) attempt {
	kind := "dir"
	switch {
	case info.IsDir() && isLayout(path):
		kind = "oci"
	case info.IsDir() && isRootfs(path):
		kind = "rootfs"
	case info.IsDir():
	case isSBOM(path):
		kind = "sbom"
	default:
		return attempt{"archive", ref, openAnyArchive}
	}
	return attempt{kind, ref, sourceOf(kind)}
}

// try asks one place after the other and takes the first that has the image.
func try(ctx context.Context, ref string, list []attempt, o *Options) (*Image, error) {
	failed := &OpenError{Ref: ref}
	for _, a := range list {
		o.tell(Event{Stage: "try", Name: a.kind})
		im, err := a.open(ctx, a.ref, o)
		if err == nil {
			if im.Kind == "" {
				im.Kind = a.kind
			}
			im.Name = a.ref
			return im, nil
		}
		failed.Tried = append(failed.Tried, Try{Kind: a.kind, Err: err})
		if ctx.Err() != nil {
			break
		}
	}
	return nil, failed
}

// openSBOM refuses: a bill of materials has no layers.
func openSBOM(_ context.Context, path string, _ *Options) (*Image, error) {
	if _, err := os.Stat(path); err != nil {
		return nil, err
	}
	return nil, &SBOMError{Path: path}
}

// isSBOM looks for the words of CycloneDX and SPDX at the beginning of a file.
func isSBOM(path string) bool {
	f, err := openRegular(path)
	if err != nil {
		return false
	}
	defer f.Close()
	head := make([]byte, 64<<10)
	n, err := io.ReadFull(f, head)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
		return false
	}
	head = bytes.TrimLeft(bytes.TrimPrefix(head[:n], []byte("\xef\xbb\xbf")), " \t\r\n")
	switch {
	case len(head) == 0:
		return false
	case bytes.HasPrefix(head, []byte("SPDXVersion:")):
		return true
	case head[0] != '{' && head[0] != '<':
		return false
	}
	for _, word := range []string{`"bomFormat"`, `"spdxVersion"`, `"SPDXID"`, "cyclonedx.org/schema", "spdx.org/rdf"} {
		if bytes.Contains(head, []byte(word)) {
			return true
		}
	}
	return false
}
