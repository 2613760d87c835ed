// Package php judges PHP files: whether they let a request run code or
// commands, or write files.
package php

import (
	"bytes"
	"context"

	"github.com/boltseal/boltseal/scan/webshell/verdict"
)

// Analyzer implements verdict.Analyzer.
type Analyzer struct{}

// New returns the analyzer.
func New() *Analyzer { return &Analyzer{} }

var _ verdict.Analyzer = (*Analyzer)(nil)

// Name implements verdict.Analyzer.
func (*Analyzer) Name() string { return "php" }

// Version implements verdict.Analyzer.
func (*Analyzer) Version() int { return 1 }

// Wants implements verdict.Analyzer.
func (*Analyzer) Wants(_ string, head []byte) bool { return bytes.Contains(head, []byte("<?")) }

// Analyze implements verdict.Analyzer.
func (*Analyzer) Analyze(_ context.Context, _ string, _ []byte) ([]verdict.Verdict, error) {
	return nil, nil
}
