package vulndb

import (
	"cmp"
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

// addNamespace notes what there is in a namespace and where it is from.
func (db *DB) addNamespace(name string, n *layout.Count) error {
	parts := make(map[string]int)
	for _, s := range n.Shares {
		o, err := db.origin(s.Origin)
		if err != nil {
			return err
		}
		parts[o.Feed+"/"+o.Artifact] += s.Advisories
	}
	out := NamespaceCount{Namespace: name, Packages: n.Packages, Advisories: n.Advisories}
	out.Sources = slices.SortedFunc(maps.Keys(parts), func(a, b string) int {
		return cmp.Or(cmp.Compare(parts[b], parts[a]), cmp.Compare(a, b))
	})
	for i, source := range out.Sources {
		if parts[source] < parts[out.Sources[0]]/minorShare {
			out.Sources = out.Sources[:i]
			break
		}
	}
	for i := range db.meta.Sources {
		s := &db.meta.Sources[i]
		if slices.Contains(out.Sources, s.Name()) && s.Newest.After(out.Newest) {
			out.Newest = s.Newest
		}
	}
	db.namespaces = append(db.namespaces, out)
	return nil
}
