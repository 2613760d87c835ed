package vulndb

import (
	"fmt"
	"runtime/debug"
)

// guard makes an error of what else would end the process: reading a page of
// the mapping that is gone, because someone cut the file short or its disk
// failed. Use it as
//
//	defer guard(&err)()
//
// in every method that reads the mapping. It holds for the calling goroutine
// only.
func guard(err *error) func() {
	old := debug.SetPanicOnFault(true)
	return func() {
		debug.SetPanicOnFault(old)
		switch fault := recover().(type) {
		case nil:
		case interface{ Addr() uintptr }:
			*err = fmt.Errorf("%w: the file was cut short or can't be read any more (address %#x)", ErrFormat, fault.Addr())
		default:
			panic(fault)
		}
	}
}
