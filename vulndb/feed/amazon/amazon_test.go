package amazon

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/boltseal/boltseal/vulndb/feed/feedtest"
)

const asJSON = `{"ID":"ALAS2TOMCAT9-2024-015","Severity":"important","Title":"t","Issued":{"Date":"2024-06-19 20:39"},
	"Updated":{"Date":"2024-06-24 11:30:00"},"References":{"Reference":[
		{"ID":"CVE-2024-0001","Type":"cve"},{"ID":"RHSA-2024:1","Type":"redhat"},{"ID":"CVE-2024-0001","Type":"cve"}]},
	"Pkglist":{"Collection":{"Short":"amazon-linux-2---tomcat9","Package":[
		{"Arch":"noarch","Epoch":"0","Name":"tomcat","Release":"1.amzn2","Version":"9.0.98"},
		{"Arch":"x86_64","Epoch":"1","Name":"tomcat-lib","Release":"1.amzn2","Version":"9.0.98"},
		{"Arch":"aarch64","Epoch":"1","Name":"tomcat-lib","Release":"1.amzn2","Version":"9.0.98"},
		{"Arch":"x86_64","Epoch":"0","Name":"tomcat-debuginfo","Release":"1.amzn2","Version":"9.0.98"},
		{"Arch":"noarch","Epoch":"0","Name":"p7zip","Release":"1.amzn2","Version":"16.02"}]}}}`

const asXML = `<?xml version="1.0" ?><updates><update author="a" from="f" status="final" type="security" version="1.4">
	<id>ALAS2023-2024-001</id><title>x: CVE-2024-0009</title><issued date="2024-06-19 20:39"/><updated date="2024-06-24 11:30"/>
	<severity>Medium</severity><description>Text CVE-2024-0009</description>
	<references><reference href="h" id="CVE-2024-0002" title="" type="cve"/></references>
	<pkglist><collection short="amazon-linux-2023"><name>Amazon Linux 2023</name>
	<package arch="x86_64" epoch="0" name="ruby3.2" release="180.amzn2023" version="3.2.2"><filename>f</filename></package>
	</collection></pkglist></update></updates>`

func TestParse(t *testing.T) {
	for body, want := range map[string][]string{
		asJSON: {
			"amazon:2 tomcat CVE-2024-0001 fixed >=9,<9.0.98-1.amzn2 high ALAS2TOMCAT9-2024-015",
			"amazon:2 tomcat-lib CVE-2024-0001 fixed >=1:9,<1:9.0.98-1.amzn2 high ALAS2TOMCAT9-2024-015",
			"amazon:2 p7zip CVE-2024-0001 fixed <16.02-1.amzn2 high ALAS2TOMCAT9-2024-015",
		},
		asXML: {"amazon:2023 ruby3.2 CVE-2024-0002 fixed <3.2.2-180.amzn2023 medium ALAS2023-2024-001"},
		`{"ID":"ALAS-2011-23","Description":"CVE-2011-0001, CVE-2011-0002","References":{"Reference":null},
			"Pkglist":{"Collection":{"Short":"amazon-linux-ami","Package":{"Name":"a","Version":"1","Release":"2"}}}}`: {
			"amazon:1 a CVE-2011-0001 fixed <1-2 ALAS-2011-23", "amazon:1 a CVE-2011-0002 fixed <1-2 ALAS-2011-23",
		},
	} {
		got := feedtest.Parse(t, New(), "alas", body)
		if diff := cmp.Diff(want, got.Lines()); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	}
	if m := feedtest.Parse(t, New(), "alas", asJSON).Advisories[0].Modified; m != 1719228600 {
		t.Errorf("modified %d", m)
	}
}

func TestErrors(t *testing.T) {
	for body, want := range map[string]string{
		`{}`:                        "test: no ID",
		`{"ID":1}`:                  "parse test: byte",
		`<updates><update><id>`:     "parse test: byte",
		`<updates></update>`:        "parse test: byte",
		`<?xml version="1.0"?><!--`: "parse test: byte",
	} {
		err := New().Parse(context.Background(), feedtest.Document("alas", "test", body), new(feedtest.Record))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: error %v, want %q in it", body, err, want)
		}
	}
}

func TestReal(t *testing.T) {
	got := feedtest.RealRecord(t, New(), "alas", "amazon-alas-2025-02/*.jsonl.zst").Lines()
	t.Logf("%d advisories", len(got))
	if len(got) < 150000 {
		t.Errorf("%d advisories", len(got))
	}
	for _, want := range []string{
		"amazon:2023 curl CVE-2023-38545 fixed <8.3.0-1.amzn2023.0.2 high ALAS2023-2023-377",
		"amazon:1 openssl CVE-2014-0160 fixed <1:1.0.1e-37.66.amzn1 critical ALAS-2014-320",
	} {
		if !slices.Contains(got, want) {
			t.Errorf("no %q", want)
		}
	}
}

func TestConform(t *testing.T) { feedtest.Conform(t, New()) }

func FuzzParse(f *testing.F) { feedtest.Fuzz(f, New(), "alas", asJSON, asXML) }

func BenchmarkParse(b *testing.B) {
	feedtest.Bench(b, New(), "alas", "amazon-alas-2025-02/*.jsonl.zst")
}
