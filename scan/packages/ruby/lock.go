package ruby

import (
	"bytes"
	"context"
	"strings"

	"github.com/boltseal/boltseal/image"
	"github.com/boltseal/boltseal/inventory"
	"github.com/boltseal/boltseal/scan/scanner"
)

// Lock reads Bundler's Gemfile.lock.
type Lock struct{}

// NewLock returns the scanner.
func NewLock() *Lock { return &Lock{} }

// Name implements scanner.Scanner.
func (*Lock) Name() string { return "bundler" }

// Version implements scanner.Scanner.
func (*Lock) Version() int { return 1 }

// Wants implements scanner.Scanner.
func (*Lock) Wants(e *image.Entry, _ []byte) bool {
	return scanner.At(e.Path, "Gemfile.lock") || scanner.At(e.Path, "gems.locked")
}

// Scan implements scanner.Scanner. Below "specs:" in the sections GEM, GIT and
// PLUGIN SOURCE, gems are indented by four spaces and what they need by six.
// PATH holds the project's own gems.
func (*Lock) Scan(_ context.Context, f *scanner.File) (scanner.Result, error) {
	data, err := f.Text()
	if err != nil {
		return scanner.Result{}, err
	}
	var pkgs []inventory.Package
	seen := map[string]bool{}
	section, specs := "", false
	for raw := range bytes.Lines(data) {
		line := strings.TrimRight(string(raw), " \r\n")
		switch {
		case line == "":
		case line[0] != ' ':
			section, specs = line, false
		case line == "  specs:":
			specs = section != "PATH"
		case specs && strings.HasPrefix(line, "    ") && line[4] != ' ':
			name, version, ok := spec(line[4:])
			if key := name + " " + version; ok && !seen[key] {
				seen[key] = true
				p := inventory.Package{Type: "gem", Name: name, Version: version, Evidence: inventory.Lockfile}
				pkgs = scanner.Append(pkgs, p, f.Limits.Packages)
			}
		}
	}
	return scanner.Result{Packages: pkgs}, nil
}

// spec reads "nokogiri (1.13.6-x86_64-linux)".
func spec(s string) (name, version string, ok bool) {
	name, rest, ok := strings.Cut(s, " (")
	version, closed := strings.CutSuffix(rest, ")")
	version = withoutPlatform(version)
	return name, version, ok && closed && name != "" && isVersion(version)
}
