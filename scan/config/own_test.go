package config

import (
	"io/fs"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/boltseal/boltseal/rules"
)

// ownIDs are the ids of the checks in rules/config.
func ownIDs(t *testing.T) []string {
	t.Helper()
	var ids []string
	err := fs.WalkDir(rules.Config, "config", func(p string, _ fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(p, ".rego") || strings.Contains(p, "/lib/") {
			return err
		}
		text, err := fs.ReadFile(rules.Config, p)
		id := exampleID.FindSubmatch(text)
		if id == nil || !strings.Contains(string(text), "title_zh: ") {
			t.Errorf("%s has no id or no Chinese title", p)
			return err
		}
		ids = append(ids, "config/"+string(id[1]))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(ids)
	return ids
}

// Every check of our own finds what is bad and nothing in what is good.
func TestOwnChecks(t *testing.T) {
	for dir, want := range map[string][]string{"testdata/bad": ownIDs(t), "testdata/good": nil} {
		found, issues, err := Directory(t.Context(), os.DirFS(dir), Options{})
		if err != nil || len(issues) > 0 {
			t.Fatal(err, issues)
		}
		var got []string
		for _, f := range found {
			if f.Location.Line == 0 || f.Rule.TitleZH == "" {
				t.Errorf("%s: no line or no Chinese title: %+v", f.Rule.ID, f)
			}
			got = append(got, f.Rule.ID)
		}
		slices.Sort(got)
		if diff := cmp.Diff(want, slices.Compact(got)); diff != "" {
			t.Errorf("%s: -want +got:\n%s", dir, diff)
		}
	}
}
