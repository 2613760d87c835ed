package report

import (
	"bytes"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/boltseal/boltseal/inventory"
	"github.com/boltseal/boltseal/sbom"
)

// What is written as an SBOM reads back as what matching needs.
func TestSBOMRoundTrip(t *testing.T) {
	for format, want := range map[string]string{"cyclonedx": "CycloneDX 1.6", "spdx": "SPDX 2.3"} {
		t.Run(format, func(t *testing.T) {
			r := fixture()
			r.Inventory.OS = &inventory.OS{ID: "openeuler", VersionID: "22.03", Variant: "LTS-SP1", Pretty: "openEuler 22.03 (LTS-SP1)", Like: []string{"fedora", "rhel"}}
			doc, err := sbom.Read(bytes.NewReader(write(t, format, r, Options{})))
			if err != nil {
				t.Fatal(err)
			}
			if doc.Format != want || doc.Digest != r.Target.Digest {
				t.Errorf("format %q, digest %q", doc.Format, doc.Digest)
			}
			if diff := cmp.Diff(r.Inventory.OS, doc.Inventory.OS); diff != "" {
				t.Errorf("operating system (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(essence(r.Inventory.Packages), essence(doc.Inventory.Packages)); diff != "" {
				t.Errorf("packages (-want +got):\n%s", diff)
			}
		})
	}
}

// essence is what both formats can carry.
func essence(pkgs []inventory.Package) []inventory.Package {
	var out []inventory.Package
	for _, p := range pkgs {
		e := inventory.Package{Type: p.Type, Name: p.Name, Version: p.Version, Arch: p.Arch, Module: p.Module, CPE: p.CPE, SHA1: p.SHA1, PURL: p.PURL,
			Owner: p.Owner, Dev: p.Dev, Vendor: p.Vendor, FixedCVEs: p.FixedCVEs,
			Source: inventory.Source{Name: p.SourceName(), Version: p.SourceVersion()}}
		if len(p.Locations) > 0 {
			// JSON cannot carry bytes that are no text.
			e.Locations = []inventory.Location{{Path: strings.ToValidUTF8(p.Locations[0].Path, "\ufffd"), Layer: p.Locations[0].Layer}}
		}
		out = append(out, e)
	}
	return out
}
