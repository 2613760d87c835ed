package executable_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/boltseal/boltseal/scan/packages/executable"
)

func TestParse(t *testing.T) {
	pe := append([]byte("MZ"), make([]byte, 100)...)
	macho := append([]byte("\xcf\xfa\xed\xfe"), make([]byte, 100)...)
	object := append([]byte("\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x01\x00"), make([]byte, 100)...)
	dyn := append([]byte("\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x03\x00"), make([]byte, 100)...)
	for name, tc := range map[string]struct {
		path string
		head []byte
		want executable.Head
	}{
		"short":   {"a", []byte("\x7fELF"), executable.Head{}},
		"text":    {"a", make([]byte, 100), executable.Head{}},
		"windows": {"a.EXE", pe, executable.Head{Format: executable.PE, Program: true}},
		"dll":     {"a.dll", pe, executable.Head{Format: executable.PE}},
		"darwin":  {"a", macho, executable.Head{Format: executable.MachO, Program: true}},
		"object":  {"a", object, executable.Head{Format: executable.ELF}},
		"program": {"usr/bin/a", dyn, executable.Head{Format: executable.ELF, Program: true}},
		"library": {"usr/lib/libc.so.6", dyn, executable.Head{Format: executable.ELF}},
	} {
		if got := executable.Parse(tc.path, tc.head); got != tc.want {
			t.Errorf("%s: got %+v, want %+v", name, got, tc.want)
		}
	}
}

// TestPrograms reads the programs of this machine: /bin/ls is C, the test
// itself is Go.
func TestPrograms(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	for path, isGo := range map[string]bool{self: true, "/bin/ls": false} {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Skip(err)
		}
		h := executable.Parse(filepath.Base(path), data[:4096])
		if !h.Program || !h.Notes || h.GoNote != isGo {
			t.Errorf("%s: got %+v, want GoNote %v", path, h, isGo)
		}
	}
}

func FuzzParse(f *testing.F) {
	if self, err := os.ReadFile("/proc/self/exe"); err == nil {
		f.Add(self[:4096])
	}
	f.Fuzz(func(t *testing.T, head []byte) { executable.Parse("usr/bin/a", head) })
}
