// Package ruby reads Ruby gems: the specifications that RubyGems writes when it
// installs, and Gemfile.lock.
//
// Specifications are Ruby programs; nothing is run. RubyGems writes name and
// version into a comment for itself ("# stub: rake 13.0.6 ruby lib"), then as
// literals, and into the file's name. Versions are without the platform.
// Source: lib/rubygems/stub_specification.rb and lib/bundler/lockfile_parser.rb.
package ruby

import (
	"bytes"
	"context"
	"fmt"
	"regexp"
	"strings"

	"github.com/boltseal/boltseal/image"
	"github.com/boltseal/boltseal/inventory"
	"github.com/boltseal/boltseal/scan/scanner"
)

// Scanner reads the specifications of installed gems.
type Scanner struct{}

// New returns the scanner.
func New() *Scanner { return &Scanner{} }

// Name implements scanner.Scanner.
func (*Scanner) Name() string { return "ruby" }

// Version implements scanner.Scanner.
func (*Scanner) Version() int { return 1 }

const (
	// specBytes bounds a specification.
	specBytes = 4 << 20
	// searchBytes is how much of it is searched for assignments, which come
	// first: the expressions read some megabytes a second.
	searchBytes = 256 << 10
)

// Wants implements scanner.Scanner: x.gemspec in a directory "specifications"
// or, for the gems that come with Ruby, "specifications/default".
func (*Scanner) Wants(e *image.Entry, _ []byte) bool {
	if !strings.HasSuffix(e.Path, ".gemspec") {
		return false
	}
	dir, _ := scanner.Split(e.Path)
	return scanner.At(dir, "specifications") || scanner.At(dir, "specifications/default")
}

var (
	// A "s.name =" of what gem build writes, with one kind of quotes or the other.
	nameLiteral    = regexp.MustCompile(`(?m)^\s*\w+\.name\s*=\s*["']([^"'\n]+)["']`)
	versionLiteral = regexp.MustCompile(`(?m)^\s*\w+\.version\s*=\s*(?:Gem::Version\.new\(?\s*)?["']([^"'\n]+)["']`)
	licenseList    = regexp.MustCompile(`(?m)^\s*\w+\.licenses?\s*=\s*\[?([^\]\n]+)`)
	literal        = regexp.MustCompile(`["']([^"'\n]{1,60})["']`)
)

// Scan implements scanner.Scanner.
func (*Scanner) Scan(_ context.Context, f *scanner.File) (scanner.Result, error) {
	data, err := f.Bytes(specBytes)
	if err != nil {
		return scanner.Result{}, err
	}
	data = data[:min(len(data), searchBytes)]
	name, version := stub(data)
	if name == "" {
		name, version = submatch(nameLiteral, data), submatch(versionLiteral, data)
	}
	if name == "" || version == "" {
		name, version = fileName(f.Path)
	}
	if name == "" || version == "" {
		return scanner.Result{}, fmt.Errorf("%w: specification has no name or version", image.ErrCorrupt)
	}
	p := inventory.Package{Type: "gem", Name: name, Version: version, Evidence: inventory.Installed}
	for _, m := range literal.FindAllStringSubmatch(submatch(licenseList, data), 5) {
		p.Licenses = append(p.Licenses, m[1])
	}
	return scanner.Result{Packages: []inventory.Package{p}}, nil
}

// stub reads the comment "# stub: NAME VERSION PLATFORM PATHS", which is in one
// of the first lines.
func stub(data []byte) (name, version string) {
	data = data[:min(len(data), 1024)]
	i := bytes.Index(data, []byte("# stub: "))
	if i < 0 || i > 0 && data[i-1] != '\n' {
		return "", ""
	}
	line, _, _ := bytes.Cut(data[i+len("# stub: "):], []byte("\n"))
	f := strings.Fields(string(line))
	if len(f) < 3 || !isVersion(f[1]) {
		return "", ""
	}
	return f[0], f[1]
}

func submatch(re *regexp.Regexp, data []byte) string {
	if m := re.FindSubmatch(data); m != nil {
		return string(m[1])
	}
	return ""
}

// fileName reads NAME-VERSION.gemspec and NAME-VERSION-PLATFORM.gemspec.
func fileName(path string) (name, version string) {
	_, base := scanner.Split(path)
	base = strings.TrimSuffix(base, ".gemspec")
	for i := 1; i < len(base)-1; i++ {
		if base[i] == '-' && base[i+1] >= '0' && base[i+1] <= '9' {
			if v := withoutPlatform(base[i+1:]); isVersion(v) {
				return base[:i], v
			}
		}
	}
	return "", ""
}

// withoutPlatform cuts "1.13.6-x86_64-linux" at the dash, which no version has.
func withoutPlatform(version string) string {
	v, _, _ := strings.Cut(version, "-")
	return v
}

// isVersion says whether s has the form of Gem::Version: parts of digits and
// letters, the first of them digits, between dots.
func isVersion(s string) bool {
	if s == "" || s[0] < '0' || s[0] > '9' {
		return false
	}
	for i := 0; i < len(s); i++ {
		c := s[i]
		if !(c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '.') {
			return false
		}
	}
	return true
}
