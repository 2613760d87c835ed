package report

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// decided is a small report with a decision that has one of everything.
func decided() *Report {
	full := fixture()
	r := &Report{Schema: Schema, Tool: full.Tool, Created: full.Created, Target: full.Target, Inventory: full.Inventory}
	r.Inventory.Packages = nil
	r.Summarize()
	r.Policy = &Decision{
		Verdict: VerdictDeny, Policies: []string{"default", "shop"},
		Rules: []RuleResult{
			{ID: "no-malware", Policy: "default", Title: "No malware", TitleZH: "不得包含恶意软件", Severity: "critical", Outcome: VerdictDeny, Matched: 12, Waived: 1, Reasons: []Reason{
				{Finding: "0123456789abcdef", Layer: layer2, Path: "srv/x", Text: "xmrig in /srv/x " + hostile, TextZH: "挖矿程序：/srv/x"},
				{Finding: "f123456789abcdef", Text: "a second one"},
			}},
			{ID: "broken", Policy: "shop", Severity: "high", Outcome: VerdictDeny, Error: "division by zero"},
			{ID: "image-age", Policy: "default", Title: "The image was built not long ago", Severity: "low", Outcome: VerdictWarn, Matched: 1, Reasons: []Reason{{Text: "built 400 days ago"}}},
			{ID: "no-secret", Policy: "default", Title: "No secret", Severity: "high", Outcome: VerdictPass, Waived: 2},
		},
		Waivers: []WaiverUse{
			{Rule: "no-secret", Owner: "team-a", Reason: "test keys", Expires: "2027-01-01", Matched: 2, Source: "shop.yaml:9"},
			{Rule: "no-malware", Owner: "team-b " + hostile, Reason: "sample", Expires: "2026-01-01", Expired: true, Matched: 1, Source: "shop.yaml:14"},
		},
	}
	return r
}

func TestPolicyGolden(t *testing.T) {
	for _, g := range []struct {
		format, file string
		options      Options
	}{
		{"table", "policy.txt", Options{Lang: "en"}},
		{"table", "policy.zh-CN.txt", Options{Lang: "zh-CN"}},
		{"sarif", "policy.sarif", Options{}},
		{"junit", "policy.xml", Options{}},
		{"github", "policy.github.txt", Options{}},
	} {
		got := write(t, g.format, decided(), g.options)
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
	}
}

func TestExplain(t *testing.T) {
	d := decided().Policy
	d.Rules[0].Reasons[0].Text = "xmrig in /srv/x"
	want := "denied by no-malware, because xmrig in /srv/x; a second one; 10 more\n" +
		"denied by broken, because the rule could not be judged: division by zero"
	if diff := cmp.Diff(want, d.Explain()); diff != "" {
		t.Error(diff)
	}
}
