package ubuntu

import (
	"context"
	"fmt"
	"net/url"
	"strings"

	"github.com/boltseal/boltseal/finding"
	"github.com/boltseal/boltseal/vulndb"
	"github.com/boltseal/boltseal/vulndb/feed"
	"github.com/boltseal/boltseal/vulndb/feed/input"
)

// vexDocument is one CVE in OpenVEX form.
// Source: https://github.com/openvex/spec, version 0.2.0.
type vexDocument struct {
	Timestamp  string          `json:"timestamp"`
	Statements *[]vexStatement `json:"statements"`
}

type vexStatement struct {
	Vulnerability struct {
		Name string `json:"name"`
	} `json:"vulnerability"`
	Status   string `json:"status"`
	Impact   string `json:"impact_statement"`
	Action   string `json:"action_statement"`
	Products []struct {
		ID string `json:"@id"`
	} `json:"products"`
}

// parseVEX emits what OSV records leave open: why a package isn't repaired and
// which never was affected. The versions of products are those of today, not
// the first that is repaired, so "fixed" says less than OSV does.
func parseVEX(ctx context.Context, doc feed.Document, out feed.Sink) error {
	var d vexDocument
	if err := input.JSON(doc, &d); err != nil {
		return err
	}
	if d.Statements == nil {
		return fmt.Errorf("parse %s: no statements", doc.Name)
	}
	out = feed.Once(out)
	for i := range *d.Statements {
		if err := ctx.Err(); err != nil {
			return err
		}
		s := &(*d.Statements)[i]
		status, ok := s.judge()
		if !ok || !input.IsCVE(s.Vulnerability.Name) {
			continue
		}
		for _, p := range s.Products {
			ns, name := sourcePackage(p.ID)
			if ns == "" || name == "" {
				continue
			}
			err := out.Advisory(&vulndb.Advisory{
				Namespace: ns, Package: name, Vulnerability: s.Vulnerability.Name, Source: Name, Status: status,
				Modified: input.Unix(d.Timestamp),
			})
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// judge tells the status. Canonical writes the tracker's status as one of a few
// sentences.
func (s *vexStatement) judge() (finding.Status, bool) {
	switch s.Status {
	case "not_affected":
		return finding.StatusNotAffected, !strings.Contains(s.Impact, "does not exist")
	case "under_investigation":
		return finding.StatusUnderInvestigation, true
	case "affected":
	default:
		return "", false
	}
	for _, a := range [...]struct {
		says   string
		status finding.Status
	}{
		{"decided to not fix it", finding.StatusWillNotFix},
		{"is no longer supported", finding.StatusEndOfLife},
		{"deferred", finding.StatusDeferred},
	} {
		sentence, _, _ := strings.Cut(s.Action, "CVE Notes")
		if strings.Contains(sentence, a.says) {
			return a.status, true
		}
	}
	return finding.StatusAffected, true
}

// sourcePackage reads "pkg:deb/ubuntu/curl@7.81.0?arch=source&distro=jammy"; it
// is empty for binary packages and releases that are left out.
func sourcePackage(purl string) (ns, name string) {
	rest, ok := strings.CutPrefix(purl, "pkg:deb/ubuntu/")
	path, query, _ := strings.Cut(rest, "?")
	q, err := url.ParseQuery(query)
	if !ok || err != nil || q.Get("arch") != "source" {
		return "", ""
	}
	escaped, _, _ := strings.Cut(path, "@")
	if name, err = url.PathUnescape(escaped); err != nil {
		return "", ""
	}
	return namespace(strings.TrimPrefix(q.Get("distro"), "ubuntu/")), name
}
