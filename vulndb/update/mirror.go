package update

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// fetch brings the artifact to local files.
func (u *updater) fetch(ctx context.Context, j *job) (fetched, error) {
	if u.Mirror != "" && !strings.HasPrefix(u.Mirror, "http://") && !strings.HasPrefix(u.Mirror, "https://") {
		return u.fetchDir(j)
	}
	return u.fetchURL(ctx, j)
}

// fetchDir finds the artifact in a mirror directory. Every file that matches
// one of the patterns counts: they are parts of the data, or older and newer
// copies, of which the builder takes what was modified last.
func (u *updater) fetchDir(j *job) (fetched, error) {
	if _, err := os.Stat(u.Mirror); err != nil {
		return fetched{}, fmt.Errorf("read mirror: %w", err)
	}
	got := fetched{state: Updated}
	for _, pattern := range j.artifact.Mirror {
		names, err := filepath.Glob(filepath.Join(u.Mirror, filepath.FromSlash(pattern)))
		if err != nil {
			return fetched{}, fmt.Errorf("read mirror: pattern %s: %w", pattern, err)
		}
		for _, name := range names {
			if err := got.addFile(name); err != nil {
				return fetched{}, fmt.Errorf("read mirror: %w", err)
			}
		}
	}
	switch {
	case len(got.files) == 0:
		got.state = Absent
	case j.hadOld && j.old.Error == "" && j.old.Tag == got.tag:
		got.state = Unchanged
	}
	return got, nil
}

// addFile adds a file of a mirror directory, once.
func (got *fetched) addFile(name string) error {
	if slices.Contains(got.files, name) {
		return nil
	}
	info, err := os.Stat(name)
	if err != nil {
		return err
	}
	got.files = append(got.files, name)
	if at := info.ModTime().UTC(); at.After(got.at) {
		got.at = at
	}
	got.tag += fmt.Sprintf("%s %d %d;", filepath.Base(name), info.Size(), info.ModTime().Unix())
	return nil
}
