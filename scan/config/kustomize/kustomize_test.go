package kustomize

import (
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/boltseal/boltseal/scan/config/manifest"
)

func read(t testing.TB, name string) (fstest.MapFS, string) {
	t.Helper()
	a, err := txtar.ParseFile(name)
	if err != nil {
		t.Fatal(err)
	}
	files, dir := fstest.MapFS{}, t.TempDir()
	for _, f := range a.Files {
		files[f.Name] = &fstest.MapFile{Data: f.Data}
	}
	if err := os.CopyFS(dir, files); err != nil {
		t.Fatal(err)
	}
	return files, dir
}

// The objects are those that kustomize itself builds; want.yaml holds its answer.
func TestBuild(t *testing.T) {
	files, dir := read(t, "testdata/overlay.txtar")
	text := files["want.yaml"].Data
	if bin, err := exec.LookPath("kustomize"); err == nil {
		if text, err = exec.Command(bin, "build", dir+"/prod").Output(); err != nil {
			t.Fatal(err)
		}
	}
	b := New(files)
	var got []any
	for _, o := range b.Build("prod/kustomization.yaml") {
		got = append(got, Plain(o.Value))
	}
	for _, n := range b.Notes() {
		t.Errorf("%s: %v", n.File, n.Err)
	}
	docs, err := manifest.Documents(text)
	if err != nil || len(docs) == 0 {
		t.Fatal(len(docs), err)
	}
	var want []any
	for _, d := range docs {
		v, err := manifest.Value(d, "")
		if err != nil {
			t.Fatal(err)
		}
		want = append(want, Plain(v))
	}
	for _, list := range [][]any{got, want} {
		slices.SortFunc(list, func(a, b any) int { return strings.Compare(key(a), key(b)) })
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func key(v any) string {
	m, _ := v.(map[string]any)
	return text(m, "kind") + " " + text(m, "metadata", "name")
}

// What is hostile or not there is noted, and the rest is built.
func TestNotes(t *testing.T) {
	pod := "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\n"
	doubling := ""
	for i := range 40 {
		doubling += fmt.Sprintf("{op: copy, from: /metadata, path: /metadata/x%d},", i)
	}
	for _, c := range []struct{ kustomization, want string }{
		{"resources: [../a]", "in a circle"},
		{"resources: ['https://example.com/x.yaml']", "not fetched"},
		{"resources: [../../x]", "outside of the directory"},
		{"resources: [none.yaml]", "not exist"},
		{"helmCharts: [{name: x}]", "helmCharts: not followed"},
		{"patches: [{patch: '[{op: remove, path: /none}]', target: {kind: Pod}}]", "no such place"},
		{"patches: [{patch: '[{op: add, path: /__defsec_metadata, value: 1}]', target: {kind: Pod}}]", "no such place"},
		{"patches: [{patch: '[{op: remove, path: /none}]', target: {kind: None}}]", "no object is meant"},
		{"patches: [{patch: '[" + doubling + "]', target: {kind: Pod}}]", "limit"},
	} {
		resources := "resources: [pod.yaml]\n"
		if strings.HasPrefix(c.kustomization, "resources") {
			resources, c.kustomization = "", strings.Replace(c.kustomization, "[", "[pod.yaml, ", 1)
		}
		files := fstest.MapFS{"a/kustomization.yaml": {Data: []byte(resources + c.kustomization)}, "a/pod.yaml": {Data: []byte(pod)}}
		b := New(files)
		objects := b.Build("a/kustomization.yaml")
		notes := b.Notes()
		if len(objects) != 1 || len(notes) == 0 || !strings.Contains(notes[0].Err.Error(), c.want) {
			t.Errorf("%.80s: %d objects, notes %v, want %s", c.kustomization, len(objects), notes, c.want)
		}
	}
}

func FuzzBuild(f *testing.F) {
	f.Add("resources: [r.yaml]\nnamePrefix: a\npatches: [{path: p.yaml}]", "apiVersion: v1\nkind: Pod\nmetadata: {name: p}", "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {containers: [{name: x}]}")
	f.Add("resources: [r.yaml]\npatches: [{path: p.yaml, target: {kind: P.*}}]\nconfigMapGenerator: [{name: x, literals: [a=b]}]", "apiVersion: v1\nkind: Pod\nmetadata: {name: p}", "[{op: add, path: /metadata/labels, value: {a: b}}]")
	f.Fuzz(func(t *testing.T, k, r, p string) {
		b := New(fstest.MapFS{"kustomization.yaml": {Data: []byte(k)}, "r.yaml": {Data: []byte(r)}, "p.yaml": {Data: []byte(p)}})
		b.Build("kustomization.yaml")
	})
}
