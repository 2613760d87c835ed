package cli

import (
	"cmp"
	"os"
	"runtime/debug"
	"strings"

	"golang.org/x/term"
)

// terminalWidth is the number of columns of a terminal.
func terminalWidth(f *os.File) (int, bool) {
	fd := int(f.Fd())
	if !term.IsTerminal(fd) {
		return 0, false
	}
	width, _, err := term.GetSize(fd)
	if err != nil || width <= 0 {
		width = 80
	}
	return width, true
}

// locale is the language for people: the flag's, else the environment's.
// Source: POSIX.1-2017, section 8.2 (LC_ALL before LC_MESSAGES before LANG).
func locale(flag string) string {
	if flag != "" && flag != "auto" {
		return flag
	}
	env := cmp.Or(os.Getenv("LC_ALL"), os.Getenv("LC_MESSAGES"), os.Getenv("LANG"))
	if strings.HasPrefix(strings.ToLower(env), "zh") {
		return "zh-CN"
	}
	return "en"
}

// memoryGoal is what the collector aims to stay below. It is a goal, not a
// limit: beyond it the program collects more often, it does not fail.
const memoryGoal = 110 << 20

// garbagePercent is how much may be allocated, relative to what is alive, before
// the collector runs: twice Go's default, for a scan lives seconds.
const garbagePercent = 200

// tuneMemory trades memory for fewer collections up to memoryGoal, unless the
// user's environment says otherwise.
func tuneMemory() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(garbagePercent)
	}
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(memoryGoal)
	}
}
