package scanner

import (
	"bytes"
	"fmt"
	"io"

	"github.com/boltseal/boltseal/image"
	"github.com/boltseal/boltseal/inventory"
)

const (
	// TextBytes is how large a lock file, manifest or metadata file may be that
	// is parsed as a whole. The largest lock files of real projects have some
	// 10 MB.
	TextBytes = 16 << 20
	// TextItems is how many lines, commas and tags (each) such a file may have.
	// They bound what a parser can make of it: six bytes of text are enough for
	// a package, which takes 300 in memory.
	TextItems = 400_000
)

// Text returns the whole content of a file that is parsed as a whole, as Bytes
// does. A file of more than TextBytes or TextItems is an image.ErrLimit. It
// waits while other large texts are parsed, and is to be called once.
func (f *File) Text() ([]byte, error) {
	if f.Admit != nil && f.Size <= TextBytes {
		if err := f.Admit(f.Size); err != nil {
			return nil, err
		}
	}
	data, err := f.Bytes(TextBytes)
	if err != nil {
		return nil, err
	}
	return data, CheckItems(data)
}

// Append adds a package of a text, of which at most max are kept: one more than
// that tells the scan that there were more.
func Append(pkgs []inventory.Package, p inventory.Package, max int) []inventory.Package {
	if len(pkgs) > max {
		return pkgs
	}
	return append(pkgs, p)
}

// CheckItems returns an image.ErrLimit if text has more than TextItems.
func CheckItems(text []byte) error {
	for _, separator := range []string{"\n", ",", "<"} {
		if n := bytes.Count(text, []byte(separator)); n > TextItems {
			return fmt.Errorf("%w: %d times %q, at most %d are parsed", image.ErrLimit, n, separator, TextItems)
		}
	}
	return nil
}

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
