// Package epss reads FIRST's daily scores: how likely it is that a
// vulnerability is exploited within 30 days.
//
// Source: https://www.first.org/epss/data_stats. The file is CSV with a first
// line "#model_version:v2025.03.14,score_date:2025-09-01T12:55:00Z" and a header
// "cve,epss,percentile"; files of 2021 lack the comment and the percentile. A
// mirror may hold a JSON extract, {"vulnerabilities":[{"id","epss",
// "percentile"}]}. Quotes never occur in the CSV and are not understood.
package epss

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/boltseal/boltseal/finding"
	"github.com/boltseal/boltseal/vulndb"
	"github.com/boltseal/boltseal/vulndb/feed"
	"github.com/boltseal/boltseal/vulndb/feed/input"
)

// Name is the feed's name.
const Name = "epss"

// Feed implements feed.Feed.
type Feed struct{}

// New returns the feed.
func New() feed.Feed { return Feed{} }

// Name implements feed.Feed.
func (Feed) Name() string { return Name }

// Artifacts implements feed.Feed.
func (Feed) Artifacts() []feed.Artifact {
	return []feed.Artifact{{
		Name:   "scores",
		URL:    "https://epss.empiricalsecurity.com/epss_scores-current.csv.gz",
		Mirror: []string{"epss/epss_scores-*.csv*", "epss/epss-*.json*"},
	}}
}

// Parse implements feed.Feed.
func (Feed) Parse(ctx context.Context, doc feed.Document, out feed.Sink) error {
	r := bufio.NewReader(doc.Body)
	doc.Body = r
	if head, _ := r.Peek(1); bytes.Equal(head, []byte("{")) {
		return parseJSON(ctx, doc, out)
	}
	return parseCSV(ctx, doc, out)
}

func parseCSV(ctx context.Context, doc feed.Document, out feed.Sink) error {
	table := table{out: out}
	if err := input.Lines(ctx, doc, table.line); err != nil {
		return err
	}
	if table.width == 0 {
		return fmt.Errorf("parse %s: no header with cve and epss", doc.Name)
	}
	return nil
}

// table is the state of reading the CSV: where the columns are.
type table struct {
	out                    feed.Sink
	scored                 time.Time
	width                  int
	cve, score, percentile int
}

func (t *table) line(line []byte) error {
	line = bytes.TrimSuffix(line, []byte("\r"))
	if len(line) == 0 {
		return nil
	}
	if t.width == 0 && line[0] == '#' {
		if _, date, ok := bytes.Cut(line, []byte("score_date:")); ok {
			t.scored = input.Time(string(date))
		}
		return nil
	}
	fields := strings.Split(string(line), ",")
	if t.width == 0 {
		return t.header(fields)
	}
	if len(fields) != t.width {
		return fmt.Errorf("%d fields, header has %d", len(fields), t.width)
	}
	percentile := ""
	if t.percentile >= 0 {
		percentile = fields[t.percentile]
	}
	return emit(t.out, t.scored, fields[t.cve], fields[t.score], percentile)
}

func (t *table) header(fields []string) error {
	t.cve, t.score = slices.Index(fields, "cve"), slices.Index(fields, "epss")
	t.percentile = slices.Index(fields, "percentile")
	if t.cve < 0 || t.score < 0 {
		return fmt.Errorf("header %.100q lacks cve or epss", fields)
	}
	t.width = len(fields)
	return nil
}

// emit passes on a score. Its date tells which of two is newer.
func emit(out feed.Sink, scored time.Time, cve, score, percentile string) error {
	if !input.IsCVE(cve) {
		return fmt.Errorf("%q is not a CVE", cve)
	}
	s, err := fraction(score)
	if err != nil {
		return fmt.Errorf("%s: score: %w", cve, err)
	}
	var p float64
	if percentile != "" {
		if p, err = fraction(percentile); err != nil {
			return fmt.Errorf("%s: percentile: %w", cve, err)
		}
	}
	return out.Vulnerability(&vulndb.Vulnerability{
		ID: cve, Source: Name, Modified: scored, EPSS: &finding.EPSS{Score: s, Percentile: p},
	})
}

// fraction parses a number from 0 to 1.
func fraction(s string) (float64, error) {
	f, err := strconv.ParseFloat(s, 64)
	if err == nil && !(f >= 0 && f <= 1) {
		err = errors.New("not between 0 and 1: " + s)
	}
	return f, err
}
