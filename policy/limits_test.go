package policy

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"cel.dev/cel-go/cel"

	"github.com/boltseal/boltseal/finding"
	"github.com/boltseal/boltseal/image"
	"github.com/boltseal/boltseal/report"
)

func configOf(created time.Time) *image.Config { return &image.Config{Created: created} }

func compiled(r *Rule, expression string) (*cel.Ast, error) {
	a, issues := r.env.Compile(expression)
	return a, issues.Err()
}

// large is a report of n findings and n packages.
func large(n int) *report.Report {
	r := fixture()
	f, p := r.Findings[0], r.Inventory.Packages[0]
	r.Findings, r.Inventory.Packages = nil, nil
	for range n {
		r.Findings = append(r.Findings, f)
		r.Inventory.Packages = append(r.Inventory.Packages, p)
	}
	r.Summarize()
	return r
}

// A rule that is linear passes at any size; a loop in a loop is stopped.
func TestCost(t *testing.T) {
	r := large(10_000)
	for lines, stopped := range map[string]bool{
		"each: findings\ndeny: finding.package.name.startsWith(\"x\") && finding.vulnerability.aliases.exists(a, a == \"b\")": false,
		"deny: findings.exists(f, f.package.name == \"x\")":                                                                   false,
		"deny: findings.exists(f, packages.exists(p, p.name == f.id))":                                                        true,
		"each: findings\ndeny: packages.exists(p, p.name == finding.id)":                                                      true,
		"deny: findings.all(a, findings.all(b, findings.all(c, a.id == b.id && b.id == c.id)))":                               true,
	} {
		d := evaluate(t, r, time.Time{}, rule(t, lines))
		if got := d.Rules[0].Error; (got != "") != stopped {
			t.Errorf("%q: error %q, want one: %v", lines, got, stopped)
		}
	}
}

func TestContextEndsEvaluation(t *testing.T) {
	ctx, cancel := context.WithCancelCause(context.Background())
	why := errors.New("no more")
	cancel(why)
	if _, err := Evaluate(ctx, large(5000), time.Time{}, rule(t, "deny: findings.exists(f, f.id == \"x\")")); !errors.Is(err, why) {
		t.Errorf("error %v, want %v", err, why)
	}
}

// Whatever a report holds, reasons stay short.
func TestReasonsAreBounded(t *testing.T) {
	r := fixture()
	r.Findings = []finding.Finding{{ID: "x", Title: strings.Repeat("é\x1b", 1<<20)}}
	for _, message := range []string{"", "message: '{finding.title}{finding.title}{finding.title}{finding.title}{finding.title}'"} {
		d := evaluate(t, r, time.Time{}, rule(t, "each: findings\ndeny: true\n"+message))
		if n := len(d.Rules[0].Reasons[0].Text); n == 0 || n > maxMessage+len("…") {
			t.Errorf("a reason of %d bytes", n)
		}
	}
}

func TestWaivers(t *testing.T) {
	now := time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)
	for waiver, want := range map[string]string{
		"rule: r":                                  "waived",
		"rule: other":                              "deny",
		"rule: '*'":                                "waived",
		"rule: r, finding: CVE-1":                  "deny", // f2 is left
		"rule: r, finding: 'secret/*'":             "deny",
		"rule: r, package: openssl":                "deny",
		"rule: r, package: 'pkg:deb/**'":           "deny",
		"rule: r, path: 'srv/**'":                  "deny",
		"rule: r, image: 'example.com/*'":          "waived",
		"rule: r, image: 'sha256:*'":               "waived",
		"rule: r, image: 'registry:example.com/*'": "waived",
		"rule: r, image: 'other/*'":                "deny",
	} {
		text := head + "rules: [{id: r, each: findings, deny: true}]\nwaivers: [{" + waiver + ", owner: me, reason: why, expires: 2026-06-01}]\n"
		p, err := Parse("t.yaml", []byte(text))
		if err != nil {
			t.Fatal(err)
		}
		d := evaluate(t, fixture(), now, p)
		if got := outcome(&d.Rules[0]); got != want {
			t.Errorf("%s: %s, want %s", waiver, got, want)
		}
		half := strings.ContainsAny(waiver, "F") || strings.Contains(waiver, "finding") || strings.Contains(waiver, "package") || strings.Contains(waiver, "path")
		if half && (d.Rules[0].Waived != 1 || d.Waivers[0].Matched != 1) {
			t.Errorf("%s: waived %d of the two", waiver, d.Rules[0].Waived)
		}
		// A day later the waiver is over, which the decision says.
		d = evaluate(t, fixture(), now.Add(24*time.Hour), p)
		if got := outcome(&d.Rules[0]); got != "deny" {
			t.Errorf("%s: %s after its end", waiver, got)
		}
		if want != "deny" && (len(d.Waivers) != 1 || !d.Waivers[0].Expired || d.Waivers[0].Matched != 2) {
			t.Errorf("%s: the end is not told: %+v", waiver, d.Waivers)
		}
	}
}

// A waiver of a finding never excuses a rule about the whole.
func TestWaiverOfTheWhole(t *testing.T) {
	for waiver, want := range map[string]string{"rule: r": "waived", "rule: r, finding: '**'": "deny", "rule: r, package: '**'": "deny", "rule: r, path: '**'": "deny"} {
		p, err := Parse("t.yaml", []byte(head+"rules: [{id: r, deny: true}]\nwaivers: [{"+waiver+", owner: me, reason: why, expires: 2099-01-01}]\n"))
		if err != nil {
			t.Fatal(err)
		}
		if d := evaluate(t, fixture(), time.Now(), p); outcome(&d.Rules[0]) != want {
			t.Errorf("%s: %+v, want %s", waiver, d.Rules[0], want)
		}
	}
}

func FuzzParse(f *testing.F) {
	text, err := defaultText()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(string(text))
	f.Add(head + "rules: [{id: x, each: findings, deny: 'finding.severity >= \"a\"', message: '{finding.id}'}]\nwaivers: [{rule: x}]")
	f.Add(head + "rules:\n- id: x\n  deny: |\n    true\n      && nope")
	f.Add("a: &a [*a]")
	r := fixture()
	f.Fuzz(func(t *testing.T, text string) {
		p, err := Parse("f", []byte(text))
		if err != nil {
			return
		}
		if _, err := Evaluate(context.Background(), r, r.Created, p); err != nil {
			t.Fatal(err)
		}
	})
}

func BenchmarkDefault(b *testing.B) {
	p, err := Load(Default)
	if err != nil {
		b.Fatal(err)
	}
	for name, n := range map[string]int{"5000": 5000, "50000": 50_000} {
		r := large(n)
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := Evaluate(context.Background(), r, r.Created, p); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkLoad(b *testing.B) {
	for b.Loop() {
		if _, err := Load(Default); err != nil {
			b.Fatal(err)
		}
	}
}
