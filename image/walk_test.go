package image

import (
	"context"
	"fmt"
	"testing"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// seen is a visited entry in one line, with its content where it is a file.
func seen(e *Entry, content []byte) string {
	switch e.Type {
	case File:
		return fmt.Sprintf("file %s %q", e.Path, content)
	case Dir:
		return "dir " + e.Path
	case Symlink:
		return "symlink " + e.Path + " -> " + e.Link
	case Hardlink:
		return "hardlink " + e.Path + " -> " + e.Link
	case Device:
		return "device " + e.Path
	case Whiteout:
		return "whiteout " + e.Path
	case Opaque:
		return "opaque " + e.Path
	}
	return fmt.Sprintf("type %d %s", e.Type, e.Path)
}

// walkAll walks a layer, reading every file, and returns what was seen.
func walkAll(t testing.TB, l Layer, lim *Limits) ([]string, Walked, error) {
	t.Helper()
	var all []string
	w, err := l.Walk(context.Background(), lim, func(e *Entry, b *Body) error {
		content, err := b.ReadAll(nil)
		if err == nil {
			all = append(all, seen(e, content))
		}
		return err
	})
	return all, w, err
}

// skipAll walks a layer without reading a file and returns the paths.
func skipAll(t testing.TB, l Layer, lim *Limits) ([]string, Walked, error) {
	t.Helper()
	var all []string
	w, err := l.Walk(context.Background(), lim, func(e *Entry, _ *Body) error {
		all = append(all, e.Path)
		return nil
	})
	return all, w, err
}
