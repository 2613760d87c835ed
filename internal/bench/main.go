// Command bench measures the promises of docs/benchmarks.md on this machine:
// what a scan costs against the floor (gunzip and a tar walk of the same
// layers), against its peers where they are installed, and what the database
// costs. Everything is a ratio within one run, CPU seconds first, because
// machines are noisy.
//
//	go run ./internal/bench [--runs N] [--feeds DIR] LAYOUT...
//
// Without a LAYOUT it measures the database and the start-up only.
package main

import (
	"flag"
	"fmt"
	"os"
)

func main() {
	runs := flag.Int("runs", 3, "runs of each command; the fastest counts")
	feeds := flag.String("feeds", "../shared/feeds", "mirror directory for the database")
	binary := flag.String("boltseal", "bin/boltseal", "the binary to measure")
	floor := flag.String("floor", "", "internal: walk this layout and exit")
	flag.Parse()
	if *floor != "" {
		if err := walkFloor(*floor); err != nil {
			fatal(err)
		}
		return
	}
	b := bench{binary: *binary, feeds: *feeds, runs: *runs}
	if err := b.run(flag.Args()); err != nil {
		fatal(err)
	}
}

func fatal(err error) {
	fmt.Fprintln(os.Stderr, "error:", err)
	os.Exit(1)
}
