package cli

import (
	"os"
	"runtime"
	"runtime/debug"
)

// quietMemory is how much memory a command may use before garbage is collected
// for the first time. Go's default begins at 4 MB, and collecting again and
// again is a large part of what a command of 100 ms costs.
const quietMemory = 96 << 20

// tightMemory is from where on memory is worth more time than usual. Building
// the database stays below it; it is far beyond what a scan needs, because with
// more than that alive the collector would run without end.
const tightMemory = 400 << 20

// tuneMemory puts the first collection off until quietMemory is in use. From
// then on the collector runs as usual, and more often close to tightMemory. The
// user's environment goes first.
func tuneMemory() {
	if os.Getenv("GOGC") != "" || os.Getenv("GOMEMLIMIT") != "" {
		return
	}
	debug.SetGCPercent(-1)
	debug.SetMemoryLimit(quietMemory)
	type sentinel struct{ _ [16]byte }
	runtime.AddCleanup(new(sentinel), func(int) {
		debug.SetGCPercent(100)
		debug.SetMemoryLimit(tightMemory)
	}, 0)
}
