package image

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"github.com/klauspost/compress/zstd"
)

// decoder hands out the uncompressed bytes of a layer. Close gives its memory
// back; the last piece is invalid then.
type decoder interface {
	pieceSource
	Close()
}

// compression is how a layer's blob is stored, told by its first bytes: media
// types lie, and container engines do not look at them either.
type compression struct {
	name  string
	magic []byte
	open  func(r *blobReader, lim *Limits) (decoder, error)
}

var compressions = []compression{
	{"gzip", []byte{0x1f, 0x8b}, openGzip},
	{"zstd", []byte{0x28, 0xb5, 0x2f, 0xfd}, openZstd},
	{"bzip2", []byte("BZh"), nil},
	{"xz", []byte{0xfd, '7', 'z', 'X', 'Z', 0}, nil},
	{"lz4", []byte{0x04, 0x22, 0x4d, 0x18}, nil},
}

var plain = compression{name: "tar", open: openPlain}

// detect returns the compression of a blob that begins with head. What is not
// known is taken for a plain tar.
func detect(head []byte) compression {
	for _, c := range compressions {
		if bytes.HasPrefix(head, c.magic) {
			return c
		}
	}
	// A zstd file may begin with a frame that decoders skip, numbered 0-15.
	// Source: RFC 8878, section 3.1.2.
	if len(head) >= 4 && head[0]&0xf0 == 0x50 && bytes.Equal(head[1:4], []byte{0x2a, 0x4d, 0x18}) {
		return compressions[1]
	}
	return plain
}

// openDecoder returns the decoder for the blob in r and its compression.
func openDecoder(r *blobReader, lim *Limits) (decoder, compression, error) {
	head, err := r.head()
	if err != nil && err != io.EOF {
		return nil, plain, err
	}
	c := detect(head)
	if c.open == nil {
		return nil, c, fmt.Errorf("unsupported compression %s", c.name)
	}
	d, err := c.open(r, lim)
	return d, c, err
}

// plainDecoder hands out the blob itself.
type plainDecoder struct{ *blobReader }

func openPlain(r *blobReader, _ *Limits) (decoder, error) { return plainDecoder{r}, nil }

func (plainDecoder) Close() {} // the blob is closed by who opened it

// zstdDecoder reads zstd of one or more frames, zstd:chunked with them.
type zstdDecoder struct {
	*zstd.Decoder
	blob *blobReader
	buf  []byte
}

func openZstd(r *blobReader, lim *Limits) (decoder, error) {
	d, err := zstd.NewReader(r,
		zstd.WithDecoderConcurrency(1), // on this goroutine
		zstd.WithDecoderLowmem(true),
		zstd.WithDecoderMaxWindow(uint64(lim.WindowBytes)))
	if err != nil {
		return nil, decodeError("zstd", err, r)
	}
	return &zstdDecoder{d, r, make([]byte, 128<<10)}, nil
}

func (d *zstdDecoder) Next() ([]byte, error) {
	for {
		n, err := d.Read(d.buf)
		if n > 0 {
			return d.buf[:n], nil // an error comes again
		}
		if err != nil {
			return nil, decodeError("zstd", err, d.blob)
		}
	}
}

// decodeError tells whether the blob could not be read or not be decoded.
func decodeError(format string, err error, blob *blobReader) error {
	switch {
	case err == nil || err == io.EOF:
		return err
	case blob.failure() != nil:
		return blob.failure()
	case errors.Is(err, io.ErrUnexpectedEOF):
		return fmt.Errorf("%s data is truncated: %w", format, io.ErrUnexpectedEOF)
	case errors.Is(err, zstd.ErrWindowSizeExceeded), errors.Is(err, zstd.ErrDecoderSizeExceeded):
		return fmt.Errorf("%w: zstd window: %w", ErrLimit, err)
	}
	return fmt.Errorf("%w: %s: %w", ErrCorrupt, format, err)
}
