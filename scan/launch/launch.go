// Package launch looks at how an image was built and at what a container of it
// starts: entrypoint, command, environment and build history. What files contain
// is for the scanners of files, and what good practice asks for (a user, a
// health check) for scan/config; this package looks for what does harm: a
// download or decoded text that is run, mining, reverse shells, tunnels, preloaded
// libraries, checks that are turned off.
package launch

import (
	"context"
	"slices"
	"strings"

	"github.com/boltseal/boltseal/finding"
	"github.com/boltseal/boltseal/inventory"
	"github.com/boltseal/boltseal/rule/shell"
	"github.com/boltseal/boltseal/scan/command"
	"github.com/boltseal/boltseal/scan/scanner"
)

// Scanner implements scanner.ImageScanner.
type Scanner struct {
	shell *shell.Reader
	kinds []finding.Kind
}

// New returns the scanner; kinds are those wanted, of malware and
// misconfiguration, nil for both.
func New(kinds []finding.Kind) *Scanner { return &Scanner{shell: shell.New(), kinds: kinds} }

// Name implements scanner.ImageScanner.
func (*Scanner) Name() string { return "launch" }

// maxFound bounds the findings of one image.
const maxFound = 500

// ScanImage implements scanner.ImageScanner.
func (s *Scanner) ScanImage(_ context.Context, im *scanner.Image) ([]finding.Finding, error) {
	if im.Config == nil {
		return nil, nil
	}
	found := slices.Concat(s.start(im), s.environment(im), s.history(im))
	if s.kinds != nil {
		found = slices.DeleteFunc(found, func(f finding.Finding) bool { return !slices.Contains(s.kinds, f.Kind) })
	}
	return found[:min(len(found), maxFound)], nil
}

// start judges what a container runs. An entrypoint may be a script that runs
// the command in its arguments, so that the command counts by itself too.
func (s *Scanner) start(im *scanner.Image) []finding.Finding {
	c := im.Config
	signs := s.shell.Args(slices.Concat(c.Entrypoint, c.Cmd))
	if len(c.Entrypoint) > 0 {
		for _, more := range s.shell.Args(c.Cmd) {
			if !slices.ContainsFunc(signs, func(k shell.Sign) bool { return k.Kind == more.Kind }) {
				signs = append(signs, more)
			}
		}
	}
	return named("start", command.Findings(signs, command.Launch, 0))
}

// history judges the build instructions, each at the layer that it made.
func (s *Scanner) history(im *scanner.Image) (all []finding.Finding) {
	layer := 0
	whole := 0
	for _, h := range im.Config.History {
		if !h.EmptyLayer {
			whole++
		}
	}
	for _, h := range im.Config.History {
		var at inventory.Location
		if !h.EmptyLayer && whole == len(im.Layers) {
			at.Layer = im.Layers[layer].ID()
			layer++
		}
		line, ok := strings.CutPrefix(h.CreatedBy, "RUN ")
		if !ok {
			continue
		}
		found := named("build "+h.CreatedBy, command.Findings(s.shell.Judge(withoutMounts(line)), command.Build, 0))
		for i := range found {
			found[i].Location = at
		}
		all = append(all, found...)
	}
	return all
}

// withoutMounts drops the options of a RUN instruction.
func withoutMounts(line string) string {
	for strings.HasPrefix(line, "--") {
		_, rest, ok := strings.Cut(line, " ")
		if !ok {
			return ""
		}
		line = strings.TrimLeft(rest, " ")
	}
	return line
}

// named gives findings a key: what they are about, by which they are told apart.
func named(about string, found []finding.Finding) []finding.Finding {
	for i := range found {
		found[i].ID = about + "\x00" + found[i].Title
	}
	return found
}
