package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/boltseal/boltseal/policy"
	"github.com/boltseal/boltseal/report"
)

func policyTest(s Streams) *cobra.Command {
	var junit string
	var asJSON, complete bool
	cmd := &cobra.Command{
		Use:   "test FILE|DIR...",
		Short: "Run the tests of a policy",
		Long: `Test runs the cases of test files, or of all *.test.yaml in directories: what a policy must say
about reports, whole or in fragments. docs/policy.md describes the files.

Exit codes:
  0  all cases passed
  1  a case failed, or with --complete a rule is tested by none
  2  a test file or policy is wrong
  3  could not be done`,
		Example: "  boltseal policy test shop.test.yaml\n  boltseal policy test policies/ --complete --junit policy-tests.xml",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return usage("policy test: no file or directory given")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			t := &policyTests{complete: complete}
			if err := t.run(cmd.Context(), args); err != nil {
				return err
			}
			if junit != "" {
				if err := writeFile(junit, func(w io.Writer) error { return report.JUnitTests(w, "boltseal policy test", t.cases()) }); err != nil {
					return fmt.Errorf("write JUnit: %w", err)
				}
			}
			if asJSON {
				if err := json.NewEncoder(s.Out).Encode(t.cases()); err != nil {
					return err
				}
			} else {
				t.print(s)
			}
			return t.verdict()
		},
	}
	cmd.Flags().StringVar(&junit, "junit", "", "write the results to this file as JUnit XML")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print the results as JSON")
	cmd.Flags().BoolVar(&complete, "complete", false, "fail when a rule has no case that meets it, or none that passes it")
	return cmd
}

// policyTests is one run.
type policyTests struct {
	complete bool
	suites   []*policy.Suite
	results  [][]policy.Result // of each suite
}

func (t *policyTests) run(ctx context.Context, paths []string) error {
	files, err := testFiles(paths)
	if err != nil {
		return err
	}
	for _, f := range files {
		suite, err := policy.LoadSuite(f)
		if err != nil {
			return policyError(err)
		}
		results, err := suite.Run(ctx)
		if err != nil {
			return err
		}
		t.suites, t.results = append(t.suites, suite), append(t.results, results)
	}
	return nil
}

// testFiles are the files that are named, and those in directories by their names.
func testFiles(paths []string) (files []string, err error) {
	for _, path := range paths {
		info, err := os.Stat(path)
		if err != nil {
			return nil, fmt.Errorf("find policy tests: %w", err)
		}
		if !info.IsDir() {
			files = append(files, path)
			continue
		}
		before := len(files)
		err = filepath.WalkDir(path, func(p string, d fs.DirEntry, err error) error {
			if err == nil && !d.IsDir() && policy.IsSuite(p) {
				files = append(files, p)
			}
			return err
		})
		if err != nil {
			return nil, fmt.Errorf("find policy tests: %w", err)
		}
		if len(files) == before {
			return nil, usage("policy test: no *.test.yaml in %s", path)
		}
	}
	return files, nil
}

// cases are all results, and with --complete the rules that lack tests.
func (t *policyTests) cases() []report.TestCase {
	out := []report.TestCase{}
	for i, suite := range t.suites {
		for _, r := range t.results[i] {
			out = append(out, report.TestCase{Suite: suite.Source, Name: r.Case.Name, Source: r.Case.Source, Failures: r.Failures})
		}
		if never := suite.Untested(); t.complete && len(never) > 0 {
			out = append(out, report.TestCase{Suite: suite.Source, Name: "every rule is tested", Source: suite.Source,
				Failures: []string{"no case meets, or none passes: " + strings.Join(never, ", ")}})
		}
	}
	return out
}

func (t *policyTests) print(s Streams) {
	for _, c := range t.cases() {
		if len(c.Failures) == 0 {
			fmt.Fprintf(s.Out, "ok    %s: %s\n", printable(c.Suite), printable(c.Name))
			continue
		}
		fmt.Fprintf(s.Out, "FAIL  %s: %s\n", printable(c.Source), printable(c.Name))
		for _, f := range c.Failures {
			fmt.Fprintf(s.Out, "      %s\n", printable(f))
		}
	}
}

func (t *policyTests) verdict() error {
	cases, failed := t.cases(), 0
	for _, c := range cases {
		if len(c.Failures) > 0 {
			failed++
		}
	}
	if failed > 0 {
		return &exitError{exitGate, fmt.Errorf("%d of %d policy tests failed", failed, len(cases))}
	}
	return nil
}
