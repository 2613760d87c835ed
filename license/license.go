// Package license reads what packages say about their licences and turns it
// into SPDX expressions: identifiers, names, addresses, the short forms of Debian,
// RPM and Python classifiers. It does not read licence texts, and gives no legal
// advice: a category is what a licence's family is known for.
//
// Texts come from packages, so that everything is bounded: an expression has at
// most 256 licences and 32 nested parentheses. What is longer or has no known name is
// kept as it is and is in the category Unknown.
//
// Source: SPDX specification 3.0, annex B (licence expressions); the SPDX licence
// list in spdx.txt and exceptions.txt.
package license

import "strings"

// Operator joins the parts of an expression.
type Operator string

// The operators. A Leaf has none.
const (
	Leaf Operator = ""
	And  Operator = "AND" // all parts bind
	Or   Operator = "OR"  // the user chooses one
)

// Expression is a licence or several that are joined. The zero value says that
// nothing is known.
type Expression struct {
	Operator Operator
	// Parts are two or more, none of a Leaf.
	Parts []Expression
	// ID is a leaf's SPDX identifier, or the text itself when it has none.
	ID string
	// Exception is the identifier behind WITH.
	Exception string
	// Listed is whether ID is on the SPDX list.
	Listed bool
}

// IsZero says whether nothing is known.
func (e Expression) IsZero() bool { return e.Operator == Leaf && e.ID == "" }

// String writes the expression in SPDX's syntax; a licence that is not on the
// list becomes a LicenseRef.
func (e Expression) String() string {
	if e.Operator == Leaf {
		return e.leaf()
	}
	parts := make([]string, len(e.Parts))
	for i, p := range e.Parts {
		if parts[i] = p.String(); e.Operator == And && p.Operator == Or {
			parts[i] = "(" + parts[i] + ")"
		}
	}
	return strings.Join(parts, " "+string(e.Operator)+" ")
}

func (e Expression) leaf() string {
	id := e.ID
	if !e.Listed && id != "" && !strings.HasPrefix(id, "LicenseRef-") && !strings.HasPrefix(id, "DocumentRef-") {
		id = "LicenseRef-" + strings.Trim(strings.Map(idChar, id), "-")
	}
	if e.Exception != "" {
		id += " WITH " + e.Exception
	}
	return id
}

// idChar keeps what an identifier may have.
func idChar(r rune) rune {
	switch {
	case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '.', r == '-':
		return r
	}
	return '-'
}

// Leaves are the licences in the expression, in order.
func (e Expression) Leaves() []Expression {
	if e.Operator == Leaf {
		if e.IsZero() {
			return nil
		}
		return []Expression{e}
	}
	var out []Expression
	for _, p := range e.Parts {
		out = append(out, p.Leaves()...)
	}
	return out
}

// join makes one expression of several; equal parts count once.
func join(op Operator, parts ...Expression) Expression {
	var flat []Expression
	seen := map[string]bool{}
	for _, p := range parts {
		inner := []Expression{p}
		if p.Operator == op {
			inner = p.Parts
		}
		for _, q := range inner {
			if key := q.String(); !q.IsZero() && !seen[key] {
				seen[key] = true
				flat = append(flat, q)
			}
		}
	}
	switch len(flat) {
	case 0:
		return Expression{}
	case 1:
		return flat[0]
	}
	return Expression{Operator: op, Parts: flat}
}

// choice are the types of packages whose metadata lists licences to choose from.
// Source: Maven's POM reference; Composer's schema ("disjunctive"); npm's old
// "licenses"; RubyGems lists each licence that a gem is offered under.
var choice = map[string]bool{"maven": true, "composer": true, "npm": true, "gem": true}

// Of is the licence of a package of a purl type that names these licences.
func Of(packageType string, names []string) Expression {
	var parts []Expression
	for _, n := range names[:min(len(names), maxTerms)] {
		parts = append(parts, Read(n))
	}
	if choice[packageType] {
		return join(Or, parts...)
	}
	return join(And, parts...)
}
