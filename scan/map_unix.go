//go:build unix

package scan

import (
	"fmt"
	"os"
	"syscall"
)

// mapSpill maps the first n bytes of a spill file, which nothing changes any
// more, read-only.
func mapSpill(f *os.File, n int64) ([]byte, func(), error) {
	data, err := syscall.Mmap(int(f.Fd()), 0, int(n), syscall.PROT_READ, syscall.MAP_SHARED)
	if err != nil {
		return nil, nil, fmt.Errorf("map spill file: %w", err)
	}
	return data, func() { syscall.Munmap(data) }, nil
}
