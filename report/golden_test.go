package report

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite the golden files")

const templateText = `{{range atLeast "medium" .Findings}}{{id . | clean}} {{.Severity | upper}} {{title . | clean}}: {{remedy . | clean}}
{{end}}{{join ", " .Target.Tags}} {{json .Summary}}
`

// goldens are the outputs that are kept.
var goldens = []struct {
	format, file string
	options      Options
}{
	{"table", "table.txt", Options{Lang: "en", Suppressed: true, All: true}},
	{"table", "table.80.txt", Options{Lang: "en", Width: 80, Rows: 2}},
	{"table", "table.zh-CN.txt", Options{Lang: "zh-CN", Width: 120}},
	{"json", "report.json", Options{}},
	{"sarif", "report.sarif", Options{}},
	{"junit", "junit.xml", Options{}},
	{"gitlab", "gitlab.json", Options{}},
	{"github", "github.txt", Options{}},
	{"list", "list.txt", Options{}},
	{"template", "template.txt", Options{Template: templateText}},
	{"cyclonedx", "bom.cdx.json", Options{}},
	{"spdx", "bom.spdx.json", Options{}},
	{"html", "report.en.html", Options{Lang: "en"}},
	{"html", "report.zh-CN.html", Options{Lang: "zh-CN", All: true}},
}

func write(t *testing.T, format string, r *Report, o Options) []byte {
	t.Helper()
	f, err := Lookup(format)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := f.Write(&b, r, o); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestGolden(t *testing.T) {
	for _, g := range goldens {
		t.Run(g.file, func(t *testing.T) {
			got := write(t, g.format, fixture(), g.options)
			path := filepath.Join("testdata", g.file+".golden")
			if *update {
				if err := os.WriteFile(path, got, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), string(got)); diff != "" {
				t.Errorf("differs from %s (-want +got):\n%s", path, diff)
			}
		})
	}
}

// No format may carry what a terminal acts on, or bytes that are no text.
func TestOutputIsPlainText(t *testing.T) {
	for _, g := range goldens {
		for _, b := range bytes.SplitAfter(write(t, g.format, fixture(), g.options), []byte("\n")) {
			for s := b; len(s) > 0; {
				r, n := utf8.DecodeRune(s)
				if r == utf8.RuneError && n == 1 || unicode.IsControl(r) && r != '\n' && r != '\t' {
					t.Errorf("%s: control character or invalid UTF-8 %q in %q", g.file, s[:n], b)
					break
				}
				s = s[n:]
			}
		}
	}
}

// The same report gives the same bytes.
func TestOutputIsDeterministic(t *testing.T) {
	for _, g := range goldens {
		if a, b := write(t, g.format, fixture(), g.options), write(t, g.format, fixture(), g.options); !bytes.Equal(a, b) {
			t.Errorf("%s differs between two runs", g.file)
		}
	}
}

// A report without anything is still a valid one in every format.
func TestEmptyReport(t *testing.T) {
	for _, g := range goldens {
		r := &Report{Schema: Schema}
		r.Summarize()
		write(t, g.format, r, g.options)
	}
}
