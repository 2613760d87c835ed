// Package cli turns command lines into calls of the libraries: one file per
// verb, each with an options struct, its flags, one call and a printer. It
// holds no logic of its own that another program could want.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"unicode"

	"github.com/spf13/cobra"

	"github.com/boltseal/boltseal/image"
)

// Streams are where a command reads and writes.
type Streams struct {
	In       io.Reader
	Out, Err io.Writer
}

// Exit codes, the same for every verb.
const (
	exitOK      = 0 // done, and no gate failed
	exitGate    = 1 // done, and a --fail-on condition holds or a policy denies
	exitUsage   = 2 // the command line is wrong
	exitFailed  = 3 // could not be done
	exitPartial = 4 // done, but something could not be read

	exitInterrupted = 130 // stopped by a signal, as shells count SIGINT
)

const exitHelp = `
Exit codes:
  0  done
  1  done, and a --fail-on condition holds or a policy denies
  2  the command line is wrong
  3  could not be done
  4  done, but part of the target could not be read (the report says what)
  130  interrupted`

// exitError carries an exit code other than exitFailed. Its error may be nil
// when the report has said everything.
type exitError struct {
	code int
	err  error
}

func (e *exitError) Error() string {
	if e.err == nil {
		return fmt.Sprintf("exit code %d", e.code)
	}
	return e.err.Error()
}

func (e *exitError) Unwrap() error { return e.err }

// hintError adds the next step to an error.
type hintError struct {
	error
	hint string
}

// Hint is the next step.
func (e hintError) Hint() string { return e.hint }

func (e hintError) Unwrap() error { return e.error }

// usage marks a mistake in the command line.
func usage(format string, args ...any) error {
	return &exitError{exitUsage, fmt.Errorf(format, args...)}
}

// Run executes a command line and returns the exit code.
func Run(ctx context.Context, args []string, s Streams) int {
	tuneMemory()
	root := Root(s)
	root.SetArgs(args)
	cmd, err := root.ExecuteContextC(ctx)
	if err == nil {
		return exitOK
	}
	if ctx.Err() != nil {
		err = &exitError{exitInterrupted, errors.New("interrupted")}
	}
	code := exitFailed
	var exit *exitError
	if errors.As(err, &exit) {
		code = exit.code
		err = exit.err
	}
	if err != nil {
		fmt.Fprintf(s.Err, "error: %s\n", printable(err.Error()))
		if hint := image.Hint(err); hint != "" {
			fmt.Fprintf(s.Err, "hint: %s\n", printable(hint))
		} else if code == exitUsage {
			fmt.Fprintf(s.Err, "hint: run '%s --help'\n", cmd.CommandPath())
		}
	}
	return code
}

// Root is the whole command tree.
func Root(s Streams) *cobra.Command {
	root := &cobra.Command{
		Use:   "boltseal",
		Short: "Guard software containers from the base image to the running process",
		Long: `Boltseal guards software containers over their whole life.

  boltseal scan alpine:3.19          what is in an image and what is wrong with it
  boltseal db update                 build the vulnerability database from its sources
  boltseal policy show               what may not leave a build, and how to say so`,
		SilenceErrors: true,
		SilenceUsage:  true,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) > 0 {
				return usage("unknown command %q", args[0])
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	root.SetIn(s.In)
	root.SetOut(s.Out)
	root.SetErr(s.Err)
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return usage("%w", err) })
	root.AddCommand(scanCommand(s), dbCommand(s), policyCommand(s), cacheCommand(s), versionCommand(s))
	root.InitDefaultCompletionCmd()
	return root
}

// printable takes out of a message what a terminal would act on: parts of it may
// come from a registry or an image.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if r != '\n' && unicode.IsControl(r) {
			return -1
		}
		return r
	}, s)
}

// exactArgs is cobra.ExactArgs with our exit code.
func exactArgs(n int, what string) cobra.PositionalArgs {
	return func(_ *cobra.Command, args []string) error {
		if len(args) != n {
			return usage("%s: %d arguments given, %d wanted", what, len(args), n)
		}
		return nil
	}
}

// isTerminal says whether f is a terminal and how wide it is.
func isTerminal(w io.Writer) (width int, ok bool) {
	f, isFile := w.(*os.File)
	if !isFile {
		return 0, false
	}
	return terminalWidth(f)
}
