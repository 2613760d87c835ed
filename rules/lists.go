package rules

import (
	"embed"
	"strings"
)

// Commands holds what command lines are compared with, commands/*.txt: hosts of
// well-known installers, places for anonymous files, mining pools. Package
// rule/shell reads them.
//
//go:embed commands/*.txt
var Commands embed.FS

// Images holds the names of well-known images, registries, mirrors and
// publishers, images/*.txt; package scan/lookalike reads them.
//
//go:embed images/*.txt
var Images embed.FS

// Lines returns the lines of an embedded list, without comments and blanks. A
// file that is not there is a mistake of the caller's and has no lines.
func Lines(fs embed.FS, name string) []string {
	data, err := fs.ReadFile(name)
	if err != nil {
		return nil
	}
	var out []string
	for line := range strings.Lines(string(data)) {
		line, _, _ = strings.Cut(line, "#")
		if line = strings.TrimSpace(line); line != "" {
			out = append(out, line)
		}
	}
	return out
}
