package scan

import (
	"archive/tar"
	"bytes"
	"context"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/boltseal/boltseal/finding"
	"github.com/boltseal/boltseal/image"
	"github.com/boltseal/boltseal/scan/cache"
	"github.com/boltseal/boltseal/scan/scanner"
)

// words finds lines that begin with "evil", one finding each.
type words struct{}

func (words) Name() string                        { return "words" }
func (words) Version() int                        { return 1 }
func (words) Wants(_ *image.Entry, _ []byte) bool { return true }

func (words) Scan(_ context.Context, f *scanner.File) (res scanner.Result, err error) {
	for i, line := range bytes.Split(f.Data, []byte("\n")) {
		if bytes.HasPrefix(line, []byte("evil")) {
			w := finding.Finding{Kind: finding.KindMalware, Severity: finding.High, Rule: &finding.Rule{ID: "words/evil"}, Title: string(line)}
			w.Location.Line = i + 1
			res.Findings = append(res.Findings, w)
		}
	}
	return res, nil
}

func (words) WantsMember(path string) bool { return strings.HasSuffix(path, ".txt") }

func (words) ScanImage(_ context.Context, im *scanner.Image) ([]finding.Finding, error) {
	if !strings.HasPrefix(im.Name, "evil") {
		return nil, fmt.Errorf("look at %s: %w", im.Name, image.ErrLimit)
	}
	return []finding.Finding{{Kind: finding.KindMisconfiguration, Rule: &finding.Rule{ID: "words/name"}, Title: im.Name}}, nil
}

// told lists "title line layer presence".
func told(res *Result) (out []string) {
	for _, f := range res.Findings {
		out = append(out, fmt.Sprint(f.Title, " ", f.Location.Path, " ", f.Location.Line, " ", strings.TrimLeft(strings.TrimPrefix(f.Location.Layer, "sha256:"), "0"), " ", f.Presence))
	}
	return out
}

func TestFindingsOfAllLayers(t *testing.T) {
	im := newImage("app", func(i int) string { return diffID(i + 1) },
		packLayer(t, file{"a/stays", "x\nevil 1\n"}, file{"b/goes", "evil 2"}, file{"c/changes", "evil 3"}, file{"d/below", "evil 4"},
			file{"e/twice", "evil 5"}, file{"e/twice", "fine"}, file{"f/again", "evil 6"}, file{"g/opaque", "evil 7\nevil 8"}),
		packLayer(t, file{"b/.wh.goes", ""}, file{"c/changes", "fine"}, file{".wh.d", ""}, file{"f/again", "first\nevil 6"}, file{"g/.wh..wh..opq", ""}),
	)
	res := scanImage(t, im, Options{Scanners: []scanner.Scanner{words{}}})
	want := []string{
		"evil 1 a/stays 2 1 ", "evil 2 b/goes 1 1 deleted", "evil 3 c/changes 1 1 overwritten", "evil 4 d/below 1 1 deleted",
		"evil 5 e/twice 1 1 overwritten", "evil 6 f/again 2 2 ", "evil 7 g/opaque 1 1 deleted", "evil 8 g/opaque 2 1 deleted",
	}
	if diff := cmp.Diff(want, told(res)); diff != "" {
		t.Error(diff)
	}
	ids := map[string]bool{}
	for _, f := range res.Findings {
		ids[f.ID] = true
	}
	if len(ids) != len(want) {
		t.Errorf("%d identities of %d findings", len(ids), len(want))
	}
}

func TestFindingsInArchives(t *testing.T) {
	inner := tarOf(t, map[string]string{"b.txt": "evil 1", "b.bin": "evil 0"})
	im := newImage("app", func(i int) string { return diffID(i + 1) },
		packLayer(t, file{"srv/x.tar", tarOf(t, map[string]string{"a.txt": "fine\nevil 2\nevil 3", "in.tar": inner})},
			file{"y.tgz", string(packLayer(t, file{"a.txt", "evil 4"}))}))
	res := scanImage(t, im, Options{Scanners: []scanner.Scanner{words{}}})
	want := []string{"evil 2 srv/x.tar!/a.txt 2 1 ", "evil 3 srv/x.tar!/a.txt 3 1 ", "evil 1 srv/x.tar!/in.tar!/b.txt 1 1 ", "evil 4 y.tgz!/a.txt 1 1 "}
	got := told(res)
	slices.Sort(got)
	slices.Sort(want)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func tarOf(t *testing.T, files map[string]string) string {
	t.Helper()
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for _, name := range slices.Sorted(maps.Keys(files)) {
		err := w.WriteHeader(&tar.Header{Name: name, Size: int64(len(files[name])), Mode: 0o644, Typeflag: tar.TypeReg})
		if err == nil {
			_, err = io.WriteString(w, files[name])
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestFindingsComeFromTheCacheToo(t *testing.T) {
	c, err := cache.Open(t.TempDir(), 0)
	if err != nil {
		t.Fatal(err)
	}
	opts := Options{Cache: c, Scanners: []scanner.Scanner{words{}}, ImageScanners: []scanner.ImageScanner{words{}}}
	blob := packLayer(t, file{"a", "evil 1"}, file{"b", "evil 2"}, file{"b", "fine"})
	first := scanImage(t, newImage("evil", diffID, blob), opts)
	again := newImage("evil", diffID, blob)
	second := scanImage(t, again, opts)
	if again.reads[0] != 0 || len(first.Findings) != 3 {
		t.Errorf("%d reads of the layer, findings %v", again.reads[0], told(first))
	}
	if diff := cmp.Diff(first.Findings, second.Findings); diff != "" {
		t.Error(diff)
	}
}

func TestImageScannerThatFailsIsAnIssue(t *testing.T) {
	res := scanImage(t, newImage("good", diffID, packLayer(t)), Options{ImageScanners: []scanner.ImageScanner{words{}}})
	if len(res.Inventory.Issues) != 1 || res.Inventory.Issues[0].Kind != "limit" || res.Inventory.Issues[0].Scanner != "words" {
		t.Errorf("issues: %+v", res.Inventory.Issues)
	}
}
