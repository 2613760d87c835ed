package sbom

import (
	"strings"

	"github.com/boltseal/boltseal/inventory"
)

// pack makes a package of an entry that has a package URL.
func (e *entry) pack() (inventory.Package, bool) {
	u, err := parsePURL(e.purl)
	if err != nil {
		return inventory.Package{}, false
	}
	p := inventory.Package{
		Type: u.typ, Name: u.advisoryName(), Version: u.version, Arch: u.qualifiers["arch"],
		Module: first(u.qualifiers["rpmmod"], u.qualifiers["modularitylabel"], e.said("aquasecurity:trivy:Modularitylabel", "syft:metadata:modularityLabel")),
		PURL:   e.purl, Evidence: inventory.Declared,
		Licenses: e.licenses, SHA1: e.sha1, Locations: e.locations(),
		Vendor: e.said("boltseal:vendor"), Owner: e.said("boltseal:owner"), Dev: e.said("boltseal:dev") == "true",
		FixedCVEs: e.fixedCVEs(),
	}
	if p.Version == "" {
		p.Version = e.version
	}
	if system(p.Type) {
		p.Version = withEpoch(u.qualifiers["epoch"], p.Version)
		p.Source = e.source(&u)
		if p.Source.Name == p.Name && (p.Source.Version == "" || p.Source.Version == p.Version) {
			p.Source = inventory.Source{}
		}
	}
	if p.Type == "generic" {
		p.CPE = vendorProduct(e.cpe)
	}
	return p, true
}

// system says whether packages of a type belong to an operating system.
func system(typ string) bool { return typ == "deb" || typ == "apk" || typ == "rpm" }

func first(s ...string) string {
	for _, v := range s {
		if v != "" {
			return v
		}
	}
	return ""
}

// advisoryName is the name in the form that inventory.Package.Name documents.
func (u *packageURL) advisoryName() string {
	switch u.typ {
	case "deb", "apk", "rpm", "generic", "conan", "cran", "hackage":
		return u.name
	case "pypi":
		return pypiName(u.name)
	case "maven":
		if u.namespace == "" {
			return u.name
		}
		return u.namespace + ":" + u.name
	}
	if u.namespace == "" {
		return u.name
	}
	return u.namespace + "/" + u.name
}

// pypiName is lower case with one hyphen for each run of separators.
// Source: PEP 503, normalized names.
func pypiName(name string) string {
	separator := func(r rune) bool { return r == '-' || r == '_' || r == '.' }
	return strings.ToLower(strings.Join(strings.FieldsFunc(name, separator), "-"))
}

// fixedCVEs reads "CVE-2023-1=1.2-3 CVE-2023-2=1.2-4".
func (e *entry) fixedCVEs() map[string]string {
	var fixed map[string]string
	for part := range strings.FieldsSeq(e.said("boltseal:fixedCVEs")) {
		if cve, version, ok := strings.Cut(part, "="); ok && len(fixed) < maxItems {
			if fixed == nil {
				fixed = map[string]string{}
			}
			fixed[cve] = version
		}
	}
	return fixed
}

// withEpoch puts an epoch that stands apart in front of the version.
func withEpoch(epoch, version string) string {
	if epoch == "" || epoch == "0" || version == "" || strings.Contains(version, ":") {
		return version
	}
	return epoch + ":" + version
}

// source finds the source package where any tool writes it.
func (e *entry) source(u *packageURL) inventory.Source {
	if name := e.said("boltseal:source:name", "syft:metadata:source", "syft:metadata:originPackage"); name != "" {
		return inventory.Source{Name: name, Version: e.said("boltseal:source:version", "syft:metadata:sourceVersion")}
	}
	if name := e.said("aquasecurity:trivy:SrcName"); name != "" {
		version := e.said("aquasecurity:trivy:SrcVersion")
		if release := e.said("aquasecurity:trivy:SrcRelease"); release != "" {
			version += "-" + release
		}
		return inventory.Source{Name: name, Version: withEpoch(e.said("aquasecurity:trivy:SrcEpoch"), version)}
	}
	upstream := first(u.qualifiers["upstream"], u.qualifiers["sourcerpm"], e.said("syft:metadata:sourceRpm"))
	if rpm, ok := strings.CutSuffix(upstream, ".rpm"); ok {
		return sourceRPM(rpm, u.qualifiers["epoch"])
	}
	name, version, _ := strings.Cut(upstream, "@")
	return inventory.Source{Name: name, Version: version}
}

// sourceRPM takes apart "name-version-release.src". The epoch of a source
// package is not in its file name; it is its binaries' unless they say otherwise.
func sourceRPM(file, epoch string) inventory.Source {
	file = file[:max(strings.LastIndexByte(file, '.'), 0)]
	release := strings.LastIndexByte(file, '-')
	if release <= 0 {
		return inventory.Source{}
	}
	version := strings.LastIndexByte(file[:release], '-')
	if version <= 0 {
		return inventory.Source{}
	}
	return inventory.Source{Name: file[:version], Version: withEpoch(epoch, file[version+1:])}
}

// vendorProduct takes the two names out of a CPE of either form.
// Source: NISTIR 7695, "cpe:2.3:a:vendor:product:..." and "cpe:/a:vendor:product".
func vendorProduct(cpe string) string {
	rest, ok := strings.CutPrefix(cpe, "cpe:2.3:")
	if !ok {
		if rest, ok = strings.CutPrefix(cpe, "cpe:/"); !ok {
			return ""
		}
	}
	parts := strings.SplitN(rest, ":", 4)
	if len(parts) < 3 || parts[1] == "" || parts[2] == "" {
		return ""
	}
	return strings.ReplaceAll(parts[1]+":"+parts[2], `\`, "")
}

// locations are the places that the entry tells, in its own words or in those
// of another tool.
func (e *entry) locations() []inventory.Location {
	if len(e.places) > 0 {
		return e.places
	}
	path := strings.TrimPrefix(e.said("boltseal:path", "syft:location:0:path", "aquasecurity:trivy:FilePath"), "/")
	layer := e.said("boltseal:layer", "syft:location:0:layerID", "aquasecurity:trivy:LayerDiffID", "aquasecurity:trivy:LayerDigest")
	if path == "" && layer == "" {
		return nil
	}
	return []inventory.Location{{Path: path, Layer: layer}}
}
