package suppress

import (
	"cmp"
	"encoding/json"
	"fmt"
)

// csafDocument is the part of a CSAF VEX document that withdraws findings.
// Source: OASIS CSAF 2.0, profile 5 (VEX).
type csafDocument struct {
	Document struct {
		Category string `json:"category"`
		Tracking struct {
			ID      string    `json:"id"`
			Current timestamp `json:"current_release_date"`
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
		CPE  string `json:"cpe"`
	} `json:"product_identification_helper"`
}

// csafStatuses are the product statuses, with VEX's word for each.
var csafStatuses = []struct{ csaf, vex string }{
	{"known_not_affected", "not_affected"}, {"fixed", "fixed"}, {"first_fixed", "fixed"},
	{"known_affected", affected}, {"first_affected", affected}, {"last_affected", affected},
	{"under_investigation", underInvestigation},
}

func parseCSAF(data []byte, name string) (Rules, error) {
	var doc csafDocument
	if err := json.Unmarshal(data, &doc); err != nil {
		return nil, fmt.Errorf("read CSAF document %s: %w", name, err)
	}
	products := doc.products()
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
			for _, id := range v.Status[status.csaf] {
				if p := products[id]; p.purl != "" {
					rules = append(rules, Rule{
						IDs: ids, PURLs: []string{p.purl}, Platform: p.platform, By: vex, Status: status.vex, Reason: reasons[id],
						Source: name + " " + doc.Document.Tracking.ID, Stated: doc.Document.Tracking.Current.time(),
					})
				}
			}
		}
	}
	return rules, nil
}

// csafPackage is what a product is: a package, on a platform if one is told.
type csafPackage struct{ purl, platform string }

// products lists the products of the tree by their identifiers.
func (doc *csafDocument) products() map[string]csafPackage {
	products, cpes := map[string]csafPackage{}, map[string]string{}
	add := func(p csafProduct) {
		products[p.ID] = csafPackage{purl: p.Helper.PURL}
		cpes[p.ID] = p.Helper.CPE
	}
	for _, p := range doc.Tree.Names {
		add(p)
	}
	walkBranches(doc.Tree.Branches, add)
	for _, r := range doc.Tree.Relationships {
		products[r.Product.ID] = csafPackage{
			purl: cmp.Or(r.Product.Helper.PURL, products[r.Component].purl), platform: cpes[r.Platform],
		}
	}
	return products
}

func walkBranches(branches []csafBranch, add func(csafProduct)) {
	for _, b := range branches {
		if b.Product != nil {
			add(*b.Product)
		}
		walkBranches(b.Branches, add)
	}
}
