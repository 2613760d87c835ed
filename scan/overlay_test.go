package scan

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/boltseal/boltseal/inventory"
	"github.com/boltseal/boltseal/scan/scanner"
)

// layer is a layerResult in which every named file says the package "p@file".
func testLayer(entries []string, files ...string) *layerResult {
	l := &layerResult{}
	for _, e := range entries {
		dir := e[len(e)-1] == '/'
		if dir {
			e = e[:len(e)-1]
		}
		l.Entries.add(e, dir)
	}
	for _, f := range files {
		l.Entries.add(f, false)
		l.Files = append(l.Files, fileResult{Path: f, Scanner: "npm", Result: scanner.Result{
			Packages: []inventory.Package{{Type: "npm", Name: f, Version: "1"}},
		}})
	}
	l.Entries.sort()
	return l
}

func TestOverlay(t *testing.T) {
	tests := []struct {
		name   string
		layers []*layerResult
		want   []string
	}{
		{"kept", []*layerResult{testLayer(nil, "a/x", "b/y"), testLayer(nil, "c/z")}, []string{"a/x", "b/y", "c/z"}},
		{"whiteout of a file", []*layerResult{testLayer(nil, "a/x", "a/y"), {Whiteouts: pathSet{pathHash("a/x")}}}, []string{"a/y"}},
		{"whiteout of a directory", []*layerResult{testLayer(nil, "a/b/x", "ab/y"), {Whiteouts: pathSet{pathHash("a")}}}, []string{"ab/y"}},
		{"opaque directory keeps the same layer's files", []*layerResult{
			testLayer(nil, "a/x", "b/y"),
			func() *layerResult { l := testLayer(nil, "a/z"); l.Opaques = pathSet{pathHash("a")}; return l }(),
		}, []string{"a/z", "b/y"}},
		{"overwritten by what no scanner wants", []*layerResult{testLayer(nil, "a/x"), testLayer([]string{"a/x"})}, nil},
		{"directory became a file", []*layerResult{testLayer(nil, "a/b/x"), testLayer([]string{"a/b"})}, nil},
		{"file became a directory", []*layerResult{testLayer(nil, "a/b"), testLayer([]string{"a/b/"})}, nil},
		{"directory again hides nothing", []*layerResult{testLayer(nil, "a/b/x"), testLayer([]string{"a/", "a/b/"})}, []string{"a/b/x"}},
		{"deleted and made again", []*layerResult{
			testLayer(nil, "a/x"), {Whiteouts: pathSet{pathHash("a/x")}}, testLayer(nil, "a/x"),
		}, []string{"a/x"}},
		{"hard link across layers survives its target", []*layerResult{
			testLayer(nil, "a/x"), {Hardlinks: []link{{"b/x", "a/x"}}}, {Whiteouts: pathSet{pathHash("a/x")}},
		}, []string{"b/x"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			o := newOverlay()
			for i, l := range test.layers {
				o.push(i, l)
			}
			got := o.paths()
			if len(got) == 0 {
				got = nil
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestOverlayResolve(t *testing.T) {
	o := newOverlay()
	o.push(0, &layerResult{Symlinks: []link{
		{"lib", "usr/lib"}, {"var/lib/rpm", "../../usr/lib/sysimage/rpm"}, {"loop", "loop"}, {"up", "../../../../etc"},
		{"abs", "/usr/lib"},
	}})
	for path, want := range map[string]string{
		"lib/apk/db/installed": "usr/lib/apk/db/installed",
		"var/lib/rpm/Packages": "usr/lib/sysimage/rpm/Packages",
		"loop/x":               "loop/x",
		"up/passwd":            "etc/passwd",
		"abs/x":                "usr/lib/x",
		"none":                 "none",
	} {
		if got := o.resolve(path); got != want {
			t.Errorf("resolve %s: got %s, want %s", path, got, want)
		}
	}
	o.push(1, &layerResult{Whiteouts: pathSet{pathHash("lib")}})
	if got := o.resolve("lib/x"); got != "lib/x" {
		t.Errorf("a removed symlink is still followed: %s", got)
	}
}
