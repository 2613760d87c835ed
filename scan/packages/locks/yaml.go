package locks

import (
	"strings"

	"github.com/boltseal/boltseal/inventory"
	"github.com/boltseal/boltseal/scan/packages/outline"
)

// parsePubspec reads Dart's pubspec.lock: packages by name, with dependency,
// source and version. Packages of the SDK and of directories are left out.
func parsePubspec(data []byte, add func(name, version string) *inventory.Package) error {
	var inside bool
	var name, version, source, dependency string
	flush := func() {
		if source != "sdk" && source != "path" {
			add(name, version).Dev = dependency == "direct dev"
		}
		name, version, source, dependency = "", "", "", ""
	}
	for l := range outline.All(data) {
		switch {
		case l.Indent == 0:
			flush()
			inside = l.Key == "packages"
		case inside && l.Indent == 2:
			flush()
			name = l.Key
		case inside && l.Indent == 4 && l.Key == "version":
			version = l.Value
		case inside && l.Indent == 4 && l.Key == "source":
			source = l.Value
		case inside && l.Indent == 4 && l.Key == "dependency":
			dependency = l.Value
		}
	}
	flush()
	return nil
}

// parsePodfile reads CocoaPods' Podfile.lock: below PODS, a list of
// "Name (1.0)", each possibly with a list of what it needs. Subspecs
// ("Name/Core") belong to their pod.
func parsePodfile(data []byte, add func(name, version string) *inventory.Package) error {
	section := ""
	seen := map[string]bool{}
	for l := range outline.All(data) {
		if l.Indent == 0 {
			section = l.Key
		}
		if section != "PODS" || !l.Item || l.Indent != 4 {
			continue
		}
		name, version, ok := strings.Cut(l.Key+l.Value, " (") // one of them is set
		name, _, _ = strings.Cut(name, "/")
		version = strings.TrimSuffix(version, ")")
		if ok && !seen[name+" "+version] {
			seen[name+" "+version] = true
			add(name, version)
		}
	}
	return nil
}

// parseStack reads Haskell's stack.yaml.lock: "hackage: NAME-VERSION@sha256:..."
// of completed packages.
func parseStack(data []byte, add func(name, version string) *inventory.Package) error {
	completed := false
	for l := range outline.All(data) {
		switch l.Key {
		case "completed", "original":
			completed = l.Key == "completed"
		case "hackage":
			pkg, _, _ := strings.Cut(l.Value, "@")
			if i := strings.LastIndexByte(pkg, '-'); i > 0 && completed {
				add(pkg[:i], pkg[i+1:])
			}
		}
	}
	return nil
}
