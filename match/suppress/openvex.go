package suppress

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"time"
)

// openVEX is the part of an OpenVEX document that decides about findings.
// Source: https://github.com/openvex/spec, version 0.2.0; 0.0.1 wrote
// vulnerability and products as plain strings.
type openVEX struct {
	Context    string    `json:"@context"`
	ID         string    `json:"@id"`
	Time       timestamp `json:"timestamp"`
	Updated    timestamp `json:"last_updated"`
	Statements []struct {
		Vulnerability vexVulnerability `json:"vulnerability"`
		Products      []vexProduct     `json:"products"`
		Status        string           `json:"status"`
		Time          timestamp        `json:"timestamp"`
		Updated       timestamp        `json:"last_updated"`
		Justification string           `json:"justification"`
		Impact        string           `json:"impact_statement"`
		Notes         string           `json:"status_notes"`
	} `json:"statements"`
}

type vexVulnerability struct {
	ID      string   `json:"@id"`
	Name    string   `json:"name"`
	Aliases []string `json:"aliases"`
}

// UnmarshalJSON accepts the string of version 0.0.1.
func (v *vexVulnerability) UnmarshalJSON(b []byte) error {
	if len(b) > 0 && b[0] == '"' {
		return json.Unmarshal(b, &v.Name)
	}
	type plain vexVulnerability
	return json.Unmarshal(b, (*plain)(v))
}

type vexProduct struct {
	ID            string            `json:"@id"`
	Identifiers   map[string]string `json:"identifiers"`
	Subcomponents []vexProduct      `json:"subcomponents"`
}

// UnmarshalJSON accepts the string of version 0.0.1.
func (p *vexProduct) UnmarshalJSON(b []byte) error {
	if len(b) > 0 && b[0] == '"' {
		return json.Unmarshal(b, &p.ID)
	}
	type plain vexProduct
	return json.Unmarshal(b, (*plain)(p))
}

// timestamp is a point in time as documents write it, in whatever form.
type timestamp string

// time is the zero time where the timestamp is none.
func (s timestamp) time() time.Time {
	t, err := time.Parse(time.RFC3339Nano, string(s))
	if err != nil {
		return time.Time{}
	}
	return t
}

// name is the product's package URL where it has one.
func (p *vexProduct) name() string { return cmp.Or(p.Identifiers["purl"], p.ID) }

func parseOpenVEX(data []byte, name string, about Product) (Rules, error) {
	var doc openVEX
	if err := json.Unmarshal(data, &doc); err != nil {
		return nil, fmt.Errorf("read OpenVEX document %s: %w", name, err)
	}
	var rules Rules
	for i, st := range doc.Statements {
		switch st.Status {
		case "not_affected", "fixed", affected, underInvestigation:
		default:
			continue
		}
		r := Rule{
			IDs: slices.DeleteFunc(append([]string{st.Vulnerability.Name, st.Vulnerability.ID}, st.Vulnerability.Aliases...),
				func(id string) bool { return id == "" }),
			By: vex, Status: st.Status, Stated: cmp.Or(st.Updated, st.Time, doc.Updated, doc.Time).time(), Reason: cmp.Or(st.Justification, st.Impact, st.Notes),
			Source: fmt.Sprintf("%s statement %d", name, i+1),
		}
		for _, p := range st.Products {
			if len(p.Subcomponents) == 0 || about.is(p.name()) {
				r.addProduct(p, about)
				continue
			}
			inner := r
			inner.Within, inner.PURLs = p.name(), nil
			for _, sub := range p.Subcomponents {
				inner.PURLs = append(inner.PURLs, sub.name())
			}
			rules = append(rules, inner)
		}
		if len(st.Products) == 0 || len(r.PURLs) > 0 {
			rules = append(rules, r)
		}
	}
	return rules, nil
}

// addProduct limits the rule to what a product names: the product itself when
// it is a package, its subcomponents when it is the image that is scanned. An
// image without subcomponents stands for every package in it.
func (r *Rule) addProduct(p vexProduct, about Product) {
	if !about.is(p.name()) {
		r.PURLs = append(r.PURLs, p.name())
		return
	}
	if len(p.Subcomponents) == 0 {
		r.PURLs = append(r.PURLs, anyPURL)
	}
	for _, sub := range p.Subcomponents {
		r.PURLs = append(r.PURLs, sub.name())
	}
}
