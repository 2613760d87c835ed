package image

import (
	"archive/tar"
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"io"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-containerregistry/pkg/name"
	"github.com/google/go-containerregistry/pkg/registry"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/remote"
	"github.com/google/go-containerregistry/pkg/v1/static"
	"github.com/google/go-containerregistry/pkg/v1/tarball"
)

// tarOf makes a tar of name, content pairs.
func tarOf(t testing.TB, pairs ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for i := 0; i < len(pairs); i += 2 {
		hdr := &tar.Header{Name: pairs[i], Typeflag: tar.TypeReg, Mode: 0o755, Size: int64(len(pairs[i+1]))}
		if target, ok := strings.CutPrefix(pairs[i+1], "-> "); ok {
			hdr.Typeflag, hdr.Linkname, hdr.Size = tar.TypeSymlink, target, 0
		}
		if err := w.WriteHeader(hdr); err != nil {
			t.Fatal(err)
		}
		if hdr.Size > 0 {
			io.WriteString(w, pairs[i+1])
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// noise is text that does not compress.
func noise(n int) string {
	b := make([]byte, n)
	rand.Read(b)
	return string(b)
}

func layerOf(t testing.TB, pairs ...string) v1.Layer {
	t.Helper()
	data := tarOf(t, pairs...)
	l, err := tarball.LayerFromOpener(func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(data)), nil },
		tarball.WithMediaType("application/vnd.oci.image.layer.v1.tar+gzip"))
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// testImage has two layers and three instructions.
func testImage(t testing.TB, arch string) v1.Image {
	t.Helper()
	img, err := mutate.ConfigFile(mutate.ConfigMediaType(mutate.MediaType(empty.Image, typeOCIManifest), typeOCIConfig), &v1.ConfigFile{
		OS: "linux", Architecture: arch, Author: "someone", Created: v1.Time{Time: time.Unix(1700000000, 0)},
		Config: v1.Config{
			User: "app", Env: []string{"A=b"}, Entrypoint: []string{"/bin/app"}, WorkingDir: "/srv",
			ExposedPorts: map[string]struct{}{"80/tcp": {}}, Labels: map[string]string{"k": "v"},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	img, err = mutate.Append(img,
		mutate.Addendum{Layer: layerOf(t, "etc/os-release", "ID=test", "base", noise(3<<20)), History: v1.History{CreatedBy: "/bin/sh -c #(nop) ADD file:abc in / "}},
		mutate.Addendum{History: v1.History{CreatedBy: `/bin/sh -c #(nop)  CMD ["sh"]`, EmptyLayer: true}},
		mutate.Addendum{Layer: layerOf(t, "app-"+arch, "hello"), History: v1.History{CreatedBy: "RUN /bin/sh -c make install # buildkit", Comment: "buildkit.dockerfile.v0"}},
	)
	if err != nil {
		t.Fatal(err)
	}
	return img
}

// artifact is an OCI artifact that is no image.
func artifact(t testing.TB) v1.Image {
	t.Helper()
	img := mutate.ConfigMediaType(mutate.MediaType(empty.Image, typeOCIManifest), "application/vnd.cncf.helm.config.v1+json")
	img, err := mutate.AppendLayers(img, static.NewLayer([]byte("chart"), "application/vnd.cncf.helm.chart.content.v1.tar+gzip"))
	if err != nil {
		t.Fatal(err)
	}
	return img
}

// push writes an image or index into a registry, "host/name:tag".
func push(t testing.TB, ref string, what any) {
	t.Helper()
	parsed, err := name.ParseReference(ref, name.Insecure)
	if err != nil {
		t.Fatal(err)
	}
	switch what := what.(type) {
	case v1.Image:
		err = remote.Write(parsed, what)
	case v1.ImageIndex:
		err = remote.WriteIndex(parsed, what)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// newTestRegistry starts an empty registry and returns its host:port.
func newTestRegistry(t testing.TB) (*httptest.Server, string) {
	t.Helper()
	srv := httptest.NewServer(registry.New(registry.Logger(quiet)))
	t.Cleanup(srv.Close)
	return srv, strings.TrimPrefix(srv.URL, "http://")
}

// open opens ref as its user would, without this machine's engines, and closes
// it with the test.
func open(t testing.TB, ref string, opts Options) *Image {
	t.Helper()
	im, err := Open(t.Context(), ref, isolated(t, opts))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { im.Close() })
	return im
}

// openErr opens ref and wants an error.
func openErr(t testing.TB, ref string, opts Options) error {
	t.Helper()
	im, err := Open(t.Context(), ref, isolated(t, opts))
	if err == nil {
		im.Close()
		t.Fatalf("opened %s; want an error", ref)
	}
	return err
}

// viaCommand as PodmanHost stands for a host without Podman's service,
// fromEnvironment as DockerHost for whatever the environment says.
const (
	viaCommand      = "command"
	fromEnvironment = "environment"
)

// isolated points what opts leaves open at places that do not exist.
func isolated(t testing.TB, opts Options) Options {
	none := t.TempDir() + "/none"
	for _, addr := range []*string{&opts.DockerHost, &opts.PodmanHost} {
		switch *addr {
		case "":
			*addr = "unix://" + none
		case viaCommand, fromEnvironment:
			*addr = ""
		}
	}
	if opts.Containerd == "" {
		opts.Containerd = none
	}
	if opts.TempDir == "" {
		opts.TempDir = t.TempDir()
	}
	opts.backoff = time.Millisecond
	return opts
}

// contents walks all layers at once and returns the paths of their files.
func contents(t testing.TB, im *Image) [][]string {
	t.Helper()
	all := make([][]string, len(im.Layers))
	errs := make([]error, len(im.Layers))
	var wg sync.WaitGroup
	for i, l := range im.Layers {
		wg.Go(func() { all[i], _, errs[i] = walkLayer(t.Context(), l) })
	}
	wg.Wait()
	if err := errors.Join(errs...); err != nil {
		t.Fatal(err)
	}
	return all
}

func walkLayer(ctx context.Context, l Layer) ([]string, Walked, error) {
	var paths []string
	w, err := l.Walk(ctx, DefaultLimits(), func(e *Entry, _ *Body) error {
		if e.Type == File {
			paths = append(paths, e.Path)
		}
		return nil
	})
	return paths, w, err
}
