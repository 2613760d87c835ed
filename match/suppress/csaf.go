package suppress

import (
	"encoding/json"
	"fmt"
)

// csafDocument is the part of a CSAF VEX document that withdraws findings.
// Source: OASIS CSAF 2.0, profile 5 (VEX).
type csafDocument struct {
	Document struct {
		Category string `json:"category"`
		Tracking struct {
			ID string `json:"id"`
		} `json:"tracking"`
	} `json:"document"`
	Tree struct {
		Branches      []csafBranch  `json:"branches"`
		Names         []csafProduct `json:"full_product_names"`
		Relationships []struct {
			Product   csafProduct `json:"full_product_name"`
			Component string      `json:"product_reference"`
			Platform  string      `json:"relates_to_product_reference"`
		} `json:"relationships"`
	} `json:"product_tree"`
	Vulnerabilities []struct {
		CVE string `json:"cve"`
		IDs []struct {
			Text string `json:"text"`
		} `json:"ids"`
		Status map[string][]string `json:"product_status"`
		Flags  []struct {
			Label    string   `json:"label"`
			Products []string `json:"product_ids"`
		} `json:"flags"`
	} `json:"vulnerabilities"`
}

type csafBranch struct {
	Branches []csafBranch `json:"branches"`
	Product  *csafProduct `json:"product"`
}

type csafProduct struct {
	ID     string `json:"product_id"`
	Helper struct {
		PURL string `json:"purl"`
	} `json:"product_identification_helper"`
}

// csafStatuses are the product statuses that withdraw a finding, with VEX's
// word for each.
var csafStatuses = []struct{ csaf, vex string }{
	{"known_not_affected", "not_affected"}, {"fixed", "fixed"}, {"first_fixed", "fixed"},
}

func parseCSAF(data []byte, name string) (Rules, error) {
	var doc csafDocument
	if err := json.Unmarshal(data, &doc); err != nil {
		return nil, fmt.Errorf("read CSAF document %s: %w", name, err)
	}
	purls := map[string]string{}
	for _, p := range doc.Tree.Names {
		purls[p.ID] = p.Helper.PURL
	}
	walkBranches(doc.Tree.Branches, purls)
	for _, r := range doc.Tree.Relationships {
		if purls[r.Product.ID] = r.Product.Helper.PURL; purls[r.Product.ID] == "" {
			purls[r.Product.ID] = purls[r.Component]
		}
	}
	var rules Rules
	for _, v := range doc.Vulnerabilities {
		ids := []string{v.CVE}
		for _, id := range v.IDs {
			ids = append(ids, id.Text)
		}
		reasons := map[string]string{}
		for _, f := range v.Flags {
			for _, p := range f.Products {
				reasons[p] = f.Label
			}
		}
		for _, status := range csafStatuses {
			for _, product := range v.Status[status.csaf] {
				if purl := purls[product]; purl != "" {
					rules = append(rules, Rule{
						IDs: ids, PURLs: []string{purl}, By: "vex", Status: status.vex, Reason: reasons[product],
						Source: name + " " + doc.Document.Tracking.ID,
					})
				}
			}
		}
	}
	return rules, nil
}

func walkBranches(branches []csafBranch, purls map[string]string) {
	for _, b := range branches {
		if b.Product != nil {
			purls[b.Product.ID] = b.Product.Helper.PURL
		}
		walkBranches(b.Branches, purls)
	}
}
