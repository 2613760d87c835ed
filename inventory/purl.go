package inventory

import (
	"cmp"
	"net/url"
	"slices"
	"strings"
)

// FillPURLs sets the package URL of every package that has none.
// Source: https://github.com/package-url/purl-spec, types as listed there.
func (inv *Inventory) FillPURLs() {
	for i := range inv.Packages {
		if p := &inv.Packages[i]; p.PURL == "" {
			p.PURL = inv.purl(p)
		}
	}
}

func (inv *Inventory) purl(p *Package) string {
	var b strings.Builder
	b.WriteString("pkg:")
	b.WriteString(p.Type)
	b.WriteByte('/')
	namespace, name := inv.splitName(p)
	for part := range strings.SplitSeq(namespace, "/") {
		if part != "" {
			b.WriteString(purlEscape(part))
			b.WriteByte('/')
		}
	}
	b.WriteString(purlEscape(name))
	epoch, version := splitEpoch(p)
	if version != "" {
		b.WriteByte('@')
		b.WriteString(purlEscape(version))
	}
	b.WriteString(inv.qualifiers(p, epoch))
	return b.String()
}

// splitName tells a package's purl namespace from its purl name.
func (inv *Inventory) splitName(p *Package) (namespace, name string) {
	switch p.Type {
	case "deb", "apk", "rpm":
		if inv.OS != nil {
			return inv.OS.ID, p.Name
		}
		return "", p.Name
	case "maven":
		if g, a, ok := strings.Cut(p.Name, ":"); ok {
			return g, a
		}
	case "npm", "golang", "composer", "swift":
		if i := strings.LastIndexByte(p.Name, '/'); i >= 0 {
			return p.Name[:i], p.Name[i+1:]
		}
	}
	return "", p.Name
}

// splitEpoch takes the epoch out of an RPM version, where the purl
// specification wants it as a qualifier.
func splitEpoch(p *Package) (epoch, version string) {
	if p.Type == "rpm" {
		if e, v, ok := strings.Cut(p.Version, ":"); ok {
			return e, v
		}
	}
	return "", p.Version
}

func (inv *Inventory) qualifiers(p *Package, epoch string) string {
	var q []string
	add := func(key, value string) {
		if value != "" {
			q = append(q, key+"="+url.QueryEscape(value))
		}
	}
	add("arch", p.Arch)
	if inv.OS != nil && (p.Type == "deb" || p.Type == "apk" || p.Type == "rpm") {
		distro := inv.OS.ID
		if inv.OS.VersionID != "" {
			distro += "-" + inv.OS.VersionID
		}
		add("distro", distro)
	}
	if epoch != "0" {
		add("epoch", epoch)
	}
	if p.Type == "rpm" {
		add("rpmmod", p.Module)
	}
	if len(q) == 0 {
		return ""
	}
	return "?" + strings.Join(q, "&")
}

// purlEscape percent-encodes what the specification does not let stand.
func purlEscape(s string) string {
	const plain = "-._~:+"
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9', strings.IndexByte(plain, c) >= 0:
			b.WriteByte(c)
		default:
			const hex = "0123456789ABCDEF"
			b.WriteByte('%')
			b.WriteByte(hex[c>>4])
			b.WriteByte(hex[c&15])
		}
	}
	return b.String()
}

// Sort puts packages in the order that every output keeps: type, name,
// version, architecture, first location.
func (inv *Inventory) Sort() {
	slices.SortStableFunc(inv.Packages, func(a, b Package) int {
		return cmp.Or(
			strings.Compare(a.Type, b.Type), strings.Compare(a.Name, b.Name),
			strings.Compare(a.Version, b.Version), strings.Compare(a.Arch, b.Arch),
			strings.Compare(a.Path(), b.Path()))
	})
}

// Path is the package's first location, or "".
func (p *Package) Path() string {
	if len(p.Locations) == 0 {
		return ""
	}
	return p.Locations[0].Path
}
