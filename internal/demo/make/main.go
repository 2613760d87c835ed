// Command make writes the demo image.
//
//	go run ./internal/demo/make DIR
package main

import (
	"fmt"
	"os"

	"github.com/boltseal/boltseal/internal/demo"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: make DIR")
		os.Exit(2)
	}
	if err := demo.Write(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(1)
	}
}
