package license_test

import (
	"context"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/boltseal/boltseal/inventory"
	"github.com/boltseal/boltseal/scan/license"
	"github.com/boltseal/boltseal/scan/scanner"
)

func TestScanImage(t *testing.T) {
	inv := &inventory.Inventory{Packages: []inventory.Package{
		{Type: "npm", Name: "agpl", Licenses: []string{"AGPL-3.0"}},
		{Type: "npm", Name: "agpl-or-mit", Licenses: []string{"(AGPL-3.0 OR MIT)"}},
		{Type: "npm", Name: "dev", Dev: true, Licenses: []string{"AGPL-3.0"}},
		{Type: "deb", Name: "ghostscript", Licenses: []string{"AGPL-3+", "Expat"}},
		{Type: "pypi", Name: "gpl", Licenses: []string{"License :: OSI Approved :: GNU General Public License v3 (GPLv3)"}},
		{Type: "maven", Name: "choice", Licenses: []string{"The Apache Software License, Version 2.0", "GNU General Public License v2.0"}},
		{Type: "golang", Name: "silent"},
		{Type: "npm", Name: "odd", Licenses: []string{"SEE LICENSE IN LICENSE.txt"}},
		{Type: "npm", Name: "busl", Licenses: []string{"BUSL-1.1"}},
	}}
	for name, c := range map[string]struct {
		options license.Options
		want    []string
	}{
		"no lists":  {license.Options{}, []string{"low agpl license/network-copyleft", "low busl license/restricted"}},
		"deny":      {license.Options{Deny: []string{"GPL-*"}}, []string{"low agpl license/network-copyleft", "high gpl license/denied", "low busl license/restricted"}},
		"deny kind": {license.Options{Deny: []string{"network-copyleft"}}, []string{"high agpl license/denied", "high dev license/denied", "high ghostscript license/denied", "low busl license/restricted"}},
		"allow": {license.Options{Allow: []string{"permissive"}}, []string{"high agpl license/not-allowed", "high dev license/not-allowed", "high ghostscript license/not-allowed",
			"high gpl license/not-allowed", "medium silent license/unknown", "high odd license/not-allowed", "high busl license/not-allowed"}},
		"allow unknown":  {license.Options{Allow: []string{"permissive", "unknown", "copyleft", "AGPL-3.0", "AGPL-3.0+"}}, []string{"high busl license/not-allowed"}},
		"deny and allow": {license.Options{Allow: []string{"permissive", "unknown", "copyleft", "AGPL-*", "restricted"}, Deny: []string{"BUSL-1.1"}}, []string{"high busl license/denied"}},
	} {
		s, err := license.New(c.options)
		if err != nil {
			t.Fatal(err)
		}
		found, err := s.ScanImage(context.Background(), &scanner.Image{Inventory: inv})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, f := range found {
			got = append(got, f.Severity.String()+" "+f.Package.Name+" "+f.Rule.ID)
			if f.Title == "" || f.Confidence == "" || f.Remedy == "" {
				t.Errorf("%s: %+v", name, f)
			}
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s:\n%s", name, diff)
		}
	}
}

func TestNewErrors(t *testing.T) {
	for _, o := range []license.Options{{Deny: []string{""}}, {Allow: []string{" "}}, {Deny: []string{strings.Repeat("x", 300)}}} {
		if _, err := license.New(o); err == nil {
			t.Errorf("New(%v): no error", o)
		}
	}
}
