package dpkg

import (
	"bytes"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/boltseal/boltseal/image"
)

// machine is the root whose database the tests compare with dpkg-query: this
// machine, or BOLTSEAL_DPKG_ROOT, for example a debootstrap tree.
func machine(t testing.TB) string {
	t.Helper()
	if _, err := exec.LookPath("dpkg-query"); err != nil {
		t.Skip("dpkg-query is not installed: it is what the result is compared with")
	}
	root := os.Getenv("BOLTSEAL_DPKG_ROOT")
	if root == "" {
		root = "/"
	}
	if _, err := os.Stat(filepath.Join(root, "var/lib/dpkg/status")); err != nil {
		t.Skipf("no dpkg database: %v", err)
	}
	return root
}

func read(t testing.TB, path string) []byte {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// TestAgainstDpkgQuery compares the packages of a real machine with what
// dpkg-query lists.
func TestAgainstDpkgQuery(t *testing.T) {
	root := machine(t)
	const format = "${db:Status-Status} ${Package} ${Version} ${Architecture} ${source:Package} ${source:Version}\n"
	out, err := exec.Command("dpkg-query", "--admindir="+filepath.Join(root, "var/lib/dpkg"), "-W", "-f", format).Output()
	if err != nil {
		t.Fatal(err)
	}
	var want []string
	for line := range strings.Lines(string(out)) {
		state, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
		if state != "config-files" && state != "half-installed" && state != "not-installed" {
			want = append(want, rest)
		}
	}
	res, err := New().Scan(t.Context(), file("var/lib/dpkg/status", read(t, filepath.Join(root, "var/lib/dpkg/status"))))
	if err != nil {
		t.Fatal(err)
	}
	got := make([]string, 0, len(res.Packages))
	for _, p := range res.Packages {
		got = append(got, strings.Join([]string{p.Name, p.Version, p.Arch, p.SourceName(), p.SourceVersion()}, " "))
	}
	slices.Sort(want)
	slices.Sort(got)
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("packages (-dpkg-query +got):\n%s", d)
	}
	t.Logf("%d packages", len(got))
}

// TestListsAgainstFiles reads all file lists of a real machine: of what they
// name, all regular files and no directory with files in it must come out.
func TestListsAgainstFiles(t *testing.T) {
	root := machine(t)
	lists, err := filepath.Glob(filepath.Join(root, "var/lib/dpkg/info/*.list"))
	if err != nil {
		t.Fatal(err)
	}
	files := 0
	for _, list := range lists {
		data := read(t, list)
		res, err := New().Scan(t.Context(), file("var/lib/dpkg/info/"+filepath.Base(list), data))
		if err != nil {
			t.Fatal(err)
		}
		got := make(map[string]bool)
		for _, o := range res.Owned {
			for _, p := range o.Paths {
				got[p] = true
			}
		}
		for line := range strings.Lines(string(data)) {
			path := strings.TrimSuffix(line, "\n")
			info, err := os.Lstat(filepath.Join(root, path))
			if err != nil {
				continue
			}
			switch in := got[strings.TrimPrefix(path, "/")]; {
			case info.Mode().IsRegular() && !in:
				t.Errorf("%s: file %s is missing", list, path)
			case info.IsDir() && in && bytes.Contains(data, []byte("\n"+path+"/")):
				t.Errorf("%s: directory %s is listed", list, path)
			}
			files++
		}
	}
	if files < 1000 {
		t.Errorf("only %d files in the lists of %s", files, root)
	}
}

// documents loads the files below usr/share/doc that the scanner wants.
func documents(t testing.TB, root string, want func(base string) bool) (paths []string, data [][]byte, size int64) {
	t.Helper()
	doc := filepath.Join(root, "usr/share/doc")
	err := filepath.WalkDir(doc, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() || !want(d.Name()) {
			return err
		}
		rel, err := filepath.Rel(root, path)
		if err == nil && New().Wants(&image.Entry{Path: rel}, nil) {
			paths, data = append(paths, rel), append(data, read(t, path))
			size += int64(len(data[len(data)-1]))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return paths, data, size
}

// TestDocuments reads the changelogs and copyright files of a real machine.
func TestDocuments(t *testing.T) {
	root := machine(t)
	paths, data, _ := documents(t, root, func(string) bool { return true })
	cves, licensed := 0, 0
	for i, path := range paths {
		res, err := New().Scan(t.Context(), file(path, data[i]))
		if err != nil {
			t.Errorf("%s: %v", path, err)
		}
		for _, d := range res.Details {
			cves += len(d.FixedCVEs)
			if len(d.Licenses) > 0 {
				licensed++
			}
		}
	}
	t.Logf("%d files: %d fixed vulnerabilities, licences of %d packages", len(paths), cves, licensed)
	if licensed == 0 && len(paths) > 0 {
		t.Error("no licence was found")
	}
}

func benchmarkDocuments(b *testing.B, want func(base string) bool) {
	paths, data, size := documents(b, machine(b), want)
	b.SetBytes(size)
	b.ReportMetric(float64(len(paths)), "files")
	s := New()
	for b.Loop() {
		for i, path := range paths {
			if _, err := s.Scan(b.Context(), file(path, data[i])); err != nil {
				b.Fatal(err)
			}
		}
	}
}

func BenchmarkChangelogs(b *testing.B) { benchmarkDocuments(b, isChangelog) }

func BenchmarkCopyrights(b *testing.B) {
	benchmarkDocuments(b, func(base string) bool { return base == "copyright" })
}

func BenchmarkStatus(b *testing.B) {
	data := read(b, filepath.Join(machine(b), "var/lib/dpkg/status"))
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		res, err := New().Scan(b.Context(), file("var/lib/dpkg/status", data))
		if err != nil || len(res.Packages) == 0 {
			b.Fatal(len(res.Packages), err)
		}
	}
}

func BenchmarkLists(b *testing.B) {
	lists, err := filepath.Glob(filepath.Join(machine(b), "var/lib/dpkg/info/*.list"))
	if err != nil {
		b.Fatal(err)
	}
	data, size := make([][]byte, len(lists)), int64(0)
	for i, list := range lists {
		data[i] = read(b, list)
		size += int64(len(data[i]))
	}
	b.SetBytes(size)
	for b.Loop() {
		for i := range data {
			if _, err := New().Scan(b.Context(), file("var/lib/dpkg/info/x.list", data[i])); err != nil {
				b.Fatal(i, err)
			}
		}
	}
}
