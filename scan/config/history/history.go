// Package history checks how an image was built and how it starts: its
// configuration (user, environment, ports, volumes, health check) and the
// instructions in its history, against section 4 of the CIS Docker Benchmark and
// good practice. It reads no files but a few whose name alone tells that
// something was left behind (files.go).
//
// The checks are data, in checks.go; docs/config.md lists them.
package history

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/boltseal/boltseal/finding"
	"github.com/boltseal/boltseal/image"
	"github.com/boltseal/boltseal/inventory"
	"github.com/boltseal/boltseal/scan/config/script"
	"github.com/boltseal/boltseal/scan/scanner"
)

// Check is one thing that an image should not do.
type Check struct {
	// ID is a name with hyphens; rules are called "config/" + ID.
	ID string
	// CIS is the recommendation of the CIS Docker Benchmark 1.6 that it belongs
	// to, "" when it is only good practice.
	CIS            string
	Title, TitleZH string
	Severity       finding.Severity
	Remedy         string
	Reference      string

	find func(*view) []hit
}

// hit is one place where a check is right.
type hit struct {
	what  string // what is wrong here, for people
	layer string // the layer's diff ID, if one is to blame
	key   string // tells hits of one check apart, stable from build to build
	code  string // the instruction, shortened
}

// Scanner is the image scanner.
type Scanner struct {
	checks []Check
	now    func() time.Time
}

// New makes one. now is the clock that ages are counted from, nil for the
// machine's.
func New(now func() time.Time) *Scanner {
	if now == nil {
		now = time.Now
	}
	return &Scanner{checks: Checks(), now: now}
}

// Name implements scanner.ImageScanner.
func (*Scanner) Name() string { return "config" }

// ScanImage implements scanner.ImageScanner. What is no image has nothing to
// check: a directory or this machine has no configuration.
func (s *Scanner) ScanImage(_ context.Context, im *scanner.Image) ([]finding.Finding, error) {
	if im.Kind == "dir" || im.Kind == "rootfs" || im.Kind == "host" || im.Config == nil {
		return nil, nil
	}
	v := newView(im, s.now())
	var out []finding.Finding
	for _, c := range s.checks {
		for _, h := range c.find(v) {
			out = append(out, c.finding(h))
		}
	}
	return out, v.err
}

func (c *Check) rule() *finding.Rule {
	r := &finding.Rule{ID: "config/" + c.ID, Title: c.Title, TitleZH: c.TitleZH}
	if c.CIS != "" {
		r.References = append(r.References, "CIS Docker Benchmark 1.6, "+c.CIS)
	}
	if c.Reference != "" {
		r.References = append(r.References, c.Reference)
	}
	return r
}

func (c *Check) finding(h hit) finding.Finding {
	return finding.Finding{
		ID: h.key, Kind: finding.KindMisconfiguration, Severity: c.Severity, Title: h.what, Rule: c.rule(),
		Confidence: finding.ConfidenceHigh, Evidence: h.code, Remedy: c.Remedy,
		Location: inventory.Location{Layer: h.layer},
	}
}

// view is an image as checks ask about it.
type view struct {
	*scanner.Image
	env   [][2]string
	steps []step
	now   time.Time
	err   error
}

// step is one instruction of the history.
type step struct {
	word     string // the instruction: "RUN", "ADD", ...
	rest     string
	layer    string     // of the file system, "" when it made none
	base     bool       // the first that made a layer
	commands [][]string // of a RUN
}

const maxSteps = 2000

func newView(im *scanner.Image, now time.Time) *view {
	v := &view{Image: im, now: now}
	for _, e := range im.Config.Env {
		name, value, _ := strings.Cut(e, "=")
		v.env = append(v.env, [2]string{name, value})
	}
	hist := im.Config.History
	if len(hist) > maxSteps {
		v.err = fmt.Errorf("%w: more than %d entries of history", image.ErrLimit, maxSteps)
		hist = hist[:maxSteps]
	}
	layer := 0
	for _, h := range hist {
		s := newStep(h.CreatedBy)
		if !h.EmptyLayer && layer < len(im.Layers) {
			s.layer, s.base = im.Layers[layer].DiffID, layer == 0
			layer++
		}
		v.steps = append(v.steps, s)
	}
	return v
}

func newStep(text string) step {
	word, rest, _ := strings.Cut(strings.TrimSpace(text), " ")
	s := step{word: strings.ToUpper(word), rest: strings.TrimSpace(rest)}
	if s.word == "RUN" {
		// A script that is no shell's (PowerShell) has no commands to check.
		s.commands, _ = script.Commands(runText(s.rest))
	}
	return s
}

// runText leaves out what stands before the script: BuildKit's flags and, with
// build arguments, "|1 NAME=value /bin/sh -c".
func runText(rest string) string {
	if _, after, ok := strings.Cut(rest, "/bin/sh -c "); ok && strings.HasPrefix(rest, "|") {
		rest = after
	}
	for strings.HasPrefix(rest, "--") {
		_, after, ok := strings.Cut(rest, " ")
		if !ok {
			return ""
		}
		rest = strings.TrimSpace(after)
	}
	return strings.TrimSuffix(rest, " # buildkit")
}

// shorten makes an instruction fit for a report.
func shorten(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	if runes := []rune(s); len(runes) > 160 {
		return string(runes[:157]) + "..."
	}
	return s
}
