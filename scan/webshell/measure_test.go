package webshell

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/boltseal/boltseal/finding"
	"github.com/boltseal/boltseal/image"
	"github.com/boltseal/boltseal/scan/scanner"
)

// TestMeasure counts what is found in directories of the user's: the list of
// BOLTSEAL_WEBSHELLS should be found whole, that of BOLTSEAL_BENIGN not at all.
// It asserts nothing, because nobody but the user knows what is in them.
func TestMeasure(t *testing.T) {
	for _, kind := range []string{"BOLTSEAL_WEBSHELLS", "BOLTSEAL_BENIGN"} {
		dirs := os.Getenv(kind)
		if dirs == "" {
			t.Logf("%s is not set: a list of directories to measure on", kind)
			continue
		}
		for _, dir := range filepath.SplitList(dirs) {
			measure(t, kind, dir)
		}
	}
}

func measure(t *testing.T, kind, dir string) {
	s, err := New(Options{Confidence: finding.Confidence(os.Getenv("BOLTSEAL_CONFIDENCE"))})
	if err != nil {
		t.Fatal(err)
	}
	files, found, size := 0, 0, int64(0)
	var spent time.Duration
	err = filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		rel := strings.TrimPrefix(path, "/")
		e := image.Entry{Path: rel, Type: image.File, Size: int64(len(data))}
		if !s.Wants(&e, data[:min(len(data), 4096)]) {
			return nil
		}
		start := time.Now()
		res, err := s.Scan(t.Context(), &scanner.File{Entry: e, Data: data, Limits: image.DefaultLimits()})
		took := time.Since(start)
		spent += took
		size += int64(len(data))
		files++
		if err != nil {
			t.Logf("%s: %v", path, err)
		}
		if took > time.Second {
			t.Logf("slow: %s: %v", path, took)
		}
		if len(res.Findings) > 0 {
			found++
		}
		if (len(res.Findings) > 0) == (kind == "BOLTSEAL_BENIGN") {
			t.Logf("%s %s", path, summary(res.Findings))
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
	t.Logf("%s: %d files wanted, %d found, %.1f MB/s", dir, files, found, float64(size)/1e6/max(spent.Seconds(), 1e-9))
}

func summary(fs []finding.Finding) string {
	var b strings.Builder
	for _, f := range fs {
		b.WriteString("\n    " + f.Rule.ID + " " + string(f.Confidence) + " " + f.Evidence)
		for _, s := range f.Trace {
			b.WriteString("\n        " + s.What + ": " + s.Code)
		}
	}
	return b.String()
}
