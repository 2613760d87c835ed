package terraform

import (
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// walker calls visit on the way into and out of every node; false is an error.
type walker struct {
	visit func(n hclsyntax.Node, enter bool) bool
}

// Enter implements hclsyntax.Walker.
func (w walker) Enter(n hclsyntax.Node) hcl.Diagnostics { return w.ask(n, true) }

// Exit implements hclsyntax.Walker.
func (w walker) Exit(n hclsyntax.Node) hcl.Diagnostics { return w.ask(n, false) }

func (w walker) ask(n hclsyntax.Node, enter bool) hcl.Diagnostics {
	if w.visit(n, enter) {
		return nil
	}
	r := n.Range()
	return hcl.Diagnostics{{Severity: hcl.DiagError, Summary: "too much", Subject: &r}}
}
