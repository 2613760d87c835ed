// Command boltseal guards software containers from the base image to the
// running process.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"github.com/boltseal/boltseal/cli"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(cli.Run(ctx, os.Args[1:], cli.Streams{In: os.Stdin, Out: os.Stdout, Err: os.Stderr}))
}
