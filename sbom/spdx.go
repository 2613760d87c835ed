package sbom

import (
	"strings"
)

// spdxMember reads one member of the top object, or passes over it.
// Source: SPDX specification 2.3, https://spdx.github.io/spdx-spec/v2.3/.
func (d *draft) spdxMember(s stream, key string) error {
	switch key {
	case "spdxVersion":
		v, err := s.text()
		d.spdxVersion(v)
		return err
	case "name":
		return s.into(&d.root.name)
	case "documentDescribes":
		return s.array(maxItems, func() error {
			v, err := s.text()
			d.describes(v)
			return err
		})
	case "relationships":
		return s.array(16*maxComponents, func() error {
			r, err := s.texts()
			d.relationship(r["spdxElementId"], r["relationshipType"], r["relatedSpdxElement"])
			return err
		})
	case "packages":
		return s.array(maxComponents, func() error { return d.spdxPackage(s) })
	}
	return s.skip()
}

func (d *draft) spdxVersion(v string) { d.format, d.version, _ = strings.Cut(v, "-") }

func (d *draft) describes(ref string) { d.rootRef = first(d.rootRef, ref) }

func (d *draft) relationship(from, kind, to string) {
	if from == "SPDXRef-DOCUMENT" && kind == "DESCRIBES" {
		d.describes(to)
	}
}

func (d *draft) spdxPackage(s stream) error {
	var e entry
	err := s.object(func(key string) error {
		switch key {
		case "annotations", "checksums", "externalRefs":
			return s.array(maxItems, func() error {
				m, err := s.texts()
				e.spdxPart(m)
				return err
			})
		case "attributionTexts":
			return s.array(maxItems, func() error {
				v, err := s.text()
				e.remark(v)
				return err
			})
		}
		v, err := s.text()
		e.spdxField(key, v)
		return err
	})
	if err != nil {
		return err
	}
	return d.add(e)
}

// spdxPart takes one annotation, checksum or external reference.
func (e *entry) spdxPart(m map[string]string) {
	switch m["referenceType"] {
	case "purl":
		e.purl = first(e.purl, m["referenceLocator"])
	case "cpe23Type", "cpe22Type":
		e.cpe = first(e.cpe, m["referenceLocator"])
	}
	if m["algorithm"] == "SHA1" {
		e.sha1 = m["checksumValue"]
	}
	e.remark(m["comment"])
}

// spdxField takes one field of a package, by its name in JSON.
func (e *entry) spdxField(key, v string) {
	switch key {
	case "SPDXID":
		e.ref = v
	case "name":
		e.name = v
	case "versionInfo":
		e.version = v
	case "summary":
		e.about = v
	case "primaryPackagePurpose":
		// The schema has underscores where the standard's text has hyphens.
		e.kind = strings.ReplaceAll(strings.ToLower(v), "_", "-")
	case "licenseDeclared":
		e.licenses = nil
		e.license(v)
	case "licenseConcluded":
		if len(e.licenses) == 0 {
			e.license(v)
		}
	case "sourceInfo":
		e.builtFrom(v)
	}
}

// remark reads "name: value" as a property. Trivy leaves its prefix out.
func (e *entry) remark(text string) {
	name, value, ok := strings.Cut(text, ": ")
	if !ok {
		return
	}
	if !strings.Contains(name, ":") {
		name = "aquasecurity:trivy:" + name
	}
	e.note(name, value)
}

// builtFrom reads the sentence in which Trivy and this program name the source
// package.
func (e *entry) builtFrom(text string) {
	rest, ok := strings.CutPrefix(text, "built package from: ")
	if !ok {
		return
	}
	name, version, _ := strings.Cut(rest, " ")
	e.note("boltseal:source:name", name)
	e.note("boltseal:source:version", version)
}
