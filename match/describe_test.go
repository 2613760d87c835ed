package match

import (
	"testing"

	"github.com/boltseal/boltseal/finding"
	"github.com/boltseal/boltseal/inventory"
	"github.com/boltseal/boltseal/vulndb"
)

// summaries is a database whose summaries lack the texts, as vulndb's do.
type summaries struct{ *memory }

func (s summaries) Summary(id string) (*finding.Vulnerability, error) {
	v, err := s.memory.Vulnerability(id)
	if v == nil || err != nil {
		return nil, err
	}
	short := *v
	short.Title, short.Description, short.References = "", "", nil
	return &short, nil
}

func TestDescribe(t *testing.T) {
	db := summaries{&memory{
		advisories:      []vulndb.Advisory{adv(d12, "a", "CVE-1 debian affected")},
		vulnerabilities: []finding.Vulnerability{{ID: "CVE-1", Title: "hole", Description: "A hole.", References: []string{"https://example.com"}}},
	}}
	inv := &inventory.Inventory{OS: debian, Packages: []inventory.Package{deb("a", "1", "")}}
	res, err := Match(t.Context(), inv, db)
	if err != nil || len(res.Findings) != 1 {
		t.Fatalf("%v, %+v", err, res)
	}
	v := res.Findings[0].Vulnerability
	advisories := len(v.Advisories)
	if err := Describe(res.Findings, db); err != nil {
		t.Fatal(err)
	}
	if res.Findings[0].Title != "hole" || v.Title != "hole" || v.Description != "A hole." || len(v.References) != 1 || len(v.Advisories) != advisories || advisories == 0 {
		t.Errorf("described: %+v", v)
	}
}
