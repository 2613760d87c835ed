package config

import (
	"context"
	"fmt"

	"github.com/boltseal/boltseal/scan/config/kustomize"
	"github.com/boltseal/boltseal/scan/config/rego"
)

// kustomizations are the objects of all overlays that no other builds on, and of
// those that are left then because they use each other in a circle.
func (t *tree) kustomizations(ctx context.Context) []*rego.Input {
	b := kustomize.New(t.files)
	var inputs []*rego.Input
	files := t.paths[formatKustomize]
	for _, file := range append(b.Roots(files), files...) {
		if ctx.Err() == nil && !b.Used(file) && !t.under(file, formatChart) {
			inputs = append(inputs, t.build(b, file)...)
		}
	}
	for _, file := range t.paths[formatKubernetes] {
		t.built[file] = b.Used(file)
	}
	return inputs
}

// build builds one kustomization; a panic must not take the rest with it.
func (t *tree) build(b *kustomize.Builder, file string) (inputs []*rego.Input) {
	defer func() {
		if r := recover(); r != nil {
			t.issue(file, fmt.Errorf("build kustomization: panic: %v", r))
		}
	}()
	objects := b.Build(file)
	for _, n := range b.Notes() {
		t.issue(n.File, fmt.Errorf("build kustomization: %w", n.Err))
	}
	for _, o := range objects {
		inputs = append(inputs, &rego.Input{Type: rego.Kubernetes, Path: o.File, Build: file, Value: o.Value})
	}
	return inputs
}

// once keeps of what a check says about one place in several builds the first:
// overlays of one base differ in names.
func once(inputs []*rego.Input, answers [][]rego.Result) [][]rego.Result {
	first := map[string]string{}
	out := make([][]rego.Result, len(answers))
	for i, in := range inputs {
		for _, r := range answers[i] {
			key := fmt.Sprint(r.Check.ID, "\x00", r.Path, "\x00", r.Line, "\x00", r.EndLine)
			if in.Build != "" && first[key] == "" {
				first[key] = in.Build
			}
			if in.Build == "" || first[key] == in.Build {
				out[i] = append(out[i], r)
			}
		}
	}
	return out
}
