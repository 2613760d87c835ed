// Package persistence looks at what starts programs by itself: shell profiles,
// cron, systemd, PAM, sshd, package managers' hooks, Python's and git's, npm's
// install scripts, and what is preloaded into every program. That there is such
// a hook is nothing, since distributions ship hundreds; what is reported is what
// does harm: it downloads, decodes, opens a shell to the network, runs from
// hidden or temporary directories, or opens a login.
//
// What the commands do is read by rule/shell. The files are told by their path
// (place.go), so that nearly all of an image is passed over unread. Whether a
// package owns a file is not known here; see scan's integrity check.
package persistence

import (
	"context"
	"fmt"
	"slices"

	"github.com/boltseal/boltseal/finding"
	"github.com/boltseal/boltseal/image"
	"github.com/boltseal/boltseal/rule/shell"
	"github.com/boltseal/boltseal/scan/command"
	"github.com/boltseal/boltseal/scan/scanner"
)

// Options say what to report.
type Options struct {
	// Kinds are those wanted, of malware and misconfiguration; nil is both.
	Kinds []finding.Kind
}

// Scanner implements scanner.Scanner.
type Scanner struct {
	shell *shell.Reader
	kinds []finding.Kind
}

// New returns the scanner.
func New(o Options) (*Scanner, error) {
	return &Scanner{shell: shell.New(), kinds: o.Kinds}, nil
}

// Name implements scanner.Scanner.
func (*Scanner) Name() string { return "persistence" }

// Version implements scanner.Scanner.
func (s *Scanner) Version() int {
	v := 1 + command.Version(s.shell)
	for _, k := range s.kinds {
		for i := range len(k) {
			v = v*31 + int(k[i])
		}
	}
	return v
}

// maxBytes is how large a file may be that starts something. Manifests of npm
// reach a few hundred kilobytes.
const maxBytes = 1 << 20

// Wants implements scanner.Scanner.
func (s *Scanner) Wants(e *image.Entry, head []byte) bool {
	return e.Size > 0 && readerOf(e.Path, head) != nil
}

// Scan implements scanner.Scanner.
func (s *Scanner) Scan(_ context.Context, f *scanner.File) (scanner.Result, error) {
	var data []byte
	head := f.Data
	if head == nil {
		head = make([]byte, min(f.Size, 64))
		if _, err := f.Content.ReadAt(head, 0); err != nil {
			return scanner.Result{}, fmt.Errorf("read start-up hook: %w", err)
		}
	}
	read := readerOf(f.Path, head)
	if read == nil {
		return scanner.Result{}, nil
	}
	h := &hook{path: f.Path, shell: s.shell}
	if isProgram(head) {
		h.program(f)
	} else {
		var err error
		if data, err = f.Bytes(maxBytes); err != nil {
			return scanner.Result{}, fmt.Errorf("read start-up hook: %w", err)
		}
		read(h, string(data))
	}
	if s.kinds != nil {
		h.found = slices.DeleteFunc(h.found, func(f finding.Finding) bool { return !slices.Contains(s.kinds, f.Kind) })
	}
	return scanner.Result{Findings: h.found}, nil
}

// hook is one file while it is being read.
type hook struct {
	path  string
	shell *shell.Reader
	found []finding.Finding
}

// maxFound bounds the findings of one file.
const maxFound = 100

// add reports what a rule of this package saw.
func (h *hook) add(r rule, line int, evidence string) {
	if len(h.found) >= maxFound {
		return
	}
	f := finding.Finding{
		Kind: r.kind, Severity: r.severity, Title: r.title,
		Rule:       &finding.Rule{ID: r.id, Title: r.title, TitleZH: r.titleZH, Techniques: []string{r.technique}},
		Confidence: finding.ConfidenceMedium, Evidence: shell.Clean(evidence), Remedy: r.remedy,
	}
	f.Location.Line = line
	h.found = append(h.found, f)
}

// run judges a command that the file starts, which begins on a line.
func (h *hook) run(text string, line int, at command.Place) {
	found := command.Findings(h.shell.Judge(text), at, line)
	h.found = append(h.found, found[:min(len(found), max(maxFound-len(h.found), 0))]...)
}

// code judges a program text in another language.
func (h *hook) code(lang, text string, line int, at command.Place) {
	signs := shell.Code(lang, text)
	for i := range signs {
		signs[i].Code = lineOf(text, signs[i].Line)
	}
	h.found = append(h.found, command.Findings(signs, at, line)...)
}
