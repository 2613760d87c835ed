// Command testsummary reads `go test -json` from standard input and prints what
// a person wants to know: the output of what failed, every skipped test with
// its reason, and how many tests ran. It exits with 1 when anything failed or
// nothing ran.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
)

// event is one line; see `go doc cmd/test2json`.
type event struct {
	Action     string
	Package    string
	ImportPath string
	Test       string
	Output     string
	Elapsed    float64
}

// summary collects the events of all packages.
type summary struct {
	output                  map[string][]string // by package and test
	passed, failed, skipped int
	failures, skips         []string
	packages                []string
}

func main() {
	s := summary{output: map[string][]string{}}
	if err := s.read(os.Stdin); err != nil {
		fmt.Fprintln(os.Stderr, "read test output:", err)
		os.Exit(1)
	}
	s.print(os.Stdout)
	if s.failed > 0 || s.passed == 0 {
		os.Exit(1)
	}
}

func (s *summary) read(r io.Reader) error {
	in := bufio.NewReader(r)
	for {
		line, err := in.ReadBytes('\n')
		if len(line) > 0 {
			var e event
			if json.Unmarshal(line, &e) != nil {
				fmt.Print(string(line)) // the go tool's own complaint
			} else {
				s.add(e)
			}
		}
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

func (s *summary) add(e event) {
	if e.Package == "" {
		e.Package = e.ImportPath
	}
	key := e.Package + " " + e.Test
	switch e.Action {
	case "output", "build-output":
		s.output[key] = append(s.output[key], e.Output)
	case "pass":
		if e.Test != "" {
			s.passed++
		} else {
			s.packages = append(s.packages, fmt.Sprintf("ok    %-60s %6.1fs", e.Package, e.Elapsed))
		}
		delete(s.output, key)
	case "skip":
		if e.Test != "" {
			s.skipped++
			s.skips = append(s.skips, key+": "+reason(s.output[key]))
		}
	case "fail", "build-fail":
		if e.Test != "" || e.Action == "build-fail" {
			s.failed++
		} else {
			s.packages = append(s.packages, fmt.Sprintf("FAIL  %-60s %6.1fs", e.Package, e.Elapsed))
			s.failed++
		}
		s.failures = append(s.failures, "--- "+key+"\n"+strings.Join(s.output[key], ""))
	}
}

// reason is what a test said before it skipped.
func reason(output []string) string {
	var parts []string
	for _, line := range output {
		line = strings.TrimSpace(line)
		if line != "" && !strings.HasPrefix(line, "===") && !strings.HasPrefix(line, "---") {
			parts = append(parts, line)
		}
	}
	return strings.Join(parts, " ")
}

func (s *summary) print(w io.Writer) {
	slices.Sort(s.packages)
	for _, p := range s.packages {
		fmt.Fprintln(w, p)
	}
	for _, f := range s.failures {
		fmt.Fprintln(w, f)
	}
	slices.Sort(s.skips)
	if len(s.skips) > 0 {
		fmt.Fprintln(w, "\nskipped:")
		for _, skip := range s.skips {
			fmt.Fprintln(w, "  "+skip)
		}
	}
	fmt.Fprintf(w, "\n%d passed, %d failed, %d skipped\n", s.passed, s.failed, s.skipped)
}
