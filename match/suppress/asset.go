package suppress

import (
	"path"
	"strings"

	"github.com/boltseal/boltseal/inventory"
)

// asset answers what rules ask about the inventory.
type asset struct {
	inv    *inventory.Inventory
	places map[string][]string // of a product, by its package URL
}

// contains says whether the product that the package URL names is in the
// inventory and contains the package: both are in one file, or the package is
// in the product's archive or in its node_modules.
func (a *asset) contains(product string, p *inventory.Package) bool {
	places, ok := a.places[product]
	if !ok {
		for i := range a.inv.Packages {
			if q := &a.inv.Packages[i]; MatchPURL(product, q.PURL) && q.Path() != "" {
				places = append(places, q.Path())
			}
		}
		a.places[product] = places
	}
	for _, place := range places {
		if p.Path() == place || strings.HasPrefix(p.Path(), place+"!/") || strings.HasPrefix(p.Path(), path.Dir(place)+"/node_modules/") {
			return true
		}
	}
	return false
}

// runs says whether the operating system may be the platform of the CPE. Only
// where both are known to be different it is not.
func (a *asset) runs(platform string) bool {
	if a.inv.OS == nil {
		return true
	}
	want, have := platformOf(platform), platformOf(a.inv.OS.CPE)
	if want == nil || have == nil {
		return true
	}
	for i := range want {
		if want[i] != have[i] {
			return false
		}
	}
	return true
}

// platformOf is vendor, product and major version of a CPE, in the form of
// "cpe:/o:redhat:enterprise_linux:9" or of "cpe:2.3:o:redhat:enterprise_linux:9".
// It is nil where these are not told.
func platformOf(cpe string) []string {
	f := strings.Split(strings.TrimPrefix(cpe, "cpe:2.3:"), ":")
	if strings.HasPrefix(cpe, "cpe:/") {
		f = f[1:]
	}
	if len(f) < 4 || f[3] == "" || f[3] == "*" {
		return nil
	}
	major, _, _ := strings.Cut(f[3], ".")
	return []string{f[1], f[2], major}
}
