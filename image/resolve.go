package image

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// store is where an image's content lies under its digests: a registry, a
// layout, containerd. Content is not verified by the store.
type store interface {
	// open starts reading the content of d. The error is ErrNotFound when the
	// store lacks it. d.Size may be 0 where it is unknown.
	open(ctx context.Context, d descriptor) (io.ReadCloser, error)
}

// holder is a store that knows cheaply whether it has content. Some have only
// some of the platforms that an index names.
type holder interface {
	has(ctx context.Context, d descriptor) bool
}

// held returns the entries that the store has, all if it cannot tell or has
// none.
func held(ctx context.Context, st store, entries []descriptor) []descriptor {
	h, ok := st.(holder)
	if !ok {
		return entries
	}
	var have []descriptor
	for _, d := range entries {
		if h.has(ctx, d) {
			have = append(have, d)
		}
	}
	if have == nil {
		return entries
	}
	return have
}

// load reads a manifest, index or configuration of at most limit bytes and
// verifies its digest.
func load(ctx context.Context, st store, d descriptor, limit int64) ([]byte, error) {
	body, err := st.open(ctx, d)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", d.Digest, err)
	}
	defer body.Close()
	data, err := readAll(body, limit)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", d.Digest, err)
	}
	sum, err := newDigester(d.Digest)
	if err != nil {
		return nil, err
	}
	sum.Write(data)
	return data, sum.verify(d.Digest, "content of "+d.Digest)
}

// readAll reads at most limit bytes and fails when there are more.
func readAll(r io.Reader, limit int64) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(r, limit+1))
	if err == nil && int64(len(data)) > limit {
		err = fmt.Errorf("%w: more than %d bytes", ErrLimit, limit)
	}
	return data, err
}

func digestOf(data []byte) string {
	sum := sha256.Sum256(data)
	return "sha256:" + hex.EncodeToString(sum[:])
}

// resolve follows root through indexes to one image and describes it. No layer
// is read. data is root's content when the caller has it already.
func resolve(ctx context.Context, st store, root descriptor, data []byte, o *Options) (*Image, error) {
	im := new(Image)
	d := root
	for range maxNesting {
		if data == nil {
			asked := d
			if asked.MediaType == "" { // a registry has to know which kind of content
				asked.MediaType = typeOCIManifest
			}
			var err error
			if data, err = load(ctx, st, asked, maxManifest); err != nil {
				return nil, err
			}
		}
		doc, err := parseDocument(data, d.MediaType)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", d.Digest, err)
		}
		if !doc.isIndex() {
			im.Digest = d.Digest
			return im, im.describe(ctx, st, doc, o)
		}
		entries := held(ctx, st, doc.Manifests)
		next, err := choose(entries, o.Platform)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", d.Digest, err)
		}
		im.noteChoice(d, entries, next, o)
		d, data = next, nil
	}
	return nil, fmt.Errorf("%s: %w: indexes nested more than %d deep", root.Digest, ErrLimit, maxNesting)
}

// noteChoice warns when an index offered several platforms and the user named
// none.
func (im *Image) noteChoice(index descriptor, entries []descriptor, took descriptor, o *Options) {
	if o.Platform != "" || took.Platform == nil {
		return
	}
	var others []string
	for _, d := range entries {
		if d.isImage() && d.Platform != nil && d.Digest != took.Digest {
			others = append(others, d.Platform.String())
		}
	}
	if len(others) > 0 || took.Platform.score(defaultPlatform()) == 0 {
		im.Warnings = append(im.Warnings, fmt.Sprintf("took %s of the index %s (others: %s)",
			took.Platform, index.Digest, strings.Join(append(others, "none")[:max(1, len(others))], ", ")))
	}
}

// describe fills in what manifest and configuration say.
func (im *Image) describe(ctx context.Context, st store, doc *document, o *Options) error {
	data, err := load(ctx, st, *doc.Config, maxConfig)
	if err != nil {
		return fmt.Errorf("configuration: %w", err)
	}
	cfg, err := parseConfig(data)
	if err != nil {
		return err
	}
	im.ConfigDigest = doc.Config.Digest
	if err := im.configure(cfg, o.Platform); err != nil {
		return err
	}
	diffIDs := cfg.RootFS.DiffIDs
	if len(diffIDs) != len(doc.Layers) {
		im.Warnings = append(im.Warnings, fmt.Sprintf("the configuration names %d layers and the manifest has %d", len(diffIDs), len(doc.Layers)))
		diffIDs = make([]string, len(doc.Layers))
	}
	created := instructions(im.Config.History, len(doc.Layers))
	for i, l := range doc.Layers {
		im.addLayer(st, l, Descriptor{
			Index: i, Digest: l.Digest, DiffID: diffIDs[i], MediaType: l.MediaType, Size: l.Size, CreatedBy: created[i],
		}, o)
	}
	return nil
}

// configure takes over the configuration, unless the user wants another
// platform than it is for.
func (im *Image) configure(cfg *imageConfig, want string) error {
	im.Config = cfg.public()
	im.Platform = cfg.platform.normal().String()
	if want == "" || im.Platform == "" {
		return nil
	}
	w, err := parsePlatform(want)
	if err != nil {
		return err
	}
	if cfg.platform.score(w) == 0 {
		return &PlatformError{Want: w.String(), Have: []string{im.Platform}}
	}
	return nil
}

// addLayer appends a layer that st holds, or one that says why it cannot be
// read, so that the rest of the image can be.
func (im *Image) addLayer(st store, l descriptor, d Descriptor, o *Options) {
	switch {
	case !l.isLayer():
		im.addMissing(d, fmt.Sprintf("media type %.100q is no file tree", l.MediaType))
	case l.isForeign() && !o.ForeignLayers:
		im.addForeign(st, l, d, nil)
	case l.isForeign():
		web := newWeb(l.URLs, o)
		im.onClose(web.close)
		im.addForeign(st, l, d, web)
	default:
		im.Layers = append(im.Layers, BlobLayer(d, func(ctx context.Context) (io.ReadCloser, error) {
			return st.open(ctx, l)
		}))
	}
}

// addForeign appends a layer that the store need not hold. It is looked for
// there first, and then at its own URLs if those are allowed (web is not nil).
func (im *Image) addForeign(st store, l descriptor, d Descriptor, web store) {
	if web == nil {
		im.Warnings = append(im.Warnings, fmt.Sprintf("layer %s may not be distributed with the image; its own URLs are not followed", l.Digest))
	}
	im.Layers = append(im.Layers, BlobLayer(d, func(ctx context.Context) (io.ReadCloser, error) {
		body, err := st.open(ctx, l)
		if err == nil || web == nil || !errors.Is(err, ErrNotFound) {
			return body, err
		}
		return web.open(ctx, l)
	}))
}

// addMissing appends a layer that cannot be read, with a warning.
func (im *Image) addMissing(d Descriptor, why string) {
	im.Warnings = append(im.Warnings, fmt.Sprintf("layer %s is left out: %s", d.ID(), why))
	im.Layers = append(im.Layers, missing{d, why})
}

// missing is a layer that is named and cannot be read.
type missing struct {
	d   Descriptor
	why string
}

func (m missing) Descriptor() Descriptor { return m.d }

func (m missing) Walk(context.Context, *Limits, Visit) (Walked, error) {
	return Walked{}, &Error{Layer: m.d.ID(), Err: errors.New(m.why)}
}

// onClose has f called by Close.
func (im *Image) onClose(f func() error) { im.closers = append(im.closers, f) }

// addTags records references, each once.
func (im *Image) addTags(refs ...string) {
	for _, ref := range refs {
		if ref != "" && !slices.Contains(im.Tags, ref) {
			im.Tags = append(im.Tags, ref)
		}
	}
}
