package suse

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/boltseal/boltseal/vulndb/feed/feedtest"
)

const document = `<oval_definitions><definitions>
<definition class="vulnerability"><metadata><title>CVE-2024-0001</title>
	<advisory><issued date="2024-01-02"/><updated date="2024-02-03"/><severity>Moderate</severity></advisory></metadata>
	<criteria operator="OR">
		<criteria operator="AND">
			<criterion comment="SUSE Linux Enterprise Server 15 SP5 is installed"/>
			<criteria operator="OR"><criterion comment="bash is affected"/><criterion comment="zsh-5.6-1.2 is installed"/></criteria>
		</criteria>
		<criteria operator="AND">
			<criteria operator="OR">
				<criterion comment="SUSE Linux Enterprise Module for Basesystem 15 SP6 is installed"/>
				<criterion comment="SUSE Manager Proxy 4.3 is installed"/>
				<criterion comment="openSUSE Leap 15.6 is installed"/>
			</criteria>
			<criteria operator="OR"><criterion comment="bash is not affected"/><criterion comment="dash is affected"/></criteria>
		</criteria>
	</criteria></definition>
<definition class="patch"><metadata><title>SUSE-SU-2024:1</title></metadata></definition>
</definitions></oval_definitions>`

func TestParse(t *testing.T) {
	got := feedtest.Parse(t, New(), "x", document)
	want := []string{
		"sles:15.5 bash CVE-2024-0001 affected medium",
		"sles:15.6 bash CVE-2024-0001 not_affected medium",
		"opensuse-leap:15.6 bash CVE-2024-0001 not_affected medium",
		"sles:15.6 dash CVE-2024-0001 affected medium",
		"opensuse-leap:15.6 dash CVE-2024-0001 affected medium",
	}
	if diff := cmp.Diff(want, got.Lines()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if m := got.Advisories[0].Modified; m != 1706918400 {
		t.Errorf("modified %d", m)
	}
}

func TestErrors(t *testing.T) {
	for _, body := range []string{"<a/>", "<oval_definitions><definition", ""} {
		err := New().Parse(context.Background(), feedtest.Document("x", "test", body), new(feedtest.Record))
		if err == nil || !strings.Contains(err.Error(), "parse test") {
			t.Errorf("%q: error %v", body, err)
		}
	}
}

func TestReal(t *testing.T) {
	const root = "tests/unit/providers/sles/test-fixtures/"
	got := feedtest.RealRecord(t, New(), "x", "fixtures-vunnel/*.tar.zst", root+"suse_truncated.xml").Lines()
	t.Logf("%d advisories", len(got))
	for _, want := range []string{
		"sles:15 kernel-default CVE-1999-0524 not_affected medium",
		"sles:15 kernel-source CVE-1999-0524 not_affected medium",
	} {
		if !slices.Contains(got, want) {
			t.Errorf("no %q in %v", want, got)
		}
	}
}

func TestConform(t *testing.T) { feedtest.Conform(t, New()) }

func FuzzParse(f *testing.F) { feedtest.Fuzz(f, New(), "x", document) }
