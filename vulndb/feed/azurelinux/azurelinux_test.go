package azurelinux

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/boltseal/boltseal/vulndb/feed/feedtest"
)

// document is a definition with one or two tests, and what they refer to.
func document(patchable string, states ...string) string {
	var tests, stateList, criteria string
	for i, s := range states {
		criteria += fmt.Sprintf(`<criterion comment="c" test_ref="tst:%d"/>`, i)
		tests += fmt.Sprintf(`<linux-def:rpminfo_test id="tst:%d"><linux-def:object object_ref="obj:1"/><linux-def:state state_ref="ste:%d"/></linux-def:rpminfo_test>`, i, i)
		stateList += fmt.Sprintf(`<linux-def:rpminfo_state id="ste:%d"><linux-def:evr datatype="evr_string" %s</linux-def:evr></linux-def:rpminfo_state>`, i, s)
	}
	return `<oval_definitions xmlns="http://oval" xmlns:linux-def="http://oval#linux"><definitions>
		<definition class="vulnerability" id="def:1" version="1"><metadata><title>t</title>
		<affected family="unix"><platform>Azure Linux</platform></affected>
		<reference ref_id="CVE-2024-0001" ref_url="u" source="CVE"/><patchable>` + patchable + `</patchable>
		<advisory_date>2024-07-23T22:05:39Z</advisory_date><severity>High</severity><description>d</description></metadata>
		<criteria operator="AND">` + criteria + `</criteria></definition></definitions>
		<tests>` + tests + `</tests><objects><linux-def:rpminfo_object id="obj:1"><linux-def:name>curl</linux-def:name></linux-def:rpminfo_object></objects>
		<states>` + stateList + `</states></oval_definitions>`
}

const (
	before  = `operation="less than">0:2.6.7-3.azl3`
	upTo    = `operation="less than or equal">0:2.6.7-3.azl3`
	atLeast = `operation="greater than">0:2.0`
)

func TestParse(t *testing.T) {
	for body, want := range map[string]string{
		document("true", before):          "azurelinux:3.0 curl CVE-2024-0001 fixed <0:2.6.7-3.azl3 high",
		document("true", before, atLeast): "azurelinux:3.0 curl CVE-2024-0001 fixed >=0:2.0,<0:2.6.7-3.azl3 high",
		document("false", upTo):           "azurelinux:3.0 curl CVE-2024-0001 affected <=0:2.6.7-3.azl3 high",
		document("Not Applicable", upTo):  "azurelinux:3.0 curl CVE-2024-0001 not_affected high",
	} {
		got := feedtest.Parse(t, New(), "azurelinux-3.0", body)
		if diff := cmp.Diff([]string{want}, got.Lines()); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	}
	if got := feedtest.Parse(t, New(), "mariner-2.0", document("true")).Lines(); len(got) != 0 {
		t.Errorf("a definition without tests says %q", got)
	}
}

func TestErrors(t *testing.T) {
	for body, want := range map[string]string{
		"":                             "no element",
		"<html></html>":                "no oval_definitions",
		document("true", before)[:900]: "parse test: byte",
	} {
		err := New().Parse(context.Background(), feedtest.Document("mariner-2.0", "test", body), new(feedtest.Record))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.40q: error %v, want %q in it", body, err, want)
		}
	}
	err := New().Parse(context.Background(), feedtest.Document("other", "test", ""), new(feedtest.Record))
	if err == nil || !strings.Contains(err.Error(), "other") {
		t.Errorf("error %v", err)
	}
}

func TestReal(t *testing.T) {
	got := feedtest.RealRecord(t, New(), "azurelinux-3.0", "azurelinux/azurelinux-3.0-oval-*.xml.zst").Lines()
	t.Logf("%d advisories", len(got))
	if len(got) != 1222 || !slices.Contains(got, "azurelinux:3.0 oath-toolkit CVE-2024-47191 fixed <0:2.6.7-3.azl3 high") {
		t.Errorf("%d advisories like %q", len(got), got[:min(3, len(got))])
	}
	got = feedtest.RealRecord(t, New(), "mariner-2.0", "fixtures-vunnel/*.tar.zst",
		"tests/unit/providers/mariner/test-fixtures/mariner-truncated-2.0-oval.xml").Lines()
	if !slices.ContainsFunc(got, func(s string) bool {
		return strings.HasPrefix(s, "mariner:2.0 golang CVE-2023-29404 fixed >=")
	}) {
		t.Errorf("%q", got)
	}
}

func TestConform(t *testing.T) { feedtest.Conform(t, New()) }

func FuzzParse(f *testing.F) {
	feedtest.Fuzz(f, New(), "azurelinux-3.0", document("true", before, atLeast), document("false", upTo))
}

func BenchmarkParse(b *testing.B) {
	feedtest.Bench(b, New(), "azurelinux-3.0", "azurelinux/azurelinux-3.0-oval-*.xml.zst")
}
