package report

import (
	"bufio"
	"io"
)

// List writes the package URL of every package, one a line, for other programs.
func List(w io.Writer, r *Report, _ Options) error {
	b := bufio.NewWriter(w)
	for i := range r.Inventory.Packages {
		if p := clean(r.Inventory.Packages[i].PURL); p != "" {
			b.WriteString(p)
			b.WriteByte('\n')
		}
	}
	return b.Flush()
}
