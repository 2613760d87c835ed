package python

import (
	"bytes"
	"strings"

	"github.com/boltseal/boltseal/inventory"
	"github.com/boltseal/boltseal/scan/scanner"
)

// parseRequirements reads the lines of a requirements.txt that name one exact
// version: "name[extra] == 1.2.3 ; marker --hash=...". All else (ranges,
// addresses, options, other files) names no version.
// Source: pip's requirements file format.
func parseRequirements(data []byte, max int) ([]inventory.Package, error) {
	var pkgs []inventory.Package
	for raw := range bytes.Lines(data) {
		line := string(raw)
		if i := strings.IndexByte(line, '#'); i >= 0 {
			line = line[:i]
		}
		line, _, _ = strings.Cut(line, ";")
		line, _, _ = strings.Cut(line, " --")
		line = strings.TrimRight(line, " \t\r\n\\")
		name, version, ok := strings.Cut(line, "==")
		if !ok {
			continue
		}
		version = strings.TrimSpace(strings.TrimPrefix(version, "="))
		name, _, _ = strings.Cut(name, "[")
		name = strings.TrimSpace(name)
		if isName(name) && isExact(version) {
			pkgs = scanner.Append(pkgs, pypi(name, version), max)
		}
	}
	return pkgs, nil
}

// isExact says whether v is one version: no wildcard, no further condition.
func isExact(v string) bool {
	return v != "" && !strings.ContainsAny(v, "*,<>=!~ \t()$@{}")
}
