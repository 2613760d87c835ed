package scan

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/boltseal/boltseal/finding"
	"github.com/boltseal/boltseal/image"
	"github.com/boltseal/boltseal/scan/integrity"
)

// packaged are the files of a package, by path; those below /etc are
// configuration.
var packaged = map[string]string{
	"/usr/bin/alpha":                 "#!/bin/sh\necho alpha\n",
	"/usr/sbin/alphad":               "#!/bin/sh\necho daemon\n",
	"/usr/bin/beta":                  "#!/bin/sh\necho beta\n",
	"/usr/lib/libalpha.so.1":         "not really a library\n",
	"/usr/lib/security/pam_alpha.so": "nor is this\n",
	"/usr/share/alpha/data":          "data\n",
	"/etc/alpha.conf":                "a = 1\n",
}

// planted are the files that someone changes.
var planted = []string{"/usr/sbin/alphad", "/usr/lib/security/pam_alpha.so", "/usr/share/alpha/data", "/etc/alpha.conf"}

// agrees runs both levels over a root and compares what differs with what the
// package manager itself says.
func agrees(t *testing.T, root string, manager func() []string) {
	t.Helper()
	for _, p := range planted {
		f, err := os.OpenFile(filepath.Join(root, p), os.O_APPEND|os.O_WRONLY, 0)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.WriteString("# changed\n"); err != nil {
			t.Fatal(err)
		}
		f.Close()
	}
	want := slices.DeleteFunc(manager(), func(p string) bool { return strings.HasPrefix(p, "/etc/") })
	if d := cmp.Diff(want, differing(t, root, integrity.Full)); d != "" {
		t.Errorf("full level (-package manager +scan):\n%s", d)
	}
	want = slices.DeleteFunc(want, func(p string) bool { return strings.HasPrefix(p, "/usr/share/") })
	if len(want) != 2 {
		t.Errorf("package manager names %v, want two programs and libraries", want)
	}
	if d := cmp.Diff(want, differing(t, root, integrity.Programs)); d != "" {
		t.Errorf("default level (-package manager +scan):\n%s", d)
	}
}

// differing are the paths that the scan of a root says are not their package's.
func differing(t *testing.T, root string, level integrity.Level) (paths []string) {
	t.Helper()
	im, err := image.Open(t.Context(), "rootfs:"+root, image.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer im.Close()
	threats := Threats{Kinds: []finding.Kind{finding.KindMalware}, Integrity: level}
	res, err := Scan(t.Context(), im, Options{Scanners: append(Packages(), threats.integrity()...)})
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range res.Findings {
		if f.Rule.ID == changedFile.ID {
			paths = append(paths, "/"+f.Location.Path)
		}
	}
	slices.Sort(paths)
	return paths
}

func need(t *testing.T, tools ...string) {
	t.Helper()
	for _, tool := range tools {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("%s is not installed: it makes the package and says what differs", tool)
		}
	}
}

func run(t *testing.T, name string, args ...string) string {
	t.Helper()
	out, err := exec.Command(name, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("run %s: %v\n%s", name, err, out)
	}
	return string(out)
}

func put(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o755); err != nil {
		t.Fatal(err)
	}
}

// TestAgainstDpkgVerify installs a package with dpkg into a root, diverts one of
// its files and changes others.
func TestAgainstDpkgVerify(t *testing.T) {
	need(t, "dpkg", "dpkg-deb", "dpkg-divert")
	if os.Geteuid() != 0 {
		t.Skip("dpkg --root needs root")
	}
	build, root := t.TempDir(), t.TempDir()
	var sums strings.Builder
	for p, text := range packaged {
		put(t, filepath.Join(build, p), text)
	}
	for _, p := range slices.Sorted(func(yield func(string) bool) {
		for p := range packaged {
			if !strings.HasPrefix(p, "/etc/") && !yield(p) {
				return
			}
		}
	}) {
		digest, _, _ := strings.Cut(run(t, "md5sum", filepath.Join(build, p)), " ")
		sums.WriteString(digest + "  " + p[1:] + "\n")
	}
	put(t, filepath.Join(build, "DEBIAN/control"), "Package: alpha\nVersion: 1\nArchitecture: all\nMaintainer: A <a@example.org>\nDescription: a\n")
	put(t, filepath.Join(build, "DEBIAN/conffiles"), "/etc/alpha.conf\n")
	put(t, filepath.Join(build, "DEBIAN/md5sums"), sums.String())
	deb := filepath.Join(t.TempDir(), "alpha.deb")
	run(t, "dpkg-deb", "--root-owner-group", "-b", build, deb)
	put(t, filepath.Join(root, "etc/os-release"), "ID=debian\nVERSION_ID=12\n")
	for _, dir := range []string{"var/lib/dpkg/info", "var/lib/dpkg/updates", "var/log"} {
		if err := os.MkdirAll(filepath.Join(root, dir), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	put(t, filepath.Join(root, "var/lib/dpkg/status"), "")
	run(t, "dpkg", "--root="+root, "--force-script-chrootless", "-i", deb)
	run(t, "dpkg-divert", "--root", root, "--package", "other", "--divert", "/usr/bin/beta.real", "--rename", "/usr/bin/beta")
	put(t, filepath.Join(root, "usr/bin/beta"), "#!/bin/sh\nexec beta.real\n")
	agrees(t, root, func() (paths []string) {
		out, _ := exec.Command("dpkg", "--root="+root, "--verify").Output() // its status says that files differ
		for line := range strings.Lines(string(out)) {
			if fields := strings.Fields(line); len(fields) > 1 && strings.Contains(fields[0], "5") {
				paths = append(paths, fields[len(fields)-1])
			}
		}
		slices.Sort(paths)
		return paths
	})
}

// TestAgainstRPMVerify does the same with rpm.
func TestAgainstRPMVerify(t *testing.T) {
	need(t, "rpm", "rpmbuild")
	if os.Geteuid() != 0 {
		t.Skip("rpm --root needs root")
	}
	top, root := t.TempDir(), t.TempDir()
	spec := "Name: alpha\nVersion: 1\nRelease: 1\nSummary: s\nLicense: MIT\nBuildArch: noarch\nAutoReqProv: no\n%description\nd\n%files\n/usr\n%config /etc/alpha.conf\n%ghost /usr/share/alpha/ghost\n"
	for p, text := range packaged {
		put(t, filepath.Join(top, "tree", p), text)
	}
	put(t, filepath.Join(top, "tree/usr/share/alpha/ghost"), "x")
	put(t, filepath.Join(top, "alpha.spec"), spec)
	run(t, "rpmbuild", "-bb", "--quiet", "--define", "_topdir "+top, "--define", "_build_id_links none", "--buildroot", filepath.Join(top, "tree"), "--noclean",
		"--define", "__spec_install_pre true", "--define", "__os_install_post true", filepath.Join(top, "alpha.spec"))
	put(t, filepath.Join(root, "etc/os-release"), "ID=fedora\nVERSION_ID=40\n")
	run(t, "rpm", "--root", root, "--dbpath", "/var/lib/rpm", "-i", "--nodeps", "--noscripts", filepath.Join(top, "RPMS/noarch/alpha-1-1.noarch.rpm"))
	put(t, filepath.Join(root, "usr/share/alpha/ghost"), "another")
	agrees(t, root, func() (paths []string) {
		out, _ := exec.Command("rpm", "--root", root, "--dbpath", "/var/lib/rpm", "-Va").Output() // its status says that files differ
		for line := range strings.Lines(string(out)) {
			if fields := strings.Fields(line); len(fields) > 1 && strings.Contains(fields[0], "5") {
				paths = append(paths, fields[len(fields)-1])
			}
		}
		slices.Sort(paths)
		return paths
	})
}
