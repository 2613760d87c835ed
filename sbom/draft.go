package sbom

import (
	"fmt"
	"strings"

	"github.com/boltseal/boltseal/inventory"
)

// draft collects what a document says, in the words that the formats share,
// until all of it was read: the operating system, which the packages' names
// depend on, may come last.
type draft struct {
	format, version string
	root            entry // what the document is about
	rootRef         string
	entries         []entry
}

// entry is one component or package.
type entry struct {
	ref           string // bom-ref, SPDXID
	kind          string // CycloneDX's type, in lower case
	name, version string
	group         string
	about         string // description, summary
	purl, cpe     string
	sha1          string
	licenses      []string
	places        []inventory.Location
	// notes are properties, annotations and attribution texts, by name.
	notes map[string]string
}

func newDraft() *draft { return &draft{} }

// add keeps an entry.
func (d *draft) add(e entry) error {
	if len(d.entries) == maxComponents {
		return fmt.Errorf("more than %d components: %w", maxComponents, ErrLimit)
	}
	d.entries = append(d.entries, e)
	return nil
}

// note keeps a property whose name is of one of the families that are read.
func (e *entry) note(name, value string) {
	if value == "" || len(e.notes) >= maxItems {
		return
	}
	for _, family := range []string{"boltseal:", "syft:", "aquasecurity:trivy:"} {
		if strings.HasPrefix(name, family) {
			if e.notes == nil {
				e.notes = map[string]string{}
			}
			e.notes[name] = value
			return
		}
	}
}

// said returns the first note that is there.
func (e *entry) said(names ...string) string {
	for _, n := range names {
		if v := e.notes[n]; v != "" {
			return v
		}
	}
	return ""
}

// document turns the draft into an inventory.
func (d *draft) document() (*Document, error) {
	if d.format == "" {
		return nil, ErrFormat
	}
	if !supported(d.format, d.version) {
		return nil, fmt.Errorf("format %q %q: %w", d.format, d.version, ErrFormat)
	}
	doc := &Document{Format: d.format + " " + d.version}
	d.findRoot()
	doc.Name, doc.Version = d.root.name, d.root.version
	doc.Digest = d.root.digest()
	inv := &doc.Inventory
	inv.OS = d.os()
	nameless := 0
	for i := range d.entries {
		e := &d.entries[i]
		if e.isPlace() {
			continue
		}
		p, ok := e.pack()
		if !ok {
			nameless += e.nameless()
			continue
		}
		inv.Packages = append(inv.Packages, p)
	}
	if nameless > 0 {
		inv.Notes = append(inv.Notes, fmt.Sprintf("%d components of the SBOM have no package URL and were left out", nameless))
	}
	inv.Sort()
	return doc, nil
}

func supported(format, version string) bool {
	switch format {
	case "CycloneDX":
		switch version {
		case "1.2", "1.3", "1.4", "1.5", "1.6", "1.7":
			return true
		}
	case "SPDX":
		switch version {
		case "2.2", "2.3":
			return true
		}
	}
	return false
}

// findRoot moves what the document says it describes out of the entries, which
// SPDX lists among the packages.
func (d *draft) findRoot() {
	for i := range d.entries {
		e := &d.entries[i]
		if d.rootRef != "" && e.ref == d.rootRef && (e.purl == "" || strings.HasPrefix(e.purl, "pkg:oci/") || strings.HasPrefix(e.purl, "pkg:docker/")) {
			d.root = *e
			d.entries = append(d.entries[:i], d.entries[i+1:]...)
			return
		}
	}
}

// isPlace says whether the entry is where packages are rather than one.
func (e *entry) isPlace() bool {
	return e.kind == "operating-system" || strings.HasPrefix(e.purl, "pkg:oci/") || strings.HasPrefix(e.purl, "pkg:docker/")
}

// nameless is 1 for software without a package URL, 0 for what needs none: an
// image, a file, a lock file that stands as an application.
func (e *entry) nameless() int {
	switch e.kind {
	case "", "library", "framework":
		return 1
	}
	return 0
}

// digest finds the image digest that the entry tells.
func (e *entry) digest() string {
	for _, s := range []string{e.said("boltseal:digest"), e.version, e.said("aquasecurity:trivy:RepoDigest"), e.purlVersion(), e.name} {
		if i := strings.LastIndex(s, "sha256:"); i >= 0 && isHex(s[i+7:]) && len(s) == i+7+64 {
			return s[i:]
		}
	}
	return ""
}

func (e *entry) purlVersion() string {
	u, err := parsePURL(e.purl)
	if err != nil {
		return ""
	}
	return u.version
}

func isHex(s string) bool {
	return strings.Trim(s, "0123456789abcdef") == ""
}
