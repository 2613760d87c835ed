package locks

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/boltseal/boltseal/inventory"
)

// parseSwift reads Swift's Package.resolved of version 1, 2 and 3. A package is
// known by its repository's address without scheme.
func parseSwift(data []byte, add func(name, version string) *inventory.Package) error {
	type pin struct {
		RepositoryURL, Location string // version 1, version 2
		State                   struct{ Version string }
	}
	var file struct {
		Pins   []pin
		Object struct{ Pins []pin }
	}
	if err := json.Unmarshal(data, &file); err != nil {
		return err
	}
	for _, p := range append(file.Pins, file.Object.Pins...) {
		_, name, ok := strings.Cut(p.RepositoryURL+p.Location, "://")
		if ok {
			add(strings.ToLower(strings.TrimSuffix(strings.TrimSuffix(name, "/"), ".git")), p.State.Version)
		}
	}
	return nil
}

// parseRenv reads R's renv.lock. Packages of other sources than a repository
// (GitHub, Bioconductor, a directory) are not CRAN's.
func parseRenv(data []byte, add func(name, version string) *inventory.Package) error {
	var file struct {
		Packages map[string]struct{ Package, Version, Source, Repository string }
	}
	if err := json.Unmarshal(data, &file); err != nil {
		return err
	}
	for _, key := range slices.Sorted(maps.Keys(file.Packages)) {
		p := file.Packages[key]
		if p.Source == "Repository" && !strings.HasPrefix(p.Repository, "Bioc") || p.Source == "" && p.Repository == "CRAN" {
			add(p.Package, p.Version)
		}
	}
	return nil
}

// parseConan reads conan.lock of Conan 1 (a graph, whose root is the project
// itself) and 2 (lists). References are NAME/VERSION@USER/CHANNEL#REVISION,
// in the oldest graphs with ":PACKAGE" behind them.
func parseConan(data []byte, add func(name, version string) *inventory.Package) error {
	var file struct {
		Graph struct {
			Nodes map[string]struct{ Ref, PRef, Path, Context string }
		} `json:"graph_lock"`
		Requires []string
		Build    []string `json:"build_requires"`
		Python   []string `json:"python_requires"`
	}
	if err := json.Unmarshal(data, &file); err != nil {
		return err
	}
	for _, id := range slices.Sorted(maps.Keys(file.Graph.Nodes)) {
		if n := file.Graph.Nodes[id]; n.Path == "" {
			add(conanReference(n.Ref + n.PRef)).Dev = n.Context == "build"
		}
	}
	for _, ref := range append(file.Requires, file.Python...) {
		add(conanReference(ref))
	}
	for _, ref := range file.Build {
		add(conanReference(ref)).Dev = true
	}
	return nil
}

func conanReference(ref string) (name, version string) {
	name, version, _ = strings.Cut(ref, "/")
	if i := strings.IndexAny(version, "@#%:"); i >= 0 {
		version = version[:i]
	}
	return name, version
}

// parseConda reads what conda writes about an installed package.
func parseConda(data []byte, add func(name, version string) *inventory.Package) error {
	var file struct{ Name, Version, License string }
	if err := json.Unmarshal(data, &file); err != nil {
		return err
	}
	if p := add(file.Name, file.Version); file.License != "" {
		p.Licenses = []string{file.License}
	}
	return nil
}
