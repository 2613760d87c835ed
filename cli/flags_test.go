package cli

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// Every verb and every flag of it stands in a script, and every verb has an
// example in its help.
func TestEveryFlagIsInAScript(t *testing.T) {
	files, err := filepath.Glob("testdata/script/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no scripts: %v", err)
	}
	var scripts []byte
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		scripts = append(scripts, text...)
	}
	eachCommand(Root(Streams{}), func(cmd *cobra.Command) {
		path := regexp.QuoteMeta(cmd.CommandPath())
		if !regexp.MustCompile(path + `\b`).Match(scripts) {
			t.Errorf("%s is in no script", cmd.CommandPath())
		}
		if cmd.Runnable() && !cmd.HasSubCommands() && cmd.Example == "" && cmd.Parent().Name() != "completion" {
			t.Errorf("%s has no example", cmd.CommandPath())
		}
		cmd.NonInheritedFlags().VisitAll(func(f *pflag.Flag) {
			name := "--" + f.Name
			if f.Shorthand != "" {
				name = "(" + name + "|-" + f.Shorthand + ")"
			}
			if f.Name != "help" && !regexp.MustCompile(`(?m)^.*`+path+`\b.* `+name+`\b.*$`).Match(scripts) {
				t.Errorf("no script runs %s with --%s", cmd.CommandPath(), f.Name)
			}
		})
	})
}

func eachCommand(cmd *cobra.Command, visit func(*cobra.Command)) {
	visit(cmd)
	for _, c := range cmd.Commands() {
		eachCommand(c, visit)
	}
}
