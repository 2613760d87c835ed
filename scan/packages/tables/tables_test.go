package tables_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/boltseal/boltseal/scan/packages/tables"
)

func all(text string) (out []string) {
	for name, t := range tables.All([]byte(text)) {
		out = append(out, fmt.Sprintf("%s %v", name, map[string]string(t)))
	}
	return out
}

func TestAll(t *testing.T) {
	for name, tc := range map[string]struct {
		text string
		want []string
	}{
		"empty": {"", nil},
		"two": {
			"version = 3\n\n[[package]]\nname = \"a\"\nversion = \"1\"\n\n[[package]]\r\nname = 'b'\r\n",
			[]string{"package map[name:a version:1]", "package map[name:b]"},
		},
		"sub-tables": {
			"[[package]]\nname = \"a\"\n[package.dependencies]\nname = \"no\"\n[[package.files]]\nname = \"no\"\n[metadata]\nname = \"no\"\n",
			[]string{"package map[name:a]"},
		},
		"arrays of several lines": {
			"[[package]]\nname = \"a\"\nfiles = [\n    {name = \"no\"},\n]\nversion = \"2\"\n",
			[]string{"package map[files:[ name:a version:2]"},
		},
		"strings of several lines": {
			"[[package]]\nname = \"a\"\ntext = \"\"\"\n[[package]]\nname = \"no\"\n\"\"\"\nversion = \"2\"\n",
			[]string{"package map[name:a version:2]"},
		},
		"escapes": {`[[package]]` + "\n" + `name = "a\"b\u00e9" # c` + "\n", []string{`package map[name:a"bé]`}},
		"dotted array": {
			"[[deps.JSON]]\nversion = \"1\"\n\n    [deps.JSON.x]\n    version = \"no\"\n\n[[deps.JSON2]]\nversion = \"2\"\n",
			[]string{"deps.JSON map[version:1]", "deps.JSON2 map[version:2]"},
		},
		"inline table": {"[[package]]\nsource = { virtual = \".\" }\n", []string{`package map[source:{ virtual = "." }]`}},
	} {
		if d := cmp.Diff(tc.want, all(tc.text)); d != "" {
			t.Errorf("%s: tables differ (-want +got):\n%s", name, d)
		}
	}
}

func FuzzAll(f *testing.F) {
	f.Add("[[package]]\nname = \"a\"\n[package.x]\n[[package]]\nt = '''\n'''\n")
	f.Fuzz(func(t *testing.T, text string) {
		n := 0
		for range tables.All([]byte(text)) {
			n++
		}
		if most := strings.Count(text, "[["); n > most {
			t.Errorf("%d tables from %d headers", n, most)
		}
	})
}
