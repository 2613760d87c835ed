package kustomize

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/boltseal/boltseal/scan/config/manifest"
)

// generate adds the ConfigMaps and Secrets that a kustomization makes.
func (b *Builder) generate(k *kustomization, s *set) {
	for kind, list := range map[string][]generator{"ConfigMap": k.ConfigMapGenerator, "Secret": k.SecretGenerator} {
		for _, g := range list {
			b.noted(k.file, kind+" "+g.Name, b.generated(k, g, kind, s))
		}
	}
}

func (b *Builder) generated(k *kustomization, g generator, kind string, s *set) error {
	contents, err := b.contents(k, g)
	if err != nil {
		return err
	}
	lines := func() map[string]any {
		return map[string]any{manifest.Metadata: map[string]any{"startline": g.line, "endline": g.line, "filepath": k.file, "offset": 0}}
	}
	v, meta, data, binary := lines(), lines(), lines(), lines()
	for name, content := range contents {
		switch {
		case kind == "Secret":
			data[name] = base64.StdEncoding.EncodeToString(content)
		case utf8.Valid(content):
			data[name] = string(content)
		default:
			binary[name] = base64.StdEncoding.EncodeToString(content)
		}
	}
	v["apiVersion"], v["kind"], v["metadata"], meta["name"] = "v1", kind, meta, g.Name
	if g.Namespace != "" {
		meta["namespace"] = g.Namespace
	}
	for field, m := range map[string]map[string]any{"data": data, "binaryData": binary} {
		if len(m) > 1 {
			v[field] = m
		}
	}
	if kind == "Secret" {
		v["type"] = g.Type
		if g.Type == "" {
			v["type"] = "Opaque"
		}
	}
	if g.Options.Immutable || k.GeneratorOptions.Immutable {
		v["immutable"] = true
	}
	r := newResource(k.file, v)
	for _, o := range []generatorOptions{k.GeneratorOptions, g.Options} {
		r.set("metadata/labels", o.Labels, true)
		r.set("metadata/annotations", o.Annotations, true)
		r.hashed = r.hashed || o.NoHash
	}
	r.hashed = !r.hashed
	if err := b.spend(size(v)); err != nil {
		return err
	}
	return s.join(r, g.Behavior)
}

// join adds a generated object, or changes the one of a base.
func (s *set) join(r *resource, behavior string) error {
	if behavior != "merge" && behavior != "replace" {
		s.all = append(s.all, r)
		return nil
	}
	i := slices.IndexFunc(s.all, func(have *resource) bool { return have.kind() == r.kind() && have.called(r.name()) })
	if i < 0 {
		return errors.New("nothing of a base to " + behavior)
	}
	old := s.all[i]
	if behavior == "replace" {
		delete(old.value, "data")
		delete(old.value, "binaryData")
	}
	old.merge(r.value)
	return nil
}

// contents are the values of a generator by name.
func (b *Builder) contents(k *kustomization, g generator) (map[string][]byte, error) {
	out := map[string][]byte{}
	for _, l := range g.Literals {
		name, v, _ := strings.Cut(l, "=")
		if n := len(v); n > 1 && (v[0] == '"' || v[0] == '\'') && v[n-1] == v[0] {
			v = v[1 : n-1]
		}
		out[name] = []byte(v)
	}
	for _, f := range g.Files {
		name, ref, ok := strings.Cut(f, "=")
		if !ok {
			name, ref = path.Base(f), f
		}
		data, err := b.content(k, ref)
		if err != nil {
			return nil, err
		}
		out[name] = data
	}
	for _, ref := range append(slices.Clone(g.Envs), g.Env) {
		if ref == "" {
			continue
		}
		data, err := b.content(k, ref)
		if err != nil {
			return nil, err
		}
		for line := range strings.Lines(string(data)) {
			name, v, ok := strings.Cut(strings.TrimSpace(line), "=")
			if ok && !strings.HasPrefix(name, "#") {
				out[name] = []byte(v)
			}
		}
	}
	delete(out, manifest.Metadata)
	return out, nil
}

func (b *Builder) content(k *kustomization, ref string) ([]byte, error) {
	p, err := k.local(ref)
	if err != nil {
		return nil, err
	}
	data, err := b.load(p)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", p, err)
	}
	return data, nil
}

// finish puts the hashes behind the names of what was generated.
func (s *set) finish(b *Builder) error {
	for _, r := range s.all {
		if r.hashed {
			r.value["metadata"].(map[string]any)["name"] = r.name() + "-" + r.hash()
		}
	}
	return s.refer(b)
}

// hash is that of Kustomize: of the content as JSON, in letters that are no words.
func (r *resource) hash() string {
	v := map[string]any{"kind": r.kind(), "name": "", "data": ""}
	fields := []string{"data", "binaryData"}
	if r.kind() == "Secret" {
		v["type"], fields = r.value["type"], []string{"data", "stringData"}
	}
	for _, field := range fields {
		if m, ok := r.value[field].(map[string]any); ok {
			m = maps.Clone(m)
			delete(m, manifest.Metadata)
			v[field] = m
		}
	}
	text, _ := json.Marshal(v) // maps of texts
	sum := sha256.Sum256(text)
	return strings.NewReplacer("0", "g", "1", "h", "3", "k", "a", "m", "e", "t").Replace(hex.EncodeToString(sum[:])[:10])
}
