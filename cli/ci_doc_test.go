package cli

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

// What docs/ci.md tells people to run is what a script runs.
func TestCIDocumentIsRun(t *testing.T) {
	doc, err := os.ReadFile("../docs/ci.md")
	if err != nil {
		t.Fatal(err)
	}
	script, err := os.ReadFile("testdata/script/ci.txtar")
	if err != nil {
		t.Fatal(err)
	}
	commands := regexp.MustCompile(`boltseal (scan|db) [^'\n]*`).FindAllString(string(doc), -1)
	if len(commands) < 7 {
		t.Fatalf("only %d command lines in the document", len(commands))
	}
	for _, c := range commands {
		if !strings.Contains(string(script), " "+c) {
			t.Errorf("no script runs %q", c)
		}
	}
}
