package scanner

import (
	"fmt"
	"io"

	"github.com/boltseal/boltseal/image"
)

// TextBytes is how large a lock file, manifest or metadata file may be that is
// parsed as a whole. The largest lock files of real projects have some
// 10 MB.
const TextBytes = 64 << 20

// Bytes returns the whole content, at most max bytes; a larger file is an
// image.ErrLimit. The slice is shared and valid until Scan returns: it must
// not be changed, and strings must be copied out of it.
func (f *File) Bytes(max int64) ([]byte, error) {
	if f.Size > max {
		return nil, fmt.Errorf("%w: %d bytes, at most %d are parsed", image.ErrLimit, f.Size, max)
	}
	if f.Data != nil {
		return f.Data, nil
	}
	data := make([]byte, f.Size)
	if _, err := io.ReadFull(f.Reader(), data); err != nil {
		return nil, fmt.Errorf("read file: %w", err)
	}
	return data, nil
}
