// Package architecture tests that imports follow the table in ARCHITECTURE.md.
package architecture

import (
	"bufio"
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
)

const module = "github.com/boltseal/boltseal"

// row is one line of the table.
type row struct {
	layer   int
	folder  string
	outside []string // modules; nil is none, {"any"} is all
}

// readTable parses the rows "| layer | folder | what | outside |".
func readTable(t *testing.T) []row {
	t.Helper()
	f, err := os.Open("../../ARCHITECTURE.md")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var rows []row
	for s := bufio.NewScanner(f); s.Scan(); {
		cells := strings.Split(s.Text(), "|")
		if len(cells) != 6 {
			continue
		}
		layer, err := strconv.Atoi(strings.TrimSpace(cells[1]))
		if err != nil {
			continue
		}
		r := row{layer: layer, folder: strings.TrimSpace(cells[2])}
		if out := strings.TrimSpace(cells[4]); out != "-" {
			r.outside = strings.Split(out, ", ")
		}
		rows = append(rows, r)
	}
	if len(rows) < 5 {
		t.Fatalf("read table: only %d rows in ARCHITECTURE.md", len(rows))
	}
	return rows
}

// find returns the row of the longest folder that contains path.
func find(rows []row, path string) *row {
	var best *row
	for i := range rows {
		r := &rows[i]
		if path != r.folder && !strings.HasPrefix(path, r.folder+"/") {
			continue
		}
		if best == nil || len(r.folder) > len(best.folder) {
			best = r
		}
	}
	return best
}

type pkg struct {
	ImportPath string
	Imports    []string
}

func listPackages(t *testing.T) []pkg {
	t.Helper()
	cmd := exec.Command("go", "list", "-json=ImportPath,Imports", "./...")
	cmd.Dir = "../.."
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var pkgs []pkg
	for d := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p pkg
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			return pkgs
		} else if err != nil {
			t.Fatal(err)
		}
		pkgs = append(pkgs, p)
	}
}

// allowed says why from may not import path, or "".
func allowed(rows []row, from *row, path string) string {
	rest, ours := strings.CutPrefix(path, module+"/")
	if !ours {
		first, _, _ := strings.Cut(path, "/")
		if !strings.Contains(first, ".") {
			return "" // standard library
		}
		for _, o := range from.outside {
			if o == "any" || path == o || strings.HasPrefix(path, o+"/") {
				return ""
			}
		}
		return "the table allows it no such module"
	}
	to := find(rows, rest)
	switch {
	case to == nil:
		return "that folder is not in the table"
	case to == from:
		return ""
	case to.folder == "internal":
		return ""
	case to.layer < from.layer, strings.HasPrefix(to.folder, from.folder+"/"):
		return ""
	}
	return "it is not in a lower layer"
}

func TestImportsFollowTheTable(t *testing.T) {
	rows := readTable(t)
	pkgs := listPackages(t)
	for _, p := range pkgs {
		path := strings.TrimPrefix(p.ImportPath, module+"/")
		from := find(rows, path)
		if from == nil {
			t.Errorf("%s is not in the table of ARCHITECTURE.md", path)
			continue
		}
		for _, imp := range p.Imports {
			if why := allowed(rows, from, imp); why != "" {
				t.Errorf("%s imports %s: %s", path, imp, why)
			}
		}
	}
}

// TestTableForbids proves that the check can fail.
func TestTableForbids(t *testing.T) {
	rows := readTable(t)
	for _, c := range []struct{ from, imports string }{
		{"version", module + "/scan"},
		{"version", "github.com/google/go-cmp/cmp"},
		{"match", module + "/scan"},
		{"inventory", module + "/nowhere"},
	} {
		if allowed(rows, find(rows, c.from), c.imports) == "" {
			t.Errorf("%s may import %s", c.from, c.imports)
		}
	}
}
