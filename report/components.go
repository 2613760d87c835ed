package report

import (
	"crypto/sha256"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/boltseal/boltseal/finding"
	"github.com/boltseal/boltseal/inventory"
)

// components gives the packages of an SBOM names that are unique in it, and
// finds them again for findings, which hold copies of packages.
type components struct {
	// refs are parallel to the inventory's packages.
	refs   []string
	byKey  map[string]int
	byName map[string]int
}

// index names the packages: a name is the package URL, with a number when the
// same package was found at several places.
func index(inv *inventory.Inventory) *components {
	c := &components{byKey: map[string]int{}, byName: map[string]int{}}
	uses := map[string]int{}
	for i := range inv.Packages {
		p := &inv.Packages[i]
		ref := p.PURL
		if ref == "" {
			ref = "package:" + p.Type + "/" + p.Name + "@" + p.Version
		}
		uses[ref]++
		if n := uses[ref]; n > 1 {
			ref += "#" + strconv.Itoa(n)
		}
		c.refs = append(c.refs, ref)
		if _, taken := c.byKey[packageKey(p)]; !taken {
			c.byKey[packageKey(p)] = i
		}
		if _, taken := c.byName[p.Type+"/"+p.Name]; !taken {
			c.byName[p.Type+"/"+p.Name] = i
		}
	}
	return c
}

func packageKey(p *inventory.Package) string {
	return strings.Join([]string{p.Type, p.Name, p.Version, p.Arch, p.Path()}, "\x00")
}

// affected are the indexes of the packages that a finding is about.
func (c *components) affected(f *finding.Finding) []int {
	if f.Package == nil {
		return nil
	}
	var is []int
	if i, ok := c.byKey[packageKey(f.Package)]; ok {
		is = append(is, i)
	}
	for _, name := range f.Also {
		if i, ok := c.byName[f.Package.Type+"/"+name]; ok {
			is = append(is, i)
		}
	}
	return is
}

// property is what an SBOM says about a package in this program's own words,
// which package sbom reads back.
type property struct{ name, value string }

// properties are what the formats have no fields for and matching needs.
func properties(p *inventory.Package) []property {
	ps := []property{{"evidence", string(p.Evidence)}}
	if len(p.Locations) > 0 {
		ps = append(ps, property{"path", p.Locations[0].Path}, property{"layer", p.Locations[0].Layer})
	}
	ps = append(ps, property{"source:name", p.Source.Name}, property{"source:version", p.Source.Version},
		property{"vendor", p.Vendor}, property{"owner", p.Owner})
	if p.Dev {
		ps = append(ps, property{"dev", "true"})
	}
	var fixed []string
	for cve, version := range p.FixedCVEs {
		fixed = append(fixed, cve+"="+version)
	}
	slices.Sort(fixed)
	ps = append(ps, property{"fixedCVEs", strings.Join(fixed, " ")})
	return slices.DeleteFunc(ps, func(p property) bool { return p.value == "" })
}

// uuid derives a UUID from a digest, so that the same report has the same one.
// Source: RFC 9562, version 8.
func uuid(sum [sha256.Size]byte) string {
	b := sum[:16]
	b[6] = b[6]&0x0f | 0x80
	b[8] = b[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

// cpe23 is the CPE name of a package whose vendor and product are known.
// Source: NISTIR 7695, section 6.2.
func cpe23(p *inventory.Package) string {
	vendor, product, ok := strings.Cut(p.CPE, ":")
	if !ok {
		return ""
	}
	version := "*"
	if p.Version != "" {
		version = cpeEscape(p.Version)
	}
	return "cpe:2.3:a:" + cpeEscape(vendor) + ":" + cpeEscape(product) + ":" + version + ":*:*:*:*:*:*:*"
}

func cpeEscape(s string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(s) {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9', r == '_', r == '-', r == '.':
			b.WriteRune(r)
		case r > ' ' && r < 0x7f:
			b.WriteByte('\\')
			b.WriteRune(r)
		}
	}
	return b.String()
}
