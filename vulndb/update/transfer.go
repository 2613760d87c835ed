package update

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/klauspost/compress/zstd"

	"github.com/boltseal/boltseal/vulndb"
	"github.com/boltseal/boltseal/vulndb/format"
)

// maxImport is the largest database that is imported, unpacked.
const maxImport = 4 << 30

// Export writes the database at path to w as one file for a site without a
// network: packed with zstd, and signed when key isn't nil.
func Export(path string, w io.Writer, key ed25519.PrivateKey) (vulndb.Meta, error) {
	meta, err := export(path, w, key)
	if err != nil {
		return meta, fmt.Errorf("export database: %w", err)
	}
	return meta, nil
}

func export(path string, w io.Writer, key ed25519.PrivateKey) (vulndb.Meta, error) {
	db, err := vulndb.Open(path)
	if err != nil {
		return vulndb.Meta{}, err
	}
	defer db.Close()
	if err := db.Verify(); err != nil {
		return vulndb.Meta{}, err
	}
	z, err := zstd.NewWriter(w, zstd.WithEncoderLevel(zstd.SpeedBestCompression), zstd.WithWindowSize(64<<20), zstd.WithEncoderConcurrency(1))
	if err != nil {
		return vulndb.Meta{}, err
	}
	content := db.Content()
	if key == nil {
		content = db.Signed()
	}
	if _, err := z.Write(content); err != nil {
		return vulndb.Meta{}, err
	}
	if key != nil {
		if _, err := z.Write(format.Sign(db.Checksum(), key)); err != nil {
			return vulndb.Meta{}, err
		}
	}
	return db.Meta(), z.Close()
}

// ImportOptions say what to trust.
type ImportOptions struct {
	// Key must have signed the file.
	Key ed25519.PublicKey
	// Unsigned accepts any file, signed or not. Exactly one of Key and
	// Unsigned is to be set.
	Unsigned bool
}

// Import puts an exported database, packed or not, in the place of the one at
// path, after checking all of it. Whatever is wrong, the old one stays. It
// waits for a running update.
func Import(ctx context.Context, r io.Reader, path string, o ImportOptions) (vulndb.Meta, error) {
	meta, err := importFile(ctx, r, path, o)
	if err != nil {
		return meta, fmt.Errorf("import database: %w", err)
	}
	return meta, nil
}

func importFile(ctx context.Context, r io.Reader, path string, o ImportOptions) (vulndb.Meta, error) {
	if o.Key == nil && !o.Unsigned {
		return vulndb.Meta{}, fmt.Errorf("%w: no public key to check it with", vulndb.ErrSignature)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return vulndb.Meta{}, err
	}
	unlock, err := lock(ctx, path+".lock", func() {})
	if err != nil {
		return vulndb.Meta{}, err
	}
	defer unlock()
	f, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*.tmp")
	if err != nil {
		return vulndb.Meta{}, err
	}
	if err := receive(ctx, r, f, o); err != nil {
		return vulndb.Meta{}, errors.Join(err, discard(f))
	}
	return install(f, path)
}

// receive writes the unpacked database to f and checks it.
func receive(ctx context.Context, r io.Reader, f *os.File, o ImportOptions) error {
	head := make([]byte, len(format.Magic))
	n, err := io.ReadFull(r, head)
	if err != nil {
		return fmt.Errorf("%w: %w", vulndb.ErrFormat, err)
	}
	r = io.MultiReader(bytes.NewReader(head[:n]), r)
	if string(head) != format.Magic {
		z, err := zstd.NewReader(r, zstd.WithDecoderMaxWindow(maxWindow), zstd.WithDecoderLowmem(true), zstd.WithDecoderConcurrency(1))
		if err != nil {
			return err
		}
		defer z.Close()
		r = z
	}
	size, err := io.Copy(f, io.LimitReader(&contextReader{ctx, r}, maxImport+1))
	switch {
	case errors.Is(err, zstd.ErrMagicMismatch):
		return fmt.Errorf("%w: neither a database nor packed with zstd", vulndb.ErrFormat)
	case err != nil:
		return err
	case size > maxImport:
		return fmt.Errorf("%w: more than %d bytes", errLimit, int64(maxImport))
	}
	db, err := vulndb.Open(f.Name())
	if err != nil {
		return err
	}
	defer db.Close()
	if o.Key != nil {
		if err := db.VerifySignature(o.Key); err != nil {
			return err
		}
	}
	return db.Verify()
}

// contextReader ends with the context.
type contextReader struct {
	ctx context.Context
	r   io.Reader
}

func (c *contextReader) Read(p []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	return c.r.Read(p)
}
