package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"time"
	"unicode"
)

// cost is what one run of a command took.
type cost struct {
	cpu, wall time.Duration
	memory    int64 // peak resident bytes
}

// measure runs a command several times with more environment and keeps the
// cheapest run. Exit codes in ok, which mean "found something", are fine.
func measure(runs int, env []string, ok []int, name string, args ...string) (cost, error) {
	var best cost
	for range runs {
		cmd := exec.Command(name, args...)
		cmd.Env = append(os.Environ(), env...)
		var stderr bytes.Buffer
		cmd.Stderr = &stderr
		start := time.Now()
		err := cmd.Run()
		c := cost{wall: time.Since(start)}
		if cmd.ProcessState == nil {
			return cost{}, fmt.Errorf("run %s: %w", name, err)
		}
		if code := cmd.ProcessState.ExitCode(); !allowed(code, ok) {
			return cost{}, fmt.Errorf("run %s: exit code %d: %s", name, code, tail(stderr.Bytes()))
		}
		c.cpu = cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
		if u, isRusage := cmd.ProcessState.SysUsage().(*syscall.Rusage); isRusage {
			c.memory = u.Maxrss << 10
		}
		if best.wall == 0 || c.cpu < best.cpu {
			best = c
		}
	}
	return best, nil
}

func allowed(code int, ok []int) bool {
	for _, c := range append(ok, 0) {
		if c == code {
			return true
		}
	}
	return false
}

// tail is the end of what a command complained of, on one line.
func tail(b []byte) string {
	line := strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, string(b[max(0, len(b)-200):]))
	return strings.TrimSpace(line)
}

// self is the path of this program, to run it as the floor.
func self() string {
	path, err := os.Executable()
	if err != nil {
		fatal(err)
	}
	return path
}
