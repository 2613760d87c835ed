package debian

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/boltseal/boltseal/finding"
	"github.com/boltseal/boltseal/vulndb"
	"github.com/boltseal/boltseal/vulndb/feed"
	"github.com/boltseal/boltseal/vulndb/feed/input"
)

// issue is what the export says of one vulnerability of one source package.
type issue struct {
	Description string   `json:"description"`
	Releases    releases `json:"releases"`
}

// releases are keyed by codename. An empty one may be written as an array.
type releases map[string]release

// UnmarshalJSON implements json.Unmarshaler.
func (r *releases) UnmarshalJSON(b []byte) error {
	if bytes.Equal(b, []byte("[]")) {
		return nil
	}
	return json.Unmarshal(b, (*map[string]release)(r))
}

// release is an issue's state in one release.
type release struct {
	Status       string  `json:"status"`
	FixedVersion string  `json:"fixed_version"`
	Urgency      string  `json:"urgency"`
	NoDSA        *string `json:"nodsa"`
	NoDSAReason  string  `json:"nodsa_reason"`
}

// parseTracker reads {package: {CVE: issue}}.
func parseTracker(ctx context.Context, doc feed.Document, out feed.Sink) error {
	described := map[string]bool{}
	s := input.NewStream(doc)
	err := s.Object(func(name string) error {
		return s.Object(func(id string) error {
			if err := ctx.Err(); err != nil {
				return err
			}
			var is issue
			if err := s.Decode(&is); err != nil {
				return fmt.Errorf("%s %s: %w", name, id, err)
			}
			if name == "" || id == "" {
				return fmt.Errorf("parse %s: %q %q: empty name", doc.Name, name, id)
			}
			if is.Description != "" && !described[id] {
				described[id] = true
				v := vulndb.Vulnerability{ID: id, Source: Name, Description: is.Description}
				if err := out.Vulnerability(&v); err != nil {
					return err
				}
			}
			return is.emit(name, id, out)
		})
	})
	if err != nil {
		return err
	}
	return s.End()
}

// emit says for each release what the tracker says. Releases are in
// alphabetical order, and those that are unknown are left out.
func (is *issue) emit(name, id string, out feed.Sink) error {
	for _, codename := range slices.Sorted(maps.Keys(is.Releases)) {
		namespace := namespaces[codename]
		if namespace == "" {
			continue
		}
		r := is.Releases[codename]
		a := vulndb.Advisory{
			Namespace: namespace, Package: name, Vulnerability: id, Source: Name,
			Status: r.status(), Severity: severity(r.Urgency),
		}
		if a.Status == finding.StatusFixed {
			a.Ranges = []vulndb.Range{{Fixed: r.FixedVersion}}
		}
		if err := out.Advisory(&a); err != nil {
			return err
		}
	}
	return nil
}

// status translates the tracker's states. "nodsa" says that no advisory is
// planned, with "ignored" as the reason when none will ever come.
func (r *release) status() finding.Status {
	switch {
	case r.Status == "resolved" && r.FixedVersion == "0":
		return finding.StatusNotAffected
	case r.Status == "resolved" && r.FixedVersion != "":
		return finding.StatusFixed
	case r.Status == "undetermined":
		return finding.StatusUnderInvestigation
	case r.Urgency == "end-of-life":
		return finding.StatusEndOfLife
	case r.NoDSAReason == "ignored":
		return finding.StatusWillNotFix
	case r.NoDSA != nil:
		return finding.StatusDeferred
	}
	return finding.StatusAffected
}

// severity reads an urgency. Stars mark values that were derived from NVD and
// are dropped; what is not a grade is Unknown.
func severity(urgency string) finding.Severity {
	s, err := finding.ParseSeverity(strings.TrimRight(urgency, "*"))
	if err != nil {
		return finding.Unknown
	}
	return s
}
