package report

import (
	"cmp"
	"crypto/sha256"
	"encoding/json"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/boltseal/boltseal/inventory"
	"github.com/boltseal/boltseal/sbom"
)

// CycloneDX writes a CycloneDX 1.6 document with all packages and their
// vulnerabilities, withdrawn ones with an analysis. The serial number is derived
// from the content, so that the same report gives the same document.
// Source: https://cyclonedx.org/docs/1.6/json/.
func CycloneDX(w io.Writer, r *Report, _ Options) error {
	parts := index(&r.Inventory)
	doc := cdxDocument{
		Schema: "http://cyclonedx.org/schema/bom-1.6.schema.json", Format: "CycloneDX", Spec: "1.6", Version: 1,
		Metadata: cdxMetadata{
			Timestamp: r.Created.UTC().Format(time.RFC3339),
			Component: r.cdxTarget(),
		},
		Components: []cdxComponent{},
	}
	doc.Metadata.Tools.Components = []cdxComponent{{Type: "application", Name: cmp.Or(r.Tool.Name, "boltseal"), Version: r.Tool.Version}}
	if os := r.Inventory.OS; os != nil {
		doc.Components = append(doc.Components, cdxSystem(os))
	}
	for i := range r.Inventory.Packages {
		doc.Components = append(doc.Components, cdxPackage(&r.Inventory.Packages[i], parts.refs[i]))
	}
	doc.Vulnerabilities = r.cdxVulnerabilities(parts)
	sum := sha256.New()
	if err := json.NewEncoder(sum).Encode(doc); err != nil {
		return err
	}
	doc.Serial = "urn:uuid:" + uuid([sha256.Size]byte(sum.Sum(nil)))
	return writeJSON(w, doc)
}

type cdxDocument struct {
	Schema          string             `json:"$schema"`
	Format          string             `json:"bomFormat"`
	Spec            string             `json:"specVersion"`
	Serial          string             `json:"serialNumber,omitempty"`
	Version         int                `json:"version"`
	Metadata        cdxMetadata        `json:"metadata"`
	Components      []cdxComponent     `json:"components"`
	Vulnerabilities []cdxVulnerability `json:"vulnerabilities,omitempty"`
}

type cdxMetadata struct {
	Timestamp string `json:"timestamp"`
	Tools     struct {
		Components []cdxComponent `json:"components"`
	} `json:"tools"`
	Component cdxComponent `json:"component"`
}

type cdxComponent struct {
	Type        string           `json:"type"`
	Ref         string           `json:"bom-ref,omitempty"`
	Group       string           `json:"group,omitempty"`
	Name        string           `json:"name"`
	Version     string           `json:"version,omitempty"`
	Description string           `json:"description,omitempty"`
	Hashes      []cdxHash        `json:"hashes,omitempty"`
	Licenses    []cdxLicenseItem `json:"licenses,omitempty"`
	CPE         string           `json:"cpe,omitempty"`
	PURL        string           `json:"purl,omitempty"`
	Evidence    *cdxEvidence     `json:"evidence,omitempty"`
	Properties  cdxProperties    `json:"properties,omitempty"`
}

type cdxHash struct {
	Algorithm string `json:"alg"`
	Content   string `json:"content"`
}

type cdxLicenseItem struct {
	License    *cdxLicense `json:"license,omitempty"`
	Expression string      `json:"expression,omitempty"`
}

type cdxLicense struct {
	ID   string `json:"id,omitempty"`
	Name string `json:"name,omitempty"`
}

type cdxEvidence struct {
	Occurrences []cdxOccurrence `json:"occurrences"`
}

// cdxOccurrence has the layer as its context.
type cdxOccurrence struct {
	Location string `json:"location"`
	Context  string `json:"additionalContext,omitempty"`
}

type cdxProperty struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

type cdxProperties []cdxProperty

// add keeps a property that has a value. Names have the program's prefix.
func (p *cdxProperties) add(name, value string) {
	if value != "" {
		*p = append(*p, cdxProperty{"boltseal:" + name, value})
	}
}

func (r *Report) cdxTarget() cdxComponent {
	t := &r.Target
	c := cdxComponent{Type: "container", Ref: "target", Name: cmp.Or(t.Name, t.Kind, "unknown"), Version: t.anyDigest()}
	switch t.Kind {
	case "dir", "rootfs", "host", "sbom", "":
		c.Type = "application"
	}
	if t.Digest != "" {
		c.PURL = ociPURL(t)
		c.Properties.add("digest", t.Digest)
	}
	if algorithm, sum, ok := strings.Cut(t.anyDigest(), ":"); ok && algorithm == "sha256" && len(sum) == 64 {
		c.Hashes = []cdxHash{{"SHA-256", sum}}
	}
	c.Properties.add("kind", t.Kind)
	c.Properties.add("platform", t.Platform)
	c.Properties.add("configDigest", t.ConfigDigest)
	for i, l := range t.Layers {
		c.Properties.add("layer:"+strconv.Itoa(i), cmp.Or(l.DiffID, l.Digest))
	}
	if r.Partial {
		c.Properties.add("partial", "true")
	}
	return c
}

// ociPURL is the package URL of an image.
// Source: purl-spec, type oci: the name is the last part of the repository, the
// version the digest.
func ociPURL(t *Target) string {
	repository, _, _ := strings.Cut(t.Name, "@")
	if slash := strings.LastIndexByte(repository, '/'); strings.LastIndexByte(repository, ':') > slash {
		repository = repository[:strings.LastIndexByte(repository, ':')]
	}
	name := strings.ToLower(repository[strings.LastIndexByte(repository, '/')+1:])
	if t.Kind != "registry" || name == "" {
		return ""
	}
	return "pkg:oci/" + name + "@" + strings.Replace(t.Digest, ":", "%3A", 1) + "?repository_url=" + repository
}

func cdxSystem(os *inventory.OS) cdxComponent {
	c := cdxComponent{Type: "operating-system", Ref: "os", Name: os.ID, Version: os.VersionID, Description: os.Pretty}
	c.Properties.add("os:id", os.ID)
	c.Properties.add("os:versionId", os.VersionID)
	c.Properties.add("os:variant", os.Variant)
	c.Properties.add("os:pretty", os.Pretty)
	c.Properties.add("os:like", strings.Join(os.Like, " "))
	c.Properties.add("path", os.Path)
	return c
}

func cdxPackage(p *inventory.Package, ref string) cdxComponent {
	c := cdxComponent{Type: "library", Ref: ref, Name: p.Name, Version: p.Version, PURL: p.PURL, CPE: cpe23(p), Licenses: cdxLicenses(p.Licenses)}
	if p.Type == "generic" {
		c.Type = "application"
	}
	if group, artifact, ok := strings.Cut(p.Name, ":"); ok && p.Type == "maven" {
		c.Group, c.Name = group, artifact
	}
	if len(p.SHA1) == 40 {
		c.Hashes = []cdxHash{{"SHA-1", p.SHA1}}
	}
	for _, l := range p.Locations {
		if l.Path == "" {
			continue
		}
		if c.Evidence == nil {
			c.Evidence = &cdxEvidence{}
		}
		c.Evidence.Occurrences = append(c.Evidence.Occurrences, cdxOccurrence{l.Path, l.Layer})
	}
	for _, x := range properties(p) {
		c.Properties.add(x.name, x.value)
	}
	return c
}

// cdxLicenses writes identifiers of the SPDX list as such, a single expression
// as one, and everything else as a name.
func cdxLicenses(names []string) []cdxLicenseItem {
	if len(names) == 1 && strings.Contains(names[0], " ") {
		if e := sbom.Expression(names[0], nil); e != "" {
			return []cdxLicenseItem{{Expression: e}}
		}
	}
	var items []cdxLicenseItem
	for _, n := range names {
		switch id, young := sbom.License(n); {
		case id != "" && !young:
			items = append(items, cdxLicenseItem{License: &cdxLicense{ID: id}})
		case n != "":
			items = append(items, cdxLicenseItem{License: &cdxLicense{Name: cmp.Or(id, n)}})
		}
	}
	return items
}
