package config

import (
	"cmp"
	"context"
	"runtime"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/sync/errgroup"

	"github.com/boltseal/boltseal/finding"
	"github.com/boltseal/boltseal/inventory"
	"github.com/boltseal/boltseal/scan/config/rego"
)

// run asks all checks about all inputs.
func (t *tree) run(ctx context.Context, inputs map[string][]*rego.Input, user *rego.User) ([]rego.Result, error) {
	var all []rego.Result
	for kind, list := range inputs {
		program, err := rego.Compile(kind, list, user)
		if err != nil {
			return nil, err
		}
		answers, failed := make([][]rego.Result, len(list)), make([]error, len(list))
		var group errgroup.Group
		group.SetLimit(runtime.GOMAXPROCS(0))
		for i, in := range list {
			group.Go(func() error {
				answers[i], failed[i] = program.Run(ctx, in)
				return ctx.Err()
			})
		}
		if err := group.Wait(); err != nil {
			return nil, err
		}
		for i, err := range failed {
			if err != nil {
				t.issue(list[i].Path, err)
			}
		}
		all = append(all, slices.Concat(once(list, answers)...)...)
	}
	slices.SortStableFunc(all, func(a, b rego.Result) int {
		return cmp.Or(strings.Compare(a.Path, b.Path), cmp.Compare(a.Line, b.Line), strings.Compare(a.Check.ID, b.Check.ID),
			cmp.Compare(a.EndLine, b.EndLine), strings.Compare(a.Message, b.Message))
	})
	return slices.CompactFunc(all, func(a, b rego.Result) bool { return a == b }), nil
}

// findings turns results into findings, numbered where a check has several to
// say about one thing: lines move from commit to commit.
func (t *tree) findings(results []rego.Result) []finding.Finding {
	out := make([]finding.Finding, 0, len(results))
	seen := map[string]int{}
	for _, r := range results {
		f := toFinding(r)
		key := strings.Join([]string{f.Rule.ID, r.Path, r.Resource, r.Message}, "\x00")
		f.ID = finding.NewID(string(f.Kind), f.Rule.ID, r.Path, r.Resource, r.Message, strconv.Itoa(seen[key]))
		seen[key]++
		f.Suppressed = t.ignored(r)
		out = append(out, f)
	}
	return out
}

func toFinding(r rego.Result) finding.Finding {
	c := r.Check
	f := finding.Finding{
		Kind: finding.KindMisconfiguration, Severity: c.Severity, Title: r.Message, Confidence: finding.ConfidenceHigh,
		Remedy:   c.Remedy,
		Location: inventory.Location{Path: r.Path, Line: r.Line, EndLine: r.EndLine},
		Rule: &finding.Rule{
			ID: "config/" + strings.ToLower(c.ID), Title: c.Title, TitleZH: c.TitleZH,
			References: c.References, Source: c.Source,
		},
	}
	if r.Resource != "" {
		f.Evidence = "resource " + r.Resource
	}
	return f
}
