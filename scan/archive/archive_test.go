package archive

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/boltseal/boltseal/image"
)

func zipOf(t testing.TB, files map[string]string) string {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, name := range slices.Sorted(maps.Keys(files)) {
		f, err := w.Create(name)
		if err == nil {
			_, err = f.Write([]byte(files[name]))
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

func tarOf(t testing.TB, files map[string]string) string {
	t.Helper()
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for _, name := range slices.Sorted(maps.Keys(files)) {
		err := w.WriteHeader(&tar.Header{Name: name, Size: int64(len(files[name])), Mode: 0o644, Typeflag: tar.TypeReg})
		if err == nil {
			_, err = w.Write([]byte(files[name]))
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

// hollowTar promises a file that is larger than the tar.
func hollowTar(t *testing.T) string {
	t.Helper()
	whole := tarOf(t, map[string]string{"small": "s"})
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	if err := w.WriteHeader(&tar.Header{Name: "z", Size: 1 << 40, Typeflag: tar.TypeReg}); err != nil {
		t.Fatal(err)
	}
	return whole[:1024] + b.String()
}

func gzipOf(t testing.TB, data string) string {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write([]byte(data)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// shown walks data and lists "path content".
func shown(data string, limits *image.Limits) (out []string, err error) {
	a := Archive{
		Content: strings.NewReader(data), Size: int64(len(data)), Limits: limits.WithDefaults(),
		Wants: func(p string) bool { return !strings.HasSuffix(p, ".skip") && !isArchiveName(p) },
		Visit: func(m Member) error { out = append(out, m.Path+" "+string(m.Data)); return nil },
	}
	return out, a.Walk(context.Background())
}

func TestWalk(t *testing.T) {
	inner := map[string]string{"b": "B", "c.skip": "C"}
	for what, test := range map[string]struct {
		data string
		want []string
	}{
		"zip":            {zipOf(t, map[string]string{"a/": "", "a/x": "X", "n.skip": "no"}), []string{"!/a/x X"}},
		"jar in a zip":   {zipOf(t, map[string]string{"lib/x.jar": zipOf(t, inner), "z": "Z"}), []string{"!/lib/x.jar!/b B", "!/z Z"}},
		"tar":            {tarOf(t, map[string]string{"./a": "A", "d.zip": zipOf(t, inner)}), []string{"!/a A", "!/d.zip!/b B"}},
		"hollow tar":     {hollowTar(t), []string{"!/small s"}},
		"tgz":            {gzipOf(t, tarOf(t, inner)), []string{"!/b B"}},
		"tgz in a zip":   {zipOf(t, map[string]string{"s.tar.gz": gzipOf(t, tarOf(t, inner))}), []string{"!/s.tar.gz!/b B"}},
		"cut":            {zipOf(t, inner)[:40], nil},
		"not an archive": {"PK\x03\x04 but nothing else", nil},
	} {
		got, err := shown(test.data, &image.Limits{})
		if diff := cmp.Diff(test.want, got); diff != "" || err != nil {
			t.Errorf("%s: %v %s", what, err, diff)
		}
	}
}

func TestWalkNamesWhatALimitKeptOut(t *testing.T) {
	nested := zipOf(t, map[string]string{"deep": "D"})
	for range 4 {
		nested = zipOf(t, map[string]string{"n.zip": nested})
	}
	many := map[string]string{}
	for i := range 20 {
		many[fmt.Sprintf("f%02d", i)] = strings.Repeat("x", 1000)
	}
	for what, test := range map[string]struct {
		data   string
		limits image.Limits
		files  int
		want   string
	}{
		"depth":         {nested, image.Limits{ArchiveDepth: 2}, 0, "nest deeper than 2"},
		"entries":       {zipOf(t, many), image.Limits{ArchiveEntries: 5}, 5, "more than"},
		"bytes":         {zipOf(t, many), image.Limits{ArchiveBytes: 5500}, 5, "more than 5500 bytes in all"},
		"bytes of tar":  {tarOf(t, many), image.Limits{ArchiveBytes: 8000}, 5, "more than 8000 bytes in all"},
		"size":          {zipOf(t, map[string]string{"big": strings.Repeat("x", MemberBytes+1), "small": "s"}), image.Limits{}, 1, `"!/big"`},
		"size in a tar": {tarOf(t, map[string]string{"big": strings.Repeat("x", MemberBytes+1), "small": "s"}), image.Limits{}, 1, `"!/big"`},
	} {
		got, err := shown(test.data, &test.limits)
		if !errors.Is(err, image.ErrLimit) || !strings.Contains(fmt.Sprint(err), test.want) {
			t.Errorf("%s: %v", what, err)
		}
		if len(got) > test.files || len(got) < test.files-1 {
			t.Errorf("%s: %d files", what, len(got))
		}
	}
}

func FuzzWalk(f *testing.F) {
	inner := map[string]string{"b": "B", "c.tar": tarOf(f, map[string]string{"x": "X"})}
	f.Add([]byte(zipOf(f, inner)))
	f.Add([]byte(tarOf(f, inner)))
	f.Add([]byte(gzipOf(f, tarOf(f, inner))))
	f.Fuzz(func(t *testing.T, data []byte) {
		limits := &image.Limits{ArchiveBytes: 1 << 20, ArchiveEntries: 100, ArchiveDepth: 3}
		total := 0
		got, err := shown(string(data), limits)
		for _, m := range got {
			total += len(m)
		}
		if err != nil && !errors.Is(err, image.ErrLimit) {
			t.Error(err)
		}
		if len(got) > 100 || total > 2<<20 {
			t.Errorf("%d files, %d bytes", len(got), total)
		}
	})
}
