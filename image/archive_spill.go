package image

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"os"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// inflateArchive returns f, or when it is compressed an unlinked temporary
// file with its contents; f is closed then, and always on error.
func inflateArchive(ctx context.Context, f *os.File, o *Options) (*os.File, error) {
	magic := make([]byte, 4)
	n, err := f.ReadAt(magic, 0)
	if err != nil && err != io.EOF {
		f.Close()
		return nil, err
	}
	var inflated io.Reader
	switch magic = magic[:n]; {
	case bytes.HasPrefix(magic, []byte{0x1f, 0x8b}):
		inflated, err = gzip.NewReader(bufio.NewReaderSize(f, 1<<20))
	case bytes.Equal(magic, []byte{0x28, 0xb5, 0x2f, 0xfd}):
		var dec *zstd.Decoder
		if dec, err = zstd.NewReader(f, zstd.WithDecoderMaxWindow(uint64(DefaultLimits().WindowBytes)), zstd.WithDecoderLowmem(true), zstd.WithDecoderConcurrency(1)); err == nil {
			defer dec.Close()
			inflated = dec
		}
	default:
		return f, nil
	}
	defer f.Close()
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	return spill(ctx, inflated, min(o.TempBytes, max(ratioFrom, info.Size()*DefaultLimits().Ratio)), o)
}

// spill copies r to a temporary file that has no name any more, so that it is
// gone whatever happens to the process.
func spill(ctx context.Context, r io.Reader, limit int64, o *Options) (*os.File, error) {
	f, err := os.CreateTemp(o.TempDir, "boltseal-*.tar")
	if err != nil {
		return nil, err
	}
	if err := os.Remove(f.Name()); err != nil {
		f.Close()
		return nil, err
	}
	n, err := io.Copy(f, contextReader{ctx, io.LimitReader(r, limit+1)})
	if err == nil && n > limit {
		err = fmt.Errorf("%w: more than %d bytes", ErrLimit, limit)
	}
	if err == nil {
		_, err = f.Seek(0, io.SeekStart)
	}
	if err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}

// contextReader stops with the context.
type contextReader struct {
	ctx context.Context
	r   io.Reader
}

func (c contextReader) Read(p []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	return c.r.Read(p)
}
