// Package yara compiles rules in the YARA language (4.2) and finds in a text
// which of them match. It is an engine of its own: no cgo, no libyara.
//
// All text, hexadecimal and regular-expression strings of all rules share one
// literal automaton (package match); a string is verified only around a literal
// hit, in time linear in its size. What a rule's condition means, undefined
// values included, follows YARA 4.2; docs/yara.md lists the differences.
//
// The package opens no file but what Options.Includes gives it. Start at Compile.
package yara

import (
	"fmt"
	"io/fs"
	"strings"
)

// Source is the text of one rule file.
type Source struct {
	// Name is the file's, for messages and includes.
	Name string
	// Namespace separates rules of one name; empty is "default".
	Namespace string
	Text      []byte
}

// Options say how rules are compiled. The zero value has default limits, no
// external variables and no includes.
type Options struct {
	// Externals declares the external variables with their default values: bool,
	// int, int64, float64 or string.
	Externals Externals
	// Includes is where include statements find files; nil forbids them.
	Includes fs.FS
	Limits   Limits
}

// Externals are values of variables that rules take from the caller.
type Externals map[string]any

// Limits bound what rules and texts may cost. A field that is 0 has its default.
type Limits struct {
	Rules        int // rules in all sources: 50,000
	Strings      int // strings of one rule: 10,000
	IncludeDepth int // 16
	// Matches of one string in one text: 1,000,000.
	Matches int
	// Steps of one text, units of a few nanoseconds, spent on verifying strings
	// and once more on conditions: 2,000,000,000.
	Steps int64
}

func (l Limits) withDefaults() Limits {
	set := func(v *int, d int) {
		if *v == 0 {
			*v = d
		}
	}
	set(&l.Rules, 50_000)
	set(&l.Strings, 10_000)
	set(&l.IncludeDepth, 16)
	set(&l.Matches, 1_000_000)
	if l.Steps == 0 {
		l.Steps = 2_000_000_000
	}
	return l
}

// Error says why a rule, or a part of a file, was not compiled.
type Error struct {
	File string
	Line int
	Rule string // empty outside of rules
	// Reason is one line in lower case.
	Reason string
}

// Error is "file:line: rule name: reason".
func (e Error) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s:%d: ", e.File, e.Line)
	if e.Rule != "" {
		fmt.Fprintf(&b, "rule %s: ", e.Rule)
	}
	b.WriteString(e.Reason)
	return b.String()
}

// Meta is one line of a rule's meta section.
type Meta struct {
	Name string
	// Value is a string, int64 or bool.
	Value any
}

// Match is a rule whose condition holds.
type Match struct {
	Rule      string
	Namespace string
	File      string
	Line      int
	Tags      []string
	Meta      []Meta
	// Strings are the occurrences of the rule's strings that are not private, by
	// string in the order of the rule, then by offset.
	Strings []StringMatch
}

// StringMatch is one occurrence of a string.
type StringMatch struct {
	ID     string // "$a", "$" if it has no name
	Offset int
	Length int
}

// LimitError says that a text cost more than allowed. What was found up to
// there is returned with it.
type LimitError struct {
	Rule  string
	Limit string // "matches of string $a" or "steps"
	Value int64
}

func (e *LimitError) Error() string {
	return fmt.Sprintf("rule %s: more than %d %s", e.Rule, e.Value, e.Limit)
}

// Compile makes Rules of all sources. What cannot be compiled is in the errors;
// all other rules are in the result, which is never nil.
func Compile(sources []Source, o Options) (*Rules, []Error) {
	c := newCompiler(o)
	for _, s := range sources {
		c.source(s, 0)
	}
	return c.finish()
}
