package scanner_test

import (
	"testing"

	"github.com/boltseal/boltseal/scan/scanner"
)

func TestAt(t *testing.T) {
	const want = "etc/os-release"
	for path, at := range map[string]bool{
		"etc/os-release":           true,
		"chroot/etc/os-release":    true,
		"myetc/os-release":         false,
		"os-release":               false,
		"etc/os-release/x":         false,
		"":                         false,
		"rootfs/a/etc/os-release":  true,
		"rootfs/a/etc/os-release2": false,
	} {
		if got := scanner.At(path, want); got != at {
			t.Errorf("At(%q, %q) = %v, want %v", path, want, got, at)
		}
	}
}

func TestSplit(t *testing.T) {
	for path, want := range map[string][2]string{
		"a/b/c": {"a/b", "c"},
		"c":     {"", "c"},
		"":      {"", ""},
	} {
		dir, base := scanner.Split(path)
		if dir != want[0] || base != want[1] {
			t.Errorf("Split(%q) = %q, %q, want %q", path, dir, base, want)
		}
	}
}
