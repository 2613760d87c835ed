// Package updateinfo holds an erratum of an RPM distribution, as the
// updateinfo.xml of a repository and similar JSON write it, and turns it into
// advisories. It does not know distributions: the feeds that use it decide
// which namespace an erratum belongs to.
//
// Source: createrepo_c's updateinfo.xml, which has no specification beyond
// https://github.com/rpm-software-management/createrepo_c.
package updateinfo

import (
	"context"
	"encoding/xml"
	"slices"
	"strings"

	"github.com/boltseal/boltseal/finding"
	"github.com/boltseal/boltseal/vulndb"
	"github.com/boltseal/boltseal/vulndb/feed"
	"github.com/boltseal/boltseal/vulndb/feed/input"
)

// Update is one erratum.
type Update struct {
	Type     string `xml:"type,attr"`
	Status   string `xml:"status,attr"`
	ID       string `xml:"id"`
	Title    string `xml:"title"`
	Severity string `xml:"severity"`
	Issued   struct {
		Date string `xml:"date,attr"`
	} `xml:"issued"`
	Updated struct {
		Date string `xml:"date,attr"`
	} `xml:"updated"`
	Description string       `xml:"description"`
	References  []Reference  `xml:"references>reference"`
	Collections []Collection `xml:"pkglist>collection"`
}

// Reference points to a vulnerability or to another text about it.
type Reference struct {
	ID    string `xml:"id,attr"`
	Title string `xml:"title,attr"`
	Type  string `xml:"type,attr"`
}

// Collection is the packages of one repository or module.
type Collection struct {
	Short  string `xml:"short,attr"`
	Name   string `xml:"name"`
	Module struct {
		Name   string `xml:"name,attr"`
		Stream string `xml:"stream,attr"`
	} `xml:"module"`
	Packages []Package `xml:"package"`
}

// Package is one binary RPM.
type Package struct {
	Name    string `xml:"name,attr"`
	Epoch   string `xml:"epoch,attr"`
	Version string `xml:"version,attr"`
	Release string `xml:"release,attr"`
	Arch    string `xml:"arch,attr"`
}

// EVR is "epoch:version-release", without an epoch of 0.
func (p *Package) EVR() string {
	evr := p.Version
	if p.Release != "" {
		evr += "-" + p.Release
	}
	if p.Epoch != "" && p.Epoch != "0" && p.Epoch != "(none)" {
		evr = p.Epoch + ":" + evr
	}
	return evr
}

// Read calls each for every erratum of an updateinfo.xml.
func Read(ctx context.Context, doc feed.Document, each func(*Update) error) error {
	return input.XML(ctx, doc, func(d *xml.Decoder, start xml.StartElement) error {
		if start.Name.Local != "update" {
			return nil
		}
		var u Update
		if err := d.DecodeElement(&u, &start); err != nil {
			return err
		}
		return each(&u)
	})
}

// CVEs are the vulnerabilities that an erratum names: in its references, else
// in its title and description.
func (u *Update) CVEs() []string {
	var found []string
	for _, r := range u.References {
		for _, id := range input.CVEs(r.ID + " " + r.Title) {
			if !slices.Contains(found, id) {
				found = append(found, id)
			}
		}
	}
	if len(found) == 0 {
		found = input.CVEs(u.Title + "\n" + u.Description)
	}
	return found
}

// Emit says for each vulnerability and package that the erratum repaired it,
// under the erratum's own identifier when it names no CVE. The same version for
// several architectures is one statement; debug packages are left out.
// introduced, when not nil, gives the first version that a statement covers.
func (u *Update) Emit(source, namespace string, introduced func(*Collection, *Package) string, out feed.Sink) error {
	ids := u.CVEs()
	if len(ids) == 0 {
		ids = []string{u.ID}
	}
	severity, err := finding.ParseSeverity(u.Severity)
	if err != nil {
		severity = finding.Unknown
	}
	modified := max(input.Unix(u.Issued.Date), input.Unix(u.Updated.Date))
	out = feed.Once(out)
	for i := range u.Collections {
		c := &u.Collections[i]
		for j := range c.Packages {
			p := &c.Packages[j]
			if p.Name == "" || p.Version == "" || isDebug(p.Name) {
				continue
			}
			a := vulndb.Advisory{
				Namespace: namespace, Package: p.Name, Module: c.module(), Advisory: u.ID, Source: source,
				Status: finding.StatusFixed, Ranges: []vulndb.Range{{Fixed: p.EVR()}}, Severity: severity,
				Modified: modified,
			}
			if introduced != nil {
				a.Ranges[0].Introduced = introduced(c, p)
			}
			for _, id := range ids {
				a.Vulnerability = id
				if err := out.Advisory(&a); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

func (c *Collection) module() string {
	if c.Module.Name == "" {
		return ""
	}
	return c.Module.Name + ":" + c.Module.Stream
}

func isDebug(name string) bool {
	return strings.HasSuffix(name, "-debuginfo") || strings.HasSuffix(name, "-debugsource") ||
		strings.Contains(name, "-debuginfo-common")
}
