package npm_test

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/boltseal/boltseal/inventory"
	"github.com/boltseal/boltseal/scan/packages/npm"
	"github.com/boltseal/boltseal/scan/scanner/scannertest"
)

func TestInstalled(t *testing.T) {
	for text, want := range map[string]string{
		`{"name":"a","version":"1.0.0","license":"MIT"}`:                                  "a 1.0.0 MIT",
		"\xef\xbb\xbf{ \"version\" : \"v2.0.0\",\n\"name\" : \"@s/b\" }":                  "@s/b 2.0.0",
		`{"name":"a","files":["x","{\"name\":\"no\"}"],"version":"1.0.0","n":1,"t":true}`: "a 1.0.0",
		`{"x":{"name":"no","version":"9"},"name":"a","version":"1.0.0"}`:                  "a 1.0.0",
		`{"name":"a","version":"1.0.0","license":{"type":"ISC"}}`:                         "a 1.0.0 ISC",
		`{"name":"a","version":"1.0.0","licenses":[{"type":"BSD"}]}`:                      "a 1.0.0 BSD",
		`{"name":"\u0061\u002db","version":"1.0.0"}`:                                      "a-b 1.0.0",
		`{"type":"module"}`:            "",
		`{"name":"a"}`:                 "",
		`{"name":"a b","version":"1"}`: "",
		`{"name":7,"version":"1"}`:     "",
		`{}`:                           "",
	} {
		pkgs := scannertest.Scan(t, npm.New(), "app/node_modules/a/package.json", []byte(text))
		got := strings.Join(scannertest.Names(pkgs), ", ")
		if len(pkgs) > 0 && len(pkgs[0].Licenses) > 0 {
			got += " " + pkgs[0].Licenses[0]
		}
		if got != want {
			t.Errorf("%s: got %q, want %q", text, got, want)
		}
	}
	for _, text := range []string{"", "[]", `{"name":"a"`, `{"name" "a"}`, `{"name":"a","version":"1`, `{"a":1`} {
		if res, err := npm.New().Scan(t.Context(), scannertest.File("node_modules/a/package.json", []byte(text))); err == nil {
			t.Errorf("%q: got %v, want an error", text, res)
		}
	}
}

func TestWants(t *testing.T) {
	for path, want := range map[string]bool{
		"app/node_modules/a/package.json":                        true,
		"node_modules/@s/a/package.json":                         true,
		"node_modules/a/node_modules/b/package.json":             true,
		"node_modules/.pnpm/a@1.0.0/node_modules/a/package.json": true,
		"usr/share/nodejs/a/package.json":                        true,
		"usr/share/nodejs/@s/a/package.json":                     true,
		"test/fixtures/node_modules/a/package.json":              true,
		"package.json":                                             false,
		"app/package.json":                                         false,
		"node_modules/package.json":                                false,
		"node_modules/@s/package.json":                             false,
		"node_modules/a/lib/package.json":                          false,
		"node_modules/a/test/fixtures/node_modules/b/package.json": false,
		"my_node_modules/a/package.json":                           false,
		"usr/share/nodejs/a/lib/package.json":                      false,
	} {
		if got := scannertest.Wants(npm.New(), scannertest.File(path, []byte("{}"))); got != want {
			t.Errorf("Wants(%q) = %v, want %v", path, got, want)
		}
	}
}

// TestTree compares trees that npm installed with what npm lists: its own
// global one, and that of BOLTSEAL_NPM_PROJECT, a directory with node_modules.
func TestTree(t *testing.T) {
	if _, err := exec.LookPath("npm"); err != nil {
		t.Skip("npm is not installed")
	}
	global, err := exec.Command("npm", "root", "-g").Output()
	if err != nil {
		t.Skip("npm does not run: ", err)
	}
	compareTree(t, filepath.Dir(strings.TrimSpace(string(global))), "-g")
	if dir := os.Getenv("BOLTSEAL_NPM_PROJECT"); dir != "" {
		compareTree(t, dir)
	}
}

func compareTree(t *testing.T, dir string, args ...string) {
	t.Helper()
	cmd := exec.Command("npm", append([]string{"ls", "--all", "--json"}, args...)...)
	cmd.Dir = dir
	out, err := cmd.Output()
	if len(out) == 0 {
		t.Skip("npm ls: ", err) // it also fails for what is merely extraneous
	}
	var root listed
	if err := json.Unmarshal(out, &root); err != nil {
		t.Fatal(err)
	}
	want := map[string]bool{}
	root.add(want, "")
	got := map[string]bool{}
	for _, n := range scannertest.Names(scannertest.Tree(t, npm.New(), dir, "node_modules")) {
		got[n] = true
	}
	if len(want) < 3 {
		t.Skipf("npm lists only %d packages in %s", len(want), dir)
	}
	t.Logf("%s: npm lists %d packages, %d found", dir, len(want), len(got))
	for n := range want {
		if !got[n] {
			t.Errorf("%s: npm lists %s, which was not found", dir, n)
		}
	}
	extra := 0
	for n := range got {
		if !want[n] {
			t.Logf("%s: %s is not listed by npm", dir, n)
			extra++
		}
	}
	if extra > len(want)/20 {
		t.Errorf("%s: npm does not list %d of the packages", dir, extra)
	}
}

// listed is a package in the output of npm ls.
type listed struct {
	Version      string
	Missing      bool
	Dependencies map[string]listed
}

func (l listed) add(to map[string]bool, name string) {
	if name != "" && l.Version != "" && !l.Missing {
		to[name+" "+l.Version] = true
	}
	for n, d := range l.Dependencies {
		d.add(to, n)
	}
}

func TestLocks(t *testing.T) {
	for name, tc := range map[string]struct {
		path string
		want []string
	}{
		"npm 1":        {"package-lock.json", []string{"@s/c 3.0.0 dev", "a 1.0.0", "b 2.0.0", "real 1.2.3"}},
		"npm 3":        {"package-lock.json", []string{"@s/c 3.0.0 dev", "a 1.0.0", "b 2.0.0", "real 1.2.3"}},
		"yarn classic": {"yarn.lock", []string{"@babel/core 7.1.0", "lodash 4.17.21", "quoted 1.0.0", "real 1.2.3"}},
		"yarn berry":   {"yarn.lock", []string{"@babel/core 7.1.0", "lodash 4.17.21", "typescript 4.5.4"}},
		"pnpm 5":       {"pnpm-lock.yaml", []string{"@s/c 3.0.0 dev", "@s/mirrored 1.1.0", "a 1.0.0", "fetched 2.0.0", "string_decoder 1.1.1"}},
		"pnpm 6":       {"pnpm-lock.yaml", []string{"@s/c 3.0.0 dev", "a 1.0.0", "string_decoder 1.1.1"}},
		"pnpm 9":       {"pnpm-lock.yaml", []string{"@s/c 3.0.0", "a 1.0.0", "fetched 7.0.0"}},
		"bun":          {"bun.lock", []string{"@s/c 3.0.0", "a 1.0.0", "b 2.0.0"}},
	} {
		data, err := os.ReadFile(filepath.Join("testdata", strings.ReplaceAll(name, " ", "-")))
		if err != nil {
			t.Fatal(err)
		}
		pkgs := scannertest.Scan(t, npm.NewLock(), "app/"+tc.path, data)
		if d := cmp.Diff(tc.want, scannertest.Names(pkgs)); d != "" {
			t.Errorf("%s: packages differ (-want +got):\n%s", name, d)
		}
		for _, p := range pkgs {
			if p.Type != "npm" || p.Evidence != inventory.Lockfile {
				t.Errorf("%s: got %+v", name, p)
			}
		}
	}
	if scannertest.Wants(npm.NewLock(), scannertest.File("node_modules/a/yarn.lock", nil)) {
		t.Error("wants the lock file of an installed package")
	}
}

// TestProjectLock installs a project with npm and compares the tree and the lock
// file with what npm lists.
func TestProjectLock(t *testing.T) {
	dir := t.TempDir()
	run := func(args ...string) []byte {
		cmd := exec.Command("npm", args...)
		cmd.Dir = dir
		out, err := cmd.Output()
		if err != nil {
			t.Skipf("npm %s: %v: the registry cannot be reached", args[0], err)
		}
		return out
	}
	run("install", "--ignore-scripts", "--no-audit", "--no-fund", "express@4.16.0", "@babel/code-frame@7.24.7", "debug@3.1.0", "minimist@0.0.8")
	var want []string
	_, listed, _ := bytes.Cut(run("ls", "--all", "--parseable", "--long"), []byte("\n")) // the project itself is first
	for line := range strings.Lines(string(listed)) {                                    // PATH:NAME@VERSION
		if _, id, ok := strings.Cut(strings.TrimSpace(line), ":"); ok && strings.LastIndex(id, "@") > 0 {
			at := strings.LastIndex(id, "@")
			want = append(want, id[:at]+" "+strings.TrimSuffix(id[at+1:], ":"))
		}
	}
	slices.Sort(want)
	want = slices.Compact(want)
	data, err := os.ReadFile(filepath.Join(dir, "package-lock.json"))
	if err != nil {
		t.Fatal(err)
	}
	for name, got := range map[string][]string{
		"lock file": scannertest.Names(scannertest.Scan(t, npm.NewLock(), "package-lock.json", data)),
		"tree":      scannertest.Names(scannertest.Tree(t, npm.New(), dir, "node_modules")),
	} {
		slices.Sort(got)
		if diff := cmp.Diff(want, slices.Compact(got)); diff != "" || len(got) < 40 {
			t.Errorf("%s (-npm +ours): %d packages\n%s", name, len(got), diff)
		}
	}
}

func FuzzScan(f *testing.F) {
	f.Add([]byte(`{"name":"a","version":"1.0.0","x":[{"b":"\"}"}],"license":{"type":"MIT"}}`))
	scannertest.Fuzz(f, npm.New(), "node_modules/a/package.json")
}

func FuzzPackageLock(f *testing.F) { fuzzLock(f, "package-lock.json", "npm-1", "npm-3") }
func FuzzYarn(f *testing.F)        { fuzzLock(f, "yarn.lock", "yarn-classic", "yarn-berry") }
func FuzzPnpm(f *testing.F)        { fuzzLock(f, "pnpm-lock.yaml", "pnpm-5", "pnpm-6", "pnpm-9") }
func FuzzBun(f *testing.F)         { fuzzLock(f, "bun.lock", "bun") }

func fuzzLock(f *testing.F, path string, seeds ...string) {
	for _, s := range seeds {
		data, err := os.ReadFile(filepath.Join("testdata", s))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	scannertest.Fuzz(f, npm.NewLock(), path)
}

func BenchmarkInstalled(b *testing.B) {
	text := []byte(`{"name":"lodash","version":"4.17.21","description":"Lodash modular utilities.","keywords":["` +
		strings.Repeat(`modules","`, 100) + `"],"homepage":"https://lodash.com/","main":"lodash.js","scripts":{"test":"` +
		strings.Repeat("echo ", 50) + `"},"license":"MIT"}`)
	f := scannertest.File("node_modules/lodash/package.json", text)
	b.SetBytes(f.Size)
	b.ReportAllocs()
	for b.Loop() {
		if res, err := npm.New().Scan(b.Context(), f); err != nil || len(res.Packages) != 1 {
			b.Fatal(res, err)
		}
	}
}
