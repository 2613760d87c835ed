// Package kustomize builds Kustomize overlays that stand in a directory, as
// "kustomize build" does, with values that know the file and line they come from.
// It has its own small builder, because Kustomize's brings 12 MB of Kubernetes
// schemas into the program.
//
// Built are resources, bases and components, namespace, prefix and suffix of
// names, labels and annotations, images, replicas, patches (strategic merge and
// JSON 6902) and generators. Nothing is fetched or run: remote resources, Helm
// charts, plug-ins, vars and replacements are notes, and objects are given as
// they are without them. A Builder is for one goroutine.
package kustomize

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/boltseal/boltseal/image"
	"github.com/boltseal/boltseal/scan/config/manifest"
)

const (
	maxFile    = 1 << 20
	maxBytes   = 64 << 20 // of all files that a Builder reads, those read again too
	maxDepth   = 20       // kustomizations in each other
	maxLoads   = 20000    // files and directories that a Builder reads, those read again too
	maxWork    = 4000000  // nodes that a Builder makes, changes or looks at
	maxPatches = 500      // patches, generators, images... of each sort in one kustomization
)

// Names are the file names of a kustomization.
func Names() []string {
	return []string{"kustomization.yaml", "kustomization.yml", "Kustomization"}
}

// Object is one built object.
type Object struct {
	// File is where the object was written, or the kustomization that generates it.
	File  string
	Value map[string]any
}

// Note is something that a build could not follow.
type Note struct {
	File string
	Err  error
}

// Builder builds the kustomizations of one tree. What it may read and do is
// bounded for all of them together.
type Builder struct {
	tree  fs.FS
	used  map[string]bool
	notes []Note
	bytes int
	loads int
	work  int
	stack []string
}

// New makes a Builder for a tree.
func New(tree fs.FS) *Builder {
	return &Builder{tree: tree, used: map[string]bool{}}
}

// Used says whether a file is part of what was built so far: a kustomization, a
// resource or a patch.
func (b *Builder) Used(file string) bool { return b.used[file] }

// Notes gives what has been noted since the last call.
func (b *Builder) Notes() []Note {
	notes := b.notes
	b.notes = nil
	return notes
}

// Roots are the kustomizations that no other of the files uses. Those that only
// use each other are not among them.
func (b *Builder) Roots(files []string) []string {
	based := map[string]bool{}
	for _, file := range files {
		k, err := b.parse(file)
		if err != nil {
			continue // said when it is built
		}
		for _, ref := range slices.Concat(k.Resources, k.Bases, k.Components) {
			if dir := path.Join(path.Dir(file), ref); dir != path.Dir(file) {
				based[dir] = true
			}
		}
	}
	return slices.DeleteFunc(slices.Clone(files), func(file string) bool { return based[path.Dir(file)] })
}

// Build gives the objects of a kustomization, in order. What could not be
// followed is noted.
func (b *Builder) Build(file string) []Object {
	b.stack = nil
	set := &set{}
	if err := b.accumulate(file, set); err != nil {
		b.note(file, err)
	}
	if err := set.finish(b); err != nil {
		b.note(file, err)
	}
	objects := make([]Object, 0, len(set.all))
	for _, r := range set.all {
		objects = append(objects, Object{File: r.file, Value: r.value})
	}
	return objects
}

func (b *Builder) note(file string, err error) {
	b.notes = append(b.notes, Note{file, err})
}

// spend counts work.
func (b *Builder) spend(n int) error {
	if b.work += n; b.work > maxWork {
		return fmt.Errorf("%w: kustomizations make more than %d nodes", image.ErrLimit, maxWork)
	}
	return nil
}

// accumulate adds to the set what a kustomization holds and applies to the set
// what it changes; a component changes what is there already.
func (b *Builder) accumulate(file string, s *set) error {
	if slices.Contains(b.stack, file) {
		return fmt.Errorf("kustomizations use each other in a circle: %s", strings.Join(append(b.stack, file), ", "))
	}
	if len(b.stack) >= maxDepth {
		return fmt.Errorf("%w: kustomizations nest deeper than %d", image.ErrLimit, maxDepth)
	}
	b.stack = append(b.stack, file)
	defer func() { b.stack = b.stack[:len(b.stack)-1] }()
	k, err := b.parse(file)
	if err != nil {
		return err
	}
	b.used[file] = true
	own := s
	if k.Kind != "Component" {
		own = &set{}
	}
	for _, ref := range slices.Concat(k.Resources, k.Bases) {
		b.noted(file, "resource "+ref, b.resource(k, ref, own))
	}
	b.generate(k, own)
	for _, ref := range k.Components {
		b.noted(file, "component "+ref, b.resource(k, ref, own))
	}
	err = b.transform(k, own)
	if own != s {
		s.all = append(s.all, own.all...)
	}
	return err
}

// noted notes an error about a part of a kustomization, if there is one.
func (b *Builder) noted(file, what string, err error) {
	if err != nil {
		b.note(file, fmt.Errorf("%s: %w", what, err))
	}
}

// resource adds what a kustomization names: a file or another kustomization.
func (b *Builder) resource(k *kustomization, ref string, s *set) error {
	if remote(ref) {
		return errors.New("remote, not fetched")
	}
	p, err := k.local(ref)
	if err != nil {
		return err
	}
	info, err := fs.Stat(b.tree, p)
	if err != nil {
		return err
	}
	if info.IsDir() {
		for _, name := range Names() {
			if _, err := fs.Stat(b.tree, path.Join(p, name)); err == nil {
				return b.accumulate(path.Join(p, name), s)
			}
		}
		return errors.New("directory without a kustomization")
	}
	return b.manifest(p, s)
}

// remote says whether a resource is a URL or a git repository.
func remote(ref string) bool {
	host, _, ok := strings.Cut(ref, "/")
	return strings.Contains(ref, "://") || strings.HasPrefix(ref, "git@") || strings.HasPrefix(ref, "git::") || strings.Contains(ref, "?ref=") ||
		ok && (host == "github.com" || host == "gitlab.com" || host == "bitbucket.org" || host == "gitee.com")
}

// manifest adds the objects of a file.
func (b *Builder) manifest(p string, s *set) error {
	data, err := b.load(p)
	if err != nil {
		return err
	}
	docs, err := manifest.Documents(data)
	if err != nil {
		return err
	}
	var added []*resource
	for len(docs) > 0 {
		d := docs[0]
		docs = docs[1:]
		if items := manifest.Get(d, "items"); items != nil && strings.HasSuffix(manifest.Text(d, "kind"), "List") {
			docs = append(slices.Clone(items.Content), docs...)
			continue
		}
		v, err := b.value(d, p)
		if err != nil {
			return err
		}
		if r := newResource(p, v); r != nil {
			added = append(added, r)
		}
	}
	b.used[p] = true
	s.all = append(s.all, added...)
	return nil
}

// value turns a document into values with lines, and counts them.
func (b *Builder) value(n *yaml.Node, file string) (any, error) {
	v, err := manifest.Value(n, file)
	if err != nil {
		return nil, err
	}
	return v, b.spend(size(v))
}

// load reads a file within the limits.
func (b *Builder) load(p string) ([]byte, error) {
	if b.loads++; b.loads > maxLoads {
		return nil, fmt.Errorf("%w: kustomizations read more than %d files", image.ErrLimit, maxLoads)
	}
	f, err := b.tree.Open(p)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	if err != nil {
		return nil, err
	}
	if b.bytes += len(data); len(data) > maxFile || b.bytes > maxBytes {
		return nil, fmt.Errorf("%w: more than %d bytes, or %d in all files", image.ErrLimit, maxFile, maxBytes)
	}
	return data, nil
}
