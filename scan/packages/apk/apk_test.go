package apk

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/boltseal/boltseal/image"
	"github.com/boltseal/boltseal/inventory"
	"github.com/boltseal/boltseal/scan/scanner"
)

func file(data []byte) *scanner.File {
	return &scanner.File{
		Entry:   image.Entry{Path: "lib/apk/db/installed", Type: image.File, Size: int64(len(data))},
		Content: bytes.NewReader(data), Data: data, Limits: image.DefaultLimits(),
	}
}

func testdata(t testing.TB) []byte {
	t.Helper()
	data, err := os.ReadFile("testdata/installed")
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func pkg(name, version, arch, license, origin string, files ...string) inventory.Package {
	p := inventory.Package{
		Type: "apk", Name: name, Version: version, Arch: arch, Evidence: inventory.Installed, Files: files,
	}
	if license != "" {
		p.Licenses = []string{license}
	}
	if origin != "" {
		p.Source = inventory.Source{Name: origin, Version: version}
	}
	return p
}

func TestScan(t *testing.T) {
	want := []inventory.Package{
		pkg("alpine-baselayout", "3.4.3-r2", "x86_64", "GPL-2.0-only", "", "etc/motd", "etc/crontabs/root"),
		pkg("busybox", "1.36.1-r15", "x86_64", "GPL-2.0-only", "", "bin/busybox", "etc/securetty"),
		pkg("ssl_client", "1.36.1-r15", "x86_64", "GPL-2.0-only", "busybox", "usr/bin/ssl_client"),
		pkg(".build-deps", "20240115.120000", "noarch", "", ""),
		pkg("libcrypto3", "3.1.4-r5", "x86_64", "Apache-2.0", "openssl", "lib/libcrypto.so.3", ".hidden"),
	}
	res, err := New().Scan(context.Background(), file(testdata(t)))
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(want, res.Packages); d != "" {
		t.Errorf("packages (-want +got):\n%s", d)
	}
}

func TestWants(t *testing.T) {
	for path, want := range map[string]bool{
		"lib/apk/db/installed":        true,
		"usr/lib/apk/db/installed":    true,
		"rootfs/lib/apk/db/installed": true,
		"lib/apk/db/triggers":         false,
		"mylib/apk/db/installed":      false,
	} {
		if got := New().Wants(&image.Entry{Path: path}, nil); got != want {
			t.Errorf("Wants(%q) = %v, want %v", path, got, want)
		}
	}
}

func TestLimits(t *testing.T) {
	for name, tc := range map[string]struct {
		limits   image.Limits
		text     string
		packages int
	}{
		"packages": {image.Limits{LineBytes: 100, PathBytes: 100, Packages: 1, Entries: 99}, "P:a\nV:1\n\nP:b\nV:1\n", 1},
		"line":     {image.Limits{LineBytes: 100, PathBytes: 100, Packages: 9, Entries: 99}, "P:a\nV:1\nT:" + strings.Repeat("x", 999) + "\n\nP:b\nV:1\n", 2},
		"paths":    {image.Limits{LineBytes: 999, PathBytes: 999, Packages: 9, Entries: 9999}, "P:a\nV:1\nF:" + strings.Repeat("x", 900) + strings.Repeat("\nR:y", 900), 1},
		"number":   {image.Limits{LineBytes: 100, PathBytes: 10, Packages: 9, Entries: 1}, "P:a\nV:1\nR:x\nR:y\n", 1},
		"path":     {image.Limits{LineBytes: 100, PathBytes: 10, Packages: 9, Entries: 99}, "P:a\nV:1\nF:usr/bin\nR:long\nR:x\n", 1},
	} {
		f := file([]byte(tc.text))
		f.Limits = &tc.limits
		res, err := New().Scan(t.Context(), f)
		if !errors.Is(err, image.ErrLimit) || len(res.Packages) != tc.packages {
			t.Errorf("%s: %d packages, %v; want %d and a limit error", name, len(res.Packages), err, tc.packages)
		}
	}
}

func FuzzScan(f *testing.F) {
	f.Add(testdata(f))
	f.Add([]byte("P:a\nV:1"))
	f.Add([]byte("F:a\nR:b\n\n\nR:\nP:\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		res, _ := New().Scan(context.Background(), file(data))
		for _, p := range res.Packages {
			if p.Name == "" || p.Version == "" {
				t.Errorf("package without name or version: %+v", p)
			}
		}
	})
}

func BenchmarkScan(b *testing.B) {
	var text bytes.Buffer
	for i := range 1000 {
		fmt.Fprintf(&text, "C:Q1x=\nP:package-%d\nV:1.%d-r0\nA:x86_64\nT:a description of some length\nL:MIT\no:source-%d\n", i, i, i/3)
		for d := range 10 {
			fmt.Fprintf(&text, "F:usr/share/package-%d/dir%d\n", i, d)
			for r := range 8 {
				fmt.Fprintf(&text, "R:file-%d.so\na:0:0:755\nZ:Q1yoTGMUHwpq7dNp9w4jwWjYqRJxM=\n", r)
			}
		}
		text.WriteByte('\n')
	}
	f := file(text.Bytes())
	b.SetBytes(int64(text.Len()))
	b.ReportAllocs()
	for b.Loop() {
		if res, err := New().Scan(b.Context(), f); err != nil || len(res.Packages) != 1000 {
			b.Fatal(len(res.Packages), err)
		}
	}
}

func TestSums(t *testing.T) {
	text := "P:a\nV:1\nF:bin\nR:busybox\na:0:0:755\nZ:Q1AAECAwQFBgcICQoLDA0ODxAREhM=\nR:sh\nF:etc\nR:motd\nZ:Q1!\n"
	s := NewSums(func(path string) bool { return path == "bin/busybox" || path == "bin/sh" }, 1)
	res, err := s.Scan(t.Context(), file([]byte(text)))
	want := map[string]string{"bin/busybox": "000102030405060708090a0b0c0d0e0f10111213"}
	if d := cmp.Diff(want, res.Sums); d != "" || err != nil {
		t.Errorf("sums (-want +got):\n%s%v", d, err)
	}
	res, err = NewSums(func(string) bool { return true }, 1).Scan(t.Context(), file(testdata(t)))
	if err != nil || len(res.Sums) != bytes.Count(testdata(t), []byte("\nZ:Q1")) {
		t.Errorf("%d sums of a real database, %v", len(res.Sums), err)
	}
}

func FuzzSums(f *testing.F) {
	f.Add([]byte("F:a\nR:b\nZ:Q1AAECAwQFBgcICQoLDA0ODxAREhM=\n"))
	s := NewSums(func(string) bool { return true }, 1)
	f.Fuzz(func(t *testing.T, data []byte) {
		res, _ := s.Scan(t.Context(), file(data))
		for path, digest := range res.Sums {
			if path == "" || len(digest) != 40 {
				t.Errorf("sum %q of %q", digest, path)
			}
		}
	})
}
