package dpkg

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/boltseal/boltseal/image"
	"github.com/boltseal/boltseal/internal/lines"
	"github.com/boltseal/boltseal/inventory"
	"github.com/boltseal/boltseal/scan/scanner"
)

// readStatus reads the status file: the packages that are installed.
func (Scanner) readStatus(f *scanner.File) (scanner.Result, error) { return readStanzas(f, false) }

// readStanza reads a file of status.d, whose package is installed because the
// file is there.
func (Scanner) readStanza(f *scanner.File) (scanner.Result, error) { return readStanzas(f, true) }

func readStanzas(f *scanner.File, installed bool) (scanner.Result, error) {
	var res scanner.Result
	l := lines.NewReader(f.Reader(), f.Limits.LineBytes)
	s := stanza{installed: installed}
	room := scanner.NameBytes
	for {
		line, ok := l.Next()
		if ok && len(line) > 0 {
			s.field(line)
			continue
		}
		if s.pkg.Name != "" && s.pkg.Version != "" && s.installed {
			if len(res.Packages) >= f.Limits.Packages {
				return res, fmt.Errorf("read packages: more than %d: %w", f.Limits.Packages, image.ErrLimit)
			}
			p := &s.pkg
			if err := room.Take(len(p.Name) + len(p.Version) + len(p.Arch) + len(p.Source.Name) + len(p.Source.Version) + len(p.Vendor)); err != nil {
				return res, fmt.Errorf("read packages: %w", err)
			}
			res.Packages = append(res.Packages, s.pkg)
		}
		s = stanza{installed: installed}
		if !ok {
			break
		}
	}
	if l.Cut() > 0 {
		return res, fmt.Errorf("read packages: %d lines of more than %d bytes: %w", l.Cut(), f.Limits.LineBytes, image.ErrLimit)
	}
	return res, l.Err()
}

// stanza is the paragraph of one package while it is being read.
type stanza struct {
	pkg       inventory.Package
	installed bool
}

// field takes one line of the stanza. Only single-line fields are of interest,
// so continuation lines are passed over.
func (s *stanza) field(line []byte) {
	if line[0] == ' ' || line[0] == '\t' {
		return
	}
	key, value, ok := bytes.Cut(line, []byte(":"))
	if !ok {
		return
	}
	p := &s.pkg
	switch string(key) {
	case "Package":
		p.Type, p.Evidence = "deb", inventory.Installed
		p.Name = text(value)
	case "Status":
		s.installed = installedState(text(value))
	case "Version":
		p.Version = text(value)
	case "Architecture":
		p.Arch = text(value)
	case "Source":
		p.Source = source(text(value))
	case "Origin":
		p.Vendor = text(value)
	}
}

func text(b []byte) string { return string(bytes.TrimSpace(b)) }

// source splits "name (version)"; without a version it is the package's.
func source(s string) inventory.Source {
	name, rest, _ := strings.Cut(s, " ")
	version := strings.Trim(rest, " ()")
	return inventory.Source{Name: name, Version: version}
}

// installedState reads "want flag state" and says whether the package's files
// are there.
func installedState(status string) bool {
	words := strings.Fields(status)
	if len(words) != 3 {
		return false
	}
	switch words[2] {
	case "installed", "half-configured", "unpacked", "triggers-awaited", "triggers-pending":
		return true
	}
	return false
}
