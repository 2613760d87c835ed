package java_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/boltseal/boltseal/scan/packages/java"
	"github.com/boltseal/boltseal/scan/scanner/scannertest"
)

// debianRoot is where Debian's Java packages are installed; BOLTSEAL_ROOT names
// another root.
func debianRoot() string {
	if root := os.Getenv("BOLTSEAL_ROOT"); root != "" {
		return root
	}
	return "/"
}

// TestDebian compares the jars of Debian's Java packages with the coordinates
// under which Debian's own Maven repository has them:
// usr/share/maven-repo/GROUP/ARTIFACT/VERSION/ARTIFACT-VERSION.jar. Jars that do
// not tell their group may go without, but none may get a wrong one.
func TestDebian(t *testing.T) {
	root := debianRoot()
	repo := filepath.Join(root, "usr/share/maven-repo")
	if _, err := os.Stat(filepath.Join(repo, "org/springframework")); err != nil {
		t.Skip("Debian's libspring-core-java, libspring-web-java, liblog4j2-java are not installed")
	}
	var jars, exact int
	err := filepath.WalkDir(repo, func(p string, d fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(p) != ".jar" {
			return err
		}
		target, err := filepath.EvalSymlinks(p)
		if err != nil || renamed(filepath.Base(target)) {
			return nil
		}
		parts := strings.Split(strings.TrimPrefix(filepath.Dir(p), repo+"/"), "/")
		n := len(parts)
		group, artifact, version := strings.Join(parts[:n-2], "."), parts[n-2], parts[n-1]
		if version == "debian" || strings.HasSuffix(version, ".x") {
			return nil // another name of the same jar
		}
		data, err := os.ReadFile(target)
		if err != nil {
			return err
		}
		jars++
		got := scannertest.Names(scannertest.Scan(t, java.New(), strings.TrimPrefix(target, root), data))
		if slices.Contains(got, group+":"+artifact+" "+version) {
			exact++
			return nil
		}
		t.Logf("%s: got %q, want %s:%s %s", filepath.Base(target), got, group, artifact, version)
		for _, name := range got {
			name, _, _ = strings.Cut(name, " ")
			if g, a, ok := strings.Cut(name, ":"); ok && a == artifact && g != group {
				t.Errorf("%s: wrong group %s, want %s", target, g, group)
			}
		}
		return nil
	})
	if err != nil || jars < 5 || exact < jars*2/3 {
		t.Errorf("%d of %d jars have the right name and version, %v", exact, jars, err)
	}
	t.Logf("%d of %d jars have the right name and version", exact, jars)
}

// renamed says whether Debian named a jar otherwise than upstream, so that
// its name cannot be an artifact's.
func renamed(base string) bool {
	return strings.HasPrefix(base, "tomcat9-") || strings.HasPrefix(base, "tomcat10-") || strings.HasPrefix(base, "spring3-")
}
