package vulndb

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/boltseal/boltseal/vulndb/layout"
)

// QuietAfter is how long the source of a distribution's or ecosystem's
// advisories may have nothing new before its data counts as old. Living ones
// publish every few days, small ones every few weeks.
const QuietAfter = 30 * 24 * time.Hour

// Old says if the newest record, dated newest, is older than QuietAfter at the
// time now. What has no date is not old.
func Old(newest, now time.Time) bool {
	return !newest.IsZero() && now.Sub(newest) > QuietAfter
}

// minorShare is how many times fewer advisories than the largest source one
// may have to matter: a record of one distribution may carry a few rows about
// another.
const minorShare = 2

// ages says of each origin which artifact it is of, and of that how new it is.
type ages struct {
	artifacts []string
	newest    map[string]time.Time
}

func (db *DB) ages() ages {
	a := ages{newest: make(map[string]time.Time, len(db.meta.Sources))}
	for _, o := range db.origins {
		a.artifacts = append(a.artifacts, o.Feed+"/"+o.Artifact)
	}
	for i := range db.meta.Sources {
		a.newest[db.meta.Sources[i].Name()] = db.meta.Sources[i].Newest
	}
	return a
}

// namespace describes what there is in a namespace and where it is from.
func (a *ages) namespace(name string, n *layout.Count) (NamespaceCount, error) {
	out := NamespaceCount{Namespace: name, Packages: n.Packages, Advisories: n.Advisories}
	parts := make(map[string]int)
	for _, s := range n.Shares {
		if s.Origin >= len(a.artifacts) {
			return out, fmt.Errorf("%w: no origin %d", ErrFormat, s.Origin)
		}
		parts[a.artifacts[s.Origin]] += s.Advisories
	}
	out.Sources = slices.SortedFunc(maps.Keys(parts), func(a, b string) int {
		return cmp.Or(cmp.Compare(parts[b], parts[a]), cmp.Compare(a, b))
	})
	for i, source := range out.Sources {
		if parts[source] < parts[out.Sources[0]]/minorShare {
			out.Sources = out.Sources[:i]
			break
		}
		if a.newest[source].After(out.Newest) {
			out.Newest = a.newest[source]
		}
	}
	return out, nil
}
