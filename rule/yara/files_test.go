package yara

import (
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/boltseal/boltseal/rules"
)

// realFiles lists every n-th regular file of up to 1 MB under the folders, n
// being such that there are about most of them.
func realFiles(t testing.TB, most int, folders ...string) []string {
	t.Helper()
	var all []string
	for _, dir := range folders {
		err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
			if err != nil || !d.Type().IsRegular() || strings.ContainsAny(path, "\n") {
				return nil
			}
			if info, err := d.Info(); err == nil && info.Size() > 0 && info.Size() <= 1<<20 && info.Mode()&0o444 != 0 {
				all = append(all, path)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	step := max(1, len(all)/most)
	var out []string
	for i := 0; i < len(all); i += step {
		out = append(out, all[i])
	}
	return out
}

// manyFiles is how many real files a test looks at: few, or as many as
// BOLTSEAL_YARA_FILES says.
func manyFiles(t testing.TB, few int) int {
	t.Helper()
	s := os.Getenv("BOLTSEAL_YARA_FILES")
	if s == "" {
		return few
	}
	n, err := strconv.Atoi(s)
	if err != nil {
		t.Fatalf("BOLTSEAL_YARA_FILES: %v", err)
	}
	return n
}

// TestShippedRules runs Boltseal's own malware rules over this machine.
func TestShippedRules(t *testing.T) {
	text, err := rules.Malware()
	if err != nil {
		t.Fatal(err)
	}
	agree(t, string(text), realFiles(t, manyFiles(t, 300), "/usr/bin", "/usr/lib", "/usr/share", "/etc"))
}

// TestRealFiles runs rules that match ordinary files often, in every way that
// strings have.
func TestRealFiles(t *testing.T) {
	text, err := os.ReadFile("testdata/ordinary.yar")
	if err != nil {
		t.Fatal(err)
	}
	agree(t, string(text), realFiles(t, manyFiles(t, 150), "/usr/bin", "/usr/lib", "/usr/share", "/etc"))
}

// TestModules compares what modules say of programs: the rule writes it down.
func TestModules(t *testing.T) {
	text, err := os.ReadFile("testdata/modules.yar")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	files := realFiles(t, manyFiles(t, 100), "/usr/bin", "/usr/lib/x86_64-linux-gnu")
	for i, name := range files {
		files[i] = filepath.Join(dir, strconv.Itoa(i))
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		write(t, files[i], data)
		if i%10 == 0 { // broken ones too
			write(t, files[i], data[:len(data)/2])
		}
	}
	agree(t, string(text), files)
}
