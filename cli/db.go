package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/boltseal/boltseal/vulndb"
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

// openDB opens the database for a verb that needs it.
func openDB(path string) (*vulndb.DB, error) {
	db, err := vulndb.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, hintError{fmt.Errorf("open database %s: there is none", path), "run 'boltseal db update' to build it"}
	}
	if errors.Is(err, vulndb.ErrFormat) {
		return nil, hintError{err, "run 'boltseal db update' to build it again"}
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
	fmt.Fprintf(s.Out, "%s: %d vulnerabilities, %d advisories about %d packages, %s, fetched %s, %s\n\n",
		path, m.Vulnerabilities, m.Advisories, m.Packages, fileSize(m.Size), day(m.Built), signer(&m))
	w := tabwriter.NewWriter(s.Out, 0, 0, 2, ' ', 0)
	if namespaces {
		fmt.Fprintln(w, "NAMESPACE\tPACKAGES\tADVISORIES\tNEWEST\tFROM")
		for _, n := range db.Namespaces() {
			fmt.Fprintf(w, "%s\t%d\t%d\t%s\t%s\n", n.Namespace, n.Packages, n.Advisories, day(n.Newest), strings.Join(n.Sources, ", "))
		}
		return w.Flush()
	}
	fmt.Fprintln(w, "SOURCE\tRECORDS\tADVISORIES\tNEWEST\tFETCHED\tSTATE")
	for i := range m.Sources {
		src := &m.Sources[i]
		if src.Records == 0 && src.Error == "" {
			continue // not in the mirror that was used
		}
		fmt.Fprintf(w, "%s\t%d\t%d\t%s\t%s\t%s\n",
			src.Name(), src.Records, src.Advisories, newest(src), day(src.Fetched), sourceState(src, time.Now()))
	}
	for _, k := range m.Kept {
		fmt.Fprintf(w, "%s\t\t%d\t\t%s\t%s is not served any more, kept\n", k.Source, k.Advisories, day(k.Since), k.Namespace)
	}
	return w.Flush()
}

func signer(m *vulndb.Meta) string {
	if m.Signer == "" {
		return "not signed"
	}
	return "signed by " + m.Signer[:16]
}

// newest is the date of a source's newest record. Where records have no dates
// it is only known not to be later.
func newest(s *vulndb.Source) string {
	if s.Estimated {
		return "<=" + day(s.Newest)
	}
	return day(s.Newest)
}

// sourceState says what the reader must know about a source's data.
func sourceState(s *vulndb.Source, now time.Time) string {
	switch {
	case s.Error != "":
		return "failed: " + oneLine(s.Error)
	case s.Unread != "":
		return oneLine(s.Unread)
	case vulndb.Old(s.Newest, now):
		return fmt.Sprintf("nothing new for %d days", int(now.Sub(s.Newest).Hours()/24))
	}
	return "ok"
}

// oneLine keeps a message of several errors in its row.
func oneLine(s string) string {
	first, _, more := strings.Cut(s, "\n")
	if more {
		first += " ..."
	}
	return first
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
