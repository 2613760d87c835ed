package cli

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/spf13/pflag"
)

// limitRow is a row of the table of flags in docs/limits.md.
var limitRow = regexp.MustCompile("(?m)^\\| `--([a-z-]+)` \\| ([0-9]+) \\|")

// The table of limits has every flag that is one, with its default.
func TestLimitsAreDocumented(t *testing.T) {
	text, err := os.ReadFile("../docs/limits.md")
	if err != nil {
		t.Fatal(err)
	}
	documented := map[string]string{}
	for _, m := range limitRow.FindAllStringSubmatch(string(text), -1) {
		documented[m[1]] = m[2]
	}
	flags := map[string]string{}
	scanCommand(Streams{}).Flags().VisitAll(func(f *pflag.Flag) {
		if strings.HasPrefix(f.Name, "max-") {
			flags[f.Name] = f.DefValue
		}
	})
	flags["timeout"] = "0"
	if d := cmp.Diff(flags, documented); d != "" {
		t.Errorf("flags and docs/limits.md differ (-flags +docs):\n%s", d)
	}
}
