package image

import (
	"archive/tar"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// write puts data into a file of a temporary directory.
func write(t testing.TB, data []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "archive")
	if err := os.WriteFile(path, data, 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

// dockerSave is an archive of docker save with one layer, in the given member.
func dockerSave(t testing.TB, layerName string, more ...string) []byte {
	t.Helper()
	layer := tarOf(t, "a", "b")
	config := `{"os":"linux","architecture":"amd64","rootfs":{"diff_ids":["` + digestOf(layer) + `"]}}`
	name := strings.TrimPrefix(digestOf([]byte(config)), "sha256:") + ".json"
	members := []string{
		name, config,
		"manifest.json", `[{"Config":"` + name + `","RepoTags":["a/b:1"],"Layers":["` + layerName + `"]}]`,
	}
	if !strings.Contains(strings.Join(more, " "), layerName) {
		members = append(members, layerName, string(layer))
	}
	for i, m := range more {
		more[i] = strings.ReplaceAll(m, "LAYER", string(layer))
	}
	return tarOf(t, append(members, more...)...)
}

func TestArchiveNames(t *testing.T) {
	layer := strings.TrimPrefix(digestOf(tarOf(t, "a", "b")), "sha256:")
	for name, data := range map[string][]byte{
		"plain":         dockerSave(t, layer+".tar"),
		"old":           dockerSave(t, layer+"/layer.tar"),
		"dot":           dockerSave(t, "./x/../layer.tar"),
		"blobs":         dockerSave(t, "blobs/sha256/"+layer),
		"symlink":       dockerSave(t, "id/layer.tar", "id/layer.tar", "-> ../real.tar", "real.tar", "LAYER"),
		"symlink far":   dockerSave(t, "id/layer.tar", "id/layer.tar", "-> ../../../../real.tar", "real.tar", "LAYER"),
		"symlink twice": dockerSave(t, "l1", "l1", "-> l2", "l2", "-> real", "real", "LAYER"),
	} {
		t.Run(name, func(t *testing.T) {
			im := open(t, write(t, data), Options{})
			if im.Kind != "docker-archive" || im.Tags[0] != "a/b:1" || im.ConfigDigest == "" || im.Digest != "" {
				t.Errorf("%+v", im)
			}
			if diff := cmp.Diff([][]string{{"a"}}, contents(t, im)); diff != "" {
				t.Error(diff)
			}
			if d := im.Layers[0].Descriptor(); (d.Digest != "") != (name == "blobs") || d.Trusted || d.Size < 1024 {
				t.Errorf("%+v", d)
			}
		})
	}
}

func TestArchiveRefuses(t *testing.T) {
	zeros := strings.Repeat("0", 64)
	for name, c := range map[string]struct {
		data []byte
		want string
	}{
		"circle":        {dockerSave(t, "l1", "l1", "-> l2", "l2", "-> l1"), "links in a circle"},
		"outside":       {dockerSave(t, "l1", "l1", "-> /etc/passwd"), "not found"},
		"config digest": {tarOf(t, zeros+".json", "{}", "manifest.json", `[{"Config":"`+zeros+`.json"}]`), "digest mismatch"},
		"no config":     {tarOf(t, "manifest.json", `[{"Config":"x"}]`), "not found"},
		"no images":     {tarOf(t, "manifest.json", `[]`), "without images"},
		"no archive":    {[]byte("hello, world, this is not a tar archive"), "corrupt"},
		"some tar":      {tarOf(t, "etc/passwd", "x"), "without index.json"},
		"bad JSON":      {tarOf(t, "manifest.json", `[{`), "corrupt"},
		"parent circle": {tarOf(t, "repositories", `{"a":{"b":"c"}}`, "c/json", `{"parent":"d"}`, "d/json", `{"parent":"c"}`), "circle"},
		"many members":  {tarOf(t, "manifest.json", `[{"Config":"c","Layers":[`+strings.Repeat(`"x",`, maxLayers)+`"x"]}]`), "more than 4096 layers"},
		"long names":    {longNames(t), "names of more than"},
		"legacy talk":   {talkative(t), "describe themselves"},
		"many tags":     {tarOf(t, "repositories", `{"a":{`+numbered(`"%d":"c"`, maxItems+1)+`}}`), "more than 10000 members"},
		"zstd window":   {wideWindow(t), "window"},
		"cut":           {dockerSave(t, "l")[:1600], "corrupt"},
	} {
		t.Run(name, func(t *testing.T) {
			im, err := Open(t.Context(), write(t, c.data), isolated(t, Options{}))
			if err == nil { // the layer is what is broken
				_, _, err = walkLayer(t.Context(), im.Layers[0])
				im.Close()
			}
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%v, want %q", err, c.want)
			}
		})
	}
}

// wideWindow is an archive that asks for 64 MiB to be decoded.
func wideWindow(t testing.TB) []byte {
	var b bytes.Buffer
	w, err := zstd.NewWriter(&b, zstd.WithWindowSize(64<<20))
	must(t, err)
	w.Write(dockerSave(t, "l", "big", noise(1<<20)))
	must(t, w.Flush())
	must(t, w.Close())
	return b.Bytes()
}

// longNames is an archive whose members have little but names.
func longNames(t testing.TB) []byte {
	var pairs []string
	for i := range 40 {
		pairs = append(pairs, fmt.Sprint(i)+strings.Repeat("/name", 200_000), "")
	}
	return tarOf(t, pairs...)
}

// talkative is a legacy archive of layers that say a lot about themselves.
func talkative(t testing.TB) []byte {
	pairs := []string{"repositories", `{"a":{"b":"0"}}`}
	for i := range 20 {
		pairs = append(pairs, fmt.Sprintf("%d/json", i), fmt.Sprintf(`{"parent":"%d","x":"%s"}`, i+1, strings.Repeat("x", 1<<20-100)))
	}
	return tarOf(t, pairs...)
}

// numbered joins n texts with commas.
func numbered(format string, n int) string {
	parts := make([]string, n)
	for i := range parts {
		parts[i] = fmt.Sprintf(format, i)
	}
	return strings.Join(parts, ",")
}

// A truncated archive gives what is in it before its end.
func TestArchiveTruncated(t *testing.T) {
	layers := []string{tarName(t, "one"), tarName(t, "two")}
	config := `{"os":"linux","rootfs":{"diff_ids":["` + digestOf([]byte(layers[0])) + `","` + digestOf([]byte(layers[1])) + `"]}}`
	data := tarOf(t, "c", config, "manifest.json", `[{"Config":"c","Layers":["1","2"]}]`, "1", layers[0], "2", layers[1])
	im := open(t, write(t, data[:len(data)-3000]), Options{})
	if paths, _, err := walkLayer(t.Context(), im.Layers[0]); err != nil || len(paths) != 1 {
		t.Errorf("first layer: %q %v", paths, err)
	}
	if _, _, err := walkLayer(t.Context(), im.Layers[1]); err == nil {
		t.Error("second layer: read although it is cut off")
	}
}

func tarName(t testing.TB, name string) string { return string(tarOf(t, name, noise(2000))) }

func TestArchiveCompressed(t *testing.T) {
	data := dockerSave(t, "layer.tar")
	var gz, zst bytes.Buffer
	gw := gzip.NewWriter(&gz)
	zw, _ := zstd.NewWriter(&zst)
	for _, w := range []io.WriteCloser{gw, zw} {
		w.Write(data)
		w.Close()
	}
	for name, compressed := range map[string][]byte{"gzip": gz.Bytes(), "zstd": zst.Bytes()} {
		temp := t.TempDir()
		path := write(t, compressed)
		if diff := cmp.Diff([][]string{{"a"}}, contents(t, open(t, path, Options{TempDir: temp}))); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
		if left, _ := os.ReadDir(temp); len(left) > 0 {
			t.Errorf("%s: left %v", name, left)
		}
		openErr(t, write(t, compressed[:len(compressed)/2]), Options{})
	}
}

// A bomb stops at a thousand times its size.
func TestArchiveBomb(t *testing.T) {
	if testing.Short() {
		t.Skip("writes 64 MiB")
	}
	var bomb bytes.Buffer
	w, _ := gzip.NewWriterLevel(&bomb, 9)
	zeros := make([]byte, 1<<20)
	for range 100 {
		w.Write(zeros)
	}
	w.Close()
	if err := openErr(t, write(t, bomb.Bytes()), Options{}); !errors.Is(err, ErrLimit) {
		t.Errorf("%v", err)
	}
}

func TestArchiveLegacy(t *testing.T) {
	layer := string(tarOf(t, "a", "b"))
	path := write(t, tarOf(t,
		"repositories", `{"a/b":{"1":"top"},"c":{"2":"base"}}`,
		"top/json", `{"id":"top","parent":"base","os":"linux","architecture":"amd64","config":{"User":"me","Cmd":["x"]},"container_config":{"Cmd":["/bin/sh","-c","make"]}}`,
		"top/layer.tar", layer,
		"base/json", `{"id":"base","container_config":{"Cmd":["/bin/sh","-c","#(nop) ADD file:1 in /"]}}`,
		"base/layer.tar", layer,
	))
	var ambiguous *AmbiguousError
	if err := openErr(t, path, Options{}); !errors.As(err, &ambiguous) {
		t.Errorf("no tag: %v", err)
	}
	im := open(t, "docker-archive:"+path+":a/b:1", Options{})
	if len(im.Layers) != 2 || im.Config.User != "me" || im.Platform != "linux/amd64" {
		t.Fatalf("%+v", im)
	}
	if by := im.Layers[1].Descriptor().CreatedBy; by != "RUN make" {
		t.Errorf("created by %q", by)
	}
	contents(t, im)
}

// An archive of a current docker save is also an OCI layout, which has the
// manifest's digest.
func TestArchiveOfBothFormats(t *testing.T) {
	need(t, "skopeo")
	img := testImage(t, "amd64")
	dir := testLayout(t, img)
	config, _ := img.ConfigName()
	layers, _ := img.Layers()
	var names []string
	for _, l := range layers {
		h, _ := l.Digest()
		names = append(names, `"blobs/sha256/`+h.Hex+`"`)
	}
	writeFile(t, dir+"/manifest.json", `[{"Config":"blobs/sha256/`+config.Hex+`","RepoTags":["a:1"],"Layers":[`+strings.Join(names, ",")+`]}]`)
	path := filepath.Join(t.TempDir(), "both.tar")
	run(t, "tar", "-C", dir, "-cf", path, ".")
	for ref, kind := range map[string]string{path: "oci-archive", "docker-archive:" + path: "docker-archive"} {
		im := open(t, ref, Options{})
		if im.Kind != kind || im.Digest != digestOfImageTB(t, img) {
			t.Errorf("%s: %s %s", ref, im.Kind, im.Digest)
		}
		if diff := cmp.Diff([][]string{{"etc/os-release", "base"}, {"app-amd64"}}, contents(t, im)); diff != "" {
			t.Error(diff)
		}
	}
}

// A layout with one platform of the two that its index names gives that one.
func TestArchiveOfOnePlatform(t *testing.T) {
	img := testImage(t, "riscv64")
	dir := testLayout(t, img)
	index := `{"schemaVersion":2,"mediaType":"` + typeOCIIndex + `","manifests":[
		{"mediaType":"` + typeOCIManifest + `","digest":"sha256:` + strings.Repeat("0", 64) + `","size":1,"platform":{"os":"linux","architecture":"` + defaultPlatform().Architecture + `"}},
		{"mediaType":"` + typeOCIManifest + `","digest":"` + digestOfImageTB(t, img) + `","size":1,"platform":{"os":"linux","architecture":"riscv64"}}]}`
	writeIndex(t, dir, descriptor{MediaType: typeOCIIndex, Digest: writeBlob(t, dir, []byte(index))})
	im := open(t, dir, Options{})
	if im.Platform != "linux/riscv64" || len(im.Warnings) != 1 {
		t.Errorf("platform %s, warnings %q", im.Platform, im.Warnings)
	}
}

func FuzzArchive(f *testing.F) {
	f.Add(dockerSave(f, "layer.tar"))
	f.Add(dockerSave(f, "l1", "l1", "-> l2", "l2", "-> real", "real", "LAYER"))
	f.Add(tarOf(f, "repositories", `{"a":{"b":"c"}}`, "c/json", `{"parent":"d"}`, "d/json", `{"parent":"c"}`))
	f.Add(ociTar(f, testLayout(f, testImageSmall(f))))
	f.Fuzz(func(t *testing.T, data []byte) {
		a := &archive{name: "fuzz", file: bytes.NewReader(data)}
		if a.index(t.Context()) != nil {
			return
		}
		im, err := anyArchive(t.Context(), a, selector{}, new(Options))
		if err != nil {
			return
		}
		lim := &Limits{LayerBytes: 1 << 20}
		for _, l := range im.Layers {
			l.Walk(t.Context(), lim, func(*Entry, *Body) error { return nil })
		}
	})
}

// testImageSmall keeps the fuzzer's inputs short.
func testImageSmall(t testing.TB) v1.Image {
	return appended(t, layerOf(t, "a", "b"))
}

// ociTar is a layout as an archive.
func ociTar(t testing.TB, dir string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	if err := w.AddFS(os.DirFS(dir)); err != nil {
		t.Fatal(err)
	}
	w.Close()
	return b.Bytes()
}
