package php_test

import (
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/boltseal/boltseal/image"
	"github.com/boltseal/boltseal/inventory"
	"github.com/boltseal/boltseal/scan/packages/php"
	"github.com/boltseal/boltseal/scan/scanner/scannertest"
)

const (
	composer1 = `[{"name":"symfony/http-kernel","version":"v4.4.1","license":["MIT"]},{"name":"php","version":"8"},{"name":"Monolog/Monolog","version":"2.0.0","license":"MIT"}]`
	composer2 = `{"packages":[{"name":"symfony/http-kernel","version":"v4.4.1","version_normalized":"4.4.1.0","type":"library","license":["MIT"],"install-path":"../symfony/http-kernel"},` +
		`{"name":"phpunit/phpunit","version":"9.5.0","version_normalized":"9.5.0.0","type":"library","install-path":"../phpunit/phpunit"}],"dev":true,"dev-package-names":["phpunit/phpunit"]}`
	lock = `{"packages":[{"name":"symfony/http-kernel","version":"v4.4.1"}],"packages-dev":[{"name":"phpunit/phpunit","version":"9.5.0"}],"aliases":[]}`
)

func TestInstalled(t *testing.T) {
	for name, tc := range map[string]struct {
		text string
		want []string
	}{
		"composer 1": {composer1, []string{"symfony/http-kernel v4.4.1", "monolog/monolog 2.0.0"}},
		"composer 2": {composer2, []string{"symfony/http-kernel v4.4.1", "phpunit/phpunit 9.5.0 dev"}},
	} {
		pkgs := scannertest.Scan(t, php.New(), "app/vendor/composer/installed.json", []byte(tc.text))
		if d := cmp.Diff(tc.want, scannertest.Names(pkgs)); d != "" {
			t.Errorf("%s: packages differ (-want +got):\n%s", name, d)
		}
		if p := pkgs[0]; p.Type != "composer" || p.Evidence != inventory.Installed || len(p.Licenses) != 1 || p.Licenses[0] != "MIT" {
			t.Errorf("%s: got %+v", name, p)
		}
	}
	if _, err := php.New().Scan(t.Context(), scannertest.File("composer/installed.json", []byte(`{"packages":7}`))); !errors.Is(err, image.ErrCorrupt) {
		t.Errorf("got %v, want ErrCorrupt", err)
	}
}

// TestComposer compares with what Composer itself lists from the same files.
func TestComposer(t *testing.T) {
	if _, err := exec.LookPath("composer"); err != nil {
		t.Skip("composer is not installed")
	}
	dir := t.TempDir()
	for name, text := range map[string]string{
		"composer.json":                  `{"name":"a/b","require":{"symfony/http-kernel":"*"},"require-dev":{"phpunit/phpunit":"*"}}`,
		"composer.lock":                  lock,
		"vendor/composer/installed.json": composer2,
		"vendor/symfony/http-kernel/x":   "",
		"vendor/phpunit/phpunit/x":       "",
	} {
		p := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(p), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(p, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for file, pkgs := range map[string][]inventory.Package{
		"--installed": scannertest.Tree(t, php.New(), dir),
		"--locked":    scannertest.Tree(t, php.NewLock(), dir),
	} {
		cmd := exec.Command("composer", "show", file, "--format=json", "--no-interaction")
		cmd.Dir = dir
		cmd.Env = append(os.Environ(), "COMPOSER_ALLOW_SUPERUSER=1", "COMPOSER_DISABLE_NETWORK=1", "COMPOSER_HOME="+t.TempDir())
		out, err := cmd.Output()
		if err != nil {
			t.Fatalf("composer show %s: %v", file, err)
		}
		var listed map[string][]struct{ Name, Version string }
		if err := json.Unmarshal(out, &listed); err != nil {
			t.Fatalf("%v in %s", err, out)
		}
		want := map[string]string{}
		for _, p := range append(listed["installed"], listed["locked"]...) {
			want[p.Name] = p.Version
		}
		got := map[string]string{}
		for _, p := range pkgs {
			got[p.Name] = p.Version
		}
		if d := cmp.Diff(want, got); d != "" || len(got) == 0 {
			t.Errorf("%s: composer lists something else (-composer +got):\n%s", file, d)
		}
	}
}

func TestLock(t *testing.T) {
	got := scannertest.Names(scannertest.Scan(t, php.NewLock(), "app/composer.lock", []byte(lock)))
	if d := cmp.Diff([]string{"symfony/http-kernel v4.4.1", "phpunit/phpunit 9.5.0 dev"}, got); d != "" {
		t.Errorf("packages differ (-want +got):\n%s", d)
	}
	if _, err := php.NewLock().Scan(t.Context(), scannertest.File("composer.lock", []byte("["))); !errors.Is(err, image.ErrCorrupt) {
		t.Errorf("got %v, want ErrCorrupt", err)
	}
}

func FuzzScan(f *testing.F) {
	f.Add([]byte(composer1))
	f.Add([]byte(composer2))
	scannertest.Fuzz(f, php.New(), "composer/installed.json")
}

func FuzzLock(f *testing.F) {
	f.Add([]byte(lock))
	scannertest.Fuzz(f, php.NewLock(), "composer.lock")
}
