// Package license finds packages whose licence somebody must know about: those
// that a deny list names or an allow list leaves out, and without any list, network-
// copyleft and restricted licences of what an application brings along. It judges
// what packages say about themselves (package license reads it), not the texts of
// licences in the image.
package license

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/boltseal/boltseal/finding"
	"github.com/boltseal/boltseal/inventory"
	"github.com/boltseal/boltseal/license"
	"github.com/boltseal/boltseal/scan/scanner"
)

// Options are the user's lists: identifiers, patterns of them and categories, see
// license.ParseSet.
type Options struct {
	// Deny names licences that must not bind: of a choice, the others remain.
	Deny []string
	// Allow, if there is any, names all that may be used.
	Allow []string
}

// Scanner judges the packages of an image. It implements scanner.ImageScanner.
type Scanner struct {
	deny, allow license.Set
	allows      bool
}

var _ scanner.ImageScanner = (*Scanner)(nil)

// New reads the lists.
func New(o Options) (*Scanner, error) {
	s := &Scanner{allows: len(o.Allow) > 0}
	var err error
	if s.deny, err = license.ParseSet(o.Deny); err != nil {
		return nil, fmt.Errorf("deny list: %w", err)
	}
	if s.allow, err = license.ParseSet(o.Allow); err != nil {
		return nil, fmt.Errorf("allow list: %w", err)
	}
	return s, nil
}

// Name implements scanner.ImageScanner.
func (*Scanner) Name() string { return "license" }

// rules of findings. What a list says is high, for somebody decided it; what is
// only worth knowing is low.
var (
	denied     = finding.Rule{ID: "license/denied", Title: "License on the deny list", TitleZH: "许可证在禁止列表中"}
	notAllowed = finding.Rule{ID: "license/not-allowed", Title: "License not on the allow list", TitleZH: "许可证不在允许列表中"}
	unknown    = finding.Rule{ID: "license/unknown", Title: "Package without a known license", TitleZH: "软件包许可证未知"}
	network    = finding.Rule{ID: "license/network-copyleft", Title: "Network copyleft license", TitleZH: "网络著佐权许可证"}
	restricted = finding.Rule{ID: "license/restricted", Title: "License that restricts the use", TitleZH: "限制用途的许可证"}
)

// ScanImage implements scanner.ImageScanner.
func (s *Scanner) ScanImage(ctx context.Context, im *scanner.Image) ([]finding.Finding, error) {
	var out []finding.Finding
	for i := range im.Inventory.Packages {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		p := &im.Inventory.Packages[i]
		if f := s.judge(p); f != nil {
			f.Kind, f.Status, f.Package = finding.KindLicense, finding.StatusAffected, p
			f.ID = p.Type + "/" + p.Name
			if len(p.Locations) > 0 {
				f.Location = p.Locations[0]
			}
			out = append(out, *f)
		}
	}
	return out, nil
}

// judge returns what is wrong with a package's licence, nil for nothing.
func (s *Scanner) judge(p *inventory.Package) *finding.Finding {
	e := license.Of(p.Type, p.Licenses)
	switch {
	case e.IsZero():
		// Go modules and many others name no licence: only those who allow some
		// alone want to hear of it.
		if s.allows && !s.allow.Has(e) {
			return about(&unknown, finding.Medium, p, e, "nothing says under which license it is")
		}
	case s.deny.Binds(e):
		return about(&denied, finding.High, p, e, e.String()+" is on the deny list")
	case s.allows:
		if !s.allow.Covers(e) {
			return about(&notAllowed, finding.High, p, e, e.String()+" is not on the allow list")
		}
	case s.notable(p):
		switch e.Category() {
		case license.NetworkCopyleft:
			return about(&network, finding.Low, p, e, e.String()+": the source must be offered to those who use it over a network")
		case license.Restricted:
			return about(&restricted, finding.Low, p, e, e.String()+" does not permit every use")
		}
	}
	return nil
}

// notable says whether a package is the application's own choice. Distributions
// have read the licences of what they ship.
func (s *Scanner) notable(p *inventory.Package) bool {
	return p.Owner == "" && !p.Dev && !slices.Contains([]string{"deb", "rpm", "apk"}, p.Type)
}

func about(rule *finding.Rule, severity finding.Severity, p *inventory.Package, e license.Expression, title string) *finding.Finding {
	confidence := finding.ConfidenceHigh
	for _, leaf := range e.Leaves() {
		if !leaf.Listed {
			confidence = finding.ConfidenceMedium
		}
	}
	f := &finding.Finding{
		Severity: severity, Rule: rule, Confidence: confidence, Title: title,
		Remedy: "Replace the package, or take the license onto your list after somebody who may decide has read it.",
	}
	if len(p.Licenses) > 0 {
		f.Evidence = "the package says: " + shorten(strings.Join(p.Licenses, ", ")) + "; category " + string(e.Category())
	}
	return f
}

// shorten keeps a hostile package from filling the report.
func shorten(s string) string {
	if len(s) > 300 {
		return strings.ToValidUTF8(s[:300], "") + "…"
	}
	return s
}
