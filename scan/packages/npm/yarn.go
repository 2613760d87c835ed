package npm

import (
	"bytes"
	"strings"

	"github.com/boltseal/boltseal/inventory"
	"github.com/boltseal/boltseal/scan/scanner"
)

// parseYarn reads yarn.lock. Both forms begin an entry with a line that is not
// indented and names descriptors ("a@^1.0.0, a@^1.1.0:"), and go on with
// indented fields: "version "1.0.2"" in classic Yarn, "version: 1.0.2" in
// berry, which also has "resolution: "a@npm:1.0.2"".
func parseYarn(data []byte, max int) ([]inventory.Package, error) {
	var pkgs []inventory.Package
	var descriptor, version, resolution string
	flush := func() {
		if name, ok := yarnName(descriptor, resolution); ok && version != "" {
			pkgs = scanner.Append(pkgs, npmPackage(name, version), max)
		}
		descriptor, version, resolution = "", "", ""
	}
	for line := range bytes.Lines(data) {
		line = bytes.TrimRight(line, " \r\n")
		if len(line) == 0 || line[0] == '#' || len(line) == 1 {
			continue
		}
		if line[0] != ' ' {
			flush()
			descriptor = firstDescriptor(string(bytes.TrimPrefix(line, []byte("? "))))
			continue
		}
		if bytes.HasPrefix(line, []byte("    ")) {
			continue
		}
		key, value, _ := strings.Cut(strings.TrimSpace(string(line)), " ")
		switch strings.Trim(key, `":`) {
		case "version":
			version = strings.Trim(value, `"`)
		case "resolution":
			resolution = strings.Trim(value, `"`)
		}
	}
	flush()
	return pkgs, nil
}

// firstDescriptor is the first of the descriptors that a line names.
func firstDescriptor(line string) string {
	first, _, _ := strings.Cut(strings.TrimSuffix(line, ":"), ",")
	return strings.Trim(first, `"`)
}

// yarnName is the package that an entry is about. Workspaces, links and other
// places on disk are no packages.
func yarnName(descriptor, resolution string) (string, bool) {
	name, spec := splitSpec(descriptor)
	if resolution != "" {
		name, spec = splitSpec(resolution)
	} else if alias, ok := strings.CutPrefix(spec, "npm:"); ok {
		name, _ = splitSpec(alias) // classic: "alias@npm:name@^1.0.0"
	}
	for _, local := range []string{"workspace:", "link:", "portal:", "file:", "root:"} {
		if strings.HasPrefix(spec, local) {
			return "", false
		}
	}
	return name, isName(name) && name != "__metadata"
}
