package cli

import (
	"context"
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/boltseal/boltseal/finding"
	"github.com/boltseal/boltseal/report"
	"github.com/boltseal/boltseal/scan/config"
	"github.com/boltseal/boltseal/scan/config/rego"
)

// configFlags declares how configuration files are checked.
func (o *scanOptions) configFlags(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringVar(&o.checksDir, "checks", "", "directory of further checks of configuration files, written in Rego")
}

// checkFiles adds what is wrong with the configuration files of a directory;
// images have none that are in force. root is the target without its prefix.
func (o *scanOptions) checkFiles(ctx context.Context, r *report.Report, target string) error {
	if !o.threats.Wants(finding.KindMisconfiguration) {
		return nil
	}
	opts := config.Options{}
	if o.checksDir != "" {
		var err error
		if opts.Checks, err = rego.ReadUser(o.checksDir); err != nil {
			return err
		}
	}
	if r.Target.Kind != "dir" {
		return nil
	}
	root, err := os.OpenRoot(strings.TrimPrefix(target, "dir:"))
	if err != nil {
		return fmt.Errorf("check files: %w", err)
	}
	defer root.Close()
	found, issues, err := config.Directory(ctx, root.FS(), opts)
	if err != nil {
		return fmt.Errorf("check files of %s: %w", target, err)
	}
	r.Findings = append(r.Findings, found...)
	r.Inventory.Issues = append(r.Inventory.Issues, issues...)
	return nil
}
