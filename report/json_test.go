package report

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// FuzzWriteJSON compares with what package json lays out, apart from the
// control characters.
func FuzzWriteJSON(f *testing.F) {
	for _, seed := range []string{`{}`, `[]`, `[{"a":[],"b":{}}]`, `{"a\"":"\\","b":["\\\"",null,1.5e3,true]}`, "\"\u007f\u0080\u009f\u00a0é\"", `""`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		var doc any
		if json.Unmarshal(text, &doc) != nil {
			return
		}
		var want, got bytes.Buffer
		enc := json.NewEncoder(&want)
		enc.SetIndent("", "  ")
		enc.SetEscapeHTML(false)
		if err := enc.Encode(doc); err != nil {
			t.Fatal(err)
		}
		if err := writeJSON(&got, doc); err != nil {
			t.Fatal(err)
		}
		for _, r := range got.String() {
			if r >= 0x7f && r < 0xa0 {
				t.Fatalf("control character %U stands in the output", r)
			}
		}
		var again any
		if err := json.Unmarshal(got.Bytes(), &again); err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(doc, again); d != "" {
			t.Error(d)
		}
		if !strings.ContainsFunc(want.String(), func(r rune) bool { return r >= 0x7f && r < 0xa0 }) && want.String() != got.String() {
			t.Errorf("got\n%s\nwant\n%s", &got, &want)
		}
	})
}
