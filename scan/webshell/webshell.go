// Package webshell finds WebShells: scripts and classes that let whoever sends
// a request to a web server run code or commands, or write files there. It
// works without network and does not run what it reads.
//
// The Scanner recognises scripts by name and content and hands them to the
// analyzers of the languages, one folder each, listed in all.go; package
// verdict is the contract between them. docs/webshells.md says how to read
// what is found.
package webshell

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/boltseal/boltseal/finding"
	"github.com/boltseal/boltseal/image"
	"github.com/boltseal/boltseal/scan/scanner"
	"github.com/boltseal/boltseal/scan/webshell/verdict"
)

// maxBytes is how much of a file is analysed. The largest WebShells known are
// below one megabyte, images that carry one below ten.
const maxBytes = 16 << 20

// Options say what to report.
type Options struct {
	// Confidence is the least that is reported; "" is medium. Low adds what
	// rests on statistics alone, with false alarms.
	Confidence finding.Confidence
}

// Scanner implements scanner.Scanner.
type Scanner struct {
	analyzers []verdict.Analyzer
	least     int
}

// New returns the scanner with all languages.
func New(o Options) (*Scanner, error) {
	if o.Confidence == "" {
		o.Confidence = finding.ConfidenceMedium
	}
	least, ok := ranks[o.Confidence]
	if !ok {
		return nil, fmt.Errorf("read webshell confidence %q: want low, medium or high", o.Confidence)
	}
	analyzers, err := all()
	if err != nil {
		return nil, err
	}
	return &Scanner{analyzers: analyzers, least: least}, nil
}

var ranks = map[finding.Confidence]int{finding.ConfidenceLow: 1, finding.ConfidenceMedium: 2, finding.ConfidenceHigh: 3}

// Name implements scanner.Scanner.
func (*Scanner) Name() string { return "webshell" }

// Version implements scanner.Scanner: that of all analyzers, and of what is
// reported.
func (s *Scanner) Version() int {
	v := s.least
	for _, a := range s.analyzers {
		v = v*1009 + a.Version()
	}
	return v & 0x7fffffff
}

// Wants implements scanner.Scanner.
func (s *Scanner) Wants(e *image.Entry, head []byte) bool {
	if e.Size < minBytes {
		return false
	}
	for _, a := range s.analyzers {
		if a.Wants(e.Path, head) {
			return true
		}
	}
	return false
}

// WantsMember implements scanner.MemberScanner: web applications come as
// archives.
func (s *Scanner) WantsMember(path string) bool {
	for _, a := range s.analyzers {
		if a.Wants(path, nil) {
			return true
		}
	}
	return false
}

// minBytes: no script shorter than this does anything.
const minBytes = 12

// headBytes is what Wants is shown again in Scan.
const headBytes = 4096

// Scan implements scanner.Scanner. Every analyzer that wants the file sees it:
// a file can be two languages at once.
func (s *Scanner) Scan(ctx context.Context, f *scanner.File) (scanner.Result, error) {
	src, errs := content(f)
	var res scanner.Result
	for _, a := range s.analyzers {
		if !a.Wants(f.Path, src[:min(len(src), headBytes)]) {
			continue
		}
		vs, err := a.Analyze(ctx, f.Path, src)
		if err != nil {
			errs = errors.Join(errs, fmt.Errorf("analyze %s: %w", a.Name(), err))
		}
		res.Findings = append(res.Findings, s.findings(vs)...)
	}
	return res, errs
}

// content is the beginning of the file, whole if it is not too large.
func content(f *scanner.File) ([]byte, error) {
	var err error
	if f.Size > maxBytes {
		err = fmt.Errorf("%w: only the first %d bytes were searched for WebShells", image.ErrLimit, maxBytes)
	}
	n := min(f.Size, maxBytes)
	if f.Data != nil {
		return f.Data[:min(n, int64(len(f.Data)))], err
	}
	src := make([]byte, n)
	read, rerr := f.Content.ReadAt(src, 0)
	if rerr != nil && !errors.Is(rerr, io.EOF) {
		err = errors.Join(err, rerr)
	}
	return src[:read], err
}
