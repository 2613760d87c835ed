package image

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
)

// What a description of an image may cost. Registries refuse manifests beyond
// 4 MiB; these leave room.
const (
	maxManifest = 8 << 20
	maxConfig   = 16 << 20
	maxLayers   = 4096
	maxItems    = 10_000 // of any JSON array or object
	maxNesting  = 4      // indexes inside indexes
)

// Media types. Sources: OCI image specification, media-types.md; Docker
// distribution, manifest v2 schema 2.
const (
	typeOCIIndex       = "application/vnd.oci.image.index.v1+json"
	typeOCIManifest    = "application/vnd.oci.image.manifest.v1+json"
	typeOCIConfig      = "application/vnd.oci.image.config.v1+json"
	typeDockerList     = "application/vnd.docker.distribution.manifest.list.v2+json"
	typeDockerManifest = "application/vnd.docker.distribution.manifest.v2+json"
	typeDockerConfig   = "application/vnd.docker.container.image.v1+json"
	typeSchema1        = "application/vnd.docker.distribution.manifest.v1+" // json or prettyjws
	typeOctets         = "application/octet-stream"
)

// descriptor points to content by its digest.
// Source: OCI image specification, descriptor.md.
type descriptor struct {
	MediaType    string             `json:"mediaType"`
	Digest       string             `json:"digest"`
	Size         int64              `json:"size"`
	URLs         bounded[string]    `json:"urls,omitempty"`
	Annotations  boundedMap[string] `json:"annotations,omitempty"`
	Platform     *platform          `json:"platform,omitempty"`
	ArtifactType string             `json:"artifactType,omitempty"`
}

var digestPattern = regexp.MustCompile(`^(sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128})$`)

// checkDigest refuses whatever is not a digest that can be verified, so that it
// can stand in a path or URL.
func checkDigest(s string) error {
	if !digestPattern.MatchString(s) {
		return fmt.Errorf("%w: %.200q is not a digest", ErrCorrupt, s)
	}
	return nil
}

func (d descriptor) check() error {
	if err := checkDigest(d.Digest); err != nil {
		return err
	}
	if d.Size < 0 {
		return fmt.Errorf("%w: %s has size %d", ErrCorrupt, d.Digest, d.Size)
	}
	return nil
}

// isImage is false for what builders put beside images into an index.
func (d descriptor) isImage() bool {
	switch d.ArtifactType { // some tools repeat the configuration's type here
	case "", typeOCIConfig, typeDockerConfig:
	default:
		return false
	}
	if d.Annotations["vnd.docker.reference.type"] != "" {
		return false
	}
	if d.Platform != nil && (d.Platform.OS == "unknown" || d.Platform.Architecture == "unknown") {
		return false
	}
	switch d.MediaType {
	case "", typeOCIIndex, typeOCIManifest, typeDockerList, typeDockerManifest:
		return true
	}
	return false
}

// isManifest says whether a registry serves d under /manifests/.
func (d descriptor) isManifest() bool {
	switch d.MediaType {
	case typeOCIIndex, typeOCIManifest, typeDockerList, typeDockerManifest:
		return true
	}
	return false
}

// isForeign says that a layer may be missing where the image is.
func (d descriptor) isForeign() bool {
	return strings.Contains(d.MediaType, ".foreign.") || strings.Contains(d.MediaType, ".nondistributable.")
}

// isLayer says whether the media type is one of a file tree. Compression is
// found out from the bytes, so the suffix does not matter here.
func (d descriptor) isLayer() bool {
	if strings.HasSuffix(d.MediaType, "+encrypted") {
		return false
	}
	for _, prefix := range []string{
		"application/vnd.oci.image.layer.", "application/vnd.docker.image.rootfs.",
	} {
		if strings.HasPrefix(d.MediaType, prefix) {
			return true
		}
	}
	return d.MediaType == "" || d.MediaType == typeOctets
}

// document is an index or a manifest: the formats share their shape, and
// MediaType may be missing from both.
type document struct {
	SchemaVersion int                 `json:"schemaVersion"`
	MediaType     string              `json:"mediaType"`
	ArtifactType  string              `json:"artifactType"`
	Manifests     bounded[descriptor] `json:"manifests"`
	Config        *descriptor         `json:"config"`
	Layers        bounded[descriptor] `json:"layers"`
	FSLayers      json.RawMessage     `json:"fsLayers"` // schema 1
}

// parseDocument reads an index or manifest and refuses what cannot be followed
// safely. mediaType is what the source called it.
func parseDocument(data []byte, mediaType string) (*document, error) {
	if len(data) > maxManifest {
		return nil, fmt.Errorf("parse manifest: %w: more than %d bytes", ErrLimit, maxManifest)
	}
	doc := new(document)
	if err := json.Unmarshal(data, doc); err != nil {
		return nil, fmt.Errorf("parse manifest: %w: %w", ErrCorrupt, err)
	}
	if doc.SchemaVersion == 1 || doc.FSLayers != nil || strings.HasPrefix(mediaType, typeSchema1) {
		return nil, &UnsupportedError{What: "a manifest of the retired schema 1", Next: "pull and push the image with a current tool; that converts it"}
	}
	if doc.MediaType == "" {
		doc.MediaType = mediaType
	}
	if len(doc.Layers) > maxLayers {
		return nil, fmt.Errorf("parse manifest: %w: more than %d layers", ErrLimit, maxLayers)
	}
	for _, list := range [][]descriptor{doc.Manifests, doc.Layers} {
		for _, d := range list {
			if err := d.check(); err != nil {
				return nil, fmt.Errorf("parse manifest: %w", err)
			}
		}
	}
	if doc.isIndex() {
		return doc, nil
	}
	return doc, doc.checkImage()
}

func (doc *document) isIndex() bool {
	switch doc.MediaType {
	case typeOCIIndex, typeDockerList:
		return true
	case typeOCIManifest, typeDockerManifest:
		return false
	}
	return doc.Manifests != nil
}

// checkImage refuses manifests that do not describe an image.
func (doc *document) checkImage() error {
	if doc.Config == nil {
		return &UnsupportedError{What: fmt.Sprintf("%.100q: it has no image configuration", doc.MediaType), Next: "name an image"}
	}
	if err := doc.Config.check(); err != nil {
		return fmt.Errorf("parse manifest: configuration: %w", err)
	}
	switch doc.Config.MediaType {
	case "", typeOctets, typeOCIConfig, typeDockerConfig:
		if doc.ArtifactType == "" || len(doc.Layers) > 0 {
			return nil
		}
	}
	kind := doc.ArtifactType
	if kind == "" {
		kind = doc.Config.MediaType
	}
	return &UnsupportedError{What: fmt.Sprintf("an artifact of type %.100q: it is not an image", kind), Next: "name an image"}
}
