package npm

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/boltseal/boltseal/inventory"
	"github.com/boltseal/boltseal/scan/scanner"
)

// parseBun reads bun.lock: JSON with comments and trailing commas, whose
// "packages" map holds lists that begin with "name@version".
func parseBun(data []byte, max int) ([]inventory.Package, error) {
	var lock struct {
		Packages map[string][]json.RawMessage
	}
	if err := json.Unmarshal(plainJSON(data), &lock); err != nil {
		return nil, err
	}
	var pkgs []inventory.Package
	for _, key := range slices.Sorted(maps.Keys(lock.Packages)) {
		entry := lock.Packages[key]
		var spec string
		if len(entry) == 0 || json.Unmarshal(entry[0], &spec) != nil {
			continue
		}
		name, version := splitSpec(spec)
		// A version with a colon is an address or a workspace.
		if isName(name) && version != "" && !strings.ContainsAny(version, ":/") {
			pkgs = scanner.Append(pkgs, npmPackage(name, version), max)
		}
	}
	return pkgs, nil
}

// plainJSON removes comments and trailing commas.
func plainJSON(data []byte) []byte {
	out := make([]byte, 0, len(data))
	comma := -1 // where in out the last comma is, if only space followed
	for i := 0; i < len(data); i++ {
		c := data[i]
		switch {
		case c == '"':
			s := skimmer{data: data, at: i}
			s.string()
			out = append(out, data[i:s.at]...)
			i, comma = s.at-1, -1
			continue
		case c == '/' && i+1 < len(data) && (data[i+1] == '/' || data[i+1] == '*'):
			i = commentEnd(data, i)
			continue
		case (c == '}' || c == ']') && comma >= 0:
			out[comma] = ' '
		}
		switch c {
		case ' ', '\t', '\n', '\r':
		case ',':
			comma = len(out)
		default:
			comma = -1
		}
		out = append(out, c)
	}
	return out
}

// commentEnd is the index of the last byte of the comment that begins at i.
func commentEnd(data []byte, i int) int {
	end := "\n"
	if data[i+1] == '*' {
		end = "*/"
	}
	n := bytes.Index(data[i+2:], []byte(end))
	if n < 0 {
		return len(data)
	}
	return i + 2 + n + len(end) - 1
}
