// Package apt asks Debian's own package manager about a release, for tests that
// compare with it. It works in a folder of its own: the machine's package lists
// and packages stay as they are.
package apt

import (
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// Release is a release of Debian in apt's eyes.
type Release struct {
	// Codename is the release's name, Mirror where its packages come from.
	Codename, Mirror string

	dir string
}

// keyring has the keys that the archive is signed with.
const keyring = "/usr/share/keyrings/debian-archive-keyring.gpg"

// hosts serve releases: the living ones, then those that were archived.
var hosts = []string{"http://deb.debian.org", "http://archive.debian.org"}

// Open fetches the lists of a release and of its security updates. The test is
// skipped where no server can be asked, or where apt is not installed.
func Open(t testing.TB, codename string) *Release {
	t.Helper()
	if _, err := exec.LookPath("apt-get"); err != nil {
		t.Skipf("compare with apt: %v", err)
	}
	host := serving(t, codename)
	r := &Release{Codename: codename, Mirror: host + "/debian", dir: t.TempDir()}
	for _, dir := range []string{"lists/partial", "cache/archives/partial", "etc/preferences.d", "log"} {
		if err := os.MkdirAll(filepath.Join(r.dir, dir), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Chmod(r.dir, 0o755); err != nil { // apt downloads as another user
		t.Fatal(err)
	}
	var list strings.Builder
	for _, kind := range []string{"deb", "deb-src"} {
		fmt.Fprintf(&list, "%s [signed-by=%s] %s %s main\n", kind, keyring, r.Mirror, codename)
		fmt.Fprintf(&list, "%s [signed-by=%s] %s/debian-security %s-security main\n", kind, keyring, host, codename)
	}
	if err := os.WriteFile(filepath.Join(r.dir, "sources.list"), []byte(list.String()), 0o644); err != nil {
		t.Fatal(err)
	}
	r.run(t, "/dev/null", "apt-get", "update")
	return r
}

// serving is the host that has the release.
func serving(t testing.TB, codename string) string {
	t.Helper()
	why := ""
	for _, host := range hosts {
		url := host + "/debian/dists/" + codename + "/InRelease"
		res, err := http.Head(url)
		if err != nil {
			why = err.Error()
			continue
		}
		res.Body.Close()
		if res.StatusCode == http.StatusOK {
			return host
		}
		why = url + ": " + res.Status
	}
	t.Skipf("no archive of Debian to be reached: %s", why)
	return ""
}

// run runs a program of apt on the release, with the packages of a dpkg status
// file as the installed ones, and returns what it prints.
func (r *Release) run(t testing.TB, status, program string, args ...string) string {
	t.Helper()
	var options []string
	for _, o := range []string{
		"Dir::Etc=" + r.dir + "/etc", "Dir::Etc::sourcelist=" + r.dir + "/sources.list", "Dir::Etc::sourceparts=/dev/null",
		"Dir::State=" + r.dir, "Dir::State::status=" + status, "Dir::Cache=" + r.dir + "/cache", "Dir::Log=" + r.dir + "/log",
		"Acquire::Languages=none", "Acquire::Check-Valid-Until=false", "APT::Architecture=amd64", "Debug::NoLocking=true",
	} {
		options = append(options, "-o", o)
	}
	cmd := exec.CommandContext(t.Context(), program, append(options, args...)...)
	cmd.Env = append(os.Environ(), "LC_ALL=C")
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s %v: %v: %s", program, args, err, stderr.String())
	}
	return string(out)
}

// Upgrade is a package that apt would replace.
type Upgrade struct{ Package, Installed, Candidate string }

// installLine is one of apt-get's simulated steps, a replacement:
// Inst libc6 [2.31-13] (2.31-14 Debian-Security:11/oldoldstable-security [amd64])
var installLine = regexp.MustCompile(`(?m)^Inst (\S+) \[(\S+)\] \((\S+) `)

// Upgrades says what apt would replace in the root whose dpkg status file is
// given, by package.
func (r *Release) Upgrades(t testing.TB, status string) map[string]Upgrade {
	t.Helper()
	upgrades := map[string]Upgrade{}
	for _, m := range installLine.FindAllStringSubmatch(r.run(t, status, "apt-get", "-s", "-qq", "dist-upgrade"), -1) {
		upgrades[m[1]] = Upgrade{m[1], m[2], m[3]}
	}
	return upgrades
}

// Sources lists the source packages of a suite, codename or codename-security,
// with the newest version of each.
func (r *Release) Sources(t testing.TB, suite string) map[string]string {
	t.Helper()
	files := r.run(t, "/dev/null", "apt-get", "indextargets", "--format", "$(FILENAME)", "Created-By: Sources", "Release: "+suite)
	if strings.TrimSpace(files) == "" {
		t.Fatalf("apt has no list of the sources of %s", suite)
	}
	text := r.run(t, "/dev/null", "/usr/lib/apt/apt-helper", append([]string{"cat-file"}, strings.Fields(files)...)...)
	sources := map[string]string{}
	for stanza := range strings.SplitSeq(text, "\n\n") {
		name, version := field(stanza, "Package"), field(stanza, "Version")
		if old := sources[name]; name != "" && (old == "" || Newer(t, version, old)) {
			sources[name] = version
		}
	}
	return sources
}

// field is the value of a one-line field of a stanza.
func field(stanza, name string) string {
	_, rest, ok := strings.Cut("\n"+stanza, "\n"+name+": ")
	if !ok {
		return ""
	}
	value, _, _ := strings.Cut(rest, "\n")
	return strings.TrimSpace(value)
}

// Newer asks dpkg whether version a is newer than b.
func Newer(t testing.TB, a, b string) bool {
	t.Helper()
	err := exec.CommandContext(t.Context(), "dpkg", "--compare-versions", a, "gt", b).Run()
	if _, exited := err.(*exec.ExitError); err != nil && !exited {
		t.Fatal(err)
	}
	return err == nil
}
