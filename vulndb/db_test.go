package vulndb_test

import (
	"crypto/ed25519"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/boltseal/boltseal/finding"
	"github.com/boltseal/boltseal/vulndb"
	"github.com/boltseal/boltseal/vulndb/build"
	"github.com/boltseal/boltseal/vulndb/feed"
	"github.com/boltseal/boltseal/vulndb/format"
)

const seconds = 1_700_000_000

var (
	openssl = vulndb.Advisory{
		Namespace: "debian:12", Package: "openssl", Vulnerability: "CVE-2024-1", Advisory: "DSA-1-1", Source: "debian",
		Status: finding.StatusFixed, Ranges: []vulndb.Range{{Fixed: "3.0.1"}}, Severity: finding.High, Modified: seconds,
	}
	leftPad = vulndb.Advisory{
		Namespace: "npm", Package: "left-pad", Vulnerability: "GHSA-aaaa-bbbb-cccc", Advisory: "GHSA-aaaa-bbbb-cccc",
		Source: "osv/npm", Status: finding.StatusAffected, Modified: seconds,
		Ranges: []vulndb.Range{{Introduced: "1.0", LastAffected: "1.5"}, {Introduced: "2.0", Fixed: "2.1"}}, Versions: []string{"0.9", "0.8"},
	}
	node = vulndb.Advisory{
		Namespace: "redhat:9", Package: "nodejs", Vulnerability: "CVE-2024-2", Advisory: "RHSA-2024:1", Source: "redhat",
		Module: "nodejs:18", Arch: []string{"x86_64", "aarch64"}, Status: finding.StatusWillNotFix, Severity: finding.Low,
	}
)

// write builds a database of what say emits.
func write(t testing.TB, say func(out feed.Sink)) []byte {
	t.Helper()
	b, err := build.New(build.Options{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	a := b.Artifact("test", "all")
	a.Source.Fetched = time.Unix(seconds, 0).UTC()
	d := a.Document()
	say(d)
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	f, err := os.Create(filepath.Join(t.TempDir(), "v.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := b.Write(f); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(f.Name())
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func emit(t testing.TB, out feed.Sink, things ...any) {
	t.Helper()
	for _, thing := range things {
		var err error
		switch v := thing.(type) {
		case vulndb.Advisory:
			err = out.Advisory(&v)
		case vulndb.Vulnerability:
			err = out.Vulnerability(&v)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

// small is a database with one of everything.
func small(t testing.TB) []byte {
	return write(t, func(out feed.Sink) {
		second := openssl
		second.Vulnerability = "CVE-2024-3"
		emit(t, out, openssl, second, leftPad, node,
			vulndb.Vulnerability{
				ID: "CVE-2024-1", Aliases: []string{"GHSA-aaaa-bbbb-cccc"}, Source: "nvd", Title: "Overflow in openssl",
				Description: "A long story.", References: []string{"https://example.org/1"}, CWEs: []string{"CWE-79", "CWE-125"},
				Severities: []finding.SourcedSeverity{{Source: "nvd", Vector: "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"}},
				Published:  time.Unix(seconds, 0), Modified: time.Unix(seconds+1, 0),
			},
			vulndb.Vulnerability{ID: "CVE-2024-1", Source: "kev", KEV: &finding.KEV{
				Added: "2024-02-03", Due: "2024-03-04", Ransomware: true, Action: "Patch it.",
			}},
			vulndb.Vulnerability{ID: "CVE-2024-1", Source: "epss", EPSS: &finding.EPSS{Score: 0.97535, Percentile: 0.99}},
			vulndb.Vulnerability{ID: "CVE-2099-1", Source: "epss", EPSS: &finding.EPSS{Score: 0.1}},
		)
	})
}

func openBytes(t testing.TB, data []byte) *vulndb.DB {
	t.Helper()
	path := filepath.Join(t.TempDir(), "v.db")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	db, err := vulndb.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

func TestAdvisories(t *testing.T) {
	db := openBytes(t, small(t))
	first, second, js := openssl, openssl, leftPad
	second.Vulnerability = "CVE-2024-3"
	js.Vulnerability = "CVE-2024-1" // by alias
	for _, c := range []struct {
		namespace, pkg string
		want           []vulndb.Advisory
	}{
		{"debian:12", "openssl", []vulndb.Advisory{first, second}},
		{"npm", "left-pad", []vulndb.Advisory{js}},
		{"redhat:9", "nodejs", []vulndb.Advisory{node}},
		{"redhat:9", "nodej", nil}, {"redhat:9", "nodejs2", nil}, {"", "", nil}, {"zzz", "x", nil},
	} {
		got, err := db.Advisories(c.namespace, c.pkg, nil)
		if err != nil {
			t.Error(err)
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s %s: %s", c.namespace, c.pkg, diff)
		}
	}
	if !db.Has("npm") || db.Has("np") || db.Has("zzz") {
		t.Error("Has is wrong")
	}
	sources, newest := []string{"test/all"}, time.Unix(seconds+1, 0).UTC()
	want := []vulndb.NamespaceCount{
		{"debian:12", 1, 2, sources, newest}, {"npm", 1, 1, sources, newest}, {"redhat:9", 1, 1, sources, newest},
	}
	if diff := cmp.Diff(want, db.Namespaces()); diff != "" {
		t.Error(diff)
	}
}

func TestVulnerability(t *testing.T) {
	db := openBytes(t, small(t))
	want := &finding.Vulnerability{
		ID: "CVE-2024-1", Aliases: []string{"GHSA-aaaa-bbbb-cccc"}, Title: "Overflow in openssl", Description: "A long story.",
		Severities: []finding.SourcedSeverity{{
			Source: "nvd", Severity: finding.Critical, Score: 9.8, Vector: "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H",
		}},
		CWEs: []string{"CWE-79", "CWE-125"}, References: []string{"https://example.org/1"},
		Published: time.Unix(seconds, 0).UTC(), Modified: time.Unix(seconds+1, 0).UTC(),
		KEV:  &finding.KEV{Added: "2024-02-03", Due: "2024-03-04", Ransomware: true, Action: "Patch it."},
		EPSS: &finding.EPSS{Score: 0.97535, Percentile: 0.99},
	}
	for _, id := range []string{"CVE-2024-1", "GHSA-aaaa-bbbb-cccc"} {
		got, err := db.Vulnerability(id)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", id, diff)
		}
	}
	b, ok, err := db.Brief("GHSA-aaaa-bbbb-cccc")
	if err != nil || !ok || b.ID != "CVE-2024-1" || !b.KEV || !b.Ransomware || b.EPSS == nil || len(b.Severities) != 1 {
		t.Errorf("brief: %+v %v %v", b, ok, err)
	}
	// Nothing is affected by it, so it is left out.
	if v, err := db.Vulnerability("CVE-2099-1"); v != nil || err != nil {
		t.Errorf("%+v, %v", v, err)
	}
}

func TestSearch(t *testing.T) {
	db := openBytes(t, small(t))
	for query, want := range map[string]string{
		"cve-2024-1": "CVE-2024-1", "ghsa-AAAA": "CVE-2024-1", "OVERFLOW openssl": "CVE-2024-1", "nodejs": "redhat:9",
	} {
		got, err := db.Search(query, 5)
		if err != nil || len(got) == 0 || got[0].ID+got[0].Namespace != want {
			t.Errorf("%s: %+v, %v", query, got, err)
		}
	}
	for _, query := range []string{"", "  ", "no such thing"} {
		if got, err := db.Search(query, 5); len(got) > 0 || err != nil {
			t.Errorf("%q: %+v, %v", query, got, err)
		}
	}
	if got, err := db.Search("CVE-2024", 2); len(got) != 2 || err != nil {
		t.Errorf("limit: %+v, %v", got, err)
	}
}

func TestOpenRefuses(t *testing.T) {
	dir := t.TempDir()
	if _, err := vulndb.Open(filepath.Join(dir, "absent")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("absent: %v", err)
	}
	if _, err := vulndb.Open(dir); err == nil {
		t.Error("a directory was opened")
	}
	good := small(t)
	newer := append([]byte(nil), good...)
	newer[len(format.Magic)] = 99
	for name, data := range map[string][]byte{
		"empty": {}, "text": []byte("hello"), "cut": good[:len(good)-1], "longer": append(good[:len(good):len(good)], 0), "newer": newer,
	} {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := vulndb.Open(path); !errors.Is(err, vulndb.ErrFormat) || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestSignature(t *testing.T) {
	public, private, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	other, _, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	good := small(t)
	if err := openBytes(t, good).VerifySignature(public); !errors.Is(err, vulndb.ErrSignature) {
		t.Errorf("unsigned: %v", err)
	}
	signed := append(good[:len(good):len(good)], format.Sign(openBytes(t, good).Checksum(), private)...)
	db := openBytes(t, signed)
	if err := errors.Join(db.VerifySignature(public), db.Verify()); err != nil {
		t.Error(err)
	}
	if err := db.VerifySignature(other); !errors.Is(err, vulndb.ErrSignature) {
		t.Errorf("other key: %v", err)
	}
	for _, at := range []int{len(signed) - 1, len(signed) - format.TrailerSize + 10} {
		bad := append([]byte(nil), signed...)
		bad[at] ^= 1
		if err := openBytes(t, bad).VerifySignature(public); !errors.Is(err, vulndb.ErrSignature) {
			t.Errorf("byte %d changed: %v", at, err)
		}
	}
	// A change in a section leaves the header and its signature as they were.
	bad := append([]byte(nil), signed...)
	bad[len(good)-1] ^= 1
	file, err := format.Parse(bad)
	if err != nil {
		t.Fatal(err)
	}
	if err := file.VerifySignature(public); err != nil {
		t.Error(err)
	}
	if err := file.Verify(); !errors.Is(err, vulndb.ErrFormat) {
		t.Errorf("changed section: %v", err)
	}
}
