package image

import (
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	ggcr "github.com/google/go-containerregistry/pkg/v1/layout"
)

// writeBlob puts data into a layout and returns its digest.
func writeBlob(t testing.TB, dir string, data []byte) string {
	t.Helper()
	digest := digestOf(data)
	writeFile(t, filepath.Join(dir, "blobs", strings.Replace(digest, ":", "/", 1)), string(data))
	return digest
}

// writeIndex makes dir a layout of the given entries.
func writeIndex(t testing.TB, dir string, entries ...descriptor) {
	t.Helper()
	data, err := json.Marshal(map[string]any{"schemaVersion": 2, "manifests": entries})
	if err != nil {
		t.Fatal(err)
	}
	writeFile(t, dir+"/index.json", string(data))
	writeFile(t, dir+"/oci-layout", `{"imageLayoutVersion":"1.0.0"}`)
}

// testLayout is a layout of the images, tagged t0, t1 and so on.
func testLayout(t testing.TB, images ...v1.Image) string {
	t.Helper()
	dir := t.TempDir()
	l, err := ggcr.Write(dir, empty.Index)
	if err != nil {
		t.Fatal(err)
	}
	for i, img := range images {
		tag := ggcr.WithAnnotations(map[string]string{"org.opencontainers.image.ref.name": "t" + string(rune('0'+i))})
		if err := l.AppendImage(img, tag); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// need skips the test when a tool of another project is not installed.
func need(t testing.TB, tools ...string) {
	t.Helper()
	for _, tool := range tools {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("%s is not installed", tool)
		}
	}
}

func run(t testing.TB, name string, args ...string) string {
	t.Helper()
	out, err := exec.Command(name, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, out)
	}
	return string(out)
}

func TestLayout(t *testing.T) {
	a, b := testImage(t, "amd64"), testImage(t, "arm64")
	dir := testLayout(t, a, b)
	want := [][]string{{"etc/os-release", "base"}, {"app-amd64"}}
	for ref, img := range map[string]v1.Image{
		"oci:" + dir + ":t0": a,
		dir + ":t1":          b,
		"oci:" + dir + "@" + digestOfImageTB(t, b): b,
		dir + "@" + digestOfImageTB(t, a):          a,
	} {
		im := open(t, ref, Options{})
		if im.Kind != "oci" || im.Digest != digestOfImageTB(t, img) {
			t.Errorf("%s: %s %s", ref, im.Kind, im.Digest)
		}
		if img == a {
			if diff := cmp.Diff(want, contents(t, im)); diff != "" {
				t.Error(diff)
			}
		}
	}
	var ambiguous *AmbiguousError
	if err := openErr(t, dir, Options{}); !errors.As(err, &ambiguous) || len(ambiguous.Names) != 2 || !strings.Contains(err.Error(), "t1") {
		t.Errorf("no tag: %v", err)
	}
	if err := openErr(t, "oci:"+dir+":t9", Options{}); !errors.Is(err, ErrNotFound) || !strings.Contains(err.Error(), "t0") {
		t.Errorf("no such tag: %v", err)
	}
	if tags := open(t, dir+":t1", Options{}).Tags; len(tags) != 1 || tags[0] != "t1" {
		t.Errorf("tags %q", tags)
	}
}

func digestOfImageTB(t testing.TB, img v1.Image) string {
	t.Helper()
	h, err := img.Digest()
	if err != nil {
		t.Fatal(err)
	}
	return h.String()
}

func TestLayoutOfOtherTools(t *testing.T) {
	need(t, "skopeo", "umoci")
	src := testLayout(t, testImage(t, "amd64"))
	dir := t.TempDir()
	for name, args := range map[string][]string{
		"directory":   {"copy", "-q", "--insecure-policy", "oci:" + src + ":t0", "oci:" + dir + "/skopeo:tag"},
		"oci archive": {"copy", "-q", "--insecure-policy", "oci:" + src + ":t0", "oci-archive:" + dir + "/oci.tar:tag"},
		"zstd":        {"copy", "-q", "--insecure-policy", "--dest-compress-format", "zstd", "oci:" + src + ":t0", "oci:" + dir + "/zstd:tag"},
		"docker":      {"copy", "-q", "--insecure-policy", "oci:" + src + ":t0", "docker-archive:" + dir + "/docker.tar:example.com/a/b:tag"},
	} {
		t.Log(name)
		run(t, "skopeo", args...)
	}
	run(t, "umoci", "init", "--layout", dir+"/umoci")
	run(t, "umoci", "new", "--image", dir+"/umoci:tag")
	writeFile(t, dir+"/rootfs/etc/hosts", "x")
	run(t, "umoci", "insert", "--rootless", "--image", dir+"/umoci:tag", dir+"/rootfs/etc", "/etc")

	want := [][]string{{"etc/os-release", "base"}, {"app-amd64"}}
	for ref, kind := range map[string]string{
		dir + "/skopeo": "oci", dir + "/oci.tar": "oci-archive", dir + "/oci.tar:tag": "oci-archive",
		dir + "/docker.tar": "docker-archive", "docker-archive:" + dir + "/docker.tar:example.com/a/b:tag": "docker-archive",
		"docker-archive:" + dir + "/docker.tar:tag": "docker-archive",
	} {
		im := open(t, ref, Options{})
		if im.Kind != kind {
			t.Errorf("%s: kind %s", ref, im.Kind)
		}
		if diff := cmp.Diff(want, contents(t, im)); diff != "" {
			t.Errorf("%s: %s", ref, diff)
		}
		if im.ConfigDigest == "" || (im.Digest == "") != (kind == "docker-archive") {
			t.Errorf("%s: digest %q, configuration %q", ref, im.Digest, im.ConfigDigest)
		}
	}
	if mt := open(t, dir+"/zstd", Options{}).Layers[0].Descriptor().MediaType; !strings.HasSuffix(mt, "zstd") {
		t.Errorf("zstd layer has media type %s", mt)
	}
	if diff := cmp.Diff([][]string{{"etc/hosts"}}, contents(t, open(t, dir+"/umoci:tag", Options{}))); diff != "" {
		t.Error(diff)
	}
}

func TestLayoutRefuses(t *testing.T) {
	secret := filepath.Join(t.TempDir(), "secret")
	config := []byte(`{"os":"linux","architecture":"amd64","rootfs":{"diff_ids":[]}}`)
	manifestOf := func(layer string) string {
		return `{"schemaVersion":2,"config":{"mediaType":"` + typeOCIConfig + `","digest":"` + digestOf(config) + `","size":1},"layers":[` + layer + `]}`
	}
	zeros := strings.Repeat("0", 64)
	for name, c := range map[string]struct {
		manifest string
		want     error
	}{
		"traversal":     {manifestOf(`{"digest":"sha256:../../../secret","size":1}`), ErrCorrupt},
		"no digest":     {manifestOf(`{"size":1}`), ErrCorrupt},
		"short":         {manifestOf(`{"digest":"sha512:` + zeros + `"}`), ErrCorrupt},
		"md5":           {manifestOf(`{"digest":"md5:` + zeros[:32] + `"}`), ErrCorrupt},
		"upper case":    {manifestOf(`{"digest":"sha256:` + strings.Repeat("A", 64) + `"}`), ErrCorrupt},
		"negative size": {manifestOf(`{"digest":"sha256:` + zeros + `","size":-1}`), ErrCorrupt},
		"many layers":   {manifestOf(strings.TrimSuffix(strings.Repeat(`{"digest":"sha256:`+zeros+`"},`, maxLayers+1), ",")), ErrLimit},
		"very many":     {manifestOf(strings.TrimSuffix(strings.Repeat(`{},`, maxItems+1), ",")), ErrLimit},
		"too large":     {`{"schemaVersion":2,"x":"` + strings.Repeat("x", maxManifest) + `"}`, ErrLimit},
		"no JSON":       {`{`, ErrCorrupt},
		"a list":        {`[]`, ErrCorrupt},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			writeBlob(t, dir, config)
			writeIndex(t, dir, descriptor{MediaType: typeOCIManifest, Digest: writeBlob(t, dir, []byte(c.manifest))})
			if err := openErr(t, dir, Options{}); !errors.Is(err, c.want) {
				t.Errorf("%v", err)
			}
		})
	}
	t.Run("symlinked blob", func(t *testing.T) {
		dir := t.TempDir()
		layer := tarOf(t, "a", "b")
		writeFile(t, secret, string(layer))
		writeBlob(t, dir, config)
		writeIndex(t, dir, descriptor{MediaType: typeOCIManifest, Digest: writeBlob(t, dir, []byte(manifestOf(`{"digest":"`+digestOf(layer)+`","size":1}`)))})
		if err := os.Symlink(secret, filepath.Join(dir, "blobs", strings.Replace(digestOf(layer), ":", "/", 1))); err != nil {
			t.Fatal(err)
		}
		im := open(t, dir, Options{})
		if _, _, err := walkLayer(t.Context(), im.Layers[0]); err == nil || !strings.Contains(err.Error(), "escapes") {
			t.Errorf("followed a link out of the layout: %v", err)
		}
	})
	t.Run("nested indexes", func(t *testing.T) {
		dir := t.TempDir()
		inner := descriptor{MediaType: typeOCIIndex, Digest: writeBlob(t, dir, []byte(`{"schemaVersion":2,"mediaType":"`+typeOCIIndex+`","manifests":[]}`))}
		for range maxNesting + 1 {
			data, _ := json.Marshal(map[string]any{"schemaVersion": 2, "mediaType": typeOCIIndex, "manifests": []descriptor{inner}})
			inner.Digest = writeBlob(t, dir, data)
		}
		writeIndex(t, dir, inner)
		if err := openErr(t, dir, Options{}); !errors.Is(err, ErrLimit) {
			t.Errorf("%v", err)
		}
	})
}

// A layer that cannot be read does not keep the others from being read.
func TestLayoutOddLayers(t *testing.T) {
	dir := t.TempDir()
	layer := tarOf(t, "a", "b")
	config := writeBlob(t, dir, []byte(`{"os":"linux","architecture":"amd64","rootfs":{"diff_ids":[]}}`))
	digest, size := writeBlob(t, dir, layer), strconv.Itoa(len(layer))
	manifest := `{"schemaVersion":2,"config":{"mediaType":"` + typeOCIConfig + `","digest":"` + config + `","size":1},"layers":[
		{"mediaType":"application/vnd.oci.image.layer.v1.tar+gzip+encrypted","digest":"` + digest + `","size":` + size + `},
		{"mediaType":"application/vnd.oci.image.layer.v1.tar","digest":"` + digest + `","size":` + size + `},
		{"mediaType":"application/vnd.oci.image.layer.v1.tar","digest":"` + digest + `","size":` + size + `}]}`
	writeIndex(t, dir, descriptor{MediaType: typeOCIManifest, Digest: writeBlob(t, dir, []byte(manifest))})
	im := open(t, dir, Options{})
	if len(im.Layers) != 3 || len(im.Warnings) != 2 {
		t.Fatalf("%d layers, warnings %q", len(im.Layers), im.Warnings)
	}
	if _, _, err := walkLayer(t.Context(), im.Layers[0]); err == nil || !strings.Contains(err.Error(), "encrypted") {
		t.Errorf("encrypted layer: %v", err)
	}
	for _, l := range im.Layers[1:] {
		if paths, _, err := walkLayer(t.Context(), l); err != nil || len(paths) != 1 {
			t.Errorf("%q %v", paths, err)
		}
	}
}
