package image

import (
	"io"
	"sync"

	"github.com/boltseal/boltseal/inflate"
)

// gzipDecoder reads gzip of one or more members, eStargz with them.
type gzipDecoder struct {
	*inflate.GzipReader
	blob *blobReader
}

// inflaters keeps decoders from one layer to the next. It is only memory.
var inflaters = sync.Pool{New: func() any { return inflate.NewGzipReader(noBytes{}) }}

// noBytes is an empty file.
type noBytes struct{}

func (noBytes) Read([]byte) (int, error) { return 0, io.EOF }

func openGzip(r *blobReader, _ *Limits) (decoder, error) {
	d := &gzipDecoder{inflaters.Get().(*inflate.GzipReader), r}
	d.Reset(r)
	return d, nil
}

func (d *gzipDecoder) Next() ([]byte, error) {
	p, err := d.GzipReader.Next()
	return p, decodeError("gzip", err, d.blob)
}

func (d *gzipDecoder) Close() {
	d.Reset(noBytes{})
	inflaters.Put(d.GzipReader)
}
