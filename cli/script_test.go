package cli

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/boltseal/boltseal/internal/demo"
)

var updateScripts = flag.Bool("update", false, "write what the commands print into the scripts")

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"boltseal": func() {
			ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
			defer stop()
			code := Run(ctx, os.Args[1:], Streams{os.Stdin, os.Stdout, os.Stderr})
			tellPeak(os.Getenv("TEST_PEAK_FILE"))
			os.Exit(code)
		},
	})
}

// TestScripts runs the command lines in testdata/script, which read like its
// documentation. $DEMO is an OCI layout with known contents; $REGISTRY and others
// are registries that have it, $HOSTILE has images that reach limits.
func TestScripts(t *testing.T) {
	image := filepath.Join(t.TempDir(), "demo")
	if err := demo.Write(image); err != nil {
		t.Fatal(err)
	}
	addresses := registries(t, image)
	addresses["HOSTILE"] = limitImages(t)
	testscript.Run(t, testscript.Params{
		Dir:           "testdata/script",
		UpdateScripts: *updateScripts,
		Setup: func(e *testscript.Env) error {
			e.Setenv("DEMO", image)
			for name, address := range addresses {
				e.Setenv(name, address)
			}
			e.Setenv("HOME", e.WorkDir)
			e.Setenv("XDG_CACHE_HOME", filepath.Join(e.WorkDir, "cache"))
			e.Setenv("LANG", "C.UTF-8")
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"exitcode": exitCode},
	})
}

// exitCode runs a command and checks its exit code: exitcode N COMMAND ARGS.
func exitCode(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exitcode N command args...")
	}
	got := 0
	if err := ts.Exec(args[1], args[2:]...); err != nil {
		exit, ok := err.(interface{ ExitCode() int })
		if !ok {
			ts.Fatalf("run %v: %v", args[1:], err)
		}
		got = exit.ExitCode()
	}
	if fmt.Sprint(got) != args[0] {
		ts.Fatalf("%v: exit code %d, want %s", args[1:], got, args[0])
	}
}
