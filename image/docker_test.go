package image

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-containerregistry/pkg/name"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/tarball"
)

// needRoot skips what only the machine's owner can do.
func needRoot(t testing.TB) {
	t.Helper()
	if os.Getuid() != 0 {
		t.Skip("needs root: it starts a container engine")
	}
}

// daemon starts a program and stops it, and only it, with the test. It waits
// until the socket accepts connections.
func daemon(t testing.TB, socket, program string, args ...string) {
	t.Helper()
	log, err := os.Create(filepath.Join(t.TempDir(), "log"))
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(program, args...)
	cmd.Stdout, cmd.Stderr = log, log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cmd.Process.Signal(syscall.SIGTERM)
		kill := time.AfterFunc(20*time.Second, func() { cmd.Process.Kill() })
		cmd.Wait()
		kill.Stop()
		log.Close()
	})
	for range 300 {
		if a, err := dialAPI(unixAddresses(socket)[0], ""); err == nil {
			a.close()
			return
		}
		time.Sleep(100 * time.Millisecond)
	}
	said, _ := os.ReadFile(log.Name())
	t.Fatalf("%s does not start: %s", program, said[max(0, len(said)-1000):])
}

// shortTemp is a temporary directory with a path short enough for sockets,
// from which mounts that an engine left are removed.
func shortTemp(t testing.TB) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "bs")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		mounts, _ := os.ReadFile("/proc/self/mounts")
		lines := strings.Split(string(mounts), "\n")
		for _, line := range slices.Backward(lines) {
			if f := strings.Fields(line); len(f) > 1 && strings.HasPrefix(f[1], dir+"/") {
				syscall.Unmount(f[1], syscall.MNT_DETACH)
			}
		}
		os.RemoveAll(dir)
	})
	return dir
}

// busyboxImage is an image that a container can be started from: busybox below,
// a file with it, and a history.
func busyboxImage(t testing.TB) v1.Image {
	t.Helper()
	need(t, "busybox")
	path, _ := exec.LookPath("busybox")
	binary, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	img, err := mutate.ConfigFile(empty.Image, &v1.ConfigFile{
		OS: "linux", Architecture: defaultPlatform().Architecture,
		Config: v1.Config{Cmd: []string{"/bin/busybox", "sleep", "1000"}, Env: []string{"PATH=/bin"}, Labels: map[string]string{"k": "v"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	img, err = mutate.Append(img,
		mutate.Addendum{Layer: layerOf(t, "bin/busybox", string(binary)), History: v1.History{CreatedBy: "/bin/sh -c #(nop) ADD file:abc in / "}},
		mutate.Addendum{History: v1.History{CreatedBy: "ENV PATH=/bin", EmptyLayer: true}},
		mutate.Addendum{Layer: layerOf(t, "etc/os-release", "ID=test", "etc/gone", "x"), History: v1.History{CreatedBy: "COPY etc /etc # buildkit"}},
	)
	if err != nil {
		t.Fatal(err)
	}
	return img
}

// saved writes an image as "docker save" would and returns the archive's path.
func saved(t testing.TB, img v1.Image, tag string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "saved.tar")
	ref, err := name.NewTag(tag)
	if err != nil {
		t.Fatal(err)
	}
	if err := tarball.WriteToFile(path, ref, img); err != nil {
		t.Fatal(err)
	}
	return path
}

// startDocker starts a private dockerd with further arguments, and returns its
// address and a docker command for it.
func startDocker(t testing.TB, args ...string) (host string, docker func(args ...string) string) {
	t.Helper()
	needRoot(t)
	need(t, "dockerd", "docker", "containerd", "runc")
	dir := shortTemp(t)
	sock := dir + "/d.sock"
	writeFile(t, dir+"/runc", privateRunc)
	writeFile(t, dir+"/daemon.json", "{}")
	daemon(t, sock, "dockerd", append(args, "--data-root", dir+"/data", "--exec-root", dir+"/exec", "--pidfile", dir+"/pid",
		"--host", "unix://"+sock, "--bridge=none", "--iptables=false", "--ip6tables=false", "--config-file", dir+"/daemon.json",
		"--add-runtime", "private="+dir+"/runc", "--default-runtime", "private", "--storage-driver", "overlay2")...)
	return "unix://" + sock, func(args ...string) string {
		return strings.TrimSpace(run(t, "docker", append([]string{"--host", "unix://" + sock}, args...)...))
	}
}

// privateRunc calls runc after taking from a container's configuration what a
// machine may not allow: raising limits, and protection from the OOM killer.
const privateRunc = `#!/bin/sh
for arg; do
  [ "$prev" = --bundle ] && sed -i -e 's/"CAP_SYS_RESOURCE",\?//g' -e 's/"oomScoreAdj":-[0-9]*,\?//' -e 's/"rlimits":\[[^]]*\],\?//' "$arg/config.json"
  prev=$arg
done
exec runc "$@"
`

// testEngine opens an image of an engine by ref, and checks that what the
// engine says is what the image is. kind is the engine's.
func testEngine(t *testing.T, kind, ref string, want v1.Image, opts Options) {
	t.Helper()
	exports := 0
	opts.Progress = func(e Event) {
		if e.Stage == "export" && e.Bytes == 0 || e.Stage == "export" && exports == 0 {
			exports++
		}
	}
	im := open(t, ref, opts)
	cfg, _ := want.ConfigFile()
	if im.Kind != kind || im.Platform != "linux/"+cfg.Architecture || im.Config.Labels["k"] != "v" || len(im.Config.History) != 3 {
		t.Errorf("kind %s, platform %s, configuration %+v", im.Kind, im.Platform, im.Config)
	}
	if !slices.ContainsFunc(im.Tags, func(tag string) bool { return strings.HasSuffix(tag, "test/busy:1") }) {
		t.Errorf("tags %q", im.Tags)
	}
	if len(im.Layers) != 2 {
		t.Fatalf("%d layers", len(im.Layers))
	}
	for i, by := range []string{"ADD file:abc in /", "COPY etc /etc"} {
		d := im.Layers[i].Descriptor()
		if d.CreatedBy != by || d.DiffID != cfg.RootFS.DiffIDs[i].String() {
			t.Errorf("layer %d: %+v", i, d)
		}
		if trusted := kind == "docker"; d.Trusted != trusted {
			t.Errorf("layer %d: trusted %v", i, d.Trusted)
		}
	}
	if exports != 0 {
		t.Error("exported before a layer was read")
	}
	if diff := cmp.Diff([][]string{{"bin/busybox"}, {"etc/os-release", "etc/gone"}}, contents(t, im)); diff != "" {
		t.Error(diff)
	}
}

func TestDocker(t *testing.T) {
	host, docker := startDocker(t)
	img := busyboxImage(t)
	docker("load", "-i", saved(t, img, "test/busy:1"))
	opts := Options{DockerHost: host}
	testEngine(t, "docker", "docker:test/busy:1", img, opts)
	testEngine(t, "docker", "test/busy:1", img, opts)
	id, _ := img.ConfigName()
	testEngine(t, "docker", "docker:"+id.String(), img, opts)
	testEngine(t, "docker", "docker:"+id.Hex[:12], img, opts)

	err := openErr(t, "docker:test/none:1", opts)
	if !errors.Is(err, ErrNotFound) {
		t.Errorf("missing image: %v", err)
	}
	openErr(t, "docker:../../containers/json", opts)
	var platform *PlatformError
	if err := openErr(t, "docker:test/busy:1", Options{DockerHost: host, Platform: "linux/s390x"}); !errors.As(err, &platform) {
		t.Errorf("other platform: %v", err)
	}

	t.Run("registry", func(t *testing.T) {
		_, reg := newTestRegistry(t)
		docker("tag", "test/busy:1", reg+"/x/busy:2")
		docker("push", "-q", reg+"/x/busy:2")
		im := open(t, "docker:"+reg+"/x/busy:2", opts)
		if want := open(t, "registry:"+reg+"/x/busy:2", opts).Digest; im.Digest != want {
			t.Errorf("digest %s, in the registry %s", im.Digest, want)
		}
	})
	t.Run("archive", func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "out.tar")
		docker("save", "-o", path, "test/busy:1")
		if diff := cmp.Diff([][]string{{"bin/busybox"}, {"etc/os-release", "etc/gone"}}, contents(t, open(t, path, Options{}))); diff != "" {
			t.Error(diff)
		}
	})
	t.Run("history", func(t *testing.T) {
		dir := t.TempDir()
		writeFile(t, dir+"/Dockerfile", "FROM test/busy:1\nWORKDIR /new\nENV A=b\nCOPY f /f\nUSER 1\nCMD [\"x\"]\n")
		writeFile(t, dir+"/f", "f")
		docker("build", "-q", "-t", "built:1", dir)
		var got []string
		for _, l := range open(t, "docker:built:1", opts).Layers {
			word, _, _ := strings.Cut(l.Descriptor().CreatedBy, " ")
			got = append(got, word)
		}
		if diff := cmp.Diff([]string{"ADD", "COPY", "WORKDIR", "COPY"}, got); diff != "" {
			t.Error(diff)
		}
	})
	t.Run("container", func(t *testing.T) {
		id := docker("run", "-d", "--net=none", "--name", "c1", "test/busy:1")
		docker("exec", "c1", "/bin/busybox", "sh", "-c", "echo new > /etc/new; rm /etc/gone")
		testContainer(t, id, opts)
		testContainer(t, "c1", opts)
		docker("kill", "c1")
		testContainer(t, "c1", opts)
		docker("rm", "c1")
		openErr(t, "container:c1", opts)
	})
}

// testContainer opens a container of busyboxImage that made /etc/new and
// removed /etc/gone.
func testContainer(t *testing.T, id string, opts Options) {
	t.Helper()
	im := open(t, "container:"+id, opts)
	if im.Kind != "container" || im.Name != id || len(im.Layers) != 3 {
		t.Fatalf("%s %s: %d layers, warnings %q", im.Kind, im.Name, len(im.Layers), im.Warnings)
	}
	if !slices.ContainsFunc(im.Tags, func(tag string) bool { return strings.HasSuffix(tag, "test/busy:1") }) {
		t.Errorf("tags %q", im.Tags)
	}
	found := map[string]Type{}
	_, err := im.Layers[2].Walk(t.Context(), DefaultLimits(), func(e *Entry, _ *Body) error {
		found[e.Path] = e.Type
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if found["etc/new"] != File || found["etc/gone"] != Whiteout {
		t.Errorf("changes: %v", found)
	}
	if paths := contents(t, im)[0]; !slices.Contains(paths, "bin/busybox") {
		t.Errorf("lowest layer has %q", paths)
	}
}

func TestNoEngine(t *testing.T) {
	err := openErr(t, "docker:alpine", Options{})
	if !errors.Is(err, ErrNoEngine) {
		t.Errorf("docker: %v", err)
	}
	for _, host := range []string{"ssh://me@there", "nonsense"} {
		var unsupported *UnsupportedError
		if err := openErr(t, "docker:alpine", Options{DockerHost: host}); !errors.As(err, &unsupported) {
			t.Errorf("%s: %v", host, err)
		}
	}
}

func TestHistoryOf(t *testing.T) {
	steps := []engineStep{ // newest first
		{CreatedBy: `/bin/sh -c #(nop)  CMD ["x"]`},
		{CreatedBy: "/bin/sh -c true"},
		{CreatedBy: "/bin/sh -c #(nop) WORKDIR /"},
		{CreatedBy: "/bin/sh -c #(nop) ADD file:1 in /", Size: 10},
	}
	for n, want := range map[int][]string{
		3: {"ADD file:1 in /", "WORKDIR /", "RUN true"},
		2: {"ADD file:1 in /", "RUN true"},
		1: {"ADD file:1 in /"},
		7: {"", "", "", "", "", "", ""},
	} {
		cfg := imageConfig{History: historyOf(steps, n)}
		if diff := cmp.Diff(want, instructions(cfg.public().History, n)); diff != "" {
			t.Errorf("%d layers: %s", n, diff)
		}
	}
}
