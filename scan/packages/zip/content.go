package zip

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"github.com/boltseal/boltseal/inflate"
)

const (
	localHeader    = 30
	localSignature = "PK\x03\x04"
)

// Data returns the entry's bytes as they are in the archive, compressed or
// not. All calls together, those of Read and Head too, hand out at most twice
// the archive's size, so that an entry can be looked into and then read. More
// means that entries overlap, as in zip bombs, and is an image.ErrCorrupt.
func (a *Archive) Data(e *Entry) (*io.SectionReader, error) {
	if e.Flags&encrypted != 0 {
		return nil, corrupt("entry is encrypted")
	}
	var head [localHeader]byte
	at := a.base + e.offset
	if _, err := a.r.ReadAt(head[:], at); err != nil || string(head[:4]) != localSignature {
		return nil, corrupt("no local header at %d", at)
	}
	le := binary.LittleEndian
	at += localHeader + int64(le.Uint16(head[26:])) + int64(le.Uint16(head[28:]))
	if at > a.size || e.CompressedSize > a.size-at {
		return nil, corrupt("entry reaches beyond the end")
	}
	a.read += e.CompressedSize
	if a.read/2 > a.size {
		return nil, corrupt("entries overlap")
	}
	return io.NewSectionReader(a.r, at, e.CompressedSize), nil
}

// Read decompresses the entry to w, which sees at most e.Size bytes. Content
// that is longer or shorter than that is an image.ErrCorrupt.
func (a *Archive) Read(e *Entry, w io.Writer) error {
	return a.open(e, func(r io.Reader) error {
		n, err := io.Copy(w, io.LimitReader(r, e.Size))
		if err != nil {
			return contentError(err)
		}
		var one [1]byte
		if m, _ := io.ReadFull(r, one[:]); n < e.Size || m > 0 {
			return corrupt("content does not have the %d bytes that the directory says", e.Size)
		}
		return nil
	})
}

// Head decompresses the beginning of the entry into p and returns its length.
func (a *Archive) Head(e *Entry, p []byte) (n int, err error) {
	err = a.open(e, func(r io.Reader) error {
		n, err = io.ReadFull(r, p[:min(int64(len(p)), e.Size)])
		if err != nil {
			return contentError(err)
		}
		return nil
	})
	return n, err
}

// contentError tells broken content from what went wrong around it.
func contentError(err error) error {
	if errors.Is(err, inflate.ErrCorrupt) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) {
		return corrupt("content: %v", err)
	}
	return fmt.Errorf("zip: content: %w", err)
}

// open hands the decompressed content to read.
func (a *Archive) open(e *Entry, read func(r io.Reader) error) error {
	data, err := a.Data(e)
	if err != nil {
		return err
	}
	switch e.Method {
	case Stored:
		return read(data)
	case Deflated:
		z := inflaters.NewReadCloser(data)
		defer z.Close()
		return read(z)
	}
	return corrupt("compression method %d is not supported", e.Method)
}

// inflaters lends decoders, whose tables are large.
var inflaters inflate.Pool
