package java

import (
	"fmt"
	"strings"

	"github.com/boltseal/boltseal/finding"
	"github.com/boltseal/boltseal/scan/webshell/evidence"
	"github.com/boltseal/boltseal/scan/webshell/script"
)

// Conclude judges what no single flow shows, once the program was run.
func (l *Library) Conclude(*script.Machine) {
	l.concludeLoose()
	l.concludeFiles()
	l.concludeMemory()
}

// concludeLoose: a page that reads the request and hands something unknown to
// what runs commands or code does so for somebody.
func (l *Library) concludeLoose() {
	if !l.Page || l.Requests == 0 {
		return
	}
	for _, s := range l.Loose {
		if s.Harm == evidence.Tunnel || s.Harm == evidence.Database || s.Harm == evidence.Deserialize {
			continue
		}
		l.File.Sign(s.Harm, finding.ConfidenceMedium, s.Line, fmt.Sprintf("%s with an argument that is not constant, in a page that reads the request", s.What))
	}
}

// concludeFiles: several ways to use files that the request names make a file
// manager.
func (l *Library) concludeFiles() {
	if len(l.Accesses) < 2 || !l.Page {
		return
	}
	for i := range l.File.Verdicts {
		if v := &l.File.Verdicts[i]; strings.HasSuffix(v.Rule.ID, "-files") {
			v.Confidence = finding.ConfidenceMedium
		}
	}
}

// concludeMemory: nothing but a memory shell registers filters and servlets
// from a page.
func (l *Library) concludeMemory() {
	if !l.Page {
		return
	}
	for _, r := range l.Registrations {
		c := finding.ConfidenceMedium
		if len(l.Registrations) > 1 || l.File.Has(evidence.Command, finding.ConfidenceMedium) || l.File.Has(evidence.Class, finding.ConfidenceMedium) {
			c = finding.ConfidenceHigh
		}
		l.File.Sign(evidence.Memory, c, r.Line, "calls "+r.What+", which changes the running server")
	}
}
