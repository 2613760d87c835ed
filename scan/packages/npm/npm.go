// Package npm reads JavaScript packages: those that are installed in
// node_modules, and the lock files of npm, Yarn (classic and berry), pnpm and
// Bun.
//
// Not read: Bun's binary lock file bun.lockb, Yarn's Plug'n'Play archives, and
// code that bundlers copied into other files. Source: docs.npmjs.com
// (package.json, package-lock.json), and the formats as the tools write them.
package npm

import (
	"context"
	"fmt"
	"strings"

	"github.com/boltseal/boltseal/image"
	"github.com/boltseal/boltseal/inventory"
	"github.com/boltseal/boltseal/scan/scanner"
)

// Scanner reads the package.json of installed packages.
type Scanner struct{}

// New returns the scanner.
func New() *Scanner { return &Scanner{} }

// Name implements scanner.Scanner.
func (*Scanner) Name() string { return "npm" }

// Version implements scanner.Scanner.
func (*Scanner) Version() int { return 1 }

// manifestBytes bounds a package.json.
const manifestBytes = 16 << 20

// Wants implements scanner.Scanner.
func (*Scanner) Wants(e *image.Entry, _ []byte) bool {
	return e.Size > 0 && scanner.At(e.Path, "package.json") && isInstalled(e.Path)
}

// Scan implements scanner.Scanner. A package.json without name and version is
// no package (directories of packages have such, to say how modules are
// loaded).
func (*Scanner) Scan(_ context.Context, f *scanner.File) (scanner.Result, error) {
	data, err := f.Bytes(manifestBytes)
	if err != nil {
		return scanner.Result{}, err
	}
	m, err := parseManifest(data)
	if err != nil {
		return scanner.Result{}, fmt.Errorf("%w: decode package.json: %w", image.ErrCorrupt, err)
	}
	if !isName(m.name) || m.version == "" {
		return scanner.Result{}, nil
	}
	p := npmPackage(m.name, m.version)
	p.Evidence = inventory.Installed
	if m.license != "" {
		p.Licenses = []string{m.license}
	}
	return scanner.Result{Packages: []inventory.Package{p}}, nil
}

// npmPackage makes a package of a lock file.
func npmPackage(name, version string) inventory.Package {
	return inventory.Package{Type: "npm", Name: name, Version: strings.TrimPrefix(version, "v"), Evidence: inventory.Lockfile}
}

// isName says whether s may be the name of a package: "name" or "@scope/name".
func isName(s string) bool {
	if s == "" || len(s) > 214 || strings.ContainsAny(s, " \t\n\\:") {
		return false
	}
	scope, name, scoped := strings.Cut(s, "/")
	return !scoped || len(scope) > 1 && scope[0] == '@' && name != "" && !strings.Contains(name, "/")
}

// isInstalled says whether path is the package.json of a package in a
// node_modules directory (or in Debian's usr/share/nodejs), rather than one
// somewhere inside a package.
func isInstalled(path string) bool {
	const modules = "node_modules/"
	i := strings.LastIndex(path, modules)
	if i < 0 {
		rest, ok := strings.CutPrefix(path, "usr/share/nodejs/")
		return ok && isPackageFile(rest)
	}
	if i > 0 && path[i-1] != '/' {
		return false
	}
	return isPackageFile(path[i+len(modules):]) && !inTests(path[:i])
}

// isPackageFile says whether rest, behind "node_modules/", is NAME/package.json
// or @SCOPE/NAME/package.json.
func isPackageFile(rest string) bool {
	name, ok := strings.CutSuffix(rest, "/package.json")
	if !ok || name == "" || name[0] == '.' {
		return false
	}
	slash := strings.IndexByte(name, '/')
	if name[0] == '@' {
		return slash > 1 && slash+1 < len(name) && strings.IndexByte(name[slash+1:], '/') < 0
	}
	return slash < 0
}

// testDirs are where packages keep what their tests install; nothing loads it.
var testDirs = []string{"/test/", "/tests/", "/__tests__/", "/fixtures/", "/__fixtures__/"}

// inTests says whether the directory dir is among the tests of an installed
// package.
func inTests(dir string) bool {
	i := strings.Index(dir, "node_modules/")
	if i < 0 {
		return false
	}
	for _, t := range testDirs {
		if strings.Contains(dir[i:], t) {
			return true
		}
	}
	return false
}
