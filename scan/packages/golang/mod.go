package golang

import (
	"bytes"
	"context"
	"fmt"
	"strings"

	"github.com/boltseal/boltseal/image"
	"github.com/boltseal/boltseal/inventory"
	"github.com/boltseal/boltseal/scan/scanner"
)

// Mod reads go.mod files: what a module says that it needs. Go.sum is not read,
// as it also names what was only considered.
type Mod struct{}

// NewMod returns the scanner.
func NewMod() *Mod { return &Mod{} }

// Name implements scanner.Scanner.
func (*Mod) Name() string { return "gomod" }

// Version implements scanner.Scanner.
func (*Mod) Version() int { return 1 }

// Wants implements scanner.Scanner: go.mod, but for those of downloaded
// modules and of test data, which nothing needs.
func (*Mod) Wants(e *image.Entry, _ []byte) bool {
	return scanner.At(e.Path, "go.mod") && !strings.Contains(e.Path, "pkg/mod/") &&
		!strings.Contains(e.Path, "testdata/") && !strings.Contains(e.Path, "vendor/")
}

// Scan implements scanner.Scanner.
func (*Mod) Scan(_ context.Context, f *scanner.File) (scanner.Result, error) {
	data, err := f.Text()
	if err != nil {
		return scanner.Result{}, err
	}
	m := parseMod(data)
	if m.module == "std" || m.module == "cmd" {
		return scanner.Result{}, nil // Go's own tree: see stdlib
	}
	if len(m.requires) > f.Limits.Packages {
		return scanner.Result{}, fmt.Errorf("%w: more than %d requirements", image.ErrLimit, f.Limits.Packages)
	}
	var pkgs []inventory.Package
	for _, r := range m.requires {
		path, version := m.replaced(r)
		pkgs = append(pkgs, inventory.Package{Type: "golang", Name: path, Version: version, Evidence: inventory.Lockfile})
	}
	return scanner.Result{Packages: pkgs}, nil
}

// required is a module and the version that is needed.
type required struct{ path, version string }

// modFile is what a go.mod says. The key of replaces is a path, or path and
// version joined by "@".
type modFile struct {
	module   string
	requires []required
	replaces map[string]required
}

// replaced applies the replace directives. A module that a directory replaces
// has no version.
func (m *modFile) replaced(r required) (path, version string) {
	to, ok := m.replaces[r.path+"@"+r.version]
	if !ok {
		to, ok = m.replaces[r.path]
	}
	switch {
	case !ok:
		return r.path, r.version
	case to.version == "":
		return r.path, ""
	}
	return to.path, to.version
}

// parseMod reads the directives module, require and replace; others and what
// it does not understand it passes over, as Go does for dependencies.
func parseMod(text []byte) *modFile {
	m := &modFile{replaces: map[string]required{}}
	block := ""
	for line := range bytes.Lines(text) {
		if i := bytes.Index(line, []byte("//")); i >= 0 {
			line = line[:i]
		}
		words := strings.Fields(string(line))
		switch {
		case len(words) == 0:
		case block != "" && words[0] == ")":
			block = ""
		case block != "":
			m.directive(block, words)
		case len(words) == 2 && words[1] == "(":
			block = words[0]
		default:
			m.directive(words[0], words[1:])
		}
	}
	return m
}

func (m *modFile) directive(verb string, args []string) {
	for i := range args {
		args[i] = strings.Trim(args[i], "\"`")
	}
	switch {
	case verb == "module" && len(args) == 1:
		m.module = args[0]
	case verb == "require" && len(args) == 2:
		if args[0] != "" {
			m.requires = append(m.requires, required{args[0], args[1]})
		}
	case verb == "replace":
		m.replace(args)
	}
}

// replace reads "path [version] => path [version]".
func (m *modFile) replace(args []string) {
	for i, a := range args {
		if a != "=>" || i == 0 || i+1 == len(args) {
			continue
		}
		to := required{path: args[i+1]}
		if i+2 < len(args) {
			to.version = args[i+2]
		}
		m.replaces[strings.Join(args[:i], "@")] = to
		return
	}
}
