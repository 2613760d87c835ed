package csaf

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestParseRPM(t *testing.T) {
	for purl, want := range map[string]RPM{
		"pkg:rpm/redhat/ruby@2.5.9-111.module%2Bel8?arch=x86_64&epoch=1&rpmmod=ruby:2.5:809:b46": {
			Name: "ruby", EVR: "1:2.5.9-111.module+el8", Arch: "x86_64", Module: "ruby:2.5",
		},
		"pkg:rpm/redhat/bash?arch=src":             {Name: "bash", Arch: "src"},
		"pkg:rpm/opensuse/a-debuginfo@1?epoch=0":   {Name: "a-debuginfo", EVR: "1", IsDebug: true},
		"pkg:rpm/openEuler/gcc%2B@1&distro=x":      {Name: "gcc+", EVR: "1&distro=x"},
		"pkg:rpm/redhat/a@1?rpmmod=x&distro=rhel8": {Name: "a", EVR: "1", Distro: "rhel8"},
	} {
		got, ok := ParseRPM(purl)
		if diff := cmp.Diff(want, got); diff != "" || !ok {
			t.Errorf("%s: %v (-want +got):\n%s", purl, ok, diff)
		}
	}
	for _, purl := range []string{"", "pkg:oci/x@1", "pkg:rpm/", "pkg:rpm/redhat/"} {
		if r, ok := ParseRPM(purl); ok {
			t.Errorf("%q is %+v", purl, r)
		}
	}
}
