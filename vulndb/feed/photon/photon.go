// Package photon reads the vulnerability lists of VMware's Photon OS. Packages
// are source packages.
//
// Source: https://packages.broadcom.com/photon/photon_cve_metadata/, one JSON
// array for each release. "aff_ver" is a sentence, the fixed version is in
// "res_ver".
package photon

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/boltseal/boltseal/finding"
	"github.com/boltseal/boltseal/vulndb"
	"github.com/boltseal/boltseal/vulndb/feed"
	"github.com/boltseal/boltseal/vulndb/feed/input"
)

// Name is the feed's name.
const Name = "photon"

// Feed implements feed.Feed.
type Feed struct{}

// New returns the feed.
func New() feed.Feed { return Feed{} }

// Name implements feed.Feed.
func (Feed) Name() string { return Name }

// Artifacts implements feed.Feed. An artifact is named after its release.
func (Feed) Artifacts() []feed.Artifact {
	var artifacts []feed.Artifact
	for _, release := range []string{"1.0", "2.0", "3.0", "4.0", "5.0"} {
		file := "cve_data_photon" + release + ".json"
		artifacts = append(artifacts, feed.Artifact{
			Name: release, URL: "https://packages.broadcom.com/photon/photon_cve_metadata/" + file,
			Mirror: []string{"photon-*/" + file + "*"},
		})
	}
	return artifacts
}

// row is what is said of one vulnerability of one package.
type row struct {
	CVE     string      `json:"cve_id"`
	Package string      `json:"pkg"`
	Score   json.Number `json:"cve_score"`
	Fixed   string      `json:"res_ver"`
	Status  string      `json:"status"`
}

// Parse implements feed.Feed.
func (Feed) Parse(ctx context.Context, doc feed.Document, out feed.Sink) error {
	if doc.Artifact == "" {
		return fmt.Errorf("parse %s: release is unknown", doc.Name)
	}
	out = feed.Once(out)
	s := input.NewStream(doc)
	err := s.Array(func() error {
		if err := ctx.Err(); err != nil {
			return err
		}
		var r row
		if err := s.Decode(&r); err != nil {
			return err
		}
		return r.emit("photon:"+doc.Artifact, out)
	})
	if err != nil {
		return err
	}
	return s.End()
}

// emit says what a row says; rows without a package or CVE are passed over.
func (r *row) emit(namespace string, out feed.Sink) error {
	a := vulndb.Advisory{
		Namespace: namespace, Package: r.Package, Vulnerability: r.CVE, Source: Name, Status: finding.StatusAffected,
	}
	if score, err := r.Score.Float64(); err == nil && score <= 10 {
		a.Severity = finding.FromScore(score)
	}
	switch fixed := strings.TrimSpace(r.Fixed); {
	case !input.IsCVE(r.CVE) || r.Package == "":
		return nil
	case strings.EqualFold(r.Status, "not affected"):
		a.Status = finding.StatusNotAffected
	case fixed != "" && fixed != "NA":
		a.Status, a.Ranges = finding.StatusFixed, []vulndb.Range{{Fixed: fixed}}
	}
	return out.Advisory(&a)
}
