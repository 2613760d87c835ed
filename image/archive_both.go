package image

import (
	"path"
	"slices"
)

// agree refuses an image that was taken from one format of an archive while the
// other one, for whoever reads that, has a different image in its place.
func agree(a *archive, im *Image) error {
	if im.Kind != "oci-archive" || !a.has("manifest.json") {
		return nil
	}
	data, err := readFile(a, "manifest.json", maxManifest)
	if err != nil {
		return err
	}
	saved, err := parseSaved(data)
	if err != nil {
		return err
	}
	for _, one := range saved {
		if nameDigest(one.Config) == im.ConfigDigest && slices.Equal(a.blobsOf(one), im.blobs()) {
			return nil
		}
	}
	return &UnsupportedError{
		What: a.name + " for sure: its index.json and its manifest.json describe different images",
		Next: "write oci-archive:" + a.name + " or docker-archive:" + a.name + " for the one that is meant",
	}
}

// blobsOf returns the digests by which a saved image names its layers, "" for
// a layer that it names otherwise.
func (a *archive) blobsOf(one savedImage) []string {
	var digests []string
	for _, name := range one.Layers {
		digest := ""
		if _, resolved, err := a.find(name); err == nil && path.Dir(resolved) == "blobs/sha256" {
			digest = nameDigest(resolved)
		}
		digests = append(digests, digest)
	}
	return digests
}

// blobs returns the digests of the layers.
func (im *Image) blobs() []string {
	var digests []string
	for _, l := range im.Layers {
		digests = append(digests, l.Descriptor().Digest)
	}
	return digests
}

// claim marks the digests of layers in an archive that docker load takes too,
// which does not verify them.
func (im *Image) claim() {
	for _, l := range im.Layers {
		if blob, ok := l.(*blobLayer); ok {
			blob.desc.Claimed = true
		}
	}
}
