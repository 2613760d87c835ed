package amazon

import (
	"github.com/boltseal/boltseal/vulndb/feed/input"
	"github.com/boltseal/boltseal/vulndb/feed/updateinfo"
)

// bulletin is an erratum in JSON.
type bulletin struct {
	ID          string
	Title       string
	Severity    string
	Description string
	Issued      struct{ Date string }
	Updated     struct{ Date string }
	References  struct {
		Reference input.List[updateinfo.Reference]
	}
	Pkglist struct {
		Collection struct {
			Short   string
			Package input.List[updateinfo.Package]
		}
	}
}

func (b *bulletin) update() *updateinfo.Update {
	u := &updateinfo.Update{
		ID: b.ID, Title: b.Title, Severity: b.Severity, Description: b.Description,
		References: b.References.Reference,
		Collections: []updateinfo.Collection{{
			Short: b.Pkglist.Collection.Short, Packages: b.Pkglist.Collection.Package,
		}},
	}
	u.Issued.Date, u.Updated.Date = b.Issued.Date, b.Updated.Date
	return u
}
