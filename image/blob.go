package image

import (
	"context"
	"fmt"
	"io"
	"strings"
)

// BlobLayer returns a layer that is stored as a tar, as gzip or zstd or as it
// is. open returns the stored bytes from the first; it is called once for each
// Walk, with a context that lives as long as the walk. Close of what it
// returns must be safe during Read (files, pipes and HTTP bodies are): a
// cancelled walk ends a Read so.
func BlobLayer(d Descriptor, open func(ctx context.Context) (io.ReadCloser, error)) Layer {
	return &blobLayer{d, open}
}

type blobLayer struct {
	desc Descriptor
	open func(ctx context.Context) (io.ReadCloser, error)
}

// Descriptor implements Layer.
func (l *blobLayer) Descriptor() Descriptor { return l.desc }

// Walk implements Layer. In the result, Digest is set where the whole blob was
// read, also after an error in what it holds; DiffID where the uncompressed
// bytes were hashed as well.
func (l *blobLayer) Walk(ctx context.Context, lim *Limits, visit Visit) (Walked, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	w := newWalker(ctx, layerName(l.desc), lim.WithDefaults(), visit)
	sum, err := newDigester(l.desc.Digest)
	if err != nil {
		return w.walked, w.fail(err)
	}
	if strings.HasSuffix(l.desc.MediaType, "+encrypted") {
		return w.walked, w.fail(fmt.Errorf("unsupported encryption %s", l.desc.MediaType))
	}
	src, err := l.open(ctx)
	if err != nil {
		return w.walked, w.fail(err)
	}
	b := &blobWalk{walker: w, desc: l.desc, blob: newBlobReader(ctx, src, l.desc.Size, sum)}
	defer b.blob.Close()
	err = b.decode()
	if w.stop != nil {
		return w.walked, w.stop
	}
	err = b.judge(err)
	return w.walked, err
}

// layerName names a layer in errors.
func layerName(d Descriptor) string {
	if id := d.ID(); id != "" {
		return id
	}
	return fmt.Sprintf("#%d", d.Index)
}

// blobWalk is one walk of a blobLayer.
type blobWalk struct {
	*walker
	desc Descriptor
	blob *blobReader
	kind compression
}

// decode walks the tar in the blob, and decodes what is behind its end.
func (b *blobWalk) decode() error {
	dec, kind, err := openDecoder(b.blob, b.lim)
	if err != nil {
		return b.fail(err)
	}
	defer dec.Close()
	b.kind = kind
	c := &content{ctx: b.ctx, dec: dec, blob: b.blob, lim: b.lim}
	defer func() { b.walked.Uncompressed = c.total }()
	if b.lim.DiffID && !b.hashedOnce() {
		if c.sum, err = newDigester(b.desc.DiffID); err != nil {
			return b.fail(err)
		}
	}
	if err := b.tar(c, kind.name == "gzip"); err != nil {
		return err
	}
	if err := c.drain(); err != nil {
		return b.fail(fmt.Errorf("behind the end of the tar: %w", err))
	}
	if c.sum == nil {
		return nil
	}
	b.walked.DiffID = c.sum.digest()
	return b.digestError(c.sum.verify(b.desc.DiffID, "uncompressed layer"))
}

// hashedOnce says that the blob's digest is also what the diff ID has to be.
func (b *blobWalk) hashedOnce() bool {
	algorithm, _, _ := strings.Cut(b.desc.DiffID, ":")
	return b.kind.name == plain.name && (algorithm == "" || algorithm == b.blob.sum.algorithm)
}

// judge reads what decode left of the blob and returns the walk's error: that
// the bytes are not the promised ones goes before what is wrong in them.
func (b *blobWalk) judge(err error) error {
	drained := b.blob.drain(b.lim.LayerBytes)
	b.walked.Compressed = b.blob.n
	if drained != nil {
		return firstError(err, b.fail(drained))
	}
	b.walked.Digest = b.blob.sum.digest()
	mismatch := b.blob.sum.verify(b.desc.Digest, "blob")
	if mismatch == nil && b.hashedOnce() {
		b.walked.DiffID = b.walked.Digest
		mismatch = b.blob.sum.verify(b.desc.DiffID, "uncompressed layer")
	}
	if mismatch != nil && err != nil {
		mismatch = fmt.Errorf("%w; reading it: %w", mismatch, err)
	}
	return firstError(b.digestError(mismatch), err, b.bad)
}

// digestError is about the layer, not about a file.
func (b *blobWalk) digestError(err error) error {
	if err == nil {
		return nil
	}
	return &Error{Layer: b.layer, Err: err}
}

func firstError(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
