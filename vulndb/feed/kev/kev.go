// Package kev reads CISA's catalogue of known exploited vulnerabilities.
//
// Source: the catalogue's JSON schema and its CSV form at
// https://www.cisa.gov/known-exploited-vulnerabilities-catalog. Mirrors also
// hold it as one JSON object per line, and with fields renamed ("id",
// "ransomware"); all four are read. It emits vulnerabilities only: the
// catalogue says nothing about package versions.
package kev

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/boltseal/boltseal/finding"
	"github.com/boltseal/boltseal/vulndb"
	"github.com/boltseal/boltseal/vulndb/feed"
	"github.com/boltseal/boltseal/vulndb/feed/input"
)

// Name is the feed's name.
const Name = "kev"

// Feed implements feed.Feed.
type Feed struct{}

// New returns the feed.
func New() feed.Feed { return Feed{} }

// Name implements feed.Feed.
func (Feed) Name() string { return Name }

// Artifacts implements feed.Feed.
func (Feed) Artifacts() []feed.Artifact {
	return []feed.Artifact{{
		Name: "catalog",
		URL:  "https://www.cisa.gov/sites/default/files/feeds/known_exploited_vulnerabilities.json",
		Mirror: []string{
			"kev/known_exploited_vulnerabilities*.json*", "kev/known_exploited_vulnerabilities*.csv*",
			"kev/kev-*.json*",
		},
	}}
}

// Parse implements feed.Feed. It tells the forms apart by their first bytes.
func (Feed) Parse(ctx context.Context, doc feed.Document, out feed.Sink) error {
	r := bufio.NewReader(doc.Body)
	first, err := firstByte(r)
	if err != nil {
		return fmt.Errorf("read %s: %w", doc.Name, err)
	}
	doc.Body = r
	if first == '{' {
		return parseJSON(ctx, doc, out)
	}
	return parseCSV(ctx, doc, out)
}

func firstByte(r *bufio.Reader) (byte, error) {
	head, err := r.Peek(64)
	if head = bytes.TrimLeft(head, "\ufeff \t\r\n"); len(head) > 0 {
		return head[0], nil
	}
	if err == nil || errors.Is(err, io.EOF) {
		err = errors.New("document is empty")
	}
	return 0, err
}

// entry is one line of the catalogue, under the names of all its forms.
type entry struct {
	CVE                string `json:"cveID"`
	ID                 string `json:"id"`
	Name               string `json:"vulnerabilityName"`
	Description        string `json:"shortDescription"`
	EnrichedText       string `json:"description"`
	Added              string `json:"dateAdded"`
	Due                string `json:"dueDate"`
	Action             string `json:"requiredAction"`
	Ransomware         string `json:"knownRansomwareCampaignUse"`
	EnrichedRansomware bool   `json:"ransomware"`
	CWEs               cwes   `json:"cwes"`
}

// parseJSON reads the catalogue, or one entry alone.
func parseJSON(ctx context.Context, doc feed.Document, out feed.Sink) error {
	var catalog struct {
		entry
		Released string `json:"dateReleased"`
		Meta     struct {
			Published string `json:"sourcePublished"`
		} `json:"meta"`
		Entries *[]entry `json:"vulnerabilities"`
	}
	if err := input.JSON(doc, &catalog); err != nil {
		return err
	}
	if catalog.Entries == nil {
		return emit(doc, &catalog.entry, time.Time{}, out)
	}
	released := input.Time(cmp.Or(catalog.Released, catalog.Meta.Published))
	for i := range *catalog.Entries {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := emit(doc, &(*catalog.Entries)[i], released, out); err != nil {
			return err
		}
	}
	return nil
}

func parseCSV(ctx context.Context, doc feed.Document, out feed.Sink) error {
	r := csv.NewReader(io.LimitReader(doc.Body, input.MaxRecord))
	r.ReuseRecord = true
	header, err := r.Read()
	if err != nil {
		return fmt.Errorf("parse %s: header: %w", doc.Name, err)
	}
	columns := slices.Clone(header)
	columns[0] = strings.TrimPrefix(columns[0], "\ufeff")
	if !slices.Contains(columns, "cveID") {
		return fmt.Errorf("parse %s: header %q has no cveID", doc.Name, columns)
	}
	for {
		fields, err := r.Read()
		if errors.Is(err, io.EOF) {
			return ctx.Err()
		}
		if err != nil {
			return fmt.Errorf("parse %s: %w", doc.Name, err)
		}
		if err := emit(doc, fromCSV(columns, fields), time.Time{}, out); err != nil {
			return err
		}
	}
}

func fromCSV(columns, fields []string) *entry {
	var e entry
	into := map[string]*string{
		"cveID": &e.CVE, "vulnerabilityName": &e.Name, "shortDescription": &e.Description, "dateAdded": &e.Added,
		"dueDate": &e.Due, "requiredAction": &e.Action, "knownRansomwareCampaignUse": &e.Ransomware,
	}
	for i, c := range columns {
		if p := into[c]; p != nil {
			*p = fields[i]
		} else if c == "cwes" {
			e.CWEs = splitCWEs(fields[i])
		}
	}
	return &e
}

// emit passes on an entry. The catalogue's date tells which of two is newer.
func emit(doc feed.Document, e *entry, released time.Time, out feed.Sink) error {
	if e.CVE == "" {
		e.CVE, e.Description = e.ID, e.EnrichedText
	}
	if !input.IsCVE(e.CVE) {
		return fmt.Errorf("parse %s: entry %q is not a CVE", doc.Name, e.CVE)
	}
	return out.Vulnerability(&vulndb.Vulnerability{
		ID: e.CVE, Source: Name, Title: e.Name, Description: e.Description, CWEs: e.CWEs, Modified: released,
		KEV: &finding.KEV{
			Added: date(e.Added), Due: date(e.Due), Action: e.Action,
			Ransomware: strings.EqualFold(e.Ransomware, "known") || e.EnrichedRansomware,
		},
	})
}

// date is s as YYYY-MM-DD, "" when it is not a date.
func date(s string) string {
	t := input.Time(s)
	if t.IsZero() {
		return ""
	}
	return t.Format("2006-01-02")
}
