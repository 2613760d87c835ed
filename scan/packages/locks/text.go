package locks

import (
	"bytes"
	"regexp"
	"strings"

	"github.com/boltseal/boltseal/inventory"
	"github.com/boltseal/boltseal/scan/packages/tables"
	"github.com/boltseal/boltseal/scan/scanner"
)

var (
	// "plug": {:hex, :plug, "1.11.1", "checksum", ...}
	mixEntry = regexp.MustCompile(`^\s*"[^"]+":\s*\{:hex,\s*:"?([^",\s]+)"?,\s*"([^"]+)"`)
	// {<<"cowboy">>,{pkg,<<"cowboy">>,<<"2.9.0">>, and a checksum in newer files
	rebarEntry = regexp.MustCompile(`\{pkg,\s*<<"([^"]+)">>,\s*<<"([^"]+)">>`)
	// any.aeson ==2.0.3.0
	cabalEntry = regexp.MustCompile(`any\.([A-Za-z0-9-]+) ==([0-9.]+)`)
	// package = "luasocket" and version = "3.0.0-1"
	rockField = regexp.MustCompile(`(?m)^(package|version)\s*=\s*["']([^"'\n]+)["']`)
)

// parseMix reads Elixir's mix.lock. Git repositories have no version there.
func parseMix(data []byte, add func(name, version string) *inventory.Package) error {
	for line := range bytes.Lines(data) {
		if m := mixEntry.FindSubmatch(line); m != nil {
			add(string(m[1]), string(m[2]))
		}
	}
	return nil
}

// parseRebar reads Erlang's rebar.lock.
func parseRebar(data []byte, add func(name, version string) *inventory.Package) error {
	for _, m := range rebarEntry.FindAllSubmatch(data, scanner.TextItems+1) {
		add(string(m[1]), string(m[2]))
	}
	return nil
}

// parseCabal reads Haskell's cabal.project.freeze: constraints, of which those
// with a version count.
func parseCabal(data []byte, add func(name, version string) *inventory.Package) error {
	for _, m := range cabalEntry.FindAllSubmatch(data, scanner.TextItems+1) {
		add(string(m[1]), string(m[2]))
	}
	return nil
}

// parseJulia reads Julia's Manifest.toml: tables "deps.NAME", before format 2
// "NAME". The standard library has no version there.
func parseJulia(data []byte, add func(name, version string) *inventory.Package) error {
	for name, t := range tables.All(data) {
		if t["uuid"] != "" {
			add(strings.TrimPrefix(name, "deps."), t["version"])
		}
	}
	return nil
}

// parseRockspec reads the specification that LuaRocks keeps of an installed
// rock, a Lua program of assignments.
func parseRockspec(data []byte, add func(name, version string) *inventory.Package) error {
	var name, version string
	for _, m := range rockField.FindAllSubmatch(data[:min(len(data), 1<<20)], 10) {
		if string(m[1]) == "package" {
			name = string(m[2])
		} else {
			version = string(m[2])
		}
	}
	add(name, version)
	return nil
}

// parseOpam reads the list "installed" of an opam switch: "NAME.VERSION"
// strings. Packages with the version "base" are part of the compiler.
func parseOpam(data []byte, add func(name, version string) *inventory.Package) error {
	_, list, _ := bytes.Cut(data, []byte("\ninstalled:"))
	list, _, _ = bytes.Cut(list, []byte("]"))
	for entry := range strings.FieldsSeq(string(list)) {
		name, version, _ := strings.Cut(strings.Trim(entry, `["`), ".")
		if version != "base" {
			add(name, version)
		}
	}
	return nil
}

// parseGradle reads Gradle's lock file: "group:artifact:version=configurations"
// lines. What only the configurations of tests need is for development.
func parseGradle(data []byte, add func(name, version string) *inventory.Package) error {
	for line := range bytes.Lines(data) {
		dependency, configurations, ok := strings.Cut(strings.TrimSpace(string(line)), "=")
		i := strings.LastIndexByte(dependency, ':')
		if !ok || i < 0 || dependency[0] == '#' || strings.Count(dependency, ":") != 2 {
			continue
		}
		dev := true
		for c := range strings.SplitSeq(configurations, ",") {
			dev = dev && strings.HasPrefix(c, "test")
		}
		add(dependency[:i], dependency[i+1:]).Dev = dev
	}
	return nil
}
