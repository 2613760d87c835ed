package image

import (
	"context"
	"io"
)

// ratioFrom is how much output a layer may have before its ratio counts: a
// small one of zeros is no bomb.
const ratioFrom = 64 << 20

// content is the uncompressed stream of a layer, counted against the limits.
type content struct {
	ctx   context.Context
	dec   decoder
	blob  *blobReader
	lim   *Limits
	sum   *digester // of the uncompressed bytes; nil unless wanted
	total int64
}

// Next implements pieceSource.
func (c *content) Next() ([]byte, error) {
	if err := c.ctx.Err(); err != nil {
		return nil, err
	}
	p, err := c.dec.Next()
	if err != nil {
		return nil, err
	}
	c.total += int64(len(p))
	if c.total > c.lim.LayerBytes {
		return nil, beyond("layer holds more than %d bytes", c.lim.LayerBytes)
	}
	if c.total > ratioFrom && c.total/c.lim.Ratio > c.blob.n {
		return nil, beyond("layer expands to more than %d times its size", c.lim.Ratio)
	}
	if c.sum != nil {
		c.sum.Write(p)
	}
	return p, nil
}

// drain reads to the end.
func (c *content) drain() error {
	for {
		if _, err := c.Next(); err == io.EOF {
			return nil
		} else if err != nil {
			return err
		}
	}
}
