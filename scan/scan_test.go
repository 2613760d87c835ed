package scan

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/boltseal/boltseal/image"
	"github.com/boltseal/boltseal/scan/cache"
)

const osRelease = "ID=debian\nVERSION_ID=\"12\"\nPRETTY_NAME=\"Debian GNU/Linux 12\"\n"

// status writes a dpkg database of "name version" pairs.
func status(pkgs ...string) string {
	var b strings.Builder
	for _, p := range pkgs {
		name, version, _ := strings.Cut(p, " ")
		fmt.Fprintf(&b, "Package: %s\nStatus: install ok installed\nArchitecture: amd64\nVersion: %s\n\n", name, version)
	}
	return b.String()
}

// file is one tar entry; a name that ends in "/" is a directory, a body that
// begins with "->" a symlink.
type file struct{ name, body string }

// packLayer makes a gzipped tar.
func packLayer(t *testing.T, files ...file) []byte {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	w := tar.NewWriter(z)
	for _, f := range files {
		h := &tar.Header{Name: f.name, Mode: 0o644, Size: int64(len(f.body)), Typeflag: tar.TypeReg}
		target, isLink := strings.CutPrefix(f.body, "->")
		switch {
		case strings.HasSuffix(f.name, "/"):
			h.Typeflag = tar.TypeDir
		case isLink:
			h.Typeflag, h.Linkname, h.Size = tar.TypeSymlink, target, 0
		}
		if err := w.WriteHeader(h); err != nil {
			t.Fatal(err)
		}
		if h.Size > 0 {
			io.WriteString(w, f.body)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// testImage holds blobs as a registry would, and counts how often each is read.
type testImage struct {
	*image.Image
	mu    sync.Mutex
	reads []int
}

func digestOf(b []byte) string { return fmt.Sprintf("sha256:%x", sha256.Sum256(b)) }

// newImage makes an image whose layers have the right digests and the diff IDs
// that claim gives.
func newImage(name string, claim func(i int) string, blobs ...[]byte) *testImage {
	im := &testImage{Image: &image.Image{Kind: "test", Name: name, ConfigDigest: digestOf([]byte(name))}, reads: make([]int, len(blobs))}
	for i, b := range blobs {
		d := image.Descriptor{Index: i, Digest: digestOf(b), DiffID: claim(i), Size: int64(len(b))}
		im.Layers = append(im.Layers, image.BlobLayer(d, func(context.Context) (io.ReadCloser, error) {
			im.mu.Lock()
			im.reads[i]++
			im.mu.Unlock()
			return io.NopCloser(bytes.NewReader(b)), nil
		}))
	}
	return im
}

func diffID(i int) string { return fmt.Sprintf("sha256:%064d", i) }

func scanImage(t *testing.T, im *testImage, opts Options) *Result {
	t.Helper()
	res, err := Scan(context.Background(), im.Image, opts)
	if err != nil {
		t.Fatal(err)
	}
	return res
}

// packages lists "name version layer".
func packages(res *Result) []string {
	var out []string
	for _, p := range res.Inventory.Packages {
		out = append(out, fmt.Sprintf("%s %s %s", p.Name, p.Version, strings.TrimLeft(strings.TrimPrefix(p.Locations[0].Layer, "sha256:"), "0")))
	}
	return out
}

func TestScanAttributesPackagesToTheLayerThatBroughtThem(t *testing.T) {
	im := newImage("app", func(i int) string { return diffID(i + 1) },
		packLayer(t, file{"etc/os-release", osRelease}, file{"var/lib/dpkg/status", status("bash 5.2", "curl 7.88", "sudo 1.9")}),
		packLayer(t, file{"var/lib/dpkg/status", status("bash 5.2", "curl 7.89", "nginx 1.22")}),
		packLayer(t, file{"var/lib/dpkg/status", status("bash 5.2", "curl 7.89", "nginx 1.22", "vim 9.0")}),
	)
	res := scanImage(t, im, Options{})
	want := []string{"bash 5.2 1", "curl 7.89 2", "nginx 1.22 2", "vim 9.0 3"}
	if diff := cmp.Diff(want, packages(res)); diff != "" {
		t.Error(diff)
	}
	if os := res.Inventory.OS; os == nil || os.Namespace() != "debian:12" {
		t.Errorf("operating system: %+v", os)
	}
	if len(res.Inventory.Issues) != 0 {
		t.Errorf("issues: %v", res.Inventory.Issues)
	}
}

func TestScanFollowsSymlinkedDatabase(t *testing.T) {
	im := newImage("linked", diffID, packLayer(t,
		file{"usr/lib/os-release", osRelease}, file{"etc/os-release", "->../usr/lib/os-release"},
		file{"usr/share/x/lib/dpkg/status", status("bash 5.2")}, file{"var/lib/dpkg", "->/usr/share/x/lib/dpkg"},
		file{"srv/chroot/var/lib/dpkg/status", status("other 1.0")},
	))
	res := scanImage(t, im, Options{})
	if diff := cmp.Diff([]string{"bash 5.2 "}, packages(res)); diff != "" {
		t.Error(diff)
	}
	if len(res.Inventory.Notes) != 1 || !strings.Contains(res.Inventory.Notes[0], "srv/chroot") {
		t.Errorf("notes: %v", res.Inventory.Notes)
	}
}

func TestScanReadsKnownLayersOnce(t *testing.T) {
	c, err := cache.Open(t.TempDir(), 0)
	if err != nil {
		t.Fatal(err)
	}
	base := packLayer(t, file{"etc/os-release", osRelease}, file{"var/lib/dpkg/status", status("bash 5.2")})
	first := newImage("first", diffID, base)
	want := scanImage(t, first, Options{Cache: c})
	again := newImage("first", diffID, base)
	got := scanImage(t, again, Options{Cache: c})
	if again.reads[0] != 0 {
		t.Errorf("the layer was read %d times", again.reads[0])
	}
	if diff := cmp.Diff(want.Inventory, got.Inventory, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("cached inventory differs: %s", diff)
	}
	second := newImage("second", diffID, base, packLayer(t, file{"var/lib/dpkg/status", status("bash 5.2", "vim 9")}))
	if diff := cmp.Diff([]string{"bash 5.2 ", "vim 9 1"}, packages(scanImage(t, second, Options{Cache: c}))); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]int{0, 1}, second.reads); diff != "" {
		t.Errorf("reads: %s", diff)
	}
}

// An image that claims a diff ID of another image's harmless layer must not get
// that layer's result.
func TestScanDoesNotTrustClaimedDiffIDs(t *testing.T) {
	c, err := cache.Open(t.TempDir(), 0)
	if err != nil {
		t.Fatal(err)
	}
	claim := func(int) string { return diffID(7) }
	clean := newImage("clean", claim, packLayer(t, file{"etc/os-release", osRelease}))
	scanImage(t, clean, Options{Cache: c})
	liar := newImage("liar", claim, packLayer(t, file{"etc/os-release", osRelease}, file{"var/lib/dpkg/status", status("evil 1")}))
	if diff := cmp.Diff([]string{"evil 1 7"}, packages(scanImage(t, liar, Options{Cache: c}))); diff != "" {
		t.Error(diff)
	}
}

// A digest that the readers of an archive do not verify, such as a layer's name
// in one of docker save, gives nobody another layer's result.
func TestScanDoesNotTrustClaimedDigests(t *testing.T) {
	c, err := cache.Open(t.TempDir(), 0)
	if err != nil {
		t.Fatal(err)
	}
	harmless := packLayer(t, file{"etc/os-release", osRelease}, file{"var/lib/dpkg/status", status("bash 5.2")})
	scanImage(t, newImage("clean", diffID, harmless), Options{Cache: c})
	evil := packLayer(t, file{"etc/os-release", osRelease}, file{"var/lib/dpkg/status", status("evil 1")})
	d := image.Descriptor{Digest: digestOf(harmless), Size: -1, Claimed: true}
	liar := &testImage{Image: &image.Image{Name: "liar", ConfigDigest: "sha256:1", Layers: []image.Layer{
		image.BlobLayer(d, func(context.Context) (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(evil)), nil }),
	}}}
	res := scanImage(t, liar, Options{Cache: c})
	if len(res.Inventory.Packages) != 0 || len(res.Inventory.Issues) != 1 || res.Inventory.Issues[0].Kind != "digest" {
		t.Errorf("packages %v, issues %v", packages(res), res.Inventory.Issues)
	}
}

// A manifest can name one bomb as often as it likes: what all layers hold
// together is bounded, and the first ones are reported.
func TestScanBoundsAllLayersTogether(t *testing.T) {
	blobs := [][]byte{packLayer(t, file{"etc/os-release", osRelease}, file{"var/lib/dpkg/status", status("bash 5.2")})}
	for range 5 {
		blobs = append(blobs, packLayer(t, file{"zeros", strings.Repeat("\x00", 1<<20)}))
	}
	im := newImage("bomb", diffID, blobs...)
	res := scanImage(t, im, Options{Parallel: 1, Limits: &image.Limits{ImageBytes: 3 << 20}})
	if len(res.Inventory.Issues) < 2 || res.Inventory.Issues[0].Kind != "limit" {
		t.Errorf("issues %+v", res.Inventory.Issues)
	}
	read := 0
	for _, n := range im.reads {
		read += n
	}
	if read > 4 {
		t.Errorf("%d layers were opened", read)
	}
}

// Bytes that do not have the promised digest say nothing, now or later.
func TestScanRefusesWrongBytes(t *testing.T) {
	c, err := cache.Open(t.TempDir(), 0)
	if err != nil {
		t.Fatal(err)
	}
	good := packLayer(t, file{"etc/os-release", osRelease}, file{"var/lib/dpkg/status", status("bash 5.2")})
	bad := packLayer(t, file{"etc/os-release", osRelease}, file{"var/lib/dpkg/status", status("fake 6.6")})
	d := image.Descriptor{Digest: digestOf(good), DiffID: diffID(1), Size: int64(len(bad))}
	layer := func(b []byte) image.Layer {
		return image.BlobLayer(d, func(context.Context) (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(b)), nil })
	}
	tampered := &testImage{Image: &image.Image{Name: "x", ConfigDigest: "sha256:1", Layers: []image.Layer{layer(bad)}}}
	res := scanImage(t, tampered, Options{Cache: c})
	if len(res.Inventory.Packages) != 0 || len(res.Inventory.Issues) != 1 || res.Inventory.Issues[0].Kind != "digest" {
		t.Fatalf("packages %v, issues %v", res.Inventory.Packages, res.Inventory.Issues)
	}
	d.Size = int64(len(good))
	honest := &testImage{Image: &image.Image{Name: "x", ConfigDigest: "sha256:1", Layers: []image.Layer{layer(good)}}}
	if diff := cmp.Diff([]string{"bash 5.2 1"}, packages(scanImage(t, honest, Options{Cache: c}))); diff != "" {
		t.Error(diff)
	}
}

func TestScanReportsTheRestOfABrokenImage(t *testing.T) {
	whole := packLayer(t, file{"etc/os-release", osRelease}, file{"var/lib/dpkg/status", status("bash 5.2")})
	cut := whole[:len(whole)-30]
	im := newImage("cut", diffID, whole, cut)
	res := scanImage(t, im, Options{})
	if len(res.Inventory.Packages) != 1 || len(res.Inventory.Issues) == 0 {
		t.Fatalf("packages %v, issues %v", res.Inventory.Packages, res.Inventory.Issues)
	}
	is := res.Inventory.Issues[0]
	if is.Kind != "corrupt" || is.Layer != diffID(1) {
		t.Errorf("issue %+v", is)
	}
}

func TestTwoScansShareACache(t *testing.T) {
	dir := t.TempDir()
	var blobs [][]byte
	for i := range 6 {
		blobs = append(blobs, packLayer(t, file{"etc/os-release", osRelease}, file{"var/lib/dpkg/status", status(fmt.Sprintf("p%d 1", i))}))
	}
	var wg sync.WaitGroup
	for n := range 4 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			c, err := cache.Open(dir, 0)
			if err != nil {
				t.Error(err)
				return
			}
			for i := range blobs {
				im := newImage(fmt.Sprint(n, i), diffID, blobs[i:]...)
				res, err := Scan(context.Background(), im.Image, Options{Cache: c})
				if err != nil || len(res.Inventory.Packages) != 1 || res.Inventory.Packages[0].Name != "p5" {
					t.Errorf("scan %d of %d: %v, %v", i, n, err, res)
				}
			}
		}()
	}
	wg.Wait()
}
