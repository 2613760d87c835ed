package image

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"path"
	"strings"
)

// savedImage is one entry of manifest.json in an archive of "docker save".
// Source: Docker image specification v1.2, "Combined image JSON + file system
// changeset format".
type savedImage struct {
	Config   string
	RepoTags bounded[string]
	Layers   bounded[string]
}

// dockerArchive reads an archive as "docker save", "podman save" and "skopeo
// copy docker-archive:" write it, or as Docker did before 1.10.
func dockerArchive(ctx context.Context, a *archive, sel selector, o *Options) (*Image, error) {
	if !a.has("manifest.json") && a.has("repositories") {
		return legacyArchive(a, sel, o)
	}
	data, err := readFile(a, "manifest.json", maxManifest)
	if err != nil {
		return nil, err
	}
	saved, err := parseSaved(data)
	if err != nil {
		return nil, fmt.Errorf("%s/manifest.json: %w", a.name, err)
	}
	one, err := sel.pickSaved(saved, a.name)
	if err != nil {
		return nil, err
	}
	im := new(Image)
	im.addTags(one.RepoTags...)
	if err := im.describeSaved(a, one, o); err != nil {
		return nil, fmt.Errorf("%s: %w", a.name, err)
	}
	im.Digest = manifestOf(ctx, a, im.ConfigDigest)
	return im, nil
}

func parseSaved(data []byte) ([]savedImage, error) {
	if len(data) > maxManifest {
		return nil, fmt.Errorf("%w: more than %d bytes", ErrLimit, maxManifest)
	}
	var saved bounded[savedImage]
	if err := json.Unmarshal(data, &saved); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrCorrupt, err)
	}
	for _, one := range saved {
		if len(one.Layers) > maxLayers {
			return nil, fmt.Errorf("%w: more than %d layers", ErrLimit, maxLayers)
		}
	}
	return saved, nil
}

// pickSaved chooses one image by tag or by the digest of its configuration.
func (s selector) pickSaved(saved []savedImage, where string) (savedImage, error) {
	var found []savedImage
	var names []string
	for _, one := range saved {
		id := nameDigest(one.Config)
		names = append(names, strings.Join(append(append([]string{}, one.RepoTags...), id), " "))
		wanted := s.tag == "" && s.digest == "" || s.digest != "" && s.digest == id
		for _, tag := range one.RepoTags {
			wanted = wanted || s.tag != "" && s.matches(tag)
		}
		if wanted {
			found = append(found, one)
		}
	}
	switch {
	case len(found) == 1:
		return found[0], nil
	case len(saved) == 0:
		return savedImage{}, &UnsupportedError{What: where + ": an archive without images", Next: "name another one"}
	case len(found) == 0:
		return savedImage{}, fmt.Errorf("%s: %s%s: %w, only %s", where, s.tag, s.digest, ErrNotFound, strings.Join(names, ", "))
	}
	return savedImage{}, &AmbiguousError{Where: where, Names: names}
}

// nameDigest returns the digest that a member's name stands for: its last
// component without extension, if that is 64 hexadecimal digits.
func nameDigest(name string) string {
	digest := "sha256:" + strings.TrimSuffix(strings.TrimSuffix(path.Base(name), ".json"), ".tar")
	if checkDigest(digest) != nil {
		return ""
	}
	return digest
}

// describeSaved fills in what an entry of manifest.json and its configuration
// say. A configuration whose name is a digest is verified against it.
func (im *Image) describeSaved(a *archive, one savedImage, o *Options) error {
	data, err := readFile(a, one.Config, maxConfig)
	if err != nil {
		return fmt.Errorf("configuration: %w", err)
	}
	im.ConfigDigest = digestOf(data)
	if promised := nameDigest(one.Config); promised != "" && promised != im.ConfigDigest {
		return fmt.Errorf("configuration %s: %w: the bytes have %s", one.Config, ErrDigest, im.ConfigDigest)
	}
	cfg, err := parseConfig(data)
	if err != nil {
		return err
	}
	if err := im.configure(cfg, o.Platform); err != nil {
		return err
	}
	diffIDs := cfg.RootFS.DiffIDs
	if len(diffIDs) != len(one.Layers) {
		im.Warnings = append(im.Warnings, fmt.Sprintf("the configuration names %d layers and the archive has %d", len(diffIDs), len(one.Layers)))
		diffIDs = make([]string, len(one.Layers))
	}
	created := instructions(im.Config.History, len(one.Layers))
	for i, name := range one.Layers {
		im.addMember(a, name, Descriptor{Index: i, DiffID: diffIDs[i], Size: -1, CreatedBy: created[i]})
	}
	return nil
}

// addMember appends the layer that lies in a member. Only names below blobs/
// promise a digest; elsewhere they are what the tool liked.
func (im *Image) addMember(a *archive, name string, d Descriptor) {
	m, resolved, err := a.find(name)
	if err != nil {
		im.addMissing(d, err.Error())
		return
	}
	d.Size = m.size
	if path.Dir(resolved) == "blobs/sha256" {
		d.Digest, d.Claimed = nameDigest(resolved), true
	}
	im.Layers = append(im.Layers, BlobLayer(d, func(context.Context) (io.ReadCloser, error) {
		return a.openFile(name)
	}))
}

// manifestOf looks in an archive that is also an OCI layout for the manifest
// of the image with the given configuration. "" if there is none.
func manifestOf(ctx context.Context, a *archive, config string) string {
	data, err := readFile(a, "index.json", maxManifest)
	if err != nil {
		return ""
	}
	doc, err := parseDocument(data, typeOCIIndex)
	if err != nil {
		return ""
	}
	for _, d := range doc.Manifests[:min(len(doc.Manifests), 100)] {
		data, err := load(ctx, layout{a}, d, maxManifest)
		if err != nil {
			continue
		}
		m, err := parseDocument(data, d.MediaType)
		if err == nil && m.Config != nil && m.Config.Digest == config {
			return d.Digest
		}
	}
	return ""
}
