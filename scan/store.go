package scan

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/boltseal/boltseal/image"
	"github.com/boltseal/boltseal/scan/cache"
)

// resultVersion is raised when layerResult or the joining changes.
const resultVersion = 1

// store is the cache in the scan's own words. Layers are kept under digests
// that were computed from their bytes, whole results under the digests of the
// configuration and of all layers; both names carry the scanner set.
type store struct {
	cache *cache.Cache // nil: nothing is kept
	set   string
}

func newStore(o Options) *store {
	h := sha256.New()
	limits, _ := json.Marshal(o.Limits)
	fmt.Fprintf(h, "%d %s", resultVersion, limits)
	for _, s := range o.Scanners {
		fmt.Fprintf(h, "\n%s %d", s.Name(), s.Version())
	}
	return &store{cache: o.Cache, set: hex.EncodeToString(h.Sum(nil)[:8])}
}

// layerKey names a layer that is not yet read: by the digest that the manifest
// promises, under which only verified bytes were ever kept, or by a diff ID
// that a container engine computed. A diff ID that an image claims is no name,
// nor is the digest of a layer that others take without looking.
func (s *store) layerKey(d image.Descriptor) string {
	switch {
	case d.Digest != "" && !d.Claimed:
		return "layer/" + s.set + "/" + d.Digest
	case d.Trusted && d.DiffID != "":
		return "layer/" + s.set + "/" + d.DiffID
	}
	return ""
}

// layer returns what is known of a layer, nil if nothing.
func (s *store) layer(d image.Descriptor) *layerResult {
	var res layerResult
	if !s.get(s.layerKey(d), &res) {
		return nil
	}
	return &res
}

// imageKey names a whole image, "" when a layer has no name.
func (s *store) imageKey(im *image.Image) string {
	if im.ConfigDigest == "" {
		return ""
	}
	h := sha256.New()
	fmt.Fprintln(h, im.ConfigDigest, im.Warnings)
	for _, l := range im.Layers {
		key := s.layerKey(l.Descriptor())
		if key == "" {
			return ""
		}
		fmt.Fprintln(h, key)
	}
	return "image/" + s.set + "/" + hex.EncodeToString(h.Sum(nil))
}

// image returns what is known of a whole image, nil if nothing.
func (s *store) image(im *image.Image) *Result {
	var res Result
	if !s.get(s.imageKey(im), &res) || len(res.Layers) != len(im.Layers) {
		return nil
	}
	for i := range res.Layers {
		res.Layers[i].Cached = true
		res.Layers[i].CreatedBy = im.Layers[i].Descriptor().CreatedBy
	}
	return &res
}

func (s *store) get(key string, into any) bool {
	if s.cache == nil || key == "" {
		return false
	}
	data, err := s.cache.Get(key)
	if err != nil || data == nil || json.Unmarshal(data, into) != nil {
		return false
	}
	return true
}

// save keeps what was read. A layer whose reading broke off is not kept, nor is
// an image with such a layer.
func (s *store) save(im *image.Image, layers []*layerResult, cached []bool, res *Result) {
	if s.cache == nil {
		return
	}
	entries := map[string][]byte{}
	whole := true
	for i, l := range layers {
		if cached[i] {
			continue
		}
		whole = whole && l.complete
		if !l.complete {
			continue
		}
		for _, digest := range []string{l.Walked.Digest, l.Walked.DiffID} {
			if digest != "" {
				entries["layer/"+s.set+"/"+digest] = encode(l)
			}
		}
	}
	if key := s.imageKey(im); key != "" && whole {
		entries[key] = encode(withoutCommands(withoutFiles(res)))
	}
	// A cache that cannot be written costs time, not correctness.
	_ = s.cache.Put(entries)
}

func encode(v any) []byte {
	data, err := json.Marshal(v)
	if err != nil {
		panic(err) // plain data always encodes
	}
	return data
}

// withoutFiles is res without the files of packages, which only a scan with
// Options.Files needs.
func withoutFiles(res *Result) *Result {
	out := *res
	out.Inventory.Packages = slices.Clone(res.Inventory.Packages)
	for i := range out.Inventory.Packages {
		out.Inventory.Packages[i].Files = nil
	}
	return &out
}

// withoutCommands is res without the instructions of layers: they may hold
// secrets, and the image has them.
func withoutCommands(res *Result) *Result {
	out := *res
	out.Layers = slices.Clone(res.Layers)
	for i := range out.Layers {
		out.Layers[i].CreatedBy = ""
	}
	return &out
}

// verified is the digest under which a layer's result counts, "" when its
// bytes were not verified.
func verified(l *layerResult) string {
	if l.Walked.Digest != "" {
		return l.Walked.Digest
	}
	return l.Walked.DiffID
}
