package scan

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"

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

// runScanner calls a scanner. A panic in a parser of hostile bytes must not
// take the rest of the image's report with it.
func runScanner(ctx context.Context, s scanner.Scanner, f *scanner.File) (res scanner.Result, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("scan file %s: %s panicked: %v", f.Path, s.Name(), p)
		}
	}()
	return s.Scan(ctx, f)
}
