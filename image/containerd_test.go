package image

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	v1 "github.com/google/go-containerregistry/pkg/v1"
)

// startContainerd starts a private containerd, and returns its socket and a
// ctr command for it.
func startContainerd(t testing.TB) (sock string, ctr func(args ...string) string) {
	t.Helper()
	needRoot(t)
	need(t, "containerd", "ctr", "runc")
	dir := shortTemp(t)
	sock = dir + "/c.sock"
	writeFile(t, dir+"/config.toml", `version = 2
root = "`+dir+`/root"
state = "`+dir+`/state"
oom_score = 0
disabled_plugins = ["io.containerd.grpc.v1.cri"]
[grpc]
  address = "`+sock+`"
[ttrpc]
  address = "`+sock+`.ttrpc"
`)
	daemon(t, sock, "containerd", "--config", dir+"/config.toml")
	return sock, func(args ...string) string {
		return strings.TrimSpace(run(t, "ctr", append([]string{"--address", sock}, args...)...))
	}
}

func TestContainerd(t *testing.T) {
	sock, ctr := startContainerd(t)
	img := busyboxImage(t)
	archive := saved(t, img, "docker.io/test/busy:1")
	ctr("images", "import", archive)
	other := testImage(t, "amd64")
	ctr("--namespace", "k8s.io", "images", "import", ociArchiveOf(t, other))
	opts := Options{Containerd: sock}

	for _, ref := range []string{"containerd:test/busy:1", "containerd:docker.io/test/busy:1", "test/busy:1"} {
		testEngine(t, "containerd", ref, img, opts)
	}
	im := open(t, "containerd:example.com/oci:1", Options{Containerd: sock, Platform: "linux/amd64"})
	if want := digestOfImageTB(t, other); im.Digest != want {
		t.Errorf("digest %s, want %s", im.Digest, want)
	}
	if diff := cmp.Diff([][]string{{"etc/os-release", "base"}, {"app-amd64"}}, contents(t, im)); diff != "" {
		t.Error(diff)
	}
	if err := openErr(t, "containerd:example.com/oci:1", Options{Containerd: sock, Namespace: "default"}); !errors.Is(err, ErrNotFound) {
		t.Errorf("other namespace: %v", err)
	}
	t.Run("container", func(t *testing.T) {
		ctr("run", "-d", "docker.io/test/busy:1", "c1-long-id")
		t.Cleanup(func() {
			ctr("tasks", "rm", "-f", "c1-long-id")
			ctr("containers", "rm", "c1-long-id")
		})
		ctr("tasks", "exec", "--exec-id", "e", "c1-long-id", "/bin/busybox", "sh", "-c", "echo new > /etc/new; rm /etc/gone")
		testContainer(t, "c1-long-id", opts)
		testContainer(t, "c1-lo", opts)

		// Without its image the running root is what is left.
		ctr("images", "rm", "docker.io/test/busy:1")
		im := open(t, "container:c1-long-id", opts)
		if len(im.Layers) != 1 || len(im.Warnings) != 1 || !strings.Contains(im.Warnings[0], "not told apart") {
			t.Fatalf("%d layers, warnings %q", len(im.Layers), im.Warnings)
		}
		if got := strings.Join(contents(t, im)[0], " "); !strings.Contains(got, "etc/new") || strings.Contains(got, "etc/gone") {
			t.Errorf("running root: %s", got)
		}
	})
}

// ociArchiveOf writes an image as an OCI archive under example.com/oci:1.
func ociArchiveOf(t testing.TB, img v1.Image) string {
	t.Helper()
	need(t, "skopeo")
	path := filepath.Join(t.TempDir(), "oci.tar")
	run(t, "skopeo", "copy", "-q", "--insecure-policy", "oci:"+testLayout(t, img)+":t0", "oci-archive:"+path+":example.com/oci:1")
	return path
}
