package image

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
)

// engine is a container engine's own store of images and containers.
type engine interface {
	// image describes an image by reference or ID; ErrNotFound.
	image(ctx context.Context, ref string) (*engineImage, error)
	// container describes a container by name or ID; ErrNotFound.
	container(ctx context.Context, id string) (*engineContainer, error)
	// export streams an image as a docker-archive.
	export(ctx context.Context, id string) (io.ReadCloser, error)
	// files streams a container's whole file tree, without its volumes, as a tar.
	files(ctx context.Context, id string) (io.ReadCloser, error)
	// local says whether the engine's paths and processes are this machine's.
	local() bool
	close() error
}

// engineImage is what Docker and Podman say about an image.
type engineImage struct {
	platform           // Docker writes Os, Architecture, Variant
	ID          string `json:"Id"`
	Digest      string // Podman
	RepoTags    bounded[string]
	RepoDigests bounded[string]
	Created     stamp
	Author      string
	Config      runConfig
	RootFS      struct{ Layers bounded[string] }
	History     bounded[history] // Podman

	// verified says that the engine compared RootFS with the layers' bytes when
	// it took the image in. Podman does not: it keeps what a configuration says.
	verified bool
}

// openEngine describes an image by what the engine says; its layers are not
// exported until one of them is walked.
func openEngine(ctx context.Context, e engine, ref string, o *Options) (*Image, error) {
	if err := checkEngineRef(ref, o); err != nil {
		return nil, err
	}
	found, err := e.image(ctx, ref)
	if err != nil {
		e.close()
		return nil, err
	}
	im, err := found.describe(e, ref, o)
	if err != nil {
		e.close()
		return nil, err
	}
	return im, nil
}

var imageID = regexp.MustCompile(`^(sha256:)?[0-9a-f]{7,64}$`)

// checkEngineRef refuses what could be a path of another API call.
func checkEngineRef(ref string, o *Options) error {
	if imageID.MatchString(ref) {
		return nil
	}
	_, err := parseReference(ref, o)
	return err
}

func (ei *engineImage) describe(e engine, ref string, o *Options) (*Image, error) {
	im := &Image{
		Digest:       ei.manifestDigest(ref),
		ConfigDigest: "sha256:" + strings.TrimPrefix(ei.ID, "sha256:"),
	}
	if err := checkDigest(im.ConfigDigest); err != nil {
		return nil, fmt.Errorf("image ID: %w", err)
	}
	if len(ei.RootFS.Layers) > maxLayers {
		return nil, fmt.Errorf("%w: more than %d layers", ErrLimit, maxLayers)
	}
	im.addTags(ei.RepoTags...)
	cfg := &imageConfig{platform: ei.platform, Created: ei.Created, Author: ei.Author, Config: ei.Config, History: ei.History}
	if err := im.configure(cfg, o.Platform); err != nil {
		return nil, err
	}
	x := newExport(e, im.ConfigDigest, ei.RootFS.Layers, o)
	created := instructions(im.Config.History, len(ei.RootFS.Layers))
	for i, id := range ei.RootFS.Layers {
		if err := checkDigest(id); err != nil {
			return nil, fmt.Errorf("diff ID: %w", err)
		}
		d := Descriptor{Index: i, DiffID: id, Size: -1, CreatedBy: created[i], Trusted: ei.verified}
		im.Layers = append(im.Layers, BlobLayer(d, func(ctx context.Context) (io.ReadCloser, error) { return x.layer(ctx, i) }))
	}
	im.onClose(e.close)
	im.onClose(x.close)
	return im, nil
}

// manifestDigest is the digest under which the engine pulled the image: the
// manifest's, or for some engines that of the index around it. It prefers the
// repository that was asked for.
func (ei *engineImage) manifestDigest(ref string) string {
	repo, _, _ := strings.Cut(ref, "@")
	if i := strings.LastIndexByte(repo, ':'); i > strings.LastIndexByte(repo, '/') {
		repo = repo[:i]
	}
	digest := ei.Digest
	for _, full := range ei.RepoDigests {
		name, found, _ := strings.Cut(full, "@")
		if digest == "" || name == repo || strings.HasSuffix(name, "/"+repo) {
			digest = found
		}
	}
	if checkDigest(digest) != nil {
		return ""
	}
	return digest
}

// engineStep is one line of "docker history", newest first.
type engineStep struct {
	CreatedBy string
	Comment   string
	Size      int64
}

// layerless are the instructions that never make a layer.
var layerless = []string{
	"ARG", "CMD", "ENTRYPOINT", "ENV", "EXPOSE", "HEALTHCHECK", "LABEL", "MAINTAINER", "ONBUILD", "SHELL", "STOPSIGNAL", "USER", "VOLUME",
}

// historyOf turns Docker's answer, which does not say which steps made a
// layer, into a history. It takes the reading that gives n layers: by
// instruction, with WORKDIR as one that made a layer or did not, or by size.
func historyOf(steps []engineStep, n int) []history {
	isMeta := func(s engineStep) bool {
		word, _, _ := strings.Cut(cleanInstruction(s.CreatedBy), " ")
		return slices.Contains(layerless, word)
	}
	readings := []func(engineStep) bool{
		isMeta,
		func(s engineStep) bool {
			return isMeta(s) || strings.HasPrefix(cleanInstruction(s.CreatedBy), "WORKDIR ")
		},
		func(s engineStep) bool { return s.Size == 0 },
	}
	var out []history
	for _, empty := range readings {
		out = nil
		layers := 0
		for _, s := range slices.Backward(steps) {
			h := history{CreatedBy: s.CreatedBy, Comment: s.Comment, EmptyLayer: empty(s)}
			if !h.EmptyLayer {
				layers++
			}
			out = append(out, h)
		}
		if layers == n {
			break
		}
	}
	return out
}

// export is an image on its way out of an engine, which gives it only as one
// stream with the list of layers at its end. The first layer that is read
// starts it; the stream goes to an unlinked file, and all layers are read from
// there. Layers that a cache knows by their diff IDs never start it.
type export struct {
	engine  engine
	id      string
	diffIDs []string
	o       *Options

	turn    chan struct{} // held by whoever exports
	archive *archive
	layers  []string // members, in order
}

func newExport(e engine, id string, diffIDs []string, o *Options) *export {
	return &export{engine: e, id: id, diffIDs: diffIDs, o: o, turn: make(chan struct{}, 1)}
}

// layer opens the i-th layer.
func (x *export) layer(ctx context.Context, i int) (io.ReadCloser, error) {
	select {
	case x.turn <- struct{}{}:
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
	defer func() { <-x.turn }()
	if x.archive == nil {
		if err := x.run(ctx); err != nil {
			return nil, fmt.Errorf("export %s: %w", x.id, err)
		}
	}
	return x.archive.openFile(x.layers[i])
}

func (x *export) run(ctx context.Context) error {
	body, err := x.engine.export(ctx, x.id)
	if err != nil {
		return err
	}
	defer body.Close()
	file, err := spill(ctx, &exportProgress{Reader: body, id: x.id, o: x.o}, x.o.TempBytes, x.o)
	if err != nil {
		return err
	}
	a := &archive{name: x.id, file: file}
	if err = a.index(ctx); err == nil {
		err = x.read(a)
	}
	if err != nil {
		file.Close()
		return err
	}
	x.archive = a
	return nil
}

// read finds the layers and checks that they are those that were promised.
func (x *export) read(a *archive) error {
	data, err := readFile(a, "manifest.json", maxManifest)
	if err != nil {
		return err
	}
	saved, err := parseSaved(data)
	if err != nil {
		return err
	}
	if len(saved) != 1 {
		return fmt.Errorf("%w: %d images where one was asked for", ErrCorrupt, len(saved))
	}
	if data, err = readFile(a, saved[0].Config, maxConfig); err != nil {
		return err
	}
	var cfg imageConfig
	if err := json.Unmarshal(data, &cfg); err != nil {
		return fmt.Errorf("configuration: %w: %w", ErrCorrupt, err)
	}
	if !slices.Equal([]string(cfg.RootFS.DiffIDs), x.diffIDs) || len(saved[0].Layers) != len(x.diffIDs) {
		return fmt.Errorf("%w: not the layers that the engine described", ErrDigest)
	}
	x.layers = saved[0].Layers
	return nil
}

func (x *export) close() error {
	if x.archive == nil {
		return nil
	}
	return x.archive.close()
}

// exportProgress tells how much has been exported.
type exportProgress struct {
	io.Reader
	id string
	n  int64
	o  *Options
}

func (p *exportProgress) Read(b []byte) (int, error) {
	n, err := p.Reader.Read(b)
	p.n += int64(n)
	p.o.tell(Event{Stage: "export", Name: p.id, Bytes: p.n, Total: -1})
	return n, err
}
