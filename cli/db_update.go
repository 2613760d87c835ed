package cli

import (
	"context"
	"errors"
	"fmt"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"github.com/boltseal/boltseal/vulndb"
	"github.com/boltseal/boltseal/vulndb/update"
)

func dbUpdate(s Streams) *cobra.Command {
	var o update.Options
	var quiet bool
	cmd := &cobra.Command{
		Use:   "update",
		Short: "Bring the database up to date",
		Long: `Update downloads what changed since the last time and builds the database anew. An
interrupted download goes on where it stopped.

Where a source fails, or has lost more than a tenth of its records, what the database had of it
stays, and the exit status is 4. Up to ten unreadable records in a thousand are only a warning:
what was known about them stays.` + exitHelp,
		Example: `  boltseal db update
  boltseal db update --only osv,kev,epss
  boltseal db update --mirror https://mirror.example.com
  boltseal db update --mirror /mnt/feeds`,
		Args: exactArgs(0, "db update"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := checkLimits(cmd.Flags()); err != nil {
				return err
			}
			return runUpdate(cmd.Context(), s, o, quiet)
		},
	}
	f := cmd.Flags()
	f.StringVar(&o.Path, "db", databasePath(), "file of the database")
	f.StringVar(&o.Mirror, "mirror", "", "directory or URL that replaces the sources' own servers")
	f.StringSliceVar(&o.Only, "only", nil, "sources to update, such as osv,debian,kev; the others keep what they have")
	f.BoolVar(&o.Full, "full", false, "download everything again and carry nothing over")
	f.IntVar(&o.Parallel, "parallel", 0, "downloads at the same time (default 4)")
	f.BoolVar(&quiet, "no-progress", false, "print no progress")
	return cmd
}

func runUpdate(ctx context.Context, s Streams, o update.Options, quiet bool) error {
	p := newProgress(s.Err, quiet)
	defer p.done()
	o.Progress = newUpdateProgress(p).hear
	r, err := update.Update(ctx, o)
	p.done()
	if err != nil {
		return updateHint(err)
	}
	for _, res := range r.Results {
		if res.Err != nil {
			fmt.Fprintf(s.Err, "warning: %s/%s: %v\n", res.Feed, res.Artifact, res.Err)
		}
	}
	printUpdate(s, r, o.Path)
	if failed := r.Failed(); len(failed) > 0 {
		return &exitError{exitPartial, fmt.Errorf("%d sources failed; their last good data stays in use", len(failed))}
	}
	return nil
}

func printUpdate(s Streams, r update.Report, path string) {
	what := "is up to date"
	if r.Replaced {
		what = "updated"
	}
	fmt.Fprintf(s.Out, "%s %s: %d vulnerabilities, %d advisories, %s, from %s, in %s\n", path, what,
		r.Meta.Vulnerabilities, r.Meta.Advisories, fileSize(r.Meta.Size), origin(&r), r.Elapsed.Round(100*time.Millisecond))
}

// fileSize writes a number of bytes for people.
func fileSize(n int64) string {
	if n < 1e6 {
		return fmt.Sprintf("%.1f kB", float64(n)/1e3)
	}
	return fmt.Sprintf("%.1f MB", float64(n)/1e6)
}

// origin says where the data came from.
func origin(r *update.Report) string {
	var downloaded int64
	files := 0
	for _, res := range r.Results {
		downloaded += res.Downloaded
		files += res.Files
	}
	switch {
	case downloaded > 0:
		return "downloads of " + fileSize(downloaded)
	case files > 0:
		return fmt.Sprintf("%d files of the mirror", files)
	}
	return "nothing new"
}

// updateHint adds what to do next.
func updateHint(err error) error {
	switch {
	case errors.Is(err, update.ErrNothing):
		return hintError{err, "check the network, or give a mirror of the sources with --mirror; --only names single sources"}
	case errors.Is(err, update.ErrUnknown):
		return usage("%w", err)
	case errors.Is(err, vulndb.ErrFormat):
		return hintError{err, "the database is damaged: 'boltseal db update --full' builds it again from the sources alone"}
	case errors.Is(err, syscall.ENOSPC):
		return hintError{err, "an update needs about 600 MB beside the database; --db puts it elsewhere"}
	}
	return err
}
