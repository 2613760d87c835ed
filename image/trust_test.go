package image

import (
	"encoding/json"
	"errors"
	"os/exec"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// lyingLayout is an image of which the only layer holds etc/evil while its
// configuration claims the diff ID of the layer of etc/clean.
func lyingLayout(t testing.TB) string {
	t.Helper()
	evil := gzipped(t, tarOf(t, "etc/evil", "x"))
	dir := shortTemp(t) + "/lying"
	config := `{"os":"linux","architecture":"` + defaultPlatform().Architecture + `","config":{},"rootfs":{"type":"layers","diff_ids":["` + digestOf(tarOf(t, "etc/clean", "x")) + `"]}}`
	manifest := `{"schemaVersion":2,"mediaType":"` + typeOCIManifest + `","config":{"mediaType":"` + typeOCIConfig + `","digest":"` + writeBlob(t, dir, []byte(config)) + `","size":` + strconv.Itoa(len(config)) + `},
		"layers":[{"mediaType":"application/vnd.oci.image.layer.v1.tar+gzip","digest":"` + writeBlob(t, dir, evil) + `","size":` + strconv.Itoa(len(evil)) + `}]}`
	writeIndex(t, dir, descriptor{MediaType: typeOCIManifest, Digest: writeBlob(t, dir, []byte(manifest)), Size: int64(len(manifest))})
	return dir
}

// Podman takes in an image with a false diff ID and repeats it, in its own API
// and in the one that it offers as Docker's.
func TestPodmanIsNotTrustedWithDiffIDs(t *testing.T) {
	dir, podman := podmanStore(t)
	id := podman("pull", "-q", "oci:"+strings.ToLower(lyingLayout(t)))
	sock := dir + "/p.sock"
	daemon(t, sock, "podman", "system", "service", "--time=0", "unix://"+sock)
	for ref, opts := range map[string]Options{
		"podman:" + id: {PodmanHost: "unix://" + sock}, "docker:" + id: {DockerHost: "unix://" + sock},
	} {
		im := open(t, ref, opts)
		if d := im.Layers[0].Descriptor(); d.Trusted {
			t.Errorf("%s: trusted %+v", ref, d)
		}
		if paths, _, err := walkLayer(t.Context(), im.Layers[0]); !errors.Is(err, ErrDigest) {
			t.Errorf("%s: %q %v", ref, paths, err)
		}
	}
}

// Docker compares diff IDs with the bytes, which is why its own are trusted.
func TestDockerRefusesFalseDiffIDs(t *testing.T) {
	host, _ := startDocker(t)
	config := `{"os":"linux","architecture":"` + defaultPlatform().Architecture + `","config":{},"rootfs":{"type":"layers","diff_ids":["` + digestOf(tarOf(t, "etc/clean", "x")) + `"]}}`
	archive := write(t, tarOf(t, "c.json", config, "l.tar", string(tarOf(t, "etc/evil", "x")), "manifest.json", `[{"Config":"c.json","RepoTags":["a/b:1"],"Layers":["l.tar"]}]`))
	out, err := exec.Command("docker", "--host", host, "load", "-i", archive).CombinedOutput()
	if err == nil || !strings.Contains(string(out), "invalid diffID") {
		t.Errorf("docker load: %v %s", err, out)
	}
}

// twoFaced is an archive whose index.json and manifest.json have the same
// configuration or not, and the layers by the given names.
func twoFaced(t testing.TB, config, layerName string, layers ...[]byte) string {
	t.Helper()
	dir := t.TempDir()
	ociConfig := `{"os":"linux","architecture":"amd64","rootfs":{"diff_ids":["` + digestOf(layers[0]) + `"]}}`
	manifest := `{"schemaVersion":2,"mediaType":"` + typeOCIManifest + `","config":{"mediaType":"` + typeOCIConfig + `","digest":"` + writeBlob(t, dir, []byte(ociConfig)) + `","size":` + strconv.Itoa(len(ociConfig)) + `},
		"layers":[{"mediaType":"application/vnd.oci.image.layer.v1.tar","digest":"` + writeBlob(t, dir, layers[0]) + `","size":` + strconv.Itoa(len(layers[0])) + `}]}`
	writeIndex(t, dir, descriptor{MediaType: typeOCIManifest, Digest: writeBlob(t, dir, []byte(manifest))})
	if config == "" {
		config = ociConfig
	}
	writeFile(t, dir+"/other.tar", string(layers[len(layers)-1]))
	if layerName == "" {
		layerName = "blobs/" + strings.Replace(digestOf(layers[0]), ":", "/", 1)
	}
	saved, err := json.Marshal([]savedImage{{Config: "blobs/" + strings.Replace(writeBlob(t, dir, []byte(config)), ":", "/", 1), RepoTags: []string{"a:1"}, Layers: []string{layerName}}})
	must(t, err)
	writeFile(t, dir+"/manifest.json", string(saved))
	return write(t, ociTar(t, dir))
}

// An archive that shows one image to readers of OCI layouts and another to
// docker load is not taken for either.
func TestArchiveWithTwoFaces(t *testing.T) {
	clean, evil := tarOf(t, "etc/clean", "x"), tarOf(t, "etc/evil", "x")
	evilConfig := `{"os":"linux","architecture":"amd64","rootfs":{"diff_ids":["` + digestOf(evil) + `"]}}`
	for name, path := range map[string]string{
		"other configuration": twoFaced(t, evilConfig, "other.tar", clean, evil),
		"other layer":         twoFaced(t, "", "other.tar", clean, evil),
	} {
		t.Run(name, func(t *testing.T) {
			err := openErr(t, path, Options{})
			if !strings.Contains(err.Error(), "different images") || !strings.Contains(Hint(err), "docker-archive:"+path) {
				t.Errorf("%v, hint %q", err, Hint(err))
			}
			if diff := cmp.Diff([][]string{{"etc/clean"}}, contents(t, open(t, "oci-archive:"+path, Options{}))); diff != "" {
				t.Error(diff)
			}
		})
	}
	im := open(t, twoFaced(t, "", "", clean), Options{})
	if d := im.Layers[0].Descriptor(); im.Kind != "oci-archive" || d.Digest != digestOf(clean) || !d.Claimed {
		t.Errorf("%s %+v", im.Kind, d)
	}
}

// docker load does not look whether a layer has the digest that is its name, so
// the name alone may not stand for it.
func TestArchiveNamesAreClaims(t *testing.T) {
	other := "blobs/" + strings.Replace(digestOf(tarOf(t, "etc/clean", "x")), ":", "/", 1)
	im := open(t, write(t, dockerSave(t, other)), Options{})
	if d := im.Layers[0].Descriptor(); !d.Claimed || d.Digest == "" {
		t.Errorf("%+v", d)
	}
	if _, _, err := walkLayer(t.Context(), im.Layers[0]); !errors.Is(err, ErrDigest) {
		t.Errorf("%v", err)
	}
}
