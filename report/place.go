package report

import (
	"cmp"
	"strings"

	"github.com/boltseal/boltseal/finding"
	"github.com/boltseal/boltseal/inventory"
)

// place names the group of a finding: what rules found by its kind, all system packages together, archives
// by their outermost file, others by their package type and directory.
func place(lang string, f *finding.Finding) string {
	p := f.Package
	if f.Rule != nil {
		return say(lang, "kind-"+string(f.Kind))
	}
	if p == nil {
		return f.Location.Path
	}
	if systemPackage(p.Type) {
		return say(lang, "system-packages")
	}
	outer, _, _ := strings.Cut(f.Location.Path, "!/")
	if p.Type == "npm" || p.Type == "pypi" || p.Type == "gem" || p.Type == "composer" {
		outer = treeRoot(outer)
	}
	title := ecosystem(lang, p.Type) + ": " + outer
	if p.Evidence == inventory.Lockfile {
		title += " (" + say(lang, "evidence-lockfile") + ")"
	}
	return title
}

// treeRoot is the directory in which a package tree is installed.
func treeRoot(path string) string {
	for _, marker := range []string{"node_modules", "site-packages", "dist-packages", "gems", "specifications", "vendor"} {
		if i := strings.Index(path, marker+"/"); i >= 0 {
			return path[:i+len(marker)]
		}
	}
	return path
}

// ecosystems are the names that people use for purl types.
var ecosystems = map[string]string{
	"npm": "Node.js", "pypi": "Python", "maven": "Java", "golang": "Go", "cargo": "Rust", "gem": "Ruby",
	"composer": "PHP", "nuget": ".NET", "pub": "Dart", "hex": "Elixir", "cran": "R", "hackage": "Haskell",
	"conan": "C/C++",
}

func ecosystem(lang, typ string) string {
	if typ == "generic" {
		return say(lang, "middleware")
	}
	return cmp.Or(ecosystems[typ], typ)
}
