package cli

import (
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"github.com/spf13/cobra"

	"github.com/boltseal/boltseal/vulndb"
	"github.com/boltseal/boltseal/vulndb/update"
)

func dbExport(s Streams) *cobra.Command {
	var path, key string
	cmd := &cobra.Command{
		Use:   "export FILE",
		Short: "Write the database as one signed file for a site without network",
		Long: `Export packs the database into one file and signs it with --key. Where the key file does
not exist yet, a key pair is made: FILE, to be kept, and FILE.pub, to be given to those who import.`,
		Example: "  boltseal db export feeds.bsdb --key team.key\n  boltseal db export feeds.bsdb",
		Args:    exactArgs(1, "db export"),
		RunE: func(_ *cobra.Command, args []string) error {
			if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
				return hintError{fmt.Errorf("export database %s: there is none", path), "run 'boltseal db update' to build it"}
			}
			private, err := exportKey(s, key)
			if err != nil {
				return err
			}
			var meta vulndb.Meta
			err = writeFile(args[0], func(w io.Writer) (err error) {
				meta, err = update.Export(path, w, private)
				return err
			})
			if err != nil {
				return err
			}
			info, err := os.Stat(args[0])
			if err != nil {
				return err
			}
			fmt.Fprintf(s.Out, "%s: %d vulnerabilities, %s, %s\n", args[0], meta.Vulnerabilities, fileSize(info.Size()), signedWord(private != nil))
			return nil
		},
	}
	cmd.Flags().StringVar(&path, "db", databasePath(), "file of the database")
	cmd.Flags().StringVar(&key, "key", "", "ed25519 private key in PEM form; made if there is none")
	return cmd
}

func signedWord(signed bool) string {
	if signed {
		return "signed"
	}
	return "not signed"
}

// exportKey reads the private key, or makes one.
func exportKey(s Streams, path string) (ed25519.PrivateKey, error) {
	if path == "" {
		return nil, nil
	}
	key, err := update.ReadPrivateKey(path)
	if !errors.Is(err, fs.ErrNotExist) {
		return key, err
	}
	if key, err = update.GenerateKey(path); err != nil {
		return nil, err
	}
	fmt.Fprintf(s.Err, "made a key pair: %s (keep it) and %s.pub (for those who import)\n", path, path)
	return key, nil
}

func dbImport(s Streams) *cobra.Command {
	var path, key string
	var o update.ImportOptions
	cmd := &cobra.Command{
		Use:   "import FILE",
		Short: "Take over a database that another machine exported",
		Long: `Import checks the whole file and its signature before it takes the place of the database.
Whatever is wrong with it, the old database stays.`,
		Example: "  boltseal db import feeds.bsdb --key team.key.pub\n  boltseal db import feeds.bsdb --insecure-unsigned",
		Args:    exactArgs(1, "db import"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return runImport(cmd.Context(), s, args[0], path, key, o)
		},
	}
	cmd.Flags().StringVar(&path, "db", databasePath(), "file of the database")
	cmd.Flags().StringVar(&key, "key", "", "ed25519 public key in PEM form that must have signed the file")
	cmd.Flags().BoolVar(&o.Unsigned, "insecure-unsigned", false, "accept a file without checking who made it")
	return cmd
}

func runImport(ctx context.Context, s Streams, file, path, key string, o update.ImportOptions) error {
	switch {
	case key == "" && !o.Unsigned:
		return usage("db import: want --key with the public key that signed the file, or --insecure-unsigned")
	case key != "" && o.Unsigned:
		return usage("db import: --key and --insecure-unsigned exclude each other")
	}
	var err error
	if key != "" {
		if o.Key, err = update.ReadPublicKey(key); err != nil {
			return transferHint(err)
		}
	}
	f, err := os.Open(file)
	if err != nil {
		return fmt.Errorf("import database: %w", err)
	}
	defer f.Close()
	meta, err := update.Import(ctx, f, path, o)
	if err != nil {
		return transferHint(err)
	}
	fmt.Fprintf(s.Out, "%s imported: %d vulnerabilities, fetched %s\n", path, meta.Vulnerabilities, day(meta.Built))
	return nil
}

// transferHint says what to do about a file or key that is not accepted.
func transferHint(err error) error {
	switch {
	case errors.Is(err, update.ErrKey):
		return hintError{err, "--key takes the public key in PEM form: the .pub file that 'boltseal db export --key' made"}
	case errors.Is(err, vulndb.ErrSignature):
		return hintError{err, "ask who exported the file for the public key, and for a file that was exported with --key; the old database is untouched"}
	case errors.Is(err, vulndb.ErrFormat):
		return hintError{err, "copy the file that 'boltseal db export' wrote again, it may be cut short; the old database is untouched"}
	}
	return err
}
