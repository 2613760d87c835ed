package update

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"
)

const (
	// maxChanges is how many changed documents are downloaded one by one; for
	// more the whole archive is cheaper.
	maxChanges = 1000
	// deltaMargin is how much older than the last download a document may be
	// that was not in it: it takes upstream some time to publish.
	deltaMargin = 48 * time.Hour
	// maxDeltaAge is the age from which on the archive is downloaded whole, so
	// that documents that were deleted upstream go away some day.
	maxDeltaAge      = 30 * 24 * time.Hour
	parallelChanges  = 8
	maxDocumentBytes = 64 << 20
)

var errManyChanges = errors.New("too many changed documents")

// fetchDelta downloads the documents that changed since the artifact was read.
func (u *updater) fetchDelta(ctx context.Context, j *job) (fetched, error) {
	list := u.mirrored(j.artifact.Delta)
	now := u.Now().UTC().Truncate(time.Second)
	if now.Sub(j.old.Fetched) > maxDeltaAge {
		return fetched{}, errManyChanges
	}
	b, err := u.get(ctx, list, maxList)
	if err != nil {
		return fetched{}, err
	}
	names, err := changedSince(bytes.NewReader(b), j.old.Fetched.Add(-deltaMargin))
	if err != nil {
		return fetched{}, fmt.Errorf("read %s: %w", list, err)
	}
	got := fetched{state: Changed, at: now, tag: j.old.Tag, downloaded: int64(len(b)), replaced: make(map[string]bool)}
	if len(names) == 0 {
		got.state = Unchanged
		return got, nil
	}
	base := list[:strings.LastIndexByte(list, '/')+1]
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(parallelChanges)
	files, sizes := make([]string, len(names)), make([]int64, len(names))
	for i, name := range names {
		group.Go(func() (err error) {
			files[i], sizes[i], err = u.fetchDocument(ctx, j, base, name)
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return fetched{}, err
	}
	for i, file := range files {
		if file == "" {
			continue
		}
		got.files = append(got.files, file)
		got.downloaded += sizes[i]
		got.replaced[strings.ToUpper(strings.TrimSuffix(path.Base(names[i]), ".json"))] = true
	}
	return got, nil
}

// fetchDocument downloads one document; the name is "" for one that is listed
// but gone, of which the old version is kept.
func (u *updater) fetchDocument(ctx context.Context, j *job, base, name string) (file string, size int64, err error) {
	escaped := (&url.URL{Path: name}).EscapedPath()
	if !strings.HasSuffix(escaped, ".json") {
		escaped += ".json"
	}
	b, err := u.get(ctx, base+escaped, maxDocumentBytes)
	var status *statusError
	if errors.As(err, &status) && (status.code == http.StatusNotFound || status.code == http.StatusGone) {
		return "", 0, nil
	}
	if err != nil {
		return "", 0, err
	}
	dir := filepath.Join(u.work(), url.PathEscape(j.result.Feed+"_"+j.artifact.Name)+".changed")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", 0, err
	}
	file = filepath.Join(dir, strings.TrimSuffix(path.Base(name), ".json")+".json")
	return file, int64(len(b)), os.WriteFile(file, b, 0o644)
}

// changedSince reads a list of changes: lines with a time and a document's
// name, in either order (OSV's modified_id.csv, Red Hat's changes.csv).
func changedSince(r io.Reader, since time.Time) ([]string, error) {
	var names []string
	seen := make(map[string]bool)
	c := csv.NewReader(r)
	c.FieldsPerRecord = -1
	for {
		fields, err := c.Read()
		if errors.Is(err, io.EOF) {
			return names, nil
		}
		if err != nil {
			return nil, err
		}
		if len(fields) < 2 {
			continue
		}
		name := fields[1]
		at, err := time.Parse(time.RFC3339, fields[0])
		if err != nil {
			name = fields[0]
			if at, err = time.Parse(time.RFC3339, fields[1]); err != nil {
				continue // a heading
			}
		}
		if at.Before(since) || seen[name] || strings.Contains(name, "..") {
			continue
		}
		seen[name] = true
		if names = append(names, name); len(names) > maxChanges {
			return nil, errManyChanges
		}
	}
}
