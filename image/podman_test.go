package image

import (
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// podmanStore points Podman, in this process and its children, at a private
// store, and returns a podman command for it.
func podmanStore(t *testing.T) (dir string, podman func(args ...string) string) {
	t.Helper()
	needRoot(t)
	need(t, "podman", "runc")
	dir = shortTemp(t)
	writeFile(t, dir+"/containers.conf", `[containers]
default_ulimits = ["nofile=20000:20000", "nproc=32768:32768"]
[engine]
cgroup_manager = "cgroupfs"
events_logger = "file"
runtime = "runc"
tmp_dir = "`+dir+`/tmp"
`)
	writeFile(t, dir+"/storage.conf", `[storage]
driver = "overlay"
graphroot = "`+dir+`/graph"
runroot = "`+dir+`/run"
`)
	t.Setenv("CONTAINERS_CONF", dir+"/containers.conf")
	t.Setenv("CONTAINERS_STORAGE_CONF", dir+"/storage.conf")
	t.Setenv("XDG_RUNTIME_DIR", dir)
	t.Setenv("CONTAINER_HOST", "")
	os.Unsetenv("CONTAINER_HOST")
	return dir, func(args ...string) string {
		t.Helper()
		out, err := exec.Command("podman", args...).Output()
		if err != nil {
			stderr := ""
			if exit := new(exec.ExitError); errors.As(err, &exit) {
				stderr = string(exit.Stderr)
			}
			t.Fatalf("podman %s: %v %s", strings.Join(args, " "), err, stderr)
		}
		return strings.TrimSpace(string(out))
	}
}

func TestPodman(t *testing.T) {
	dir, podman := podmanStore(t)
	img := busyboxImage(t)
	podman("load", "-q", "-i", saved(t, img, "test/busy:1"))
	sock := dir + "/p.sock"
	service := Options{PodmanHost: "unix://" + sock}
	command := Options{PodmanHost: ""}

	for name, opts := range map[string]*Options{"command": &command, "service": &service} {
		t.Run(name, func(t *testing.T) {
			if name == "service" {
				daemon(t, sock, "podman", "system", "service", "--time=0", "unix://"+sock)
			}
			testPodman(t, *opts, name == "command", podman)
		})
	}
	t.Run("import", func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "rootfs.tar")
		if err := os.WriteFile(path, tarOf(t, "etc/os-release", "ID=x"), 0o644); err != nil {
			t.Fatal(err)
		}
		podman("import", "-q", path, "imported:1")
		daemon(t, sock, "podman", "system", "service", "--time=0", "unix://"+sock)
		if diff := cmp.Diff([][]string{{"etc/os-release"}}, contents(t, open(t, "podman:localhost/imported:1", service))); diff != "" {
			t.Error(diff)
		}
	})
	t.Run("archive", func(t *testing.T) {
		for _, format := range []string{"docker-archive", "oci-archive"} {
			path := filepath.Join(t.TempDir(), format)
			podman("save", "-q", "--format", format, "-o", path, "test/busy:1")
			im := open(t, path, Options{})
			if im.Kind != format {
				t.Errorf("kind %s, want %s", im.Kind, format)
			}
			if diff := cmp.Diff([][]string{{"bin/busybox"}, {"etc/os-release", "etc/gone"}}, contents(t, im)); diff != "" {
				t.Error(diff)
			}
		}
		both := filepath.Join(t.TempDir(), "both.tar")
		podman("tag", "test/busy:1", "other:2")
		podman("import", "-q", saved(t, img, "test/busy:1"), "third:3")
		podman("save", "-q", "-m", "-o", both, "test/busy:1", "third:3")
		var ambiguous *AmbiguousError
		if err := openErr(t, both, Options{}); !errors.As(err, &ambiguous) || len(ambiguous.Names) != 2 {
			t.Errorf("two images: %v", err)
		}
		if n := len(open(t, both+":test/busy:1", Options{}).Layers); n != 2 {
			t.Errorf("by tag: %d layers", n)
		}
	})
}

func testPodman(t *testing.T, opts Options, byCommand bool, podman func(...string) string) {
	if byCommand {
		e, err := podmanEngine(&opts)
		if err != nil {
			t.Fatal(err)
		}
		if _, ok := e.(podmanCommand); !ok {
			t.Fatalf("engine %T, want the command", e)
		}
		opts.PodmanHost = viaCommand
	}
	img := busyboxImage(t)
	testEngine(t, "podman", "podman:localhost/test/busy:1", img, opts)
	testEngine(t, "podman", "podman:test/busy:1", img, opts)
	if err := openErr(t, "podman:localhost/none:1", opts); !errors.Is(err, ErrNotFound) {
		t.Errorf("missing image: %v", err)
	}
	id := podman("run", "-d", "--net=none", "--name", "c1", "localhost/test/busy:1")
	defer podman("rm", "-f", "-t", "0", "c1")
	podman("exec", "c1", "/bin/busybox", "sh", "-c", "echo new > /etc/new; rm /etc/gone")
	testContainer(t, id, opts)
	testContainer(t, "c1", opts)

	real := isolated(t, opts)
	e, err := podmanEngine(&real)
	must(t, err)
	defer e.close()
	all := container{name: "c1", files: func(ctx context.Context) (io.ReadCloser, error) { return e.files(ctx, id) }}
	im, err := all.onto(nil, ErrNotFound, &real)
	must(t, err)
	files := contents(t, im)[0]
	if !slices.Contains(files, "etc/new") || !slices.Contains(files, "bin/busybox") || slices.Contains(files, "etc/gone") {
		t.Errorf("all files: %q", files)
	}
}
