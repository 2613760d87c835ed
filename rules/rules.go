// Package rules holds the content that ships inside the binary. It knows
// nothing of what the content means; the loaders do.
package rules

import "embed"

// Emergency holds the emergency advisories, emergency/*.txt; package
// match/emergency reads them.
//
//go:embed emergency/*.txt
var Emergency embed.FS

// Policy holds the default policy; its tests are beside it. Package policy
// reads it.
//
//go:embed policy/default.yaml
var Policy embed.FS

// Config holds checks of configuration files, config/FORMAT/*.rego, and the
// libraries that they share, config/lib/*.rego; package scan/config/rego runs them.
//
//go:embed config/*/*.rego
var Config embed.FS
