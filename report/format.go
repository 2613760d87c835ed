package report

import (
	"fmt"
	"io"
	"slices"
	"strings"
)

// Options shape the output of formats that people read.
type Options struct {
	// Lang is "en" or "zh-CN".
	Lang string
	// Width is the terminal's columns; 0 means no terminal: no limit, no colour.
	Width int
	Color bool
	// Rows bounds the findings that the table lists of each place and folds
	// negligible ones into a count; 0 lists all.
	Rows int
	// Suppressed also shows findings that were withdrawn.
	Suppressed bool
	// All also shows packages without findings, in table form.
	All bool
	// Template is the text of a Go template, for the format "template".
	Template string
}

// Writer writes a report in one format.
type Writer func(w io.Writer, r *Report, o Options) error

// Format is one output format.
type Format struct {
	Name  string
	About string
	Write Writer
}

// Lookup finds a format by name.
func Lookup(name string) (Format, error) {
	var names []string
	for _, f := range Formats() {
		if f.Name == name {
			return f, nil
		}
		names = append(names, f.Name)
	}
	slices.Sort(names)
	return Format{}, fmt.Errorf("find format %q: not one of %s", name, strings.Join(names, ", "))
}
