package fedora

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/boltseal/boltseal/vulndb/feed/feedtest"
)

const document = `<?xml version="1.0" encoding="UTF-8"?><updates>
<update from="updates@fedoraproject.org" status="stable" type="security" version="2.0"><id>FEDORA-2025-aaa1111111</id>
	<title>curl-8.6.0-10.fc41</title><severity>Important</severity><issued date="2025-01-10 10:00:00"/>
	<description>Text.</description>
	<references><reference href="https://bugzilla.redhat.com/1" id="1" type="bugzilla" title="CVE-2025-1234 curl: overflow [fedora-41]"/></references>
	<pkglist><collection short="F41"><name>Fedora 41</name>
		<package name="curl" version="8.6.0" release="10.fc41" epoch="0" arch="x86_64"><filename>curl.rpm</filename></package>
		<package name="curl-debuginfo" version="8.6.0" release="10.fc41" epoch="0" arch="x86_64"><filename>d.rpm</filename></package>
		<package name="libcurl" version="8.6.0" release="10.fc41" epoch="1" arch="i686"><filename>l.rpm</filename></package>
	</collection></pkglist></update>
<update status="stable" type="bugfix" version="2.0"><id>FEDORA-2025-b</id><title>x CVE-2025-9</title>
	<pkglist><collection short="F41"><package name="x" version="1" release="1" epoch="0" arch="noarch"/></collection></pkglist></update>
</updates>`

func TestParse(t *testing.T) {
	want := []string{
		"fedora:41 curl CVE-2025-1234 fixed <8.6.0-10.fc41 high FEDORA-2025-aaa1111111",
		"fedora:41 libcurl CVE-2025-1234 fixed <1:8.6.0-10.fc41 high FEDORA-2025-aaa1111111",
	}
	if diff := cmp.Diff(want, feedtest.Parse(t, New(), "41", document).Lines()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestConform(t *testing.T) { feedtest.Conform(t, New()) }

func FuzzParse(f *testing.F) { feedtest.Fuzz(f, New(), "41", document) }
