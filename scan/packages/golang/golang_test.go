package golang_test

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/boltseal/boltseal/image"
	"github.com/boltseal/boltseal/inventory"
	"github.com/boltseal/boltseal/scan/packages/golang"
	"github.com/boltseal/boltseal/scan/scanner/scannertest"
)

// program writes a module with a vendored dependency, a dependency that a
// directory replaces and one that another module replaces.
func program(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{
		"go.mod": "module example.com/app\n\ngo 1.24\n\nrequire (\n\texample.com/dep v1.2.3\n\texample.com/local v0.0.1\n\texample.com/old v1.0.0\n)\n" +
			"replace example.com/local => ./local\nreplace example.com/old => example.com/fork v1.0.1\n",
		"main.go":      "package main\n\nimport (\n\t_ \"example.com/dep\"\n\t_ \"example.com/local\"\n\t_ \"example.com/old\"\n)\n\nvar version string\n\nfunc main() { println(version) }\n",
		"local/go.mod": "module example.com/local\n",
		"vendor/modules.txt": "# example.com/dep v1.2.3\n## explicit\nexample.com/dep\n# example.com/local v0.0.1 => ./local\n## explicit\nexample.com/local\n" +
			"# example.com/old v1.0.0 => example.com/fork v1.0.1\n## explicit\nexample.com/old\n# example.com/local => ./local\n# example.com/old => example.com/fork v1.0.1\n",
		"vendor/example.com/dep/dep.go":     "package dep\n",
		"vendor/example.com/local/local.go": "package local\n",
		"vendor/example.com/old/old.go":     "package old\n",
	} {
		p := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(p), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(p, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func run(t *testing.T, dir string, env []string, name string, args ...string) string {
	t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Dir, cmd.Env = dir, append(os.Environ(), env...)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, out)
	}
	return string(out)
}

// TestBuilds reads programs as Go builds them in all its ways, and compares
// with what "go version -m" lists.
func TestBuilds(t *testing.T) {
	dir := program(t)
	release := stdlib(t)
	for name, tc := range map[string]struct {
		flags []string
		env   []string
		strip bool
		cgo   bool
	}{
		"plain":               {},
		"stripped by linker":  {flags: []string{"-ldflags=-s -w", "-trimpath"}},
		"stripped by strip":   {strip: true},
		"pie":                 {flags: []string{"-buildmode=pie"}},
		"no build id":         {flags: []string{"-ldflags=-buildid="}},
		"no build id, strip":  {flags: []string{"-ldflags=-s -w -buildid="}, strip: true},
		"external":            {flags: []string{"-ldflags=-linkmode=external"}, cgo: true},
		"external, no id":     {flags: []string{"-ldflags=-linkmode=external -buildid="}, cgo: true},
		"external pie, no id": {flags: []string{"-buildmode=pie", "-ldflags=-linkmode=external -s -buildid="}, cgo: true},
		"external, static":    {flags: []string{"-ldflags=-linkmode=external -extldflags=-static"}, cgo: true},
		"windows":             {env: []string{"GOOS=windows"}},
		"big-endian":          {env: []string{"GOARCH=s390x"}},
		"32 bits":             {env: []string{"GOARCH=386"}},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := exec.LookPath("gcc"); err != nil && tc.cgo {
				t.Skip("gcc is not installed")
			}
			if testing.Short() && tc.env != nil {
				t.Skip("compiling the standard library for another platform takes long")
			}
			out := filepath.Join(t.TempDir(), "app.exe")
			env := append([]string{"GOFLAGS=-mod=vendor", "CGO_ENABLED=" + map[bool]string{true: "1", false: "0"}[tc.cgo]}, tc.env...)
			run(t, dir, env, "go", append(append([]string{"build", "-o", out}, tc.flags...), ".")...)
			if tc.strip {
				if _, err := exec.LookPath("strip"); err != nil {
					t.Skip("strip is not installed")
				}
				run(t, dir, nil, "strip", out)
			}
			data, err := os.ReadFile(out)
			if err != nil {
				t.Fatal(err)
			}
			got := scannertest.Names(scannertest.Scan(t, golang.New(), "usr/bin/app.exe", data))
			want := []string{"stdlib " + release, "example.com/app", "example.com/dep v1.2.3", "example.com/local", "example.com/fork v1.0.1"}
			if d := cmp.Diff(want, got); d != "" {
				t.Errorf("packages differ (-want +got):\n%s", d)
			}
			for _, m := range listed(run(t, dir, nil, "go", "version", "-m", out)) {
				if !slices.Contains(got, m) {
					t.Errorf("go version -m has %q too", m)
				}
			}
		})
	}
}

// stdlib is the release of the Go that runs the tests.
func stdlib(t *testing.T) string {
	t.Helper()
	v := strings.Fields(strings.TrimPrefix(runtime.Version(), "go"))[0]
	if strings.Count(v, ".") != 2 {
		t.Skipf("Go %s is no release", runtime.Version())
	}
	return v
}

// listed are the dependencies of "go version -m" that are not replaced by a
// directory, with their replacement if they have one.
func listed(out string) (mods []string) {
	for line := range strings.Lines(out) {
		f := strings.Fields(line)
		switch {
		case len(f) >= 3 && f[0] == "dep" && !strings.HasPrefix(f[1], "example.com/local"):
			mods = append(mods, f[1]+" "+f[2])
		case len(f) >= 3 && f[0] == "=>" && !strings.HasPrefix(f[1], "."):
			mods[len(mods)-1] = f[1] + " " + f[2]
		}
	}
	return mods
}

// TestOtherPrograms checks that what is not Go's is neither an error nor a
// package, and that most of it is not even read.
func TestOtherPrograms(t *testing.T) {
	var programs, wanted int
	for _, name := range []string{"/bin/ls", "/bin/sh", "/bin/cat", "/usr/bin/find", "/bin/grep", "/usr/bin/tar", "/usr/bin/perl", "/usr/bin/gcc"} {
		data, err := os.ReadFile(name)
		if err != nil {
			continue
		}
		programs++
		f := scannertest.File(strings.TrimPrefix(name, "/"), data)
		if scannertest.Wants(golang.New(), f) {
			wanted++
		}
		if res, err := golang.New().Scan(t.Context(), f); err != nil || len(res.Packages) > 0 {
			t.Errorf("%s: got %v, %v", name, res.Packages, err)
		}
	}
	if wanted > programs/2 {
		t.Errorf("%d of %d C programs are wanted", wanted, programs)
	}
}

func TestMainVersion(t *testing.T) {
	dir := program(t)
	for flags, want := range map[string]string{
		"-X main.version=1.2.3":                                            "v1.2.3",
		"-s -w -X 'main.Version=v2.0.0-rc.1' -X main.commit=abc":           "v2.0.0-rc.1",
		"-X main.version=1.2.3 -X example.com/app/build.gitVersion=v9.9.9": "",
		"-X main.version=$(git)":                                           "",
		"-X main.inversion=1.2.3":                                          "",
	} {
		out := filepath.Join(t.TempDir(), "app")
		run(t, dir, []string{"GOFLAGS=-mod=vendor", "CGO_ENABLED=0"}, "go", "build", "-o", out, "-ldflags="+flags, ".")
		data, err := os.ReadFile(out)
		if err != nil {
			t.Fatal(err)
		}
		pkgs := scannertest.Scan(t, golang.New(), "app", data)
		if len(pkgs) < 2 || pkgs[1].Name != "example.com/app" || pkgs[1].Version != want {
			t.Errorf("%s: got %v, want version %q", flags, scannertest.Names(pkgs), want)
		}
	}
}

func TestBrokenProgram(t *testing.T) {
	dir := program(t)
	out := filepath.Join(t.TempDir(), "app")
	run(t, dir, []string{"GOFLAGS=-mod=vendor", "CGO_ENABLED=0"}, "go", "build", "-o", out, ".")
	data, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range []int{5000, len(data) / 2} {
		f := scannertest.File("app", data[:n])
		if _, err := golang.New().Scan(t.Context(), f); !errors.Is(err, image.ErrCorrupt) {
			t.Errorf("first %d bytes: got %v, want ErrCorrupt", n, err)
		}
	}
}

func TestGoMod(t *testing.T) {
	const text = `module example.com/app // the app

go 1.21
toolchain go1.21.3
require example.com/one v1.0.0
require (
	"example.com/two" v2.0.0 // indirect
	example.com/old v1.0.0
	example.com/local v1.0.0
	example.com/other v1.5.0
)
exclude example.com/one v0.9.0
retract v1.0.0
replace (
	example.com/old v1.0.0 => example.com/fork v1.0.1
	example.com/other v1.4.0 => example.com/fork v1.0.1
)
replace example.com/local => ../local
`
	pkgs := scannertest.Scan(t, golang.NewMod(), "src/go.mod", []byte(text))
	want := []string{"example.com/one v1.0.0", "example.com/two v2.0.0", "example.com/fork v1.0.1", "example.com/local", "example.com/other v1.5.0"}
	if d := cmp.Diff(want, scannertest.Names(pkgs)); d != "" {
		t.Errorf("packages differ (-want +got):\n%s", d)
	}
	if pkgs[0].Evidence != inventory.Lockfile || pkgs[0].Type != "golang" {
		t.Errorf("got %+v", pkgs[0])
	}
	for path, want := range map[string]bool{
		"go.mod": true, "app/go.mod": true, "cargo.mod": false, "root/go/pkg/mod/a@v1/go.mod": false, "app/vendor/x/go.mod": false,
	} {
		if got := scannertest.Wants(golang.NewMod(), scannertest.File(path, []byte(text))); got != want {
			t.Errorf("Wants(%q) = %v, want %v", path, got, want)
		}
	}
	if got := scannertest.Scan(t, golang.NewMod(), "usr/lib/go/src/go.mod", []byte("module std\nrequire golang.org/x/net v0.1.0\n")); len(got) != 0 {
		t.Errorf("std: got %v", got)
	}
}

func FuzzScan(f *testing.F) {
	if self, err := os.Executable(); err == nil {
		if data, err := os.ReadFile(self); err == nil {
			f.Add(data[:4096])
		}
	}
	f.Add([]byte("\x7fELF\x02\x01\x01"))
	f.Add([]byte("MZ"))
	scannertest.Fuzz(f, golang.New(), "usr/bin/app.exe")
}

func FuzzGoMod(f *testing.F) {
	f.Add([]byte("module a\nrequire b v1 // c\nrequire (\n\tc v2\n)\nreplace b => d v3\nreplace c v2 => ./e\n"))
	scannertest.Fuzz(f, golang.NewMod(), "go.mod")
}

func BenchmarkWants(b *testing.B) {
	data, err := os.ReadFile("/bin/ls")
	if err != nil {
		b.Skip(err)
	}
	f := scannertest.File("bin/ls", data)
	s := golang.New()
	b.ReportAllocs()
	for b.Loop() {
		scannertest.Wants(s, f)
	}
}
