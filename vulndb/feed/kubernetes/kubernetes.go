// Package kubernetes reads the vulnerabilities of Kubernetes and its
// subprojects: records in OSV form with the affected versions, and the official
// CVE feed, which has texts only.
//
// Sources: https://github.com/kubernetes-sigs/cve-feed-osv and
// https://kubernetes.io/docs/reference/issues-security/official-cve-feed/
// (JSON Feed 1.1). The parts of Kubernetes itself share its version and are one
// Go module, so advisories about them are in the namespace "generic" under
// "kubernetes:kubelet" and the like, which is how programs are told apart;
// advisories about a whole repository are in "golang" as well.
package kubernetes

import (
	"context"
	"fmt"
	"strings"

	"github.com/boltseal/boltseal/finding"
	"github.com/boltseal/boltseal/vulndb"
	"github.com/boltseal/boltseal/vulndb/feed"
	"github.com/boltseal/boltseal/vulndb/feed/input"
)

// Name is the feed's name.
const Name = "kubernetes"

// Feed implements feed.Feed.
type Feed struct{}

// New returns the feed.
func New() feed.Feed { return Feed{} }

// Name implements feed.Feed.
func (Feed) Name() string { return Name }

// Artifacts implements feed.Feed.
func (Feed) Artifacts() []feed.Artifact {
	return []feed.Artifact{
		{
			Name:    "osv",
			URL:     "https://github.com/kubernetes-sigs/cve-feed-osv/archive/refs/heads/main.zip",
			Entries: "CVE-*.json",
			Mirror:  []string{"kubernetes-cve-feed-osv-*/*.jsonl*"},
		},
		{
			Name:   "official",
			URL:    "https://kubernetes.io/docs/reference/issues-security/official-cve-feed/index.json",
			Mirror: []string{"kubernetes-cve-feed/index.json*"},
		},
	}
}

// document is an OSV record or the official feed.
type document struct {
	record
	Items *[]item `json:"items"`
}

// item is a text of the official feed.
type item struct {
	ID        string `json:"id"`
	Summary   string `json:"summary"`
	Content   string `json:"content_text"`
	URL       string `json:"external_url"`
	Issue     string `json:"url"`
	Published string `json:"date_published"`
}

// Parse implements feed.Feed. It tells the forms apart by their members.
func (Feed) Parse(ctx context.Context, doc feed.Document, out feed.Sink) error {
	var d document
	if err := input.JSON(doc, &d); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	if d.Items != nil {
		for _, i := range *d.Items {
			if err := i.emit(out); err != nil {
				return err
			}
		}
		return nil
	}
	if d.record.ID == "" {
		return fmt.Errorf("parse %s: neither a record nor the official feed", doc.Name)
	}
	return d.record.emit(out)
}

// emit passes on a text, once for each identifier of "CVE-1, CVE-2".
func (i *item) emit(out feed.Sink) error {
	v := vulndb.Vulnerability{
		Source: Name, Title: i.Summary, Description: i.Content, Published: input.Time(i.Published),
	}
	for _, url := range []string{i.Issue, i.URL} {
		if strings.HasPrefix(url, "https://") {
			v.References = append(v.References, url)
		}
	}
	for _, v.ID = range input.CVEs(i.ID) {
		if err := out.Vulnerability(&v); err != nil {
			return err
		}
	}
	return nil
}

// severity reads a CVSS vector.
func severity(vector string) (finding.SourcedSeverity, bool) {
	score, err := finding.CVSSScore(vector)
	return finding.SourcedSeverity{
		Source: Name, Severity: finding.FromScore(score), Score: score, Vector: vector,
	}, err == nil
}
