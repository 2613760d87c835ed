package dpkg

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/boltseal/boltseal/image"
	"github.com/boltseal/boltseal/inventory"
	"github.com/boltseal/boltseal/scan/scanner"
)

// file makes the File that the scan would hand over.
func file(path string, data []byte) *scanner.File {
	return &scanner.File{
		Entry:   image.Entry{Path: path, Type: image.File, Size: int64(len(data))},
		Content: bytes.NewReader(data), Data: data, Limits: image.DefaultLimits(),
	}
}

func scan(t *testing.T, path, text string) scanner.Result {
	t.Helper()
	res, err := New().Scan(context.Background(), file(path, []byte(text)))
	if err != nil {
		t.Fatal(err)
	}
	return res
}

func zipped(t testing.TB, text string) string {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := io.WriteString(z, text); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestWants(t *testing.T) {
	for path, want := range map[string]bool{
		"var/lib/dpkg/status":                          true,
		"chroot/var/lib/dpkg/status":                   true,
		"var/lib/dpkg/status-old":                      false,
		"var/lib/dpkg/status.d/libc6":                  true,
		"var/lib/dpkg/status.d/libc6.md5sums":          true,
		"var/lib/dpkg/info/libc6:amd64.list":           true,
		"var/lib/dpkg/info/libc6:amd64.md5sums":        false,
		"usr/share/doc/bash/copyright":                 true,
		"usr/share/doc/bash/changelog.Debian.gz":       true,
		"usr/share/doc/bash/changelog.Debian.amd64.gz": true,
		"usr/share/doc/bash/changelog.gz":              true,
		"usr/share/doc/bash/examples/changelog.gz":     false,
		"usr/share/doc/copyright":                      false,
		"opt/app/copyright":                            false,
		"status":                                       false,
	} {
		if got := New().Wants(&image.Entry{Path: path}, nil); got != want {
			t.Errorf("Wants(%q) = %v, want %v", path, got, want)
		}
	}
}

const status = `Package: libssl3
Status: install ok installed
Priority: optional
Architecture: amd64
Multi-Arch: same
Source: openssl
Version: 3.0.11-1~deb12u2
Conffiles:
 /etc/ssl/openssl.cnf 0123456789abcdef
Description: Secure Sockets Layer toolkit
 Version: 9.9 in a continuation line is text.

Package: bsdutils
Essential: yes
Status: install ok installed
Architecture: amd64
Source: util-linux (2.38.1-5+deb12u1)
Version: 1:2.38.1-5+deb12u1
Origin: Debian

Package: gone
Status: deinstall ok config-files
Architecture: all
Version: 1.0

Package: broken
Status: install reinstreq half-installed
Version: 1.0

Package: waiting
Status: hold ok triggers-awaited
Architecture: all
Version: 2.0

Package: unsaid
Version: 1.0
`

func TestStatus(t *testing.T) {
	want := []inventory.Package{
		{
			Type: "deb", Name: "libssl3", Version: "3.0.11-1~deb12u2", Arch: "amd64",
			Source: inventory.Source{Name: "openssl"}, Evidence: inventory.Installed,
		},
		{
			Type: "deb", Name: "bsdutils", Version: "1:2.38.1-5+deb12u1", Arch: "amd64", Vendor: "Debian",
			Source: inventory.Source{Name: "util-linux", Version: "2.38.1-5+deb12u1"}, Evidence: inventory.Installed,
		},
		{Type: "deb", Name: "waiting", Version: "2.0", Arch: "all", Evidence: inventory.Installed},
	}
	if d := cmp.Diff(want, scan(t, "var/lib/dpkg/status", status).Packages); d != "" {
		t.Errorf("packages (-want +got):\n%s", d)
	}
	crlf := strings.ReplaceAll(status, "\n", "\r\n")
	if d := cmp.Diff(want, scan(t, "var/lib/dpkg/status", crlf).Packages); d != "" {
		t.Errorf("packages with carriage returns (-want +got):\n%s", d)
	}
}

func TestDistroless(t *testing.T) {
	res := scan(t, "var/lib/dpkg/status.d/tzdata",
		"Package: tzdata\nVersion: 2024a-0+deb12u1\nArchitecture: all\nMaintainer: x\n")
	want := []inventory.Package{{
		Type: "deb", Name: "tzdata", Version: "2024a-0+deb12u1", Arch: "all", Evidence: inventory.Installed,
	}}
	if d := cmp.Diff(want, res.Packages); d != "" {
		t.Errorf("packages (-want +got):\n%s", d)
	}
	res = scan(t, "var/lib/dpkg/status.d/tzdata.md5sums",
		"0123456789abcdef0123456789abcdef  usr/share/zoneinfo/UTC\n0123456789abcdef0123456789abcdef  ./usr/sbin/tz select\n\n")
	owned := []scanner.Owned{{Type: "deb", Package: "tzdata", Paths: []string{"usr/share/zoneinfo/UTC", "usr/sbin/tz select"}}}
	if d := cmp.Diff(owned, res.Owned); d != "" {
		t.Errorf("owned (-want +got):\n%s", d)
	}
}

func TestList(t *testing.T) {
	res := scan(t, "var/lib/dpkg/info/libc6:amd64.list",
		"/.\n/lib\n/lib/x86_64-linux-gnu\n/lib/x86_64-linux-gnu/libc.so.6\n/lib64\n/usr\n/usr/share\n/usr/share/doc\n/usr/share/doc/libc6\n/usr/share/doc/libc6/copyright\n")
	want := []scanner.Owned{{Type: "deb", Package: "libc6:amd64", Paths: []string{
		"lib/x86_64-linux-gnu/libc.so.6", "lib64", "usr/share/doc/libc6/copyright",
	}}}
	if d := cmp.Diff(want, res.Owned); d != "" {
		t.Errorf("owned (-want +got):\n%s", d)
	}
	if res := scan(t, "var/lib/dpkg/info/empty.list", "/.\n"); res.Owned != nil {
		t.Errorf("owned = %v, want none", res.Owned)
	}
}

func TestLimits(t *testing.T) {
	long := "Package: a\nVersion: 1\nStatus: install ok installed\nDescription: " + strings.Repeat("x", 3000) + "\n"
	f := file("var/lib/dpkg/status", []byte(long+"\n"+strings.ReplaceAll(long, ": a", ": b")))
	f.Limits = &image.Limits{LineBytes: 1000, Packages: 10, PathBytes: 100}
	res, err := New().Scan(t.Context(), f)
	if !errors.Is(err, image.ErrLimit) || len(res.Packages) != 2 {
		t.Errorf("long lines: %d packages, %v; want 2 and a limit error", len(res.Packages), err)
	}
	f.Limits = &image.Limits{LineBytes: 10_000, Packages: 1}
	res, err = New().Scan(t.Context(), f)
	if !errors.Is(err, image.ErrLimit) || len(res.Packages) != 1 {
		t.Errorf("many packages: %d packages, %v; want 1 and a limit error", len(res.Packages), err)
	}
	f = file("var/lib/dpkg/info/a.list", []byte("/usr/x\n/"+strings.Repeat("y", 500)+"\n/usr/z\n"))
	f.Limits = &image.Limits{PathBytes: 100, Entries: 3}
	res, err = New().Scan(t.Context(), f)
	if !errors.Is(err, image.ErrLimit) || len(res.Owned) != 1 || len(res.Owned[0].Paths) != 2 {
		t.Errorf("long path: %v, %v; want 2 paths and a limit error", res.Owned, err)
	}
	f = file("var/lib/dpkg/info/a.list", []byte("/a\n/b\n/c\n/d\n"))
	f.Limits = &image.Limits{PathBytes: 100, Entries: 2}
	res, err = New().Scan(t.Context(), f)
	if !errors.Is(err, image.ErrLimit) || len(res.Owned) != 1 || len(res.Owned[0].Paths) != 3 {
		t.Errorf("many paths: %v, %v; want 3 paths and a limit error", res.Owned, err)
	}
}

const changelog = `openssl (3.0.11-1~deb12u2) bookworm-security; urgency=medium

  * CVE-2023-5363 (Incorrect cipher key & IV length processing).
  * Revert the patch for
    CVE-2023-9999, which broke callers.
  * Fix CVE-2023-1111 and CVE-2023-2222, CVE-12-1 and CVE-2023-123456789 are no ids.

 -- Sebastian Andrzej Siewior <sebastian@breakpoint.cc>  Mon, 23 Oct 2023 19:52:22 +0200

openssl (3.0.11-1~deb12u1) bookworm; urgency=medium

  * Import 3.0.11
    - CVE-2023-2975 (AES-SIV implementation ignores empty associated data)
    - CVE-2023-9999
    - CVE-2023-1111

 -- Sebastian Andrzej Siewior <sebastian@breakpoint.cc>  Mon, 23 Oct 2023 19:52:22 +0200
`

func TestChangelog(t *testing.T) {
	want := []scanner.Detail{{Type: "deb", Package: "libssl3", FixedCVEs: map[string]string{
		"CVE-2023-5363": "3.0.11-1~deb12u2",
		"CVE-2023-1111": "3.0.11-1~deb12u2",
		"CVE-2023-2222": "3.0.11-1~deb12u2",
		"CVE-2023-2975": "3.0.11-1~deb12u1",
	}}}
	for _, base := range []string{"changelog.Debian.gz", "changelog.gz", "changelog.Debian.amd64.gz"} {
		res := scan(t, "usr/share/doc/libssl3/"+base, zipped(t, changelog))
		if d := cmp.Diff(want, res.Details); d != "" {
			t.Errorf("%s: details (-want +got):\n%s", base, d)
		}
	}
	if d := cmp.Diff(want, scan(t, "usr/share/doc/libssl3/changelog.Debian", changelog).Details); d != "" {
		t.Errorf("uncompressed: details (-want +got):\n%s", d)
	}
}

func TestChangelogOfUpstream(t *testing.T) {
	res := scan(t, "usr/share/doc/libssl3/changelog.gz", zipped(t, "Changes in 3.0\n\n * CVE-2023-5363\n"))
	if res.Details != nil {
		t.Errorf("details = %v, want none", res.Details)
	}
}

func TestChangelogReadsTheTopOnly(t *testing.T) {
	old := strings.ReplaceAll(changelog, "CVE-2023-", "CVE-2013-")
	padding := make([]byte, 0, 200_000)
	for i := range 20_000 {
		padding = fmt.Appendf(padding, "  * item %x\n", i*7919)
	}
	for base, text := range map[string]string{
		"changelog.Debian.gz": zipped(t, changelog+string(padding)+old),
		"changelog.gz":        zipped(t, changelog+strings.Repeat("  * item\n", 100_000)+old),
		"changelog.Debian":    changelog + string(padding) + old,
	} {
		res := scan(t, "usr/share/doc/libssl3/"+base, text)
		if n := len(res.Details[0].FixedCVEs); n != 4 {
			t.Errorf("%s: %d vulnerabilities, want the 4 of the newest entries", base, n)
		}
	}
}

func TestChangelogBroken(t *testing.T) {
	whole := zipped(t, changelog)
	for name, data := range map[string]string{"no gzip": "x", "truncated": whole[:len(whole)-20]} {
		_, err := New().Scan(t.Context(), file("usr/share/doc/x/changelog.Debian.gz", []byte(data)))
		if !errors.Is(err, image.ErrCorrupt) {
			t.Errorf("%s: error %v, want corrupt", name, err)
		}
	}
}

func TestCopyright(t *testing.T) {
	for name, tc := range map[string]struct {
		text string
		want []string
	}{
		"machine-readable": {
			"Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/\n\nFiles: *\nLicense: GPL-2+\n\n" +
				"Files: a\nLicense: Expat or Apache-2.0\n\nFiles: b\nLicense: LGPL-2.1\nLicense:\n text\n\nLicense: GPL-3+ with AutoConf exception\n",
			[]string{"GPL-2.0-or-later", "GPL-3.0-or-later WITH AutoConf exception", "LGPL-2.1-only", "MIT OR Apache-2.0"},
		},
		"prose": {
			"This is free software. See /usr/share/common-licenses/GPL-3 and\n`/usr/share/common-licenses/LGPL-2.1'.\n" +
				"More in /usr/share/common-licenses/GPL-3.\nPermission is hereby granted, free of charge, to any person obtaining\n",
			[]string{"GPL-3.0-only", "LGPL-2.1-only", "MIT"},
		},
		"nothing": {"All rights reserved.\n", nil},
	} {
		var got []string
		for _, d := range scan(t, "usr/share/doc/x/copyright", tc.text).Details {
			got = append(got, d.Licenses...)
		}
		if d := cmp.Diff(tc.want, got); d != "" {
			t.Errorf("%s: licences (-want +got):\n%s", name, d)
		}
	}
}

func FuzzScan(f *testing.F) {
	f.Add(0, []byte(status))
	f.Add(1, []byte("Package: tzdata\nVersion: 2024a\n"))
	f.Add(2, []byte("00  usr/x\n"))
	f.Add(3, []byte("/.\n/usr\n/usr/x\n"))
	f.Add(4, []byte(changelog))
	f.Add(5, []byte(zipped(f, changelog)))
	f.Add(6, []byte("Format: x\nLicense: GPL-2+ or Expat\n"))
	paths := []string{
		"var/lib/dpkg/status", "var/lib/dpkg/status.d/x", "var/lib/dpkg/status.d/x.md5sums", "var/lib/dpkg/info/x.list",
		"usr/share/doc/x/changelog.Debian", "usr/share/doc/x/changelog.gz", "usr/share/doc/x/copyright",
	}
	f.Fuzz(func(t *testing.T, i int, data []byte) {
		if i < 0 || i >= len(paths) {
			return
		}
		res, _ := New().Scan(context.Background(), file(paths[i], data))
		for _, p := range res.Packages {
			if p.Name == "" || p.Version == "" {
				t.Errorf("package without name or version: %+v", p)
			}
		}
		for _, d := range res.Details {
			for id, version := range d.FixedCVEs {
				if version == "" || len(id) < len("CVE-2024-1234") {
					t.Errorf("fixed %q in %q", id, version)
				}
			}
		}
	})
}
