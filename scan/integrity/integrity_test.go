package integrity

import (
	"bytes"
	"debug/elf"
	"encoding/binary"
	"io/fs"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/boltseal/boltseal/finding"
	"github.com/boltseal/boltseal/image"
	"github.com/boltseal/boltseal/scan/scanner"
	"github.com/boltseal/boltseal/scan/scanner/scannertest"
)

// program makes the head of an ELF file; sections says whether it has headers of
// sections.
func program(t testing.TB, kind elf.Type, sections bool) []byte {
	h := elf.Header64{Ident: [16]byte{0x7f, 'E', 'L', 'F', 2, 1, 1}, Type: uint16(kind)}
	if sections {
		h.Shoff = 64
	}
	var b bytes.Buffer
	if err := binary.Write(&b, binary.LittleEndian, h); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestFacts(t *testing.T) {
	s := New(Programs)
	for _, tt := range []struct {
		path string
		mode fs.FileMode
		data []byte
		want *scanner.Fact
	}{
		{"opt/a", 0o755, program(t, elf.ET_EXEC, true), &scanner.Fact{Program: true}},
		{"opt/a", 0o755, program(t, elf.ET_DYN, false), &scanner.Fact{Program: true, Packed: true}},
		{"opt/a", 0o755, append(program(t, elf.ET_DYN, true), "UPX!"...), &scanner.Fact{Program: true, Packed: true}},
		{"opt/a.o", 0o644, program(t, elf.ET_REL, true), nil},
		{"opt/a", fs.ModeSetuid | 0o755, []byte("#!/bin/sh"), &scanner.Fact{SetUID: true}},
		{"opt/a", fs.ModeSetgid | 0o755, []byte("x"), &scanner.Fact{SetGID: true}},
		{"opt/a", 0o755, []byte("#!/bin/sh"), nil},
	} {
		e := &image.Entry{Path: tt.path, Type: image.File, Mode: tt.mode, Size: int64(len(tt.data))}
		if s.Wants(e, tt.data) {
			t.Errorf("%s is read whole", tt.path)
		}
		if d := cmp.Diff(tt.want, s.ScanHead(e, tt.data).Fact); d != "" {
			t.Errorf("%s %v (-want +got):\n%s", tt.path, tt.mode, d)
		}
	}
}

func TestDigests(t *testing.T) {
	for path, want := range map[string][]string{
		"usr/lib/x86_64-linux-gnu/libx.so.1": {"900150983cd24fb0d6963f7d28e17f72"},
		"usr/lib64/libx.so.1":                {"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
		"usr/bin/x":                          {"900150983cd24fb0d6963f7d28e17f72", "a9993e364706816aba3e25717850c26c9cd0d89d", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
	} {
		f := scannertest.File(path, []byte("abc"))
		spilled := *f
		spilled.Data = nil
		for _, f := range []*scanner.File{f, &spilled} {
			res, err := New(Programs).Scan(t.Context(), f)
			if err != nil || res.Fact == nil {
				t.Fatal(res, err)
			}
			if d := cmp.Diff(want, res.Fact.Digests); d != "" {
				t.Errorf("%s (-want +got):\n%s", path, d)
			}
		}
	}
}

func TestLevels(t *testing.T) {
	for path, want := range map[string][2]bool{
		"usr/bin/ls": {true, true}, "sbin/init": {true, true}, "usr/libexec/a/b": {true, true}, "usr/lib/openssh/sftp-server": {true, true},
		"usr/lib/x86_64-linux-gnu/security/pam_unix.so": {true, true}, "lib/libc.musl-x86_64.so.1": {true, true},
		"usr/share/perl5/a.pm": {false, true}, "opt/a/lib.so": {false, true}, "etc/passwd": {false, false}, "usr/share/doc/a": {false, false}, "usr/lib/python3/a.pyc": {false, false},
	} {
		if got := [2]bool{Programs.Lists(path), Full.Lists(path)}; got != want {
			t.Errorf("%s: listed %v, want %v", path, got, want)
		}
	}
	large := &image.Entry{Path: "usr/lib/libx.so", Size: maxLibrary + 1}
	if New(Programs).Wants(large, nil) || !New(Full).Wants(large, nil) {
		t.Error("a large library is to be compared at the full level only")
	}
	if New(Programs).Version() == New(Full).Version() {
		t.Error("levels share cached results")
	}
}

func TestOdd(t *testing.T) {
	for path, want := range map[string]finding.Severity{
		"tmp/.x": finding.High, "tmp/a": finding.Medium, "tmp/build/a/b/c.so": finding.Low, "var/tmp/x/y.node": finding.Low, "dev/shm/a": finding.High,
		"usr/bin/[": finding.Unknown, "usr/bin/[kworker]": finding.High, "opt/kworker/0:1": finding.Unknown, "opt/ksoftirqd0": finding.High, "opt/...": finding.High,
		"var/www/a.jpg": finding.Medium, "usr/bin/ls": finding.Unknown, "opt/a.so": finding.Unknown, "tmpfiles/a": finding.Unknown,
	} {
		if got, _ := Odd(path); got != want {
			t.Errorf("%s: %s, want %s", path, got, want)
		}
	}
}

func FuzzHead(f *testing.F) {
	f.Add("tmp/a", program(f, elf.ET_EXEC, true))
	f.Add("usr/bin/[a", program(f, elf.ET_DYN, false)[:52])
	f.Fuzz(func(_ *testing.T, path string, head []byte) {
		New(Programs).ScanHead(&image.Entry{Path: path, Type: image.File, Size: int64(len(head))}, head)
	})
}
