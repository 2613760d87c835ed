package kustomize

import (
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/boltseal/boltseal/image"
	"github.com/boltseal/boltseal/scan/config/manifest"
)

// kustomization is a file, as far as it is followed.
type kustomization struct {
	file string

	Kind       string   `yaml:"kind"`
	Resources  []string `yaml:"resources"`
	Bases      []string `yaml:"bases"`
	Components []string `yaml:"components"`

	Namespace         string            `yaml:"namespace"`
	NamePrefix        string            `yaml:"namePrefix"`
	NameSuffix        string            `yaml:"nameSuffix"`
	CommonLabels      map[string]string `yaml:"commonLabels"`
	CommonAnnotations map[string]string `yaml:"commonAnnotations"`
	Labels            []labels          `yaml:"labels"`
	Images            []imageChange     `yaml:"images"`
	Replicas          []replicaChange   `yaml:"replicas"`

	Patches               []patch     `yaml:"patches"`
	PatchesStrategicMerge []yaml.Node `yaml:"patchesStrategicMerge"`
	PatchesJSON6902       []patch     `yaml:"patchesJson6902"`

	ConfigMapGenerator []generator      `yaml:"configMapGenerator"`
	SecretGenerator    []generator      `yaml:"secretGenerator"`
	GeneratorOptions   generatorOptions `yaml:"generatorOptions"`

	Others map[string]yaml.Node `yaml:",inline"`
}

type labels struct {
	Pairs            map[string]string `yaml:"pairs"`
	IncludeSelectors bool              `yaml:"includeSelectors"`
	IncludeTemplates bool              `yaml:"includeTemplates"`
}

type imageChange struct {
	Name    string `yaml:"name"`
	NewName string `yaml:"newName"`
	NewTag  string `yaml:"newTag"`
	Suffix  string `yaml:"tagSuffix"`
	Digest  string `yaml:"digest"`
}

type replicaChange struct {
	Name  string `yaml:"name"`
	Count int64  `yaml:"count"`
}

// patch is one change with what it is about. Text is the patch itself, Path the
// file that holds it.
type patch struct {
	Target  *selector       `yaml:"target"`
	Path    string          `yaml:"path"`
	Text    yaml.Node       `yaml:"patch"`
	Options map[string]bool `yaml:"options"`
}

type selector struct {
	Group       string `yaml:"group"`
	Version     string `yaml:"version"`
	Kind        string `yaml:"kind"`
	Name        string `yaml:"name"`
	Namespace   string `yaml:"namespace"`
	Labels      string `yaml:"labelSelector"`
	Annotations string `yaml:"annotationSelector"`
}

type generator struct {
	Name      string           `yaml:"name"`
	Namespace string           `yaml:"namespace"`
	Behavior  string           `yaml:"behavior"`
	Type      string           `yaml:"type"`
	Literals  []string         `yaml:"literals"`
	Files     []string         `yaml:"files"`
	Envs      []string         `yaml:"envs"`
	Env       string           `yaml:"env"`
	Options   generatorOptions `yaml:"options"`

	line int
}

// UnmarshalYAML implements yaml.Unmarshaler, to know the line.
func (g *generator) UnmarshalYAML(n *yaml.Node) error {
	type plain generator
	err := n.Decode((*plain)(g))
	g.line = n.Line
	return err
}

type generatorOptions struct {
	Labels      map[string]string `yaml:"labels"`
	Annotations map[string]string `yaml:"annotations"`
	NoHash      bool              `yaml:"disableNameSuffixHash"`
	Immutable   bool              `yaml:"immutable"`
}

// harmless are fields that change no object.
var harmless = []string{"apiVersion", "metadata", "openapi", "crds", "buildMetadata", "sortOptions", "validators", "inventory"}

// parse reads a kustomization.
func (b *Builder) parse(file string) (*kustomization, error) {
	data, err := b.load(file)
	if err != nil {
		return nil, err
	}
	docs, err := manifest.Documents(data)
	if err != nil {
		return nil, err
	}
	if len(docs) != 1 {
		return nil, errors.New("not one document")
	}
	k := &kustomization{file: file}
	if err := docs[0].Decode(k); err != nil {
		return nil, fmt.Errorf("parse kustomization: %w", err)
	}
	for _, n := range []int{len(k.Labels), len(k.Images), len(k.Replicas), len(k.Patches), len(k.PatchesStrategicMerge), len(k.PatchesJSON6902)} {
		if n > maxPatches {
			return nil, fmt.Errorf("%w: more than %d changes of a sort", image.ErrLimit, maxPatches)
		}
	}
	return k, nil
}

// unknown lists the fields that are not followed.
func (k *kustomization) unknown() []string {
	var names []string
	for name, v := range k.Others {
		if !slices.Contains(harmless, name) && len(v.Content) > 0 {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// local is the path in the tree of what a kustomization names.
func (k *kustomization) local(ref string) (string, error) {
	p := path.Join(path.Dir(k.file), ref)
	if path.IsAbs(ref) || p == ".." || strings.HasPrefix(p, "../") {
		return "", errors.New("outside of the directory, not read")
	}
	return p, nil
}
