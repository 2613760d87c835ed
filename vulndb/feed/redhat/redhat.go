// Package redhat reads what Red Hat says about its products: the records of
// the Security Data API, one per CVE, and CSAF documents, both VEX (one per
// CVE) and advisories (one per erratum).
//
// Sources: https://docs.redhat.com/en/documentation/red_hat_security_data_api
// and https://access.redhat.com/security/data/csaf/v2/vex/. Only the RPM
// repositories of Red Hat Enterprise Linux are kept, with the extras and
// software collections that install beside it; layered products and container
// images are left out. See Namespace for where each goes.
//
// The API names source packages, CSAF source and binary packages. The API
// names a fixed module by its build, without the packages in it: these rows are
// left out, because CSAF and OSV name the packages.
package redhat

import (
	"context"
	"fmt"

	"github.com/boltseal/boltseal/vulndb/feed"
	"github.com/boltseal/boltseal/vulndb/feed/csaf"
	"github.com/boltseal/boltseal/vulndb/feed/input"
)

// Name is the feed's name.
const Name = "redhat"

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
			Name:   "vex",
			Index:  "https://security.access.redhat.com/data/csaf/v2/vex/archive_latest.txt",
			Delta:  "https://security.access.redhat.com/data/csaf/v2/vex/changes.csv",
			Mirror: []string{"redhat-*/csaf_vex*.tar*", "redhat-*/csaf*.jsonl*"},
			ByCVE:  true,
		},
		{Name: "api", ByCVE: true, Mirror: []string{"redhat-cve-*/redhat-cve*.jsonl*"}},
	}
}

// document holds a record of either form.
type document struct {
	record
	csaf.Document
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
	out = feed.Once(out)
	switch {
	case d.Head.Tracking.ID != "":
		return emitCSAF(ctx, &d.Document, out)
	case d.record.Name != "":
		return d.record.emit(out)
	}
	return fmt.Errorf("parse %s: neither a CVE record nor a CSAF document", doc.Name)
}
