package image

import (
	"context"
	"errors"
	"fmt"
	"io"
)

// maxWarnings bounds how many warnings one layer may cause.
const maxWarnings = 100

// walker calls a Visit for the entries of one layer and collects what went
// wrong. It belongs to one goroutine and one walk.
type walker struct {
	ctx    context.Context
	layer  string // its name in errors
	lim    *Limits
	visit  Visit
	walked Walked

	file    string // the path being visited, or the last one
	body    Body
	bodyErr error // what reading the body failed with
	handled bool  // whether visit returned nil all the same
	bad     error // the first bad entry
	stop    error // what visit returned, to end the walk
}

func newWalker(ctx context.Context, layer string, lim *Limits, visit Visit) *walker {
	return &walker{ctx: ctx, layer: layer, lim: lim, visit: visit}
}

// fail makes an error of the layer and the current file.
func (w *walker) fail(err error) error {
	return &Error{Layer: w.layer, File: w.file, Err: err}
}

// warn tells the user about something that does not make the layer partial, or
// not for the first time.
func (w *walker) warn(format string, args ...any) {
	switch n := len(w.walked.Warnings); {
	case n < maxWarnings:
		w.walked.Warnings = append(w.walked.Warnings, fmt.Sprintf(format, args...))
	case n == maxWarnings:
		w.walked.Warnings = append(w.walked.Warnings, "more warnings were left out")
	}
}

// note remembers a bad entry; the walk goes on.
func (w *walker) note(file string, err error) {
	if w.bad == nil {
		w.bad = &Error{Layer: w.layer, File: file, Err: err}
		return
	}
	w.warn("file %s: %v", file, err)
}

// show visits an entry. next returns its content, nil if it has none. The
// error is final.
func (w *walker) show(e *Entry, next func() ([]byte, error)) error {
	w.bodyErr = nil
	w.body.reset(next)
	err := w.visit(e, &w.body)
	w.body.reset(nil)
	w.handled = err == nil
	if err != nil && (w.bodyErr == nil || !errors.Is(err, w.bodyErr)) {
		w.stop = err
	}
	return w.stop
}

// tar visits the entries of a tar. Its errors are final.
func (w *walker) tar(src pieceSource, estargz bool) error {
	t := newTarReader(src, w.lim)
	defer func() { w.walked.Entries = t.headers }()
	next := func() ([]byte, error) {
		p, err := t.content()
		if err == nil {
			err = w.ctx.Err() // a hole has no end worth waiting for
		}
		if err != nil && err != io.EOF {
			w.bodyErr = w.fail(err)
			err = w.bodyErr
		}
		return p, err
	}
	for {
		h, err := t.next()
		if err == io.EOF {
			return nil
		}
		if err != nil && w.file != "" {
			err = fmt.Errorf("header behind it: %w", err)
		}
		if err != nil {
			return w.fail(err)
		}
		if err := w.tarEntry(t, h, next, estargz); err != nil {
			return err
		}
	}
}

// tarEntry visits one entry and passes over what the visitor did not read. An
// error is final; what is wrong with this entry alone is noted.
func (w *walker) tarEntry(t *tarReader, h *tarHeader, next func() ([]byte, error), estargz bool) error {
	e, err := entryOf(h, w.lim)
	if err != nil {
		w.note(shorten(h.name), err)
		return nil
	}
	if e == nil || estargz && isTOC(e) {
		return nil
	}
	if leavesRoot(h.name) {
		w.note(shorten(h.name), corrupt("path leaves the root; it was taken for %.200q", e.Path))
	}
	w.file = e.Path
	if e.Type != File {
		return w.show(e, nil)
	}
	if err := w.show(e, next); err != nil {
		return err
	}
	if w.bodyErr != nil && t.err == nil && w.ctx.Err() == nil {
		w.note(e.Path, errors.Unwrap(w.bodyErr)) // only a sparse file can fail alone
	}
	if err := t.finish(); err != nil {
		return w.fail(err)
	}
	return nil
}
