package secret

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// BenchmarkScan searches text with all shipped rules: source files of the Go
// installation, one after the other.
func BenchmarkScan(b *testing.B) {
	set := shipped(b)
	text, err := goSource(16 << 20)
	if err != nil || len(text) == 0 {
		b.Skip("needs the source of Go's standard library")
	}
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := set.Scan("x.go", text, false); err != nil {
			b.Fatal(err)
		}
	}
}

// goSource reads so many bytes of the standard library.
func goSource(limit int) ([]byte, error) {
	var text []byte
	files, err := filepath.Glob(filepath.Join(goRoot(), "src", "*", "*.go"))
	more, _ := filepath.Glob(filepath.Join(goRoot(), "src", "*", "*", "*.go"))
	for _, name := range append(files, more...) {
		data, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		if text = append(text, data...); len(text) > limit {
			break
		}
	}
	return text, err
}

// BenchmarkNew is what a scan pays for the rules before it starts.
func BenchmarkNew(b *testing.B) {
	for b.Loop() {
		shipped(b)
	}
}

func goRoot() string {
	out, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(out))
}
