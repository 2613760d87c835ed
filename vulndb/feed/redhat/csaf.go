package redhat

import (
	"context"
	"strings"

	"github.com/boltseal/boltseal/finding"
	"github.com/boltseal/boltseal/vulndb"
	"github.com/boltseal/boltseal/vulndb/feed"
	"github.com/boltseal/boltseal/vulndb/feed/csaf"
	"github.com/boltseal/boltseal/vulndb/feed/input"
)

// emitCSAF emits a VEX document or an advisory.
func emitCSAF(ctx context.Context, d *csaf.Document, out feed.Sink) error {
	components, err := d.Tree.Components()
	if err != nil {
		return err
	}
	for i := range d.Vulnerabilities {
		if err := ctx.Err(); err != nil {
			return err
		}
		v := &d.Vulnerabilities[i]
		if v.CVE == "" {
			continue
		}
		if err := out.Vulnerability(aboutCSAF(d, v)); err != nil {
			return err
		}
		for _, s := range v.Statements() {
			a, ok := advisory(components[s.Product], s)
			if !ok {
				continue
			}
			a.Vulnerability, a.Severity = v.CVE, v.Grade()
			if a.Modified = input.Unix(s.Date); a.Modified == 0 {
				a.Modified = d.Modified()
			}
			if err := out.Advisory(&a); err != nil {
				return err
			}
		}
	}
	return nil
}

func aboutCSAF(d *csaf.Document, v *csaf.Vulnerability) *vulndb.Vulnerability {
	about := &vulndb.Vulnerability{
		ID: v.CVE, Source: Name, Title: v.Title, Description: v.Description(), Severities: v.Severities(Name),
		Published: input.Time(v.Released), Modified: input.Time(d.Head.Tracking.Current),
	}
	if v.CWE.ID != "" {
		about.CWEs = []string{v.CWE.ID}
	}
	return about
}

// advisory makes a statement about an RPM; ok is false for what is not one or
// belongs to a product that is left out. The fix is the same for every
// architecture, so none is named.
func advisory(c csaf.Component, s csaf.Statement) (a vulndb.Advisory, ok bool) {
	rpm, ok := csaf.ParseRPM(c.PURL)
	ns := Namespace(c.PlatformCPE)
	if !ok || ns == "" || rpm.IsDebug {
		return a, false
	}
	if rpm.Module == "" {
		rpm.Module = moduleOf(c.ID)
	}
	a = vulndb.Advisory{
		Namespace: ns, Package: rpm.Name, Module: rpm.Module, Advisory: s.Advisory, Source: Name, Status: s.Status,
	}
	if s.Status == finding.StatusFixed {
		if rpm.EVR == "" {
			return a, false
		}
		a.Ranges = []vulndb.Range{{Fixed: rpm.EVR}}
	}
	return a, true
}

// moduleOf finds the module in a component's identifier where the package URL
// does not carry it: "httpd:2.4/httpd", "httpd-0:2.4.37-51.x86_64::httpd:2.4".
func moduleOf(id string) string {
	if _, label, ok := strings.Cut(id, "::"); ok {
		return csaf.ModuleStream(label)
	}
	_, module := splitModule(id)
	return module
}
