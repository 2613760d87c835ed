// Package script takes shell scripts apart into their simple commands, for
// checks that ask what a RUN instruction does. It expands nothing.
package script

import (
	"errors"
	"fmt"
	"strings"

	"mvdan.cc/sh/v3/syntax"

	"github.com/boltseal/boltseal/image"
)

const (
	maxBytes = 64 << 10
	maxDepth = 1000 // brackets, braces and substitutions, about
)

// Commands are the simple commands of a script, in order, each with its words
// as they are written. A script that no shell would take is an error.
func Commands(text string) ([][]string, error) {
	if len(text) > maxBytes || strings.Count(text, "(")+strings.Count(text, "{")+strings.Count(text, "`") > maxDepth {
		return nil, fmt.Errorf("parse script: %w: more than %d bytes or %d brackets", image.ErrLimit, maxBytes, maxDepth)
	}
	f, err := syntax.NewParser().Parse(strings.NewReader(text), "")
	if err != nil {
		return nil, fmt.Errorf("parse script: %w", err)
	}
	printer := syntax.NewPrinter()
	var list [][]string
	var failed error
	syntax.Walk(f, func(n syntax.Node) bool {
		call, ok := n.(*syntax.CallExpr)
		if !ok || len(call.Args) == 0 {
			return true
		}
		var words []string
		for _, w := range call.Args {
			var b strings.Builder
			failed = errors.Join(failed, printer.Print(&b, w))
			words = append(words, b.String())
		}
		list = append(list, words)
		return true
	})
	return list, failed
}
