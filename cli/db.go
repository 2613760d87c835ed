package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/boltseal/boltseal/vulndb"
	"github.com/boltseal/boltseal/vulndb/update"
)

func dbCommand(s Streams) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "db",
		Short: "Build, update and look into the vulnerability database",
		Long: `The vulnerability database is one file, built on this machine from the sources themselves
or from a mirror of them. A source that is down or damaged never harms the last good
database: what it had stays in use, and reports say how old it is.`,
		Args: exactArgs(0, "db"),
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(dbUpdate(s), dbStatus(s), dbSearch(s), dbExport(s), dbImport(s))
	return cmd
}

func dbUpdate(s Streams) *cobra.Command {
	var o update.Options
	var quiet bool
	cmd := &cobra.Command{
		Use:   "update",
		Short: "Bring the database up to date",
		Long: `Update downloads what changed since the last time and builds the database anew. An
interrupted download goes on where it stopped.` + exitHelp,
		Example: `  boltseal db update
  boltseal db update --only osv,kev,epss
  boltseal db update --mirror https://mirror.example.com
  boltseal db update --mirror /mnt/feeds`,
		Args: exactArgs(0, "db update"),
		RunE: func(cmd *cobra.Command, _ []string) error { return runUpdate(cmd.Context(), s, o, quiet) },
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
	records := map[string]int{}
	o.Progress = func(u update.Progress) {
		p.mu.Lock()
		defer p.mu.Unlock()
		name := u.Feed + "/" + u.Artifact
		if u.Artifact == "" {
			p.line = string(u.Step)
			return
		}
		p.bytes[name], p.total[name] = u.Bytes, u.Total
		records[name] = max(records[name], u.Records)
		sum := 0
		for _, n := range records {
			sum += n
		}
		p.line = fmt.Sprintf("%s %s  %d records", u.Step, name, sum)
	}
	r, err := update.Update(ctx, o)
	p.done()
	if err != nil {
		return err
	}
	if failed := r.Failed(); len(failed) > 0 {
		for _, f := range failed {
			fmt.Fprintf(s.Err, "warning: %s/%s: %v\n", f.Feed, f.Artifact, f.Err)
		}
		printUpdate(s, r, o.Path)
		return &exitError{exitPartial, fmt.Errorf("%d sources failed; their last good data stays in use", len(failed))}
	}
	printUpdate(s, r, o.Path)
	return nil
}

func printUpdate(s Streams, r update.Report, path string) {
	what := "is up to date"
	if r.Replaced {
		what = "updated"
	}
	fmt.Fprintf(s.Out, "%s %s: %d vulnerabilities, %d advisories, %.1f MB, in %s\n", path, what,
		r.Meta.Vulnerabilities, r.Meta.Advisories, float64(r.Meta.Size)/1e6, r.Elapsed.Round(100*time.Millisecond))
}

// openDB opens the database for a verb that needs it.
func openDB(path string) (*vulndb.DB, error) {
	db, err := vulndb.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, hintError{fmt.Errorf("open database %s: there is none", path), "run 'boltseal db update' to build it"}
	}
	return db, err
}

func dbStatus(s Streams) *cobra.Command {
	var path string
	var asJSON, namespaces bool
	cmd := &cobra.Command{
		Use:     "status",
		Short:   "Print what the database holds, per source, and how old it is",
		Example: "  boltseal db status\n  boltseal db status --namespaces\n  boltseal db status --json",
		Args:    exactArgs(0, "db status"),
		RunE: func(*cobra.Command, []string) error {
			db, err := openDB(path)
			if err != nil {
				return err
			}
			defer db.Close()
			if asJSON {
				return json.NewEncoder(s.Out).Encode(map[string]any{"meta": db.Meta(), "namespaces": db.Namespaces()})
			}
			return printStatus(s, db, path, namespaces)
		},
	}
	cmd.Flags().StringVar(&path, "db", databasePath(), "file of the database")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print as JSON")
	cmd.Flags().BoolVar(&namespaces, "namespaces", false, "list distributions and ecosystems")
	return cmd
}

func printStatus(s Streams, db *vulndb.DB, path string, namespaces bool) error {
	m := db.Meta()
	fmt.Fprintf(s.Out, "%s: %d vulnerabilities, %d advisories about %d packages, %.1f MB, data of %s\n\n",
		path, m.Vulnerabilities, m.Advisories, m.Packages, float64(m.Size)/1e6, m.Built.Format(time.DateOnly))
	w := tabwriter.NewWriter(s.Out, 0, 0, 2, ' ', 0)
	if namespaces {
		fmt.Fprintln(w, "NAMESPACE\tPACKAGES\tADVISORIES")
		for _, n := range db.Namespaces() {
			fmt.Fprintf(w, "%s\t%d\t%d\n", n.Namespace, n.Packages, n.Advisories)
		}
		return w.Flush()
	}
	fmt.Fprintln(w, "SOURCE\tRECORDS\tADVISORIES\tNEWEST\tFETCHED\tSTATE")
	for _, src := range m.Sources {
		if src.Records == 0 && src.Error == "" {
			continue // not in the mirror that was used
		}
		state := "ok"
		if src.Error != "" {
			state = src.Error
		}
		fmt.Fprintf(w, "%s\t%d\t%d\t%s\t%s\t%s\n", src.Name(), src.Records, src.Advisories, day(src.Newest), day(src.Fetched), state)
	}
	for _, k := range m.Kept {
		fmt.Fprintf(w, "%s\t\t%d\t\t%s\t%s is not served any more, kept\n", k.Source, k.Advisories, day(k.Since), k.Namespace)
	}
	return w.Flush()
}

func day(t time.Time) string {
	if t.IsZero() {
		return "-"
	}
	return t.Format(time.DateOnly)
}

func dbSearch(s Streams) *cobra.Command {
	var path string
	var limit int
	var asJSON bool
	cmd := &cobra.Command{
		Use:     "search WORDS",
		Short:   "Find vulnerabilities by identifier, package or words of the title",
		Example: "  boltseal db search CVE-2021-44228\n  boltseal db search openssl\n  boltseal db search 'container escape'",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return usage("db search: nothing to search for")
			}
			return nil
		},
		RunE: func(_ *cobra.Command, args []string) error {
			db, err := openDB(path)
			if err != nil {
				return err
			}
			defer db.Close()
			found, err := db.Search(strings.Join(args, " "), limit)
			if err != nil {
				return err
			}
			if asJSON {
				return json.NewEncoder(s.Out).Encode(found)
			}
			return printMatches(s, found)
		},
	}
	cmd.Flags().StringVar(&path, "db", databasePath(), "file of the database")
	cmd.Flags().IntVar(&limit, "limit", 20, "how many to print")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print as JSON")
	return cmd
}

func printMatches(s Streams, found []vulndb.Match) error {
	if len(found) == 0 {
		fmt.Fprintln(s.Err, "nothing found")
		return nil
	}
	w := tabwriter.NewWriter(s.Out, 0, 0, 2, ' ', 0)
	for _, m := range found {
		if m.Package != "" {
			fmt.Fprintf(w, "%s\t%s\t%d advisories\n", m.Namespace, m.Package, m.Advisories)
			continue
		}
		kev := ""
		if m.KEV {
			kev = "exploited"
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", m.ID, m.Severity, kev, m.Title)
	}
	return w.Flush()
}
