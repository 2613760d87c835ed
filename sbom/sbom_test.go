package sbom

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/boltseal/boltseal/inventory"
)

func read(t *testing.T, file string) *Document {
	t.Helper()
	f, err := os.Open(filepath.Join("testdata", file))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	doc, err := Read(f)
	if err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	return doc
}

// The same software, as different tools describe it in different formats, is
// the same to matching.
func TestRead(t *testing.T) {
	debian := &inventory.OS{ID: "debian", VersionID: "12"}
	libssl := inventory.Package{Type: "deb", Name: "libssl3", Version: "3.0.9-1", Arch: "amd64", Source: inventory.Source{Name: "openssl", Version: "3.0.9-1"}}
	login := inventory.Package{Type: "deb", Name: "login", Version: "1:4.13+dfsg1-1", Arch: "amd64", Source: inventory.Source{Name: "shadow", Version: "1:4.13+dfsg1-1"}}
	bind := inventory.Package{Type: "rpm", Name: "bind-libs", Version: "32:9.11.36-3.el8", Arch: "x86_64", Module: "bind:9.11:8060:abc",
		Source: inventory.Source{Name: "bind", Version: "32:9.11.36-3.el8"}}
	log4j := inventory.Package{Type: "maven", Name: "org.apache.logging.log4j:log4j-core", Version: "2.14.1"}
	babel := inventory.Package{Type: "npm", Name: "@babel/traverse", Version: "7.20.0"}
	flask := inventory.Package{Type: "pypi", Name: "flask-login", Version: "0.6.0"}
	tests := []struct {
		file, format, name, digest string
		os                         *inventory.OS
		packages                   []inventory.Package
		notes                      int
	}{
		{"trivy.cdx.json", "CycloneDX 1.6", "shop:1", "sha256:" + strings.Repeat("ab", 32), debian, []inventory.Package{libssl, login, log4j, babel, bind}, 0},
		{"syft.cdx.json", "CycloneDX 1.5", "shop", "sha256:" + strings.Repeat("cd", 32),
			&inventory.OS{ID: "debian", VersionID: "12", Pretty: "Debian GNU/Linux 12 (bookworm)"}, []inventory.Package{libssl, babel, flask, bind}, 1},
		{"nested.cdx.xml", "CycloneDX 1.4", "shop", "", debian, []inventory.Package{libssl, log4j, babel}, 0},
		{"syft.spdx.json", "SPDX 2.3", "shop", "sha256:" + strings.Repeat("cd", 32), debian, []inventory.Package{libssl, login, bind}, 1},
		{"trivy.spdx.json", "SPDX 2.3", "shop:1", "", debian, []inventory.Package{libssl, babel}, 0},
		{"tools.spdx", "SPDX 2.2", "shop", "", debian, []inventory.Package{libssl, babel}, 1},
	}
	for _, test := range tests {
		t.Run(test.file, func(t *testing.T) {
			doc := read(t, test.file)
			want := inventory.Inventory{Packages: test.packages}
			want.Sort()
			for i := range want.Packages {
				want.Packages[i] = matched(&want.Packages[i])
			}
			if doc.Format != test.format || doc.Name != test.name || doc.Digest != test.digest {
				t.Errorf("document %q %q %q", doc.Format, doc.Name, doc.Digest)
			}
			if diff := cmp.Diff(test.os, doc.Inventory.OS); diff != "" {
				t.Errorf("operating system (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(want.Packages, forMatching(t, doc)); diff != "" {
				t.Errorf("packages (-want +got):\n%s", diff)
			}
			if len(doc.Inventory.Notes) != test.notes {
				t.Errorf("notes %q, want %d", doc.Inventory.Notes, test.notes)
			}
		})
	}
}

// forMatching keeps of packages what matching reads.
func forMatching(t *testing.T, doc *Document) []inventory.Package {
	t.Helper()
	var out []inventory.Package
	for _, p := range doc.Inventory.Packages {
		if p.Evidence != inventory.Declared || p.PURL == "" {
			t.Errorf("%s has evidence %q, purl %q", p.Name, p.Evidence, p.PURL)
		}
		out = append(out, matched(&p))
	}
	return out
}

func matched(p *inventory.Package) inventory.Package {
	return inventory.Package{Type: p.Type, Name: p.Name, Version: p.Version, Arch: p.Arch, Module: p.Module,
		Source: inventory.Source{Name: p.SourceName(), Version: p.SourceVersion()}}
}

func TestReadDetails(t *testing.T) {
	for _, p := range read(t, "trivy.cdx.json").Inventory.Packages {
		if p.Name != "org.apache.logging.log4j:log4j-core" {
			continue
		}
		want := []inventory.Location{{Path: "srv/shop.jar", Layer: "sha256:" + strings.Repeat("22", 32)}}
		if diff := cmp.Diff(want, p.Locations); diff != "" {
			t.Errorf("locations (-want +got):\n%s", diff)
		}
		if p.SHA1 != "9141212b8507ab50a45525b545b39d224614528b" || !cmp.Equal(p.Licenses, []string{"Apache-2.0"}) {
			t.Errorf("SHA-1 %q, licences %q", p.SHA1, p.Licenses)
		}
	}
}

// errAny stands for an error that only the standard library names.
var errAny = errors.New("any error")

func TestReadRefuses(t *testing.T) {
	deep := strings.Repeat(`{"components":[`, maxDepth+2)
	for name, c := range map[string]struct {
		text string
		want error
	}{
		"nothing":          {"", ErrFormat},
		"no format":        {"{}", ErrFormat},
		"old CycloneDX":    {`{"bomFormat":"CycloneDX","specVersion":"1.1"}`, ErrFormat},
		"SPDX 3":           {`{"@context":"https://spdx.org/rdf/3.0.1/spdx-context.jsonld","@graph":[]}`, ErrFormat},
		"other XML":        {`<html></html>`, ErrFormat},
		"prose":            {strings.Repeat("hello: world\n", 200), ErrFormat},
		"cut short":        {`{"bomFormat":"CycloneDX","specVersion":"1.5","components":[{"name":"x"`, io.ErrUnexpectedEOF},
		"cut short XML":    {`<bom xmlns="http://cyclonedx.org/schema/bom/1.4"><components>`, errAny},
		"deep components":  {`{"bomFormat":"CycloneDX","components":[` + deep, ErrLimit},
		"many components":  {`{"components":[{}` + strings.Repeat(",{}", maxComponents) + `]}`, ErrLimit},
		"nested many":      {`{"components":[{"components":[{}` + strings.Repeat(",{}", maxComponents-1) + `]},{}]}`, ErrLimit},
		"many properties":  {`{"components":[{"properties":[{}` + strings.Repeat(",{}", maxItems) + `]}]}`, ErrLimit},
		"many XML parts":   {`<bom xmlns="http://cyclonedx.org/schema/bom/1.4"><components><component>` + strings.Repeat("<a/>", maxItems+1), ErrLimit},
		"one endless line": {"SPDXVersion: SPDX-2.3\nPackageName: " + strings.Repeat("x", maxLine+1), ErrLimit},
	} {
		t.Run(name, func(t *testing.T) {
			doc, err := Read(strings.NewReader(c.text))
			if !errors.Is(err, c.want) && (c.want != errAny || err == nil) {
				t.Errorf("error %v, want %v (document %v)", err, c.want, doc)
			}
		})
	}
}

// A document beyond the size limit is an error, not a short document.
func TestLimited(t *testing.T) {
	_, err := io.ReadAll(&limited{r: strings.NewReader("0123456789"), left: 5})
	if !errors.Is(err, ErrLimit) {
		t.Errorf("error %v, want %v", err, ErrLimit)
	}
}

func TestParsePURL(t *testing.T) {
	for text, want := range map[string]packageURL{
		"pkg:npm/%40babel/traverse@7.20.0":                {typ: "npm", namespace: "@babel", name: "traverse", version: "7.20.0"},
		"pkg:npm/@babel/traverse":                         {typ: "npm", namespace: "@babel", name: "traverse"},
		"pkg:golang/github.com/x/y@v1.0.0#sub/dir":        {typ: "golang", namespace: "github.com/x", name: "y", version: "v1.0.0"},
		"pkg:deb/debian/libstdc%2B%2B6@12.2?arch=amd64":   {typ: "deb", namespace: "debian", name: "libstdc++6", version: "12.2", qualifiers: map[string]string{"arch": "amd64"}},
		"pkg:deb/debian/a@1+b1?distro=d%2B1&upstream=c+d": {typ: "deb", namespace: "debian", name: "a", version: "1+b1", qualifiers: map[string]string{"distro": "d+1", "upstream": "c+d"}},
		"pkg:GEM/ruby-advisory-db-check@0.12.4":           {typ: "gem", name: "ruby-advisory-db-check", version: "0.12.4"},
		"pkg://maven/org.apache/commons@1%3A2%2F3":        {typ: "maven", namespace: "org.apache", name: "commons", version: "1:2/3"},
		"pkg:oci/app@sha256%3Aabc?repository_url=a.com/b": {typ: "oci", name: "app", version: "sha256:abc", qualifiers: map[string]string{"repository_url": "a.com/b"}},
	} {
		got, err := parsePURL(text)
		if diff := cmp.Diff(want, got, cmp.AllowUnexported(packageURL{})); err != nil || diff != "" {
			t.Errorf("%s: %v (-want +got):\n%s", text, err, diff)
		}
	}
	for _, text := range []string{"", "pkg:", "pkg:npm", "pkg:npm/", "npm/x@1", "pkg:/x"} {
		if u, err := parsePURL(text); err == nil {
			t.Errorf("%q is %+v, want an error", text, u)
		}
	}
}

func TestFromDistro(t *testing.T) {
	for distro, want := range map[string]string{
		"debian-12": "debian:12", "opensuse-leap-15.5": "opensuse-leap:15.5", "redhat-8.4": "redhat:8", "alpine-3.18.4": "alpine:3.18", "amazon-2": "amazon:2",
		"oracle-8.6": "oracle:8", "alma-9.2": "almalinux:9", "rocky-9": "rocky:9",
	} {
		if got := fromDistro(distro, "").Namespace(); got != want {
			t.Errorf("%s is %s, want %s", distro, got, want)
		}
	}
}

func TestExpression(t *testing.T) {
	ref := func(name string) string { return "LicenseRef-x" }
	for text, want := range map[string]string{
		"mit":                                    "MIT",
		"MIT OR apache-2.0":                      "MIT OR Apache-2.0",
		"(MIT OR GPL-2.0-only) AND BSD-3-Clause": "(MIT OR GPL-2.0-only) AND BSD-3-Clause",
		"GPL-2.0-only WITH Classpath-exception-2.0": "GPL-2.0-only WITH Classpath-exception-2.0",
		"GPL-2+":             "LicenseRef-x",
		"LGPL-2.1+":          "LGPL-2.1+",
		"Artistic or GPL-1+": "LicenseRef-x",
		"MIT OR":             "LicenseRef-x",
		"MIT OR Custom":      "MIT OR LicenseRef-x",
		")(":                 "LicenseRef-x",
		"":                   "",
	} {
		if got := Expression(text, ref); got != want {
			t.Errorf("%q is %q, want %q", text, got, want)
		}
	}
	if got := Expression("MIT OR Custom", nil); got != "" {
		t.Errorf("without references: %q", got)
	}
}
