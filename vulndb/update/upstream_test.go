package update

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/klauspost/compress/zstd"

	"github.com/boltseal/boltseal/vulndb/feed"
	"github.com/boltseal/boltseal/vulndb/feed/amazon"
	"github.com/boltseal/boltseal/vulndb/feed/redhat"
	"github.com/boltseal/boltseal/vulndb/feed/ubuntu"
)

const amazonHost = "/cdn.amazonlinux.com/"

// TestRepository follows a list of mirrors to a repository, and that to its
// updateinfo.
func TestRepository(t *testing.T) {
	s, path := newServer(t), filepath.Join(t.TempDir(), "v.db")
	s.put(amazonHost+"al2023/core/mirrors/latest/x86_64/mirror.list", []byte("https://cdn.amazonlinux.com/al2023/core/guids/abc/x86_64/\n"))
	s.put(amazonHost+"al2023/core/guids/abc/x86_64/repodata/repomd.xml", []byte(`<?xml version="1.0"?>
		<repomd xmlns="http://linux.duke.edu/metadata/repo"><data type="primary"><location href="repodata/primary.xml.gz"/></data>
		<data type="updateinfo"><checksum type="sha256">x</checksum><location href="repodata/updateinfo.xml.gz"/></data></repomd>`))
	s.put(amazonHost+"al2023/core/guids/abc/x86_64/repodata/updateinfo.xml.gz", gzipped(t, `<updates><update type="security">
		<id>ALAS2023-2023-377</id><severity>important</severity><updated date="2023-10-11 00:00"/>
		<references><reference id="CVE-2023-38545" type="cve"/></references><pkglist><collection short="amazon-linux-2023">
		<package name="curl" version="8.3.0" release="1.amzn2023.0.2" epoch="0" arch="x86_64"/></collection></pkglist></update></updates>`))
	o := options(path, s.URL)
	o.Feeds = []feed.Feed{amazon.New()}
	r := mustUpdate(t, o)
	if res := result(t, r, "2023"); res.State != Updated || res.Records != 1 {
		t.Errorf("%+v", res)
	}
	if res := result(t, r, "2/docker"); res.State != Absent || res.Err != nil {
		t.Errorf("%+v", res)
	}
	if diff := cmp.Diff([]string{"CVE-2023-38545 8.3.0-1.amzn2023.0.2"}, fixedIn(t, path, "amazon:2023", "curl")); diff != "" {
		t.Error(diff)
	}
	if res := result(t, mustUpdate(t, o), "2023"); res.State != Unchanged {
		t.Errorf("%+v", res)
	}
}

func TestUpdateinfoIn(t *testing.T) {
	for href, want := range map[string]string{
		"repodata/a-updateinfo.xml.zst": "repodata/a-updateinfo.xml.zst", "../x": "", "/etc/x": "", "a/../../x": "", "": "",
	} {
		got, err := updateinfoIn(fmt.Appendf(nil, `<repomd><data type="updateinfo"><location href=%q/></data></repomd>`, href))
		if got != want || (err == nil) != (want != "") {
			t.Errorf("%q: %q, %v", href, got, err)
		}
	}
	if got, err := updateinfoIn([]byte("<repomd></repomd>")); got != "" || err != nil {
		t.Errorf("no updateinfo: %q, %v", got, err)
	}
	if _, err := updateinfoIn([]byte("<html>")); err == nil {
		t.Error("a web page was taken for a repository")
	}
}

// TestPackings reads the same records in every packing that upstream uses.
func TestPackings(t *testing.T) {
	records := manyRecords("Ubuntu:22.04:LTS", 40)
	for i := range records {
		records[i] = strings.Replace(records[i], `"id":"CVE`, `"id":"UBUNTU-CVE`, 1)
	}
	jsonl := strings.Join(records, "\n")
	tarball := tarOf(t, records)
	want := 40
	for name, content := range map[string][]byte{
		"osv-x/Ubuntu.jsonl": []byte(jsonl), "osv-x/Ubuntu.jsonl.zst": zstdOf(t, []byte(jsonl)), "osv-x/Ubuntu.zip": zipOf(t, records),
		"ubuntu-x/osv-all.tar": tarball, "ubuntu-x/osv-all.tar.gz": gzipped(t, string(tarball)), "ubuntu-x/osv-all.tar.zst": zstdOf(t, tarball),
		"ubuntu-x/osv-all.tar.xz": command(t, tarball, "xz", "-c"), "ubuntu-x/osv-all.tar.bz2": command(t, tarball, "bzip2", "-c"),
	} {
		t.Run(filepath.Base(name), func(t *testing.T) {
			mirror, path := t.TempDir(), filepath.Join(t.TempDir(), "v.db")
			put := filepath.Join(mirror, name)
			if err := os.MkdirAll(filepath.Dir(put), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(put, content, 0o644); err != nil {
				t.Fatal(err)
			}
			o := options(path, mirror)
			o.Feeds = []feed.Feed{ubuntu.New()}
			if res := result(t, mustUpdate(t, o), "osv"); res.State != Updated || res.Records != want || res.Files != 1 {
				t.Errorf("%+v", res)
			}
			// cut short, the file is an error and the data stays
			if err := os.WriteFile(put, content[:len(content)*2/3], 0o644); err != nil {
				t.Fatal(err)
			}
			res := result(t, mustUpdate(t, o), "osv")
			if plain := strings.HasSuffix(name, ".jsonl"); !plain && res.State != Failed || plain && res.State == Updated {
				t.Errorf("cut short: %+v", res)
			}
			if n := len(statements(t, path)); n != want {
				t.Errorf("%d statements", n)
			}
		})
	}
}

// TestNotThere: a source that its server does not have is a failure when it
// was there before, and a remark when it never was.
func TestNotThere(t *testing.T) {
	s, path := newServer(t), filepath.Join(t.TempDir(), "v.db")
	s.put(osvHost+"Debian/all.zip", zipOf(t, manyRecords("Debian:12", 30)))
	o := options(path, "")
	o.Client = &http.Client{Transport: toServer{s}}
	r := mustUpdate(t, o)
	if res := result(t, r, "npm"); res.State != Absent || !strings.Contains(fmt.Sprint(res.Err), "404") || len(r.Failed()) != 0 {
		t.Errorf("%+v", res)
	}
	s.mu.Lock()
	clear(s.files)
	s.mu.Unlock()
	if res := result(t, mustUpdate(t, o), "Debian"); res.State != Failed || res.Err == nil {
		t.Errorf("%+v", res)
	}
	if n := len(statements(t, path)); n != 30 {
		t.Errorf("%d statements", n)
	}
}

// toServer sends requests for the real servers to the test's.
type toServer struct{ s *server }

func (t toServer) RoundTrip(r *http.Request) (*http.Response, error) {
	mirrored, err := http.NewRequestWithContext(r.Context(), r.Method, t.s.URL+"/"+r.URL.Host+r.URL.EscapedPath(), nil)
	if err != nil {
		return nil, err
	}
	mirrored.Header = r.Header
	return http.DefaultTransport.RoundTrip(mirrored)
}

// TestArchiveNamedByDay: the archive's name is in an index, and changes are
// named after the CVE, not after the advisory.
func TestArchiveNamedByDay(t *testing.T) {
	const host = "/security.access.redhat.com/data/csaf/v2/vex/"
	s, path := newServer(t), filepath.Join(t.TempDir(), "v.db")
	o := options(path, s.URL)
	o.Feeds = []feed.Feed{redhat.New()}
	s.put(host+"archive_latest.txt", []byte("csaf_vex_2025-02-16.tar.zst\n"))
	s.put(host+"csaf_vex_2025-02-16.tar.zst", zstdOf(t, tarOf(t, []string{vex("CVE-2024-0001", ""), vex("CVE-2024-0002", "")})))
	mustUpdate(t, o)
	if got := states(t, path); !slices.Equal(got, []string{"CVE-2024-0001 affected", "CVE-2024-0002 affected"}) {
		t.Errorf("%v", got)
	}
	now := time.Now().UTC().Format("2006-01-02T15:04:05+00:00")
	s.put(host+"changes.csv", fmt.Appendf(nil, "\"2024/cve-2024-0001.json\",%q\n", now))
	s.put(host+"2024/cve-2024-0001.json", []byte(vex("CVE-2024-0001", "RHSA-2024:7")))
	if res := result(t, mustUpdate(t, o), "vex"); res.State != Changed {
		t.Errorf("%+v", res)
	}
	if got := states(t, path); !slices.Equal(got, []string{"CVE-2024-0001 fixed", "CVE-2024-0002 affected"}) {
		t.Errorf("after the change: %v", got)
	}
}

// states are what is said about bash of Red Hat 9.
func states(t testing.TB, path string) []string {
	t.Helper()
	all, err := openDB(t, path).Advisories("redhat:9", "bash", nil)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, a := range all {
		out = append(out, fmt.Sprint(a.Vulnerability, " ", a.Status))
	}
	slices.Sort(out)
	return out
}

// vex is a VEX document of Red Hat about bash, repaired by an erratum if there
// is one.
func vex(cve, erratum string) string {
	status, remedy, version := "known_affected", "", ""
	if erratum != "" {
		status, version = "fixed", "@5.1.8-9.el9"
		remedy = fmt.Sprintf(`"remediations":[{"category":"vendor_fix","url":"https://access.redhat.com/errata/%s","product_ids":["rhel:bash"]}],`, erratum)
	}
	return fmt.Sprintf(`{"id":%q,"document":{"category":"csaf_vex","tracking":{"id":%q,"current_release_date":"2024-02-02T00:00:00Z"}},
		"product_tree":{"branches":[{"category":"product_name","name":"RHEL 9","product":{"product_id":"rhel","name":"RHEL 9",
			"product_identification_helper":{"cpe":"cpe:/o:redhat:enterprise_linux:9::baseos"}}},
			{"category":"product_version","name":"bash","product":{"product_id":"bash","name":"bash",
			"product_identification_helper":{"purl":"pkg:rpm/redhat/bash%s?arch=src"}}}],
			"relationships":[{"category":"default_component_of","product_reference":"bash","relates_to_product_reference":"rhel",
			"full_product_name":{"product_id":"rhel:bash","name":"bash"}}]},
		"vulnerabilities":[{"cve":%q,%s"product_status":{%q:["rhel:bash"]}}]}`, cve, cve, version, cve, remedy, status)
}

func gzipped(t testing.TB, s string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := z.Write([]byte(s)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func zstdOf(t testing.TB, b []byte) []byte {
	t.Helper()
	z, err := zstd.NewWriter(nil)
	if err != nil {
		t.Fatal(err)
	}
	return z.EncodeAll(b, nil)
}

// command has a program pack bytes.
func command(t testing.TB, in []byte, name string, args ...string) []byte {
	t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Stdin = bytes.NewReader(in)
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return out
}

// tarOf packs records as Canonical and Red Hat do.
func tarOf(t testing.TB, records []string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for i, r := range records {
		name := fmt.Sprintf("osv/cve/2024/UBUNTU-CVE-2024-%d.json", 1000+i)
		if err := w.WriteHeader(&tar.Header{Name: name, Mode: 0o644, Size: int64(len(r)), Typeflag: tar.TypeReg}); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(r)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestDocumentsOf tells which statements come from a document.
func TestDocumentsOf(t *testing.T) {
	documents := map[string]bool{"CVE-2024-1": true}
	for _, c := range []struct {
		byCVE    bool
		advisory string
		ids      []string
		want     bool
	}{
		{false, "CVE-2024-1", []string{"CVE-2024-1"}, true},
		{false, "cve-2024-1", nil, true},
		{false, "DSA-1-1", []string{"CVE-2024-1"}, false}, // another document's
		{true, "RHSA-2024:1", []string{"CVE-2024-1"}, true},
		{true, "RHSA-2024:1", []string{"CVE-2024-2"}, false},
		{false, "", []string{"GHSA-x", "CVE-2024-1"}, true}, // a description
	} {
		j := job{artifact: feed.Artifact{ByCVE: c.byCVE}}
		if got := j.fromOneOf(documents, c.advisory, c.ids); got != c.want {
			t.Errorf("%+v: %v", c, got)
		}
	}
}
