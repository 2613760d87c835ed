package scan

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/boltseal/boltseal/finding"
	"github.com/boltseal/boltseal/scan/config/history"
	"github.com/boltseal/boltseal/scan/integrity"
	"github.com/boltseal/boltseal/scan/launch"
	"github.com/boltseal/boltseal/scan/license"
	"github.com/boltseal/boltseal/scan/lookalike"
	"github.com/boltseal/boltseal/scan/malware"
	"github.com/boltseal/boltseal/scan/packages/apk"
	"github.com/boltseal/boltseal/scan/packages/dpkg"
	"github.com/boltseal/boltseal/scan/packages/rpm"
	"github.com/boltseal/boltseal/scan/persistence"
	"github.com/boltseal/boltseal/scan/scanner"
	"github.com/boltseal/boltseal/scan/secret"
	"github.com/boltseal/boltseal/scan/webshell"
)

// Threats says which threats to look for and how. Each part is explicit here:
// there is no registration.
type Threats struct {
	// Kinds of findings that are wanted; see ParseKinds.
	Kinds []finding.Kind
	// Malware says what the user has beside the shipped rules.
	Malware malware.Options
	// WebShells says how sure a verdict must be to be reported.
	WebShells webshell.Options
	// Integrity is how much is compared with package databases; "" is programs.
	Integrity integrity.Level
	// Secrets says by which rules to look for secrets, and whom to ask.
	Secrets secret.Options
	secrets *secret.Scanner
	// License are the user's lists.
	License license.Options
	// Warn is told of rules of the user that were left out; nil tells nobody.
	Warn func(error)
}

// Scanners makes what looks for the threats: scanners of files and of images.
// Errors are about the user's rules.
func (t *Threats) Scanners(ctx context.Context) (files []scanner.Scanner, images []scanner.ImageScanner, err error) {
	if t.Wants(finding.KindMalware) || t.Wants(finding.KindMisconfiguration) {
		hooks, err := persistence.New(persistence.Options{Kinds: t.Kinds})
		if err != nil {
			return nil, nil, err
		}
		files = append(files, hooks)
		images = append(images, launch.New(t.Kinds))
	}
	if t.Wants(finding.KindMalware) {
		m, err := malware.New(ctx, t.Malware)
		if err != nil {
			return nil, nil, err
		}
		for _, err := range m.Problems() {
			t.warn(err)
		}
		files = append(files, m)
		images = append(images, lookalike.New())
		files = append(files, t.integrity()...)
	}
	if t.Wants(finding.KindWebShell) {
		w, err := webshell.New(t.WebShells)
		if err != nil {
			return nil, nil, err
		}
		files = append(files, w)
	}
	if t.Wants(finding.KindSecret) {
		s, err := t.secretScanner()
		if err != nil {
			return nil, nil, err
		}
		files = append(files, s)
		images = append(images, s)
	}
	if t.Wants(finding.KindMisconfiguration) {
		files = append(files, history.Leftovers{})
		images = append(images, history.New(nil))
	}
	if t.Wants(finding.KindLicense) {
		l, err := license.New(t.License)
		if err != nil {
			return nil, nil, err
		}
		images = append(images, l)
	}
	return files, images, nil
}

// secretScanner makes the scanner once.
func (t *Threats) secretScanner() (*secret.Scanner, error) {
	var err error
	if t.secrets == nil {
		t.secrets, err = secret.New(t.Secrets)
	}
	return t.secrets, err
}

// Redactor returns what masks the secrets in texts that are shown, whatever is
// looked for.
func (t *Threats) Redactor() (func(string) string, error) {
	s, err := t.secretScanner()
	if err != nil {
		return nil, err
	}
	return s.Redact, nil
}

// integrity lists what compares files with what packages brought.
func (t *Threats) integrity() []scanner.Scanner {
	level := cmp.Or(t.Integrity, integrity.Programs)
	if level == integrity.Off {
		return nil
	}
	version := integrity.New(level).Version()
	return []scanner.Scanner{
		integrity.New(level), dpkg.NewSums(level.Lists, version), apk.NewSums(level.Lists, version), rpm.NewSums(level.Lists, version),
	}
}

func (t *Threats) warn(err error) {
	if t.Warn != nil {
		t.Warn(err)
	}
}

// Wants says whether findings of the kind are wanted.
func (t *Threats) Wants(k finding.Kind) bool { return slices.Contains(t.Kinds, k) }

// Kinds are all kinds that a scan looks for.
func Kinds() []finding.Kind {
	return []finding.Kind{
		finding.KindVulnerability, finding.KindMalware, finding.KindWebShell,
		finding.KindSecret, finding.KindMisconfiguration, finding.KindLicense,
	}
}

// shortKinds are what other tools and hurried people write.
var shortKinds = map[string]finding.Kind{"vuln": finding.KindVulnerability, "config": finding.KindMisconfiguration, "misconfig": finding.KindMisconfiguration}

// ParseKinds reads names of kinds, with the short forms vuln and config.
func ParseKinds(names []string) ([]finding.Kind, error) {
	var kinds []finding.Kind
	for _, name := range names {
		k := finding.Kind(strings.TrimSpace(name))
		if full, ok := shortKinds[string(k)]; ok {
			k = full
		}
		if !slices.Contains(Kinds(), k) {
			return nil, fmt.Errorf("scanner %q: not one of %s", name, KindNames())
		}
		kinds = append(kinds, k)
	}
	return kinds, nil
}

// KindNames lists the names of all kinds for people.
func KindNames() string {
	var names []string
	for _, k := range Kinds() {
		names = append(names, string(k))
	}
	return strings.Join(names, ", ")
}
