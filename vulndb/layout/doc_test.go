package layout

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/boltseal/boltseal/finding"
	"github.com/boltseal/boltseal/vulndb/format"
)

// TestSpecification compares the numbers of the written specification with
// those of the code.
func TestSpecification(t *testing.T) {
	b, err := os.ReadFile("../../docs/format/vulndb.md")
	if err != nil {
		t.Fatal(err)
	}
	doc := string(b)
	want := []string{
		fmt.Sprintf("magic `%s`", strings.ReplaceAll(format.Magic, "\n", `\n`)),
		fmt.Sprintf("version of the layout, %d;", format.Version),
		fmt.Sprintf("| end | 0 or %d | signature", format.TrailerSize),
		fmt.Sprintf("(status × %d + severity) × %d + form", severityCount, formCount),
		fmt.Sprintf("| %d | module |", hasModule), fmt.Sprintf("| %d | architectures |", hasArch),
		fmt.Sprintf("| %d | ranges |", hasRanges), fmt.Sprintf("| %d | versions |", hasVersions),
		fmt.Sprintf("(%d withdrawn, %d has EPSS, %d has KEV, %d used by ransomware)", isWithdrawn, hasEPSS, hasKEV, isRansomware),
	}
	for id, name := range map[int]string{
		Meta: "Meta", Origins: "Origins", Namespaces: "Namespaces", Counts: "Counts", Strings: "Strings", Keys: "Keys", Rows: "Rows",
		Records: "Records", Sets: "Sets", IDs: "IDs", Vulns: "Vulns", Titles: "Titles", Details: "Details", Aliases: "Aliases", Targets: "Targets",
	} {
		want = append(want, fmt.Sprintf("\n| %d | %s |", id, name))
	}
	for n, status := range statuses {
		if n > 0 {
			want = append(want, fmt.Sprintf("\n| %d | %s |", n, status))
		}
	}
	for s := finding.Unknown; s <= finding.Critical; s++ {
		want = append(want, fmt.Sprintf("| %d | %s |\n", s, s))
	}
	for _, w := range want {
		if !strings.Contains(doc, w) {
			t.Errorf("the specification lacks %q", w)
		}
	}
}
