package report

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/boltseal/boltseal/inventory"
	"github.com/boltseal/boltseal/sbom"
)

// SPDX writes an SPDX 2.3 document with all packages. Findings that stand are
// security references of their packages. Withdrawn findings are left out: SPDX
// 2.3 has no word for them.
// Source: https://spdx.github.io/spdx-spec/v2.3/.
func SPDX(w io.Writer, r *Report, _ Options) error {
	s := &spdxWriter{refs: map[string]string{}}
	created := r.Created.UTC().Format(time.RFC3339)
	doc := spdxDocument{
		Version: "SPDX-2.3", DataLicense: "CC0-1.0", ID: spdxDocumentID, Name: cmp.Or(r.Target.fullName(), "unknown"),
		Creation: spdxCreation{Created: created, Creators: []string{"Tool: " + strings.TrimSuffix("boltseal-"+r.Tool.Version, "-")}},
		Packages: []spdxPackage{r.spdxTarget()},
		Relationships: []spdxRelationship{
			{spdxDocumentID, "DESCRIBES", spdxTargetID},
		},
	}
	s.note = func(p *spdxPackage, name, value string) {
		if value != "" {
			p.Annotations = append(p.Annotations, spdxAnnotation{
				Annotator: doc.Creation.Creators[0], Date: created, Type: "OTHER", Comment: "boltseal:" + name + ": " + value})
		}
	}
	if os := r.Inventory.OS; os != nil {
		doc.add(s.system(os))
	}
	parts := index(&r.Inventory)
	security := r.spdxReferences(parts)
	for i := range r.Inventory.Packages {
		p := s.pack(&r.Inventory.Packages[i], parts.refs[i])
		p.References = append(p.References, security[i]...)
		doc.add(p)
	}
	doc.Licenses = s.licenses
	sum := sha256.New()
	if err := json.NewEncoder(sum).Encode(doc); err != nil {
		return err
	}
	doc.Namespace = homepage + "/spdx/" + uuid([sha256.Size]byte(sum.Sum(nil)))
	return writeJSON(w, doc)
}

const (
	spdxDocumentID = "SPDXRef-DOCUMENT"
	spdxTargetID   = "SPDXRef-Target"
	spdxNone       = "NOASSERTION"
)

// add puts a package into the target.
func (d *spdxDocument) add(p spdxPackage) {
	d.Packages = append(d.Packages, p)
	d.Relationships = append(d.Relationships, spdxRelationship{spdxTargetID, "CONTAINS", p.ID})
}

// spdxWriter collects the licences that are not on the SPDX list.
type spdxWriter struct {
	refs     map[string]string
	licenses []spdxLicense
	note     func(p *spdxPackage, name, value string)
}

func newSPDXPackage(id, name, version, purpose string) spdxPackage {
	return spdxPackage{
		ID: id, Name: cmp.Or(name, "unknown"), Version: version, Purpose: purpose, Download: spdxNone,
		Concluded: spdxNone, Declared: spdxNone, Copyright: spdxNone,
	}
}

func (r *Report) spdxTarget() spdxPackage {
	t := &r.Target
	p := newSPDXPackage(spdxTargetID, cmp.Or(t.Name, t.Kind), t.anyDigest(), "CONTAINER")
	switch t.Kind {
	case "dir", "rootfs", "host", "sbom", "":
		p.Purpose = "APPLICATION"
	}
	if algorithm, sum, ok := strings.Cut(t.anyDigest(), ":"); ok && algorithm == "sha256" && len(sum) == 64 {
		p.Checksums = []spdxChecksum{{"SHA256", sum}}
	}
	if u := ociPURL(t); t.Digest != "" && u != "" {
		p.References = []spdxReference{{Category: "PACKAGE-MANAGER", Type: "purl", Locator: u}}
	}
	return p
}

func (s *spdxWriter) system(os *inventory.OS) spdxPackage {
	p := newSPDXPackage("SPDXRef-OperatingSystem", os.ID, os.VersionID, "OPERATING_SYSTEM")
	p.Summary = os.Pretty
	s.note(&p, "os:variant", os.Variant)
	s.note(&p, "os:like", strings.Join(os.Like, " "))
	return p
}

func (s *spdxWriter) pack(p *inventory.Package, ref string) spdxPackage {
	sum := sha256.Sum256([]byte(ref))
	out := newSPDXPackage("SPDXRef-Package-"+hex.EncodeToString(sum[:8]), p.Name, p.Version, "LIBRARY")
	if p.Type == "generic" {
		out.Purpose = "APPLICATION"
	}
	out.Declared = s.declared(p.Licenses)
	if p.Source.Name != "" {
		out.SourceInfo = strings.TrimSpace("built package from: " + p.Source.Name + " " + p.Source.Version)
	}
	if len(p.SHA1) == 40 {
		out.Checksums = []spdxChecksum{{"SHA1", p.SHA1}}
	}
	if p.PURL != "" {
		out.References = append(out.References, spdxReference{Category: "PACKAGE-MANAGER", Type: "purl", Locator: p.PURL})
	}
	if c := cpe23(p); c != "" {
		out.References = append(out.References, spdxReference{Category: "SECURITY", Type: "cpe23Type", Locator: c})
	}
	for _, x := range properties(p) {
		s.note(&out, x.name, x.value)
	}
	return out
}

// declared joins licences to one expression.
func (s *spdxWriter) declared(names []string) string {
	var parts []string
	for _, n := range names {
		if e := sbom.Expression(n, s.licenseRef); e != "" && !slices.Contains(parts, e) {
			parts = append(parts, e)
		}
	}
	if len(parts) > 1 {
		for i, e := range parts {
			if strings.Contains(e, " OR ") {
				parts[i] = "(" + e + ")"
			}
		}
	}
	return cmp.Or(strings.Join(parts, " AND "), spdxNone)
}

// licenseRef names a licence that is not on the list: its letters and digits,
// and a hash where those do not tell it apart.
func (s *spdxWriter) licenseRef(name string) string {
	if ref, ok := s.refs[name]; ok {
		return ref
	}
	id := strings.Map(func(r rune) rune {
		if r < 0x80 && (r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '.' || r == '-') {
			return r
		}
		return '-'
	}, clip(name, 60))
	if id != name {
		sum := sha256.Sum256([]byte(name))
		id = strings.Trim(id, "-") + "-" + hex.EncodeToString(sum[:4])
	}
	ref := "LicenseRef-" + strings.TrimPrefix(id, "-")
	s.refs[name] = ref
	s.licenses = append(s.licenses, spdxLicense{ID: ref, Text: name, Name: name})
	return ref
}

// spdxReferences lists the advisories about each package.
func (r *Report) spdxReferences(parts *components) map[int][]spdxReference {
	byPackage := map[int][]spdxReference{}
	for i := range r.Findings {
		f := &r.Findings[i]
		u := page(f.Vulnerability)
		if f.Suppressed != nil || u == "" {
			continue
		}
		ref := spdxReference{Category: "SECURITY", Type: "advisory", Locator: u, Comment: fmt.Sprintf("%s %s. %s", ruleID(f), f.Severity, remedy(f))}
		for _, p := range parts.affected(f) {
			byPackage[p] = append(byPackage[p], ref)
		}
	}
	return byPackage
}
