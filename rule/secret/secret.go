// Package secret finds credentials in text by rules. Rules are data in the TOML
// shape of gitleaks (load.go), with more fields for the shipped ones: the names
// that a value is assigned to (assign.go), checks of checksums and structure
// (check.go), and words that must be near.
//
// One automaton finds the literals of all rules (package match). A regular
// expression is tried only in the window around a literal that its match must
// contain (anchor.go); an expression without such a literal, which only users'
// files have, is tried on the whole text. What a text can cost is bounded.
//
// The package reads no files and asks nobody. It hands out secrets to its caller
// as parts of the caller's own text, and never copies them: Mask and Redact are
// what may be shown. Start at Parse and NewSet.
package secret
