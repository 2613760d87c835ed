package middleware

import (
	"io/fs"
	"regexp"
	"testing"

	"github.com/boltseal/boltseal/rules"
)

// TestEmergencyProducts requires that every product that an emergency advisory
// names is one that some fingerprint finds, by the same name.
func TestEmergencyProducts(t *testing.T) {
	known := map[string]bool{}
	for _, f := range table {
		known[f.cpe] = true
	}
	line := regexp.MustCompile(`(?m)^\s+generic (\S+) `)
	files, err := fs.Glob(rules.Emergency, "emergency/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("emergency advisories %v: %v", files, err)
	}
	named := 0
	for _, file := range files {
		data, err := rules.Emergency.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range line.FindAllStringSubmatch(string(data), -1) {
			named++
			if !known[m[1]] {
				t.Errorf("%s: no fingerprint finds %s", file, m[1])
			}
		}
	}
	if named < 50 {
		t.Errorf("%d products named, a test of nothing", named)
	}
}
