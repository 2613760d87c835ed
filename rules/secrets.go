package rules

import "embed"

// Secrets holds the rules for secrets, secret/*.toml; package rule/secret reads
// them and docs/secrets.md describes them.
//
//go:embed secret/*.toml
var Secrets embed.FS
