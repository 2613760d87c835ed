package outline_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/boltseal/boltseal/scan/packages/outline"
)

func TestAll(t *testing.T) {
	const text = "# comment\nlockfileVersion: '6.0'\r\n\npackages:\n\n  /@a/b@1.0.0(c@2):\n    resolution: {integrity: sha512-x}\n    dev: true # yes\n" +
		"  'it''s@1': {}\n  \"q\\\"@1\":\n    version: \"1.0\"\n  ? long key\n  :\n    x: 1\n- a\n-   b: c\nurl: http://x:80/\nplain text\n"
	want := []outline.Line{
		{Indent: 0, Key: "lockfileVersion", Value: "6.0"},
		{Indent: 0, Key: "packages"},
		{Indent: 2, Key: "/@a/b@1.0.0(c@2)"},
		{Indent: 4, Key: "resolution", Value: "{integrity: sha512-x}"},
		{Indent: 4, Key: "dev", Value: "true"},
		{Indent: 2, Key: "it's@1", Value: "{}"},
		{Indent: 2, Key: `q"@1`},
		{Indent: 4, Key: "version", Value: "1.0"},
		{Indent: 2, Key: "long key"},
		{Indent: 4, Key: "x", Value: "1"},
		{Indent: 2, Item: true, Value: "a"},
		{Indent: 4, Item: true, Key: "b", Value: "c"},
		{Indent: 0, Key: "url", Value: "http://x:80/"},
		{Indent: 0, Value: "plain text"},
	}
	if d := cmp.Diff(want, slices.Collect(outline.All([]byte(text)))); d != "" {
		t.Errorf("lines differ (-want +got):\n%s", d)
	}
}

func FuzzAll(f *testing.F) {
	f.Add("a:\n  'b''c': \"d\\\"\" # e\n- ? f\n")
	f.Fuzz(func(t *testing.T, text string) {
		for l := range outline.All([]byte(text)) {
			if l.Indent < 0 || l.Indent > len(text) {
				t.Errorf("impossible line %+v", l)
			}
		}
	})
}
