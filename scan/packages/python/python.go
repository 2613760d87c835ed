// Package python reads Python packages: the metadata that installers leave
// (dist-info and egg-info), and requirements.txt, poetry.lock, Pipfile.lock,
// uv.lock, pdm.lock and pylock.toml.
//
// Names are normalised as in PEP 503. Not read: zipped eggs and wheels, setup.py
// and version ranges. Source: packaging.python.org (core metadata, recording
// installed projects, PEP 508, PEP 751).
package python

import (
	"context"
	"fmt"
	"strings"

	"github.com/boltseal/boltseal/image"
	"github.com/boltseal/boltseal/internal/lines"
	"github.com/boltseal/boltseal/inventory"
	"github.com/boltseal/boltseal/scan/scanner"
)

// Scanner reads the metadata of installed packages.
type Scanner struct{}

// New returns the scanner.
func New() *Scanner { return &Scanner{} }

// Name implements scanner.Scanner.
func (*Scanner) Name() string { return "python" }

// Version implements scanner.Scanner.
func (*Scanner) Version() int { return 1 }

// Wants implements scanner.Scanner: x.dist-info/METADATA, x.egg-info/PKG-INFO,
// EGG-INFO/PKG-INFO of unpacked eggs, and x.egg-info files of distutils.
func (*Scanner) Wants(e *image.Entry, _ []byte) bool {
	p := e.Path
	return strings.HasSuffix(p, ".dist-info/METADATA") || strings.HasSuffix(p, ".egg-info/PKG-INFO") ||
		strings.HasSuffix(p, "/EGG-INFO/PKG-INFO") || strings.HasSuffix(p, ".egg-info")
}

// Scan implements scanner.Scanner. A package without name and version is an
// error: installers always write them.
func (*Scanner) Scan(_ context.Context, f *scanner.File) (scanner.Result, error) {
	p := pypi("", "")
	p.Evidence = inventory.Installed
	license, expression := "", ""
	r := lines.NewReader(f.Reader(), f.Limits.LineBytes)
	for line, ok := r.Next(); ok && len(line) > 0; line, ok = r.Next() {
		key, value, found := strings.Cut(string(line), ":")
		if value = strings.TrimSpace(value); !found || value == "" {
			continue
		}
		switch strings.ToLower(key) {
		case "name":
			p.Name = normalize(value)
		case "version":
			p.Version = value
		case "license":
			license = value
		case "license-expression":
			expression = value
		}
	}
	if err := r.Err(); err != nil {
		return scanner.Result{}, fmt.Errorf("read metadata: %w", err)
	}
	if p.Name == "" || p.Version == "" {
		return scanner.Result{}, fmt.Errorf("%w: metadata has no name or version", image.ErrCorrupt)
	}
	p.Licenses = licenses(expression, license)
	return scanner.Result{Packages: []inventory.Package{p}}, nil
}

// licenses prefers the expression. The older field often holds a whole text.
func licenses(expression, license string) []string {
	switch {
	case expression != "":
		return []string{expression}
	case license != "" && license != "UNKNOWN" && len(license) <= 60:
		return []string{license}
	}
	return nil
}

// pypi makes a package of a lock file.
func pypi(name, version string) inventory.Package {
	return inventory.Package{Type: "pypi", Name: normalize(name), Version: version, Evidence: inventory.Lockfile}
}

// normalize gives the name that PEP 503 compares: lower case, with one hyphen
// for every run of hyphens, underscores and dots.
func normalize(name string) string {
	plain := true
	for i := 0; i < len(name) && plain; i++ {
		c := name[i]
		plain = c >= 'a' && c <= 'z' || c >= '0' && c <= '9'
	}
	if plain {
		return name
	}
	var b strings.Builder
	for i := 0; i < len(name); i++ {
		c := name[i]
		switch {
		case c == '-' || c == '_' || c == '.':
			if b.Len() > 0 && i+1 < len(name) && name[i-1] != '-' && name[i-1] != '_' && name[i-1] != '.' {
				b.WriteByte('-')
			}
		case c >= 'A' && c <= 'Z':
			b.WriteByte(c + 'a' - 'A')
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}

// isName says whether s may be the name of a project, before normalisation.
func isName(s string) bool {
	if s == "" || len(s) > 200 {
		return false
	}
	for i := 0; i < len(s); i++ {
		c := s[i]
		alphanumeric := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
		if !alphanumeric && (i == 0 || c != '-' && c != '_' && c != '.') {
			return false
		}
	}
	return true
}
