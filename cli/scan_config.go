package cli

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path"
	"slices"
	"strings"

	"github.com/rogpeppe/go-internal/diff"
	"github.com/spf13/cobra"

	"github.com/boltseal/boltseal/finding"
	"github.com/boltseal/boltseal/report"
	"github.com/boltseal/boltseal/scan/config"
	"github.com/boltseal/boltseal/scan/config/fix"
	"github.com/boltseal/boltseal/scan/config/rego"
)

// configFlags declares how configuration files are checked.
func (o *scanOptions) configFlags(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringVar(&o.fix, "fix", "", "repair what can be repaired mechanically in configuration files: write, or diff to show it instead of a report")
	f.Lookup("fix").NoOptDefVal = "write"
	f.StringVar(&o.checksDir, "checks", "", "directory of further checks of configuration files, written in Rego")
}

// checkFiles adds what is wrong with the configuration files of a directory;
// images have none that are in force. root is the target without its prefix.
func (o *scanOptions) checkFiles(ctx context.Context, r *report.Report, target string) error {
	if !o.threats.Wants(finding.KindMisconfiguration) {
		return nil
	}
	if !slices.Contains([]string{"", "write", "diff"}, o.fix) {
		return usage("--fix %q: want write or diff", o.fix)
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
	if err == nil && o.fix != "" {
		var changed bool
		if changed, err = o.repair(root, found); err == nil && changed {
			found, issues, err = config.Directory(ctx, root.FS(), opts)
		}
	}
	if err != nil {
		return fmt.Errorf("check files of %s: %w", target, err)
	}
	r.Findings = append(r.Findings, found...)
	r.Inventory.Issues = append(r.Inventory.Issues, issues...)
	return nil
}

// repair writes, or only shows, the files that can be repaired mechanically.
func (o *scanOptions) repair(root *os.Root, found []finding.Finding) (changed bool, err error) {
	groups := map[string][]finding.Finding{}
	for _, f := range found {
		groups[f.Location.Path] = append(groups[f.Location.Path], f)
	}
	for _, name := range slices.Sorted(maps.Keys(groups)) {
		format := config.FormatOf(root.FS(), name)
		if format == "" {
			continue
		}
		old, err := root.ReadFile(name)
		if err != nil {
			return changed, err
		}
		text, n := fix.Text(old, format == rego.Kubernetes, groups[name])
		if n == 0 {
			continue
		}
		if o.fix == "diff" {
			o.diff.Write(diff.Diff("a/"+name, old, "b/"+name, text))
			continue
		}
		if err := replace(root, name, text); err != nil {
			return changed, fmt.Errorf("write %s: %w", name, err)
		}
		changed = true
	}
	return changed, nil
}

// replace writes a file so that a reader never sees half of it.
func replace(root *os.Root, name string, text []byte) error {
	info, err := root.Lstat(name)
	if err != nil {
		return err
	}
	temp := path.Join(path.Dir(name), ".boltseal-"+path.Base(name))
	if err := root.WriteFile(temp, text, info.Mode().Perm()); err != nil {
		return err
	}
	if err := root.Rename(temp, name); err != nil {
		return errors.Join(err, root.Remove(temp))
	}
	return nil
}
