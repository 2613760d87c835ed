package inflate

import (
	"errors"
	"fmt"
	"io"
)

// What can be wrong with the input. They arrive wrapped in an *Error, as does
// io.ErrUnexpectedEOF for input that ends too early; compare with errors.Is.
var (
	// ErrCorrupt reports data that is not valid DEFLATE.
	ErrCorrupt = errors.New("corrupt deflate data")
	// ErrHeader reports that what should be a gzip member does not begin with
	// a valid header.
	ErrHeader = errors.New("invalid gzip header")
	// ErrChecksum reports a gzip member whose content does not have the length
	// or the CRC-32 that its trailer states. The content was handed out before.
	ErrChecksum = errors.New("gzip checksum or length mismatch")
	// ErrTrailing reports bytes after a gzip member that are neither another
	// member nor zero padding up to the end of the input. Everything before
	// them was handed out and is correct.
	ErrTrailing = errors.New("trailing garbage after gzip member")
	// ErrClosed reports a use of what Pool.NewReadCloser returned after Close.
	ErrClosed = errors.New("read of closed inflate reader")
)

// Error is every error of this package but io.EOF, ErrClosed and those of a
// Writer passed to WriteTo.
type Error struct {
	Offset int64 // input bytes consumed when the error was noticed
	Err    error // one of the above, or what the source returned
}

// Error implements error.
func (e *Error) Error() string {
	return fmt.Sprintf("inflate input at byte %d: %v", e.Offset, e.Err)
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// noEOF is for places where the end of the input is premature.
func noEOF(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}
