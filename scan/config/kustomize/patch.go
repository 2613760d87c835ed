package kustomize

import (
	"errors"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/boltseal/boltseal/scan/config/manifest"
)

// apply makes one change of "patches" or "patchesJson6902".
func (b *Builder) apply(k *kustomization, p patch, s *set) error {
	docs, file, err := b.documents(k, p)
	if err != nil {
		return err
	}
	for _, d := range docs {
		v, err := b.value(d, file)
		if err != nil {
			return err
		}
		if p.Path == "" {
			shift(v, &p.Text)
		}
		if err := b.applyValue(v, p.Target, s); err != nil {
			return err
		}
	}
	return nil
}

// documents are those of a patch, and the file that they are in.
func (b *Builder) documents(k *kustomization, p patch) ([]*yaml.Node, string, error) {
	if p.Path == "" {
		docs, err := manifest.Documents([]byte(p.Text.Value))
		return docs, k.file, err
	}
	file, err := k.local(p.Path)
	if err != nil {
		return nil, "", err
	}
	data, err := b.load(file)
	if err != nil {
		return nil, "", err
	}
	docs, err := manifest.Documents(data)
	if err == nil {
		b.used[file] = true
	}
	return docs, file, err
}

// merged makes one change of "patchesStrategicMerge": a path, or the patch as text.
func (b *Builder) merged(k *kustomization, n yaml.Node, s *set) error {
	p := patch{Text: n}
	if !strings.Contains(n.Value, "\n") {
		p.Path = n.Value
	}
	return b.apply(k, p, s)
}

func (b *Builder) applyValue(v any, target *selector, s *set) error {
	m, err := patchTarget(v, target)
	if err != nil {
		return err
	}
	found := false
	for i := 0; i < len(s.all); i++ {
		r := s.all[i]
		if !m.matches(r) {
			continue
		}
		found = true
		if err := b.spend(size(v)); err != nil {
			return err
		}
		switch v := v.(type) {
		case []any:
			if err := b.applyJSON(r, v); err != nil {
				return err
			}
		case map[string]any:
			if v["$patch"] == "delete" {
				s.all = append(s.all[:i:i], s.all[i+1:]...)
				i--
				continue
			}
			r.merge(v)
		}
	}
	if !found {
		return errors.New("no object is meant")
	}
	return nil
}

// merge changes everything but what the object is.
func (r *resource) merge(patch map[string]any) {
	name, space, kind := r.name(), get(r.value, "metadata", "namespace"), r.kind()
	version := r.value["apiVersion"]
	merge(r.value, patch, r.builtin())
	r.value["apiVersion"], r.value["kind"] = version, kind
	meta, ok := r.value["metadata"].(map[string]any)
	if !ok {
		return
	}
	meta["name"] = name
	if space != nil {
		meta["namespace"] = space
	} else {
		delete(meta, "namespace")
	}
}

// patchTarget is what a patch is about: the target that is given, or the object
// that a strategic merge names.
func patchTarget(v any, target *selector) (*matcher, error) {
	if target != nil {
		return target.compile()
	}
	m, ok := v.(map[string]any)
	if !ok {
		return nil, errors.New("patch without a target")
	}
	named := &matcher{exact: true}
	named.Group, named.Version = cutGroup(text(m, "apiVersion"))
	named.Kind, named.Name, named.Namespace = text(m, "kind"), text(m, "metadata", "name"), text(m, "metadata", "namespace")
	if named.Kind == "" || named.Name == "" {
		return nil, errors.New("patch names no object")
	}
	return named, nil
}

// shift moves the lines of a patch that is written in a kustomization to where
// they are there.
func shift(v any, n *yaml.Node) {
	block := n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0
	move(v, func(line int) int {
		if block {
			return n.Line + line
		}
		return n.Line
	})
}

func move(v any, to func(int) int) {
	switch v := v.(type) {
	case []any:
		for _, item := range v {
			move(item, to)
		}
	case map[string]any:
		for k, item := range v {
			if k != manifest.Metadata {
				move(item, to)
				continue
			}
			lines := item.(map[string]any)
			for _, name := range []string{"startline", "endline"} {
				lines[name] = to(lines[name].(int))
			}
		}
	}
}
