package config

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/boltseal/boltseal/scan/config/history"
)

// docs/config.md lists every check of our own, with its severity.
func TestChecksAreDocumented(t *testing.T) {
	data, err := os.ReadFile("../../docs/config.md")
	if err != nil {
		t.Fatal(err)
	}
	doc := string(data)
	rows := 0
	for _, c := range slices.Concat(history.Checks(), history.FileChecks()) {
		row := "| `" + c.ID + "` | " + c.CIS + " | " + c.Severity.String() + " | " + c.Title + " |\n"
		if !strings.Contains(doc, row) {
			t.Errorf("docs/config.md has no row %s", row)
		}
		rows++
	}
	for _, id := range ownIDs(t) {
		if !strings.Contains(doc, "| `"+strings.TrimPrefix(id, "config/")+"` | ") {
			t.Errorf("docs/config.md does not list %s", id)
		}
		rows++
	}
	if n := strings.Count(doc, "\n| `image-") + strings.Count(doc, "\n| `compose-") + strings.Count(doc, "cloud-"); n != rows {
		t.Errorf("%d rows for %d checks", n, rows)
	}
}
