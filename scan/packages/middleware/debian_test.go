package middleware

import (
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/boltseal/boltseal/image"
	"github.com/boltseal/boltseal/inventory"
	"github.com/boltseal/boltseal/scan/scanner"
)

// scanFile scans a file on disk as the file at path of an image, in memory and
// spilled, which must tell the same.
func scanFile(t testing.TB, path, name string) []inventory.Package {
	t.Helper()
	file, err := os.Open(name)
	if err != nil {
		return nil // another user's
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		t.Fatal(err)
	}
	f := &scanner.File{
		Entry: image.Entry{Path: path, Type: image.File, Size: info.Size()}, Content: file, Limits: image.DefaultLimits(),
	}
	head := make([]byte, min(headBytes, f.Size))
	if _, err := file.ReadAt(head, 0); err != nil {
		t.Fatal(err)
	}
	s := New()
	if !s.Wants(&f.Entry, head) {
		return nil
	}
	res, err := s.Scan(t.Context(), f)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	if f.Data, err = os.ReadFile(name); err != nil {
		t.Fatal(err)
	}
	again, err := s.Scan(t.Context(), f)
	if err != nil || len(again.Packages) != len(res.Packages) || len(res.Packages) > 0 && again.Packages[0].Version != res.Packages[0].Version {
		t.Errorf("%s: spilled %v, in memory %v, %v", name, res.Packages, again.Packages, err)
	}
	return res.Packages
}

// upstream is a Debian package version without epoch, revision and the marks of
// repacked sources.
func upstream(version string) string {
	if _, v, ok := strings.Cut(version, ":"); ok {
		version = v
	}
	if i := strings.LastIndexByte(version, '-'); i > 0 {
		version = version[:i]
	}
	version = strings.NewReplacer("~rc", "rc", "~beta", "-beta").Replace(version)
	return repacked.ReplaceAllString(version, "")
}

var repacked = regexp.MustCompile(`[+~](?:dfsg|ds|really|git|repack|debian|deb).*$|\.dfsg.*$`)

// TestInstalledPrograms scans the programs and libraries that Debian installed
// on this machine: where the scanner finds a version, it must be that of the
// package that owns the file.
func TestInstalledPrograms(t *testing.T) {
	if _, err := exec.LookPath("dpkg-query"); err != nil {
		t.Skip("dpkg-query is not installed: it says what the versions are")
	}
	found := make(map[string][]inventory.Package)
	for _, dir := range []string{"/usr/bin", "/usr/sbin", "/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu"} {
		entries, err := os.ReadDir(dir)
		if err != nil {
			continue
		}
		for _, e := range entries {
			name := filepath.Join(dir, e.Name())
			if !e.Type().IsRegular() {
				continue
			}
			if packages := scanFile(t, name[1:], name); len(packages) > 0 {
				found[name] = packages
			}
		}
	}
	versions := owners(t, slices.Sorted(maps.Keys(found)))
	if len(versions) < 5 {
		t.Errorf("only %d files of packages found", len(versions))
	}
	for name, version := range versions {
		for _, p := range found[name] {
			check(t, name, p, version)
		}
	}
	t.Logf("%d files, of which %d have an owner", len(found), len(versions))
}

// check compares what was found with the version of the Debian package.
func check(t *testing.T, name string, p inventory.Package, version string) {
	t.Helper()
	switch p.Name {
	case "trafficserver": // Debian's updates bring newer releases under the old version
		return
	case "dokuwiki": // a date, which Debian writes as "0.0.20220731.b"
		return
	}
	if _, really, ok := strings.Cut(version, "+really"); ok {
		version = really
	}
	if !strings.HasPrefix(upstream(version), strings.ReplaceAll(p.Version, "_", ".")) {
		t.Errorf("%s: %s %s, but its package has version %s", name, p.Name, p.Version, version)
	}
}

// owners maps files to the source version of the Debian packages that own
// them. In a merged /usr, the database may name a file without "/usr".
func owners(t *testing.T, names []string) map[string]string {
	t.Helper()
	for _, n := range names[:len(names):len(names)] {
		names = append(names, strings.TrimPrefix(n, "/usr"))
	}
	out, err := exec.Command("dpkg-query", append([]string{"-S"}, names...)...).Output()
	if len(out) == 0 {
		t.Fatal(err) // it fails for each file that has no owner
	}
	versions := make(map[string]string)
	for line := range strings.Lines(string(out)) {
		pkg, path, ok := strings.Cut(strings.TrimSpace(line), ": ")
		if !ok || strings.Contains(pkg, ", ") || strings.HasPrefix(pkg, "diversion") {
			continue
		}
		version, err := exec.Command("dpkg-query", "-W", "-f", "${source:Version}", pkg).Output()
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(path, "/usr") {
			path = "/usr" + path
		}
		versions[path] = string(version)
	}
	return versions
}

// servers are packages that are small and start nothing when only unpacked.
var servers = []string{
	"nginx", "haproxy", "lighttpd", "varnish", "memcached", "redis-tools", "mosquitto", "unbound", "dnsmasq-base", "dropbear-bin", "stunnel4",
}

// unpack downloads packages and unpacks them as TestDebianPackages wants them.
func unpack(t *testing.T, packages []string) string {
	t.Helper()
	root := t.TempDir()
	run := func(name string, args ...string) string {
		cmd := exec.Command(name, args...)
		cmd.Dir = root
		out, err := cmd.Output()
		if err != nil {
			t.Skipf("%s %v: %v: Debian's servers cannot be fetched", name, args, err)
		}
		return string(out)
	}
	run("apt-get", append([]string{"download"}, packages...)...)
	files, err := filepath.Glob(filepath.Join(root, "*.deb"))
	if err != nil || len(files) != len(packages) {
		t.Fatalf("%d packages downloaded, %v", len(files), err)
	}
	for _, f := range files {
		name, _, _ := strings.Cut(filepath.Base(f), "_")
		run("dpkg-deb", "-x", f, name)
		version := run("dpkg-deb", "-f", f, "Version")
		if err := os.WriteFile(filepath.Join(root, name+".version"), []byte(version), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

// TestDebianPackages does the same for servers, which are unpacked and not
// installed: some of Debian's, each of which must give a product, or those that
// BOLTSEAL_DEBS has in DIR/PACKAGE with the version in DIR/PACKAGE.version.
func TestDebianPackages(t *testing.T) {
	root := os.Getenv("BOLTSEAL_DEBS")
	all := root != ""
	if !all {
		root = unpack(t, servers)
	}
	entries, err := os.ReadDir(root)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if !e.IsDir() {
			continue
		}
		version, err := os.ReadFile(filepath.Join(root, e.Name()+".version"))
		if err != nil {
			t.Fatal(err)
		}
		found := 0
		dir := filepath.Join(root, e.Name())
		err = filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
			if err != nil || !d.Type().IsRegular() {
				return err
			}
			for _, p := range scanFile(t, strings.TrimPrefix(path, dir+"/"), path) {
				found++
				check(t, path, p, strings.TrimSpace(string(version)))
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if found == 0 && !all {
			t.Errorf("nothing found in %s %s", e.Name(), version)
		}
	}
}

// TestGoPrograms builds programs as projects release them: the version set by
// the linker, file paths and flags trimmed.
func TestGoPrograms(t *testing.T) {
	dir := t.TempDir()
	source := "package main\n\nvar version = \"unset\"\n\nfunc main() { println(version) }\n"
	if err := os.WriteFile(filepath.Join(dir, "main.go"), []byte(source), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, version := range map[string]string{"kubelet": "v1.28.4", "vault": "1.15.4"} {
		program := filepath.Join(dir, name)
		cmd := exec.Command("go", "build", "-trimpath", "-ldflags", "-s -w -X main.version="+version, "-o", program, "main.go")
		cmd.Dir = dir
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Skipf("build a Go program: %v\n%s", err, out)
		}
		if got := names(scanFile(t, "usr/bin/"+name, program)); got != name+" "+strings.TrimPrefix(version, "v") {
			t.Errorf("%s %s: got %q", name, version, got)
		}
	}
}
