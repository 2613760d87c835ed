package match

import (
	"cmp"
	"fmt"
	"runtime"
	"slices"

	"golang.org/x/sync/errgroup"

	"github.com/boltseal/boltseal/finding"
)

// known is what the databases say of vulnerabilities, by every identifier that
// was asked for and by the canonical one.
type known map[string]*finding.Vulnerability

// question is the method of a Database that is asked.
type question func(db Database, id string) (*finding.Vulnerability, error)

// lookUp asks the databases about all identifiers. It goes through them in
// order, one run per processor, because a database keeps the texts of
// neighbours in one compressed block.
func lookUp(dbs []Database, ids []string, ask question) (known, error) {
	slices.Sort(ids)
	ids = slices.Compact(ids)
	found := make([]*finding.Vulnerability, len(ids))
	var group errgroup.Group
	runLength := max(1, (len(ids)+runtime.GOMAXPROCS(0)-1)/runtime.GOMAXPROCS(0))
	for start := 0; start < len(ids); start += runLength {
		end := min(start+runLength, len(ids))
		group.Go(func() (err error) {
			for i := start; i < end && err == nil; i++ {
				found[i], err = vulnerability(dbs, ids[i], ask)
			}
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	k := known{}
	for i, v := range found {
		if k[v.ID] == nil {
			k[v.ID] = v
		}
		k[ids[i]] = k[v.ID]
	}
	return k, nil
}

// vulnerability merges what all databases know of an identifier.
func vulnerability(dbs []Database, id string, ask question) (*finding.Vulnerability, error) {
	var best *finding.Vulnerability
	for _, db := range dbs {
		v, err := ask(db, id)
		if err != nil {
			return nil, fmt.Errorf("look up vulnerability %s: %w", id, err)
		}
		best = complete(best, v)
	}
	return cmp.Or(best, &finding.Vulnerability{ID: id}), nil
}

// Describe gives findings of Match what only people read, and takes longer to
// get than all the rest: titles, descriptions, references, KEV's action.
func Describe(findings []finding.Finding, dbs ...Database) error {
	var ids []string
	for i := range findings {
		if v := findings[i].Vulnerability; v != nil {
			ids = append(ids, v.ID)
		}
	}
	whole, err := lookUp(dbs, ids, Database.Vulnerability)
	if err != nil {
		return err
	}
	for i := range findings {
		f := &findings[i]
		if v := f.Vulnerability; v != nil {
			w := whole[v.ID]
			f.Title = title(w)
			v.Title, v.Description, v.References, v.KEV = w.Title, w.Description, w.References, w.KEV
		}
	}
	return nil
}
