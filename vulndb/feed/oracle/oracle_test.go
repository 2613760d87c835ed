package oracle

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/boltseal/boltseal/vulndb/feed/feedtest"
)

func test(comment string) string {
	return fmt.Sprintf(`<criterion test_ref="tst:1" comment="%s"/>`, comment)
}

func all(parts ...string) string {
	return `<criteria operator="AND">` + strings.Join(parts, "") + `</criteria>`
}

func document(criteria string) string {
	return `<oval_definitions xmlns="http://oval"><definitions><definition id="def:1" version="501" class="patch"><metadata>
		<title> ELSA-2024-0001: curl security update (MODERATE) </title><affected family="unix"><platform>Oracle Linux 8</platform></affected>
		<reference source="elsa" ref_id="ELSA-2024-0001" ref_url="u"/><reference source="CVE" ref_id="CVE-2024-0001" ref_url="u"/>
		<advisory><severity>MODERATE</severity><issued date="2024-01-02"/><cve href="h">CVE-2024-0001</cve><cve>CVE-2024-0002</cve></advisory>
		</metadata>` + criteria + `</definition>
		<definition id="def:2" class="inventory"><metadata/></definition></definitions></oval_definitions>`
}

var (
	installed = test("Oracle Linux 8 is installed")
	simple    = document(all(installed, all(test("curl is earlier than 0:7.61-1.el8"), test("curl is signed with the Oracle Linux 8 key"))))
	perArch   = document(all(installed,
		all(test("Oracle Linux arch is aarch64"), all(test("curl is earlier than 0:1-1.el8"), test("bash is earlier than 0:5-1.el8"))),
		all(test("Oracle Linux arch is x86_64"), all(test("curl is earlier than 0:1-2.el8"), test("bash is earlier than 0:5-1.el8")))))
	lines = document(all(installed, test("Module nodejs:18 is enabled"), all(
		test("nodejs is earlier than 1:18-1.module+el8"), test("openssl is earlier than 2:1.1.1g-15.ksplice1.el8_3"),
		test("gnutls is earlier than 10:3.6-5.el8_6_fips"), test("nodejs-debuginfo is earlier than 1:18-1"))))
)

func TestParse(t *testing.T) {
	for body, want := range map[string][]string{
		simple: {
			"oracle:8 curl CVE-2024-0001 fixed <0:7.61-1.el8 medium ELSA-2024-0001",
			"oracle:8 curl CVE-2024-0002 fixed <0:7.61-1.el8 medium ELSA-2024-0001",
		},
		perArch: {
			"oracle:8 curl (aarch64) CVE-2024-0001 fixed <0:1-1.el8 medium ELSA-2024-0001",
			"oracle:8 curl (aarch64) CVE-2024-0002 fixed <0:1-1.el8 medium ELSA-2024-0001",
			"oracle:8 bash CVE-2024-0001 fixed <0:5-1.el8 medium ELSA-2024-0001",
			"oracle:8 bash CVE-2024-0002 fixed <0:5-1.el8 medium ELSA-2024-0001",
			"oracle:8 curl (x86_64) CVE-2024-0001 fixed <0:1-2.el8 medium ELSA-2024-0001",
			"oracle:8 curl (x86_64) CVE-2024-0002 fixed <0:1-2.el8 medium ELSA-2024-0001",
		},
		lines: {
			"oracle:8 nodejs [nodejs:18] CVE-2024-0001 fixed <1:18-1.module+el8 medium ELSA-2024-0001",
			"oracle:8 nodejs [nodejs:18] CVE-2024-0002 fixed <1:18-1.module+el8 medium ELSA-2024-0001",
			"oracle-ksplice:8 openssl [nodejs:18] CVE-2024-0001 fixed <2:1.1.1g-15.ksplice1.el8_3 medium ELSA-2024-0001",
			"oracle-ksplice:8 openssl [nodejs:18] CVE-2024-0002 fixed <2:1.1.1g-15.ksplice1.el8_3 medium ELSA-2024-0001",
			"oracle-fips:8 gnutls [nodejs:18] CVE-2024-0001 fixed <10:3.6-5.el8_6_fips medium ELSA-2024-0001",
			"oracle-fips:8 gnutls [nodejs:18] CVE-2024-0002 fixed <10:3.6-5.el8_6_fips medium ELSA-2024-0001",
		},
	} {
		if diff := cmp.Diff(want, feedtest.Parse(t, New(), "all", body).Lines()); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	}
}

func TestErrors(t *testing.T) {
	for body, want := range map[string]string{
		"<html></html>": "no oval_definitions",
		simple[:400]:    "parse test: byte 400",
	} {
		err := New().Parse(context.Background(), feedtest.Document("all", "test", body), new(feedtest.Record))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.40q: error %v, want %q in it", body, err, want)
		}
	}
}

func TestReal(t *testing.T) {
	got := feedtest.RealRecord(t, New(), "all", "fixtures-vunnel/*.tar.zst",
		"tests/unit/providers/oracle/test-fixtures/mock_*").Lines()
	for _, want := range []string{
		"oracle:5 bind-libs CVE-2007-0493 fixed <30:9.3.3-8.el5 medium ELSA-2007-0057",
		"oracle:7 rsyslog (aarch64) CVE-2022-24903 fixed <0:8.24.0-57.0.4.el7_9.3 high ELSA-2022-4803",
	} {
		if !slices.Contains(got, want) {
			t.Errorf("no %q", want)
		}
	}
	if !slices.ContainsFunc(got, func(s string) bool {
		return strings.HasPrefix(s, "oracle-ksplice:8 openssl ") && strings.Contains(s, "<2:1.1.1g-15.ksplice1.el8_3 high")
	}) {
		t.Error("no ksplice openssl")
	}
}

func TestConform(t *testing.T) { feedtest.Conform(t, New()) }

func FuzzParse(f *testing.F) { feedtest.Fuzz(f, New(), "all", simple, perArch, lines) }
