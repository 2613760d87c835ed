package cli

import (
	"encoding/json"
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"
)

// version is set by the linker: -X github.com/boltseal/boltseal/cli.version=1.2.3.
var version = "dev"

func versionCommand(s Streams) *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:     "version",
		Short:   "Print the version",
		Example: "  boltseal version\n  boltseal version --json",
		Args:    exactArgs(0, "version"),
		RunE: func(*cobra.Command, []string) error {
			v := map[string]string{
				"version": version, "commit": commit(), "go": runtime.Version(),
				"platform": runtime.GOOS + "/" + runtime.GOARCH,
			}
			if asJSON {
				return json.NewEncoder(s.Out).Encode(v)
			}
			_, err := fmt.Fprintf(s.Out, "boltseal %s (%s, %s, %s)\n", v["version"], v["commit"], v["go"], v["platform"])
			return err
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print as JSON")
	return cmd
}

// commit is the source revision that the Go tool stamped into the binary.
func commit() string {
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, s := range info.Settings {
			if s.Key == "vcs.revision" && len(s.Value) >= 12 {
				return s.Value[:12]
			}
		}
	}
	return "unknown revision"
}
