package cli

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/layout"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/static"
	"github.com/google/go-containerregistry/pkg/v1/tarball"
	"github.com/google/go-containerregistry/pkg/v1/types"
	"github.com/klauspost/compress/zstd"
)

// limitImages makes OCI layouts that are good by the default limits and not by
// lower ones, and one with a foreign layer on a web server.
func limitImages(t *testing.T) string {
	dir := t.TempDir()
	jar := pack(t, "META-INF/maven/commons-io/commons-io/pom.properties", []byte("version=2.16.1\ngroupId=commons-io\nartifactId=commons-io\n"))
	for range 3 {
		jar = pack(t, "lib/inner.jar", jar)
	}
	random := make([]byte, 9<<20)
	if _, err := rand.Read(random); err != nil {
		t.Fatal(err)
	}
	flat := gzipLayer(t, archiveOf(t, "srv/app.jar", jar, nil))
	for name, add := range map[string]mutate.Addendum{
		"ratio":   {Layer: gzipLayer(t, archiveOf(t, "zeros", make([]byte, 80<<20), nil))},
		"header":  {Layer: gzipLayer(t, archiveOf(t, "a", nil, map[string]string{"BOLTSEAL.note": strings.Repeat("x", 4096)}))},
		"window":  {Layer: zstdLayer(t, archiveOf(t, "random", random, nil))},
		"depth":   {Layer: flat},
		"cache":   {Layer: gzipLayer(t, archiveOf(t, "var/lib/dpkg/status", manyPackages(30_000), nil))},
		"foreign": foreign(t, flat),
	} {
		image, err := mutate.Append(empty.Image, add)
		if err != nil {
			t.Fatal(err)
		}
		index := mutate.AppendManifests(empty.Index, mutate.IndexAddendum{Add: image})
		if _, err := layout.Write(filepath.Join(dir, name), index); err != nil {
			t.Fatal(err)
		}
	}
	digest, err := flat.Digest()
	if err == nil {
		err = os.Remove(filepath.Join(dir, "foreign/blobs/sha256", digest.Hex))
	}
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

// manyPackages is a package database whose names cannot be compressed: about 2 MB
// of a layer's result.
func manyPackages(n int) []byte {
	var b bytes.Buffer
	for range n {
		fmt.Fprintf(&b, "Package: p%s\nStatus: install ok installed\nArchitecture: amd64\nVersion: 1.%s\n\n",
			strings.ToLower(rand.Text()), strings.ToLower(rand.Text()))
	}
	return b.Bytes()
}

func archiveOf(t *testing.T, name string, data []byte, records map[string]string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	err := w.WriteHeader(&tar.Header{Name: name, Mode: 0o644, Size: int64(len(data)), PAXRecords: records})
	if err == nil {
		_, err = w.Write(data)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func pack(t *testing.T, name string, data []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	f, err := w.Create(name)
	if err == nil {
		_, err = f.Write(data)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func gzipLayer(t *testing.T, text []byte) v1.Layer {
	t.Helper()
	l, err := tarball.LayerFromOpener(func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(text)), nil })
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// zstdLayer asks for a window of 8 MiB.
func zstdLayer(t *testing.T, text []byte) v1.Layer {
	t.Helper()
	var b bytes.Buffer
	w, err := zstd.NewWriter(&b, zstd.WithWindowSize(8<<20))
	if err == nil {
		_, err = w.Write(text)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return static.NewLayer(b.Bytes(), types.OCILayerZStd)
}

// foreign makes a layer one that only a web server has.
func foreign(t *testing.T, l v1.Layer) mutate.Addendum {
	t.Helper()
	r, err := l.Compressed()
	if err != nil {
		t.Fatal(err)
	}
	blob, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.Write(blob) }))
	t.Cleanup(web.Close)
	return mutate.Addendum{Layer: l, MediaType: types.DockerForeignLayer, URLs: []string{web.URL}}
}

// With --parallel 1 no two layers are downloaded at once; with 2, two are: each
// of them waits for the other.
func TestParallel(t *testing.T) {
	var layers []mutate.Addendum
	for _, name := range []string{"a", "b", "c", "d"} {
		layers = append(layers, mutate.Addendum{Layer: gzipLayer(t, archiveOf(t, name, nil, nil))})
	}
	image, err := mutate.Append(empty.Image, layers...)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if _, err := layout.Write(dir, mutate.AppendManifests(empty.Index, mutate.IndexAddendum{Add: image})); err != nil {
		t.Fatal(err)
	}
	config, err := image.ConfigName()
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range []string{"1", "2"} {
		gate := &meeting{patience: map[string]time.Duration{"1": 200 * time.Millisecond, "2": 20 * time.Second}[n], two: make(chan struct{}), config: config.String()}
		gate.next = registryHandler()
		s := httptest.NewServer(gate)
		t.Cleanup(s.Close)
		address := strings.TrimPrefix(s.URL, "http://")
		push(t, dir, address+"/app:1")
		var out, errs bytes.Buffer
		code := Run(context.Background(), []string{"scan", "registry:" + address + "/app:1", "--no-cache", "--no-db", "--no-progress", "--parallel", n}, Streams{Out: &out, Err: &errs})
		if code != exitOK {
			t.Fatalf("exit code %d: %s%s", code, out.String(), errs.String())
		}
		if met := gate.met(); met != (n == "2") {
			t.Errorf("--parallel %s: two layers at once: %v", n, met)
		}
	}
}

// meeting lets a download of a layer wait for a second one.
type meeting struct {
	next     http.Handler
	config   string
	patience time.Duration
	two      chan struct{}

	mu  sync.Mutex
	now int
}

func (m *meeting) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet || !strings.Contains(r.URL.Path, "/blobs/") || strings.HasSuffix(r.URL.Path, m.config) {
		m.next.ServeHTTP(w, r)
		return
	}
	m.mu.Lock()
	if m.now++; m.now == 2 && !m.met() {
		close(m.two)
	}
	m.mu.Unlock()
	select {
	case <-m.two:
	case <-time.After(m.patience):
	}
	// Counted before the answer: the client asks for the next one when it has it.
	m.mu.Lock()
	m.now--
	m.mu.Unlock()
	m.next.ServeHTTP(w, r)
}

// met is whether two downloads were there at once.
func (m *meeting) met() bool {
	select {
	case <-m.two:
		return true
	default:
		return false
	}
}
