//go:build unix

package vulndb

import (
	"fmt"
	"os"
	"syscall"
)

// mapFile maps a regular file into memory, read-only and shared, so that the
// processes of a machine use one copy of it.
//
// Databases are only ever replaced by renaming, so that a mapped file never
// changes. Should one be truncated all the same, guard turns the fault into an
// error.
func mapFile(path string) (data []byte, unmap func() error, err error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, nil, err
	}
	if !info.Mode().IsRegular() || info.Size() == 0 {
		return nil, nil, fmt.Errorf("%s: %w: not a regular file with content", path, ErrFormat)
	}
	data, err = syscall.Mmap(int(f.Fd()), 0, int(info.Size()), syscall.PROT_READ, syscall.MAP_SHARED)
	if err != nil {
		return nil, nil, fmt.Errorf("map %s: %w", path, err)
	}
	return data, func() error { return syscall.Munmap(data) }, nil
}
