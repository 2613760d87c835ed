package ruby_test

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/boltseal/boltseal/image"
	"github.com/boltseal/boltseal/scan/packages/ruby"
	"github.com/boltseal/boltseal/scan/scanner/scannertest"
)

const specText = "# -*- encoding: utf-8 -*-\n# stub: nokogiri 1.13.6 x86_64-linux lib\n\nGem::Specification.new do |s|\n  s.name = \"nokogiri\".freeze\n" +
	"  s.version = \"1.13.6\"\n  s.platform = \"x86_64-linux\".freeze\n  s.licenses = [\"MIT\".freeze, 'Ruby']\nend\n"

func TestInstalled(t *testing.T) {
	for name, tc := range map[string]struct{ path, text, want string }{
		"stub":          {"gems/specifications/nokogiri-1.13.6-x86_64-linux.gemspec", specText, "nokogiri 1.13.6 MIT Ruby"},
		"literals":      {"specifications/default/x.gemspec", "Gem::Specification.new do |spec|\n  spec.name = 'json'\n  spec.version = Gem::Version.new('2.6.1')\n  spec.license = 'Ruby'\n", "json 2.6.1 Ruby"},
		"file name":     {"specifications/a-b-1.2.pre3-java.gemspec", "s.name = NAME\ns.version = VERSION\n", "a-b 1.2.pre3"},
		"only in quote": {"specifications/a-1.0.gemspec", "text = '# stub: no 1.0 ruby lib'\n", "a 1.0"},
	} {
		pkgs := scannertest.Scan(t, ruby.New(), tc.path, []byte(tc.text))
		if got := strings.Join(append(scannertest.Names(pkgs), pkgs[0].Licenses...), " "); got != tc.want {
			t.Errorf("%s: got %q, want %q", name, got, tc.want)
		}
	}
	if res, err := ruby.New().Scan(t.Context(), scannertest.File("specifications/a.gemspec", nil)); !errors.Is(err, image.ErrCorrupt) {
		t.Errorf("empty: got %v, %v, want ErrCorrupt", res, err)
	}
	for path, want := range map[string]bool{"a/specifications/x.gemspec": true, "a/x.gemspec": false, "my-specifications/x.gemspec": false, "specifications/x.rb": false} {
		if got := scannertest.Wants(ruby.New(), scannertest.File(path, []byte("x"))); got != want {
			t.Errorf("Wants(%q) = %v, want %v", path, got, want)
		}
	}
}

// TestGems compares the gems of this machine with what gem lists.
func TestGems(t *testing.T) {
	out, err := exec.Command("gem", "list", "--local").Output()
	if err != nil {
		t.Skip("gem does not run: ", err)
	}
	paths, err := exec.Command("gem", "env", "gempath").Output()
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]bool{}
	for dir := range strings.SplitSeq(string(bytes.TrimSpace(paths)), ":") {
		if specs := filepath.Join(dir, "specifications"); exists(specs) {
			for _, n := range scannertest.Names(scannertest.Tree(t, ruby.New(), filepath.Dir(specs))) {
				got[n] = true
			}
		}
	}
	listed := 0
	for line := range strings.Lines(string(out)) {
		name, rest, ok := strings.Cut(strings.TrimSpace(line), " (")
		if !ok {
			continue
		}
		for v := range strings.SplitSeq(strings.TrimSuffix(rest, ")"), ", ") {
			version := strings.Fields(strings.TrimPrefix(v, "default: "))[0]
			listed++
			if !got[name+" "+version] {
				t.Errorf("gem lists %s %s, which was not found", name, version)
			}
			delete(got, name+" "+version)
		}
	}
	for n := range got {
		t.Errorf("%s is not listed by gem", n)
	}
	t.Logf("%d gems", listed)
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

const lockText = `GIT
  remote: https://github.com/x/fork.git
  revision: 0123
  specs:
    fork (2.0.0)

PATH
  remote: .
  specs:
    app (0.1.0)

GEM
  remote: https://rubygems.org/
  specs:
    actionpack (5.2.3)
      rack (~> 2.0)
    nokogiri (1.13.6)
    nokogiri (1.13.6-x86_64-linux)
    rack (2.0.7.beta1)
    odd

PLATFORMS
  ruby

DEPENDENCIES
    rails (9.9)

BUNDLED WITH
   2.3.7
`

func TestLock(t *testing.T) {
	got := scannertest.Names(scannertest.Scan(t, ruby.NewLock(), "app/Gemfile.lock", []byte(lockText)))
	want := []string{"fork 2.0.0", "actionpack 5.2.3", "nokogiri 1.13.6", "rack 2.0.7.beta1"}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("packages differ (-want +got):\n%s", d)
	}
}

func FuzzScan(f *testing.F) {
	f.Add([]byte(specText))
	scannertest.Fuzz(f, ruby.New(), "specifications/a-1.0.gemspec")
}

func FuzzLock(f *testing.F) {
	f.Add([]byte(lockText))
	scannertest.Fuzz(f, ruby.NewLock(), "Gemfile.lock")
}
