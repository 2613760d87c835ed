package image

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
)

func appended(t testing.TB, layers ...v1.Layer) v1.Image {
	t.Helper()
	img, err := mutate.ConfigFile(mutate.ConfigMediaType(mutate.MediaType(empty.Image, typeOCIManifest), typeOCIConfig), &v1.ConfigFile{OS: "linux", Architecture: "amd64"})
	if err == nil {
		img, err = mutate.AppendLayers(img, layers...)
	}
	if err != nil {
		t.Fatal(err)
	}
	return img
}

// What a reference without a prefix is, its name in the file system decides.
func TestOpenGuesses(t *testing.T) {
	dir := t.TempDir()
	writeFile(t, dir+"/app/package-lock.json", "{}")
	writeFile(t, dir+"/root/etc/os-release", "ID=x")
	writeFile(t, dir+"/apk/lib/apk/db/installed", "")
	writeFile(t, dir+"/saved.tar", string(dockerSave(t, "l")))
	layout := testLayout(t, testImageSmall(t))
	t.Chdir(dir)
	for ref, kind := range map[string]string{
		"app": "dir", "./app": "dir", dir + "/app": "dir", "rootfs:app": "rootfs", "root": "rootfs", "dir:root": "dir", "apk/": "rootfs",
		"saved.tar": "docker-archive", "saved.tar:a/b:1": "docker-archive", layout: "oci", layout + ":t0": "oci",
	} {
		im := open(t, ref, Options{})
		if im.Kind != kind || len(im.Layers) != 1 {
			t.Errorf("%s: %s with %d layers, want %s", ref, im.Kind, len(im.Layers), kind)
		}
		contents(t, im)
	}
	if err := openErr(t, "./missing", Options{}); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("missing path: %v", err)
	}
	if err := openErr(t, "dir:saved.tar", Options{}); !strings.Contains(err.Error(), "not a directory") {
		t.Errorf("file as directory: %v", err)
	}
}

func TestOpenLeavesBillsOfMaterials(t *testing.T) {
	dir := t.TempDir()
	for name, content := range map[string]string{
		"cdx.json": ` {"bomFormat":"CycloneDX","specVersion":"1.6"}`, "cdx.xml": `<?xml version="1.0"?><bom xmlns="http://cyclonedx.org/schema/bom/1.6"/>`,
		"spdx.json": "\ufeff" + `{"spdxVersion":"SPDX-2.3"}`, "x.spdx": "SPDXVersion: SPDX-2.3\n",
	} {
		writeFile(t, dir+"/"+name, content)
		for _, prefix := range []string{"", "sbom:"} {
			var sbom *SBOMError
			if err := openErr(t, prefix+dir+"/"+name, Options{}); !errors.As(err, &sbom) || sbom.Path != dir+"/"+name {
				t.Errorf("%s%s: %v", prefix, name, err)
			}
		}
	}
	if err := openErr(t, "sbom:"+dir+"/none", Options{}); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("missing: %v", err)
	}
	writeFile(t, dir+"/other.json", `{"a":1}`)
	var sbom *SBOMError
	if err := openErr(t, dir+"/other.json", Options{}); errors.As(err, &sbom) {
		t.Error("any JSON is a bill of materials")
	}
}

// The error names every place that was asked.
func TestOpenTellsWhatWasTried(t *testing.T) {
	srv, host := newTestRegistry(t)
	_ = srv
	var asked []string
	err := openErr(t, host+"/no/such:1", Options{Progress: func(e Event) {
		if e.Stage == "try" {
			asked = append(asked, e.Name)
		}
	}})
	var failed *OpenError
	if !errors.As(err, &failed) {
		t.Fatal(err)
	}
	var tried []string
	for _, one := range failed.Tried {
		tried = append(tried, one.Kind)
	}
	want := []string{"docker", "podman", "containerd", "registry"}
	if diff := cmp.Diff(want, tried); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(want, asked); diff != "" {
		t.Error(diff)
	}
	if !errors.Is(err, ErrNotFound) || !strings.Contains(err.Error(), "NAME_UNKNOWN") {
		t.Errorf("%v", err)
	}
	if hint := Hint(openErr(t, "registry:"+host+"/x@sha256:12", Options{})); !strings.Contains(hint, "digest") {
		t.Errorf("hint %q", hint)
	}
	if hint := (&OpenError{Ref: "docker:24", Tried: []Try{{"docker", ErrNotFound}}}).Hint(); !strings.Contains(hint, "library/docker:24") {
		t.Errorf("hint %q", hint)
	}
}

func TestOpenHost(t *testing.T) {
	root := t.TempDir()
	for _, name := range []string{"etc/os-release", "proc/1/status", "var/lib/docker/x", "opt/app", "run/x"} {
		writeFile(t, root+"/"+name, "x")
	}
	im := open(t, "host", Options{HostRoot: root})
	if diff := cmp.Diff([][]string{{"etc/os-release", "opt/app"}}, contents(t, im)); diff != "" || im.Kind != "host" {
		t.Error(im.Kind, diff)
	}
	openErr(t, "host", Options{HostRoot: root + "/none"})

	im = open(t, "host", Options{})
	stop := errors.New("enough")
	seen := map[string]bool{}
	_, err := im.Layers[0].Walk(context.Background(), DefaultLimits(), func(e *Entry, _ *Body) error {
		top, _, _ := strings.Cut(e.Path, "/")
		if seen[top] = true; len(seen) > 8 {
			return stop
		}
		return nil
	})
	if err != nil && !errors.Is(err, stop) || seen["proc"] || seen["sys"] || seen["dev"] || !seen["etc"] {
		t.Errorf("%v %v", seen, err)
	}
}

func TestParseMounts(t *testing.T) {
	const table = `27 1 254:0 / / rw - ext4 /dev/vda rw
22 27 0:21 / /proc rw - proc proc rw
30 27 254:1 / /home rw shared:1 - xfs /dev/vdb rw
31 27 254:0 /srv/data /mnt/again rw - ext4 /dev/vda rw
32 27 0:50 / /mnt/with\040space rw - nfs4 server:/x rw
33 27 0:51 /sub /mnt/subvolume rw - btrfs /dev/vdc rw
34 27 0:52 / /mnt/merged rw - overlay overlay rw
35 27 254:2 / /media/usb rw - vfat /dev/sda1 rw
bad line
`
	for root, want := range map[string][]string{
		"/":    {"proc", "mnt/again", "mnt/with space", "mnt/merged"},
		"/mnt": {"with space", "merged"},
	} {
		got, err := parseMounts(strings.NewReader(table), root)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", root, diff)
		}
	}
}

func FuzzMounts(f *testing.F) {
	f.Add("27 1 254:0 / / rw - ext4 /dev/vda rw\n30 27 254:1 / /a\\040b rw shared:1 - xfs /dev/vdb rw\n")
	f.Fuzz(func(t *testing.T, table string) {
		skip, err := parseMounts(strings.NewReader(table), "/")
		for _, path := range skip {
			if err == nil && !filepath.IsLocal(path) {
				t.Errorf("outside: %q", path)
			}
		}
	})
}

// Whoever errs is told the next step.
func TestOpenHints(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	writeFile(t, dir+"/text", "hello")
	writeFile(t, dir+"/tree/a", "hello")
	writeFile(t, dir+"/saved.tar", string(dockerSave(t, "l")))
	_, host := newTestRegistry(t)
	push(t, host+"/a:1", testImageSmall(t))
	for ref, want := range map[string]string{
		"":                           "a path, or host",
		"dir:":                       "a path, or host",
		"dokcer:alpine:3":            "did you mean docker:alpine:3?",
		"docker-archve:x.tar":        "did you mean docker-archive:x.tar?",
		"ociarchive:x.tar":           "did you mean oci-archive:x.tar?",
		"regsitry:a/b":               "did you mean registry:a/b?",
		"missing.tar":                "no file or directory of that name in " + dir,
		"docker-archive:missing.tar": "no file or directory of that name in " + dir,
		"rootfs:/no/such":            "check the path",
		"oci:tree":                   "write rootfs:PATH or dir:PATH",
		"oci-archive:text":           "docker save, podman save or skopeo copy",
		"saved.tar:other":            "tag or digest",
		"docker:alpine":              "set DOCKER_HOST to its address; from its registry the image is registry:alpine",
		"podman:alpine":              "set CONTAINER_HOST",
		"containerd:alpine":          "set CONTAINERD_ADDRESS",
		"container:web":              "start Docker, Podman or containerd",
		"registry:UPPER/case":        "the name in lower case",
		"registry:127.0.0.1:1/a:1":   "check host and port",
		"registry:" + host + "/a:2":  "name and tag",
		"docker:24":                  "docker.io/library/docker:24",
	} {
		err := openErr(t, ref, Options{Retries: -1})
		if hint := Hint(err); !strings.Contains(hint, want) {
			t.Errorf("%s: %v\nhint %q, want %q", ref, err, hint, want)
		}
	}
}

func TestLikeKind(t *testing.T) {
	for word, want := range map[string]string{
		"docker": "", "dokcer": "docker", "dockerarchive": "docker-archive", "containred": "containerd", "contaner": "container",
		"alpine": "", "localhost": "", "redis": "", "node": "", "rotfs": "rootfs", "dri": "dir", "oic": "oci",
	} {
		if got := likeKind(word); got != want {
			t.Errorf("%s: %q, want %q", word, got, want)
		}
	}
}
