package kustomize

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/boltseal/boltseal/scan/config/manifest"
)

// transform changes the objects of a kustomization, in the order of Kustomize.
func (b *Builder) transform(k *kustomization, s *set) error {
	for _, name := range k.unknown() {
		b.note(k.file, fmt.Errorf("%s: not followed", name))
	}
	for _, n := range k.PatchesStrategicMerge {
		b.noted(k.file, "patchesStrategicMerge", b.merged(k, n, s))
	}
	for _, p := range k.Patches {
		b.noted(k.file, "patch "+p.Path, b.apply(k, p, s))
	}
	for _, r := range s.all {
		if err := b.spend(size(r.value)); err != nil {
			return err
		}
		r.rename(k)
		for _, l := range append(slices.Clone(k.Labels), labels{k.CommonLabels, true, true}) {
			r.label(l)
		}
		for _, path := range append([]string{"metadata/annotations"}, templateMaps("annotations")...) {
			r.set(path, k.CommonAnnotations, path == "metadata/annotations" || r.has(strings.TrimSuffix(path, "/metadata/annotations")))
		}
	}
	for _, p := range k.PatchesJSON6902 {
		b.noted(k.file, "patchesJson6902", b.apply(k, p, s))
	}
	for _, r := range s.all {
		r.scale(k.Replicas)
		if len(k.Images) > 0 && r.kind() != "CustomResourceDefinition" {
			images(r.value, k.Images)
		}
	}
	return s.refer(b)
}

// rename gives namespace, prefix and suffix.
func (r *resource) rename(k *kustomization) {
	meta, ok := r.value["metadata"].(map[string]any)
	if !ok {
		return
	}
	if k.Namespace != "" && r.kind() == "Namespace" {
		meta["name"] = k.Namespace
	} else if k.Namespace != "" && !slices.Contains(clusterKinds, r.kind()) {
		meta["namespace"] = k.Namespace
	}
	if k.Namespace != "" {
		subjects, _ := r.value["subjects"].([]any)
		for _, s := range subjects {
			if m, _ := s.(map[string]any); text(m, "kind") == "ServiceAccount" && text(m, "name") == "default" {
				m["namespace"] = k.Namespace
			}
		}
	}
	if !slices.Contains([]string{"CustomResourceDefinition", "APIService", "Namespace"}, r.kind()) {
		meta["name"] = k.NamePrefix + r.name() + k.NameSuffix
	}
	r.remember()
}

// templateMaps are the places of labels or annotations of pods.
func templateMaps(name string) []string {
	return []string{"spec/template/metadata/" + name, "spec/jobTemplate/metadata/" + name, "spec/jobTemplate/spec/template/metadata/" + name}
}

// label adds labels, and to selectors and templates where that is asked for.
func (r *resource) label(l labels) {
	r.set("metadata/labels", l.Pairs, true)
	if l.IncludeSelectors || l.IncludeTemplates {
		for _, path := range templateMaps("labels") {
			r.set(path, l.Pairs, r.has(strings.TrimSuffix(path, "/metadata/labels")))
		}
	}
	if !l.IncludeSelectors {
		return
	}
	group, _ := r.group()
	workload := slices.Contains([]string{"Deployment", "ReplicaSet", "DaemonSet", "StatefulSet"}, r.kind())
	r.set("spec/selector/matchLabels", l.Pairs, workload)
	if r.kind() == "Service" && group == "" || r.kind() == "ReplicationController" {
		r.set("spec/selector", l.Pairs, r.kind() != "Service" || text(r.value, "spec", "type") != "ExternalName")
	}
	if r.kind() == "NetworkPolicy" {
		r.set("spec/podSelector/matchLabels", l.Pairs, false)
	}
}

func (r *resource) has(path string) bool {
	_, ok := get(r.value, strings.Split(path, "/")...).(map[string]any)
	return ok
}

// set puts texts into a map, which is made when it is not there and create says so.
func (r *resource) set(path string, texts map[string]string, create bool) {
	if len(texts) == 0 || !create && !r.has(path) {
		return
	}
	m := r.value
	for key := range strings.SplitSeq(path, "/") {
		below, ok := m[key].(map[string]any)
		if !ok {
			below = map[string]any{manifest.Metadata: clone(m[manifest.Metadata])}
			m[key] = below
		}
		m = below
	}
	for k, v := range texts {
		if k != manifest.Metadata {
			m[k] = v
		}
	}
}

func (r *resource) scale(changes []replicaChange) {
	if !slices.Contains([]string{"Deployment", "ReplicaSet", "ReplicationController", "StatefulSet"}, r.kind()) {
		return
	}
	for _, c := range changes {
		if spec, ok := r.value["spec"].(map[string]any); ok && r.called(c.Name) {
			spec["replicas"] = c.Count
		}
	}
}

// images changes the images of all containers below a value.
func images(v any, changes []imageChange) {
	switch v := v.(type) {
	case []any:
		for _, item := range v {
			images(item, changes)
		}
	case map[string]any:
		for _, list := range []string{"containers", "initContainers"} {
			items, _ := v[list].([]any)
			for _, item := range items {
				c, _ := item.(map[string]any)
				for _, change := range changes {
					if name := text(c, "image"); name != "" {
						c["image"] = change.apply(name)
					}
				}
			}
		}
		for k, item := range v {
			if k != manifest.Metadata {
				images(item, changes)
			}
		}
	}
}

var imageRest = regexp.MustCompile(`^(:[\w.{}-]*)?(@sha256:[\w.{}-]*)?$`)

func (c imageChange) apply(image string) string {
	rest, ok := strings.CutPrefix(image, c.Name)
	m := imageRest.FindStringSubmatch(rest)
	if !ok || c.Name == "" || m == nil {
		return image
	}
	name, tag, digest := c.Name, m[1], m[2]
	if c.NewName != "" {
		name = c.NewName
	}
	if c.NewTag != "" {
		tag, digest = ":"+c.NewTag, ""
	}
	if c.Digest != "" {
		digest = "@" + c.Digest
		if c.NewTag == "" {
			tag = ""
		}
	}
	if c.Suffix != "" && tag != "" {
		tag += c.Suffix
	}
	return name + tag + digest
}
