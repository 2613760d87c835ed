package config

import (
	"slices"
	"testing"
	"testing/fstest"

	"github.com/boltseal/boltseal/finding"
)

// A base is checked as its overlays make it: what they repair is silent, what
// they add is named where it stands, and two overlays say a thing once.
func TestKustomize(t *testing.T) {
	pod := "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec:\n  containers:\n  - name: c\n    image: x:1\n    securityContext:\n      privileged: true\n"
	side := "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec:\n  containers:\n"
	files := fstest.MapFS{
		"base/kustomization.yaml": {Data: []byte("resources: [pod.yaml, https://example.com/x.yaml]")},
		"base/pod.yaml":           {Data: []byte(pod)},
		"a/kustomization.yaml":    {Data: []byte("resources: [../base]\nnamePrefix: a-\npatches: [{path: patch.yaml}]")},
		"a/patch.yaml":            {Data: []byte(side + "  - name: c\n    securityContext: {privileged: false}\n  - name: side\n    image: y:1\n    securityContext:\n      privileged: true\n")},
	}
	privileged := func() []string {
		found, issues, err := Directory(t.Context(), files, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if len(issues) == 0 || issues[0].File != "base/kustomization.yaml" {
			t.Errorf("issues are %v", issues)
		}
		var at []string
		for _, f := range found {
			if f.Rule.ID == "config/ksv-0017" {
				at = append(at, place(f))
			}
		}
		return at
	}
	if got := privileged(); !slices.Equal(got, []string{"a/patch.yaml:8"}) {
		t.Errorf("one overlay: privileged containers at %v", got)
	}
	for _, name := range []string{"b", "c"} {
		files[name+"/kustomization.yaml"] = &fstest.MapFile{Data: []byte("resources: [../base]\nnamePrefix: " + name + "-")}
	}
	if got := privileged(); !slices.Equal(got, []string{"a/patch.yaml:8", "base/pod.yaml:6"}) {
		t.Errorf("three overlays: privileged containers at %v", got)
	}
}

func place(f finding.Finding) string {
	return f.Location.Path + ":" + string(rune('0'+f.Location.Line))
}
