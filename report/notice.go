package report

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"github.com/boltseal/boltseal/inventory"
)

// notice makes a Notice from a phrase of the catalogue.
func notice(key string, args ...string) Notice {
	n := Notice{Key: key, Args: args}
	n.Text = n.In("en")
	return n
}

// NoDatabase says that only emergency advisories were matched.
func NoDatabase() Notice {
	return notice("no-database")
}

// NotCovered says that the database has nothing about an operating system.
func NotCovered(os *inventory.OS, namespace string) Notice {
	return notice("not-covered", cmp.Or(os.Pretty, os.ID), namespace)
}

// Stale says which sources could not be updated.
func Stale(sources []string) Notice {
	return notice("stale", strings.Join(sources, ", "))
}

// Old says how old the database is.
func Old(days int) Notice {
	return notice("old", fmt.Sprint(days))
}

// OldData says how far old advisories reach, in each of the namespaces.
func OldData(data []Data) Notice {
	var parts []string
	for _, d := range data {
		parts = append(parts, d.Namespace+" "+d.Newest.Format(time.DateOnly))
	}
	return notice("old-data", strings.Join(parts, ", "))
}

// Expired says that a decision to ignore ran out.
func Expired(id, source string) Notice {
	return notice("expired", id, source)
}

// Unversioned says how many packages have no version to match.
func Unversioned(n int) Notice {
	return notice("unversioned", fmt.Sprint(n))
}

// Age in whole days from built to now.
func Age(built, now time.Time) int { return int(now.Sub(built).Hours() / 24) }
