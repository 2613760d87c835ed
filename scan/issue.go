package scan

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"

	"github.com/boltseal/boltseal/image"
	"github.com/boltseal/boltseal/inventory"
	"github.com/boltseal/boltseal/scan/scanner"
)

func errTooLarge(size, limit int64) error {
	return fmt.Errorf("%w: %d bytes, at most %d are read whole (--max-file)", image.ErrLimit, size, limit)
}

// issueOf turns an error into an issue; the layer's own error knows better
// where it was.
func issueOf(layer, file, scannerName string, err error) inventory.Issue {
	is := inventory.Issue{Kind: issueKind(err), Layer: layer, File: file, Scanner: scannerName, Message: err.Error()}
	var at *image.Error
	if errors.As(err, &at) {
		is.File = at.File
		is.Message = at.Err.Error()
	}
	return is
}

func issueKind(err error) string {
	switch {
	case errors.Is(err, image.ErrLimit):
		return "limit"
	case errors.Is(err, image.ErrDigest):
		return "digest"
	case errors.Is(err, fs.ErrPermission), errors.Is(err, fs.ErrNotExist):
		return "unreadable"
	case errors.Is(err, image.ErrCorrupt), errors.Is(err, io.ErrUnexpectedEOF):
		return "corrupt"
	}
	return "unreadable"
}

// runScanner calls a scanner and keeps of its packages what the limit allows. A panic in a parser of hostile bytes must not
// take the rest of the image's report with it.
func runScanner(ctx context.Context, s scanner.Scanner, f *scanner.File) (res scanner.Result, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("scan file %s: %s panicked: %v", f.Path, s.Name(), p)
		}
	}()
	res, err = s.Scan(ctx, f)
	if n := len(res.Packages); n > f.Limits.Packages {
		res.Packages = slices.Clone(res.Packages[:f.Limits.Packages])
		err = errors.Join(err, fmt.Errorf("%w: %d packages in one file, %d are kept", image.ErrLimit, n, f.Limits.Packages))
	}
	return res, err
}
