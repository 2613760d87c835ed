package feedtest

import (
	"archive/tar"
	"bufio"
	"bytes"
	"compress/bzip2"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"

	"github.com/boltseal/boltseal/vulndb/feed"
)

// Mirror is the folder with real feeds: the environment's BOLTSEAL_FEEDS, or
// "shared/feeds" beside the repository. The test is skipped where it is absent.
func Mirror(t testing.TB) string {
	t.Helper()
	root := os.Getenv("BOLTSEAL_FEEDS")
	if root == "" {
		_, self, _, _ := runtime.Caller(0)
		root = filepath.Join(filepath.Dir(self), "../../../../shared/feeds")
	}
	if _, err := os.Stat(root); err != nil {
		t.Skipf("no real feeds: %v; set BOLTSEAL_FEEDS to a mirror", err)
	}
	return root
}

// Real feeds every document of the mirror's files that match pattern to each.
// In a .jsonl file each line is a document, in a .tar file each entry that
// matches one of the entries patterns, and every other file is one document.
func Real(t testing.TB, pattern string, each func(feed.Document) error, entries ...string) {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(Mirror(t), pattern))
	if err != nil || len(names) == 0 {
		t.Fatalf("mirror has no %s (%v)", pattern, err)
	}
	for _, name := range names {
		if err := open(name, entries, each); err != nil {
			t.Fatal(err)
		}
	}
}

// RealRecord parses the documents of Real and fails the test on any error.
func RealRecord(t testing.TB, f feed.Feed, artifact, pattern string, entries ...string) *Record {
	t.Helper()
	r := new(Record)
	Each(t, f, artifact, pattern, r, entries...)
	return r
}

// Each parses the documents of Real into out, and fails the test on any error.
func Each(t testing.TB, f feed.Feed, artifact, pattern string, out feed.Sink, entries ...string) {
	t.Helper()
	Real(t, pattern, func(d feed.Document) error {
		d.Artifact = artifact
		return f.Parse(context.Background(), d, out)
	}, entries...)
}

func open(name string, entries []string, each func(feed.Document) error) error {
	file, err := os.Open(name)
	if err != nil {
		return err
	}
	defer file.Close()
	r, inner, err := unpack(file, filepath.Base(name))
	if err != nil {
		return err
	}
	switch filepath.Ext(inner) {
	case ".jsonl":
		return lines(r, inner, each)
	case ".tar":
		return members(r, entries, each)
	}
	return each(feed.Document{Name: inner, Size: -1, Body: r})
}

func unpack(r io.Reader, name string) (io.Reader, string, error) {
	ext := filepath.Ext(name)
	inner := strings.TrimSuffix(name, ext)
	switch ext {
	case ".zst":
		z, err := zstd.NewReader(r, zstd.WithDecoderMaxWindow(1<<30))
		return z, inner, err
	case ".gz":
		z, err := gzip.NewReader(r)
		return z, inner, err
	case ".bz2":
		return bzip2.NewReader(r), inner, nil
	}
	return r, name, nil
}

func lines(r io.Reader, name string, each func(feed.Document) error) error {
	br := bufio.NewReaderSize(r, 1<<20)
	for n := 1; ; n++ {
		line, err := br.ReadBytes('\n')
		if body := bytes.TrimSpace(line); len(body) > 0 {
			doc := feed.Document{Name: fmt.Sprintf("%s:%d", name, n), Size: int64(len(body)), Body: bytes.NewReader(body)}
			if err := each(doc); err != nil {
				return err
			}
		}
		if errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
	}
}

func members(r io.Reader, patterns []string, each func(feed.Document) error) error {
	found := false
	for tr := tar.NewReader(r); ; {
		h, err := tr.Next()
		if errors.Is(err, io.EOF) {
			if !found {
				return fmt.Errorf("no entry matches %v", patterns)
			}
			return nil
		}
		if err != nil {
			return err
		}
		for _, p := range patterns {
			if ok, _ := path.Match(p, h.Name); ok && h.Typeflag == tar.TypeReg {
				found = true
				if err := each(feed.Document{Name: h.Name, Size: h.Size, Body: tr}); err != nil {
					return err
				}
			}
		}
	}
}
