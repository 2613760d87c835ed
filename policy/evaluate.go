package policy

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"

	"github.com/boltseal/boltseal/report"
)

// Bounds of an evaluation, in CEL's units of cost: about one per operation.
const (
	// baseCost and costPerItem bound what a rule may cost in all, in proportion
	// to the findings, packages and layers of the report.
	baseCost    = 1_000_000
	costPerItem = 300
	// messageCost bounds one value of a message.
	messageCost = 1_000_000
	// checkEvery is after how many elements of a loop the context is asked.
	checkEvery = 1000
	// maxReasons is how many reasons a rule gives; the rest is counted.
	maxReasons = 10
)

// errCost ends a rule.
var errCost = errors.New("the rule costs too much for a report of this size: ask about each finding or package alone ('each:') instead of all in a loop")

// Evaluate asks all rules of the policies about a report at a time, which
// expired waivers and ages refer to. It fails only when the context ends; what
// is wrong with a rule is in its result.
func Evaluate(ctx context.Context, r *report.Report, now time.Time, policies ...*Policy) (*report.Decision, error) {
	s, err := reportSchema()
	if err != nil {
		return nil, err
	}
	e := newEvaluation(s, r, now)
	d := &report.Decision{Verdict: report.VerdictPass, Rules: []report.RuleResult{}, Policies: []string{}}
	for _, p := range policies {
		e.waive(p)
	}
	for _, p := range policies {
		d.Policies = append(d.Policies, p.Name)
		for _, rule := range p.Rules {
			result, err := e.rule(ctx, p, rule)
			if err != nil {
				return nil, err
			}
			d.Rules = append(d.Rules, result)
			d.Verdict = worse(d.Verdict, result.Outcome)
		}
	}
	d.Waivers = e.waiverUses()
	return d, nil
}

func worse(a, b report.Verdict) report.Verdict {
	order := map[report.Verdict]int{report.VerdictWarn: 1, report.VerdictDeny: 2}
	if order[b] > order[a] {
		return b
	}
	return a
}

// evaluation is one call of Evaluate.
type evaluation struct {
	*schema
	report  *report.Report
	now     time.Time
	vars    map[string]any
	items   int
	waivers []*waiverState
}

// rule asks one rule about all that it is about.
func (e *evaluation) rule(ctx context.Context, p *Policy, r *Rule) (report.RuleResult, error) {
	out := report.RuleResult{ID: r.ID, Policy: p.Name, Title: r.Title, TitleZH: r.TitleZH, Severity: r.Severity.String(), Outcome: report.VerdictPass}
	run := &running{evaluation: e, rule: r, left: baseCost + costPerItem*uint64(e.items), out: &out}
	program, err := r.env.Program(r.when, cel.CostLimit(run.left), cel.InterruptCheckFrequency(checkEvery))
	if err == nil {
		err = run.all(ctx, program, p.params)
	}
	if err != nil {
		if ctx.Err() != nil {
			return out, fmt.Errorf("evaluate rule %s: %w", r.ID, context.Cause(ctx))
		}
		out.Error = clip(err.Error(), maxMessage)
	}
	if out.Matched > 0 || out.Error != "" {
		out.Outcome = r.Effect
	}
	return out, nil
}

// running is one rule while it is asked.
type running struct {
	*evaluation
	rule *Rule
	left uint64 // cost
	out  *report.RuleResult
}

// all asks about every subject.
func (run *running) all(ctx context.Context, program cel.Program, p params) error {
	vars := &activation{vars: run.vars, params: p, name: variables[run.rule.Each]}
	return run.subjects(run.rule.Each, func(s subject) error {
		vars.value = s.value
		met, err := run.ask(ctx, program, vars)
		if err != nil || !met {
			return err
		}
		if run.excused(run.rule, &s) {
			run.out.Waived++
			return nil
		}
		if run.out.Matched++; run.out.Matched <= maxReasons {
			run.out.Reasons = append(run.out.Reasons, run.reason(ctx, s, vars))
		}
		return nil
	})
}

// ask evaluates the expression and pays for it.
func (run *running) ask(ctx context.Context, program cel.Program, vars cel.Activation) (bool, error) {
	v, details, err := program.ContextEval(ctx, vars)
	if details != nil && details.ActualCost() != nil {
		if cost := *details.ActualCost(); cost < run.left {
			run.left -= cost
		} else {
			return false, errCost
		}
	}
	if err != nil {
		return false, err
	}
	met, ok := v.(types.Bool)
	if !ok {
		return false, fmt.Errorf("the expression gave %s, want true or false", v.Type().TypeName())
	}
	return bool(met), nil
}

// reason says what met the rule.
func (run *running) reason(ctx context.Context, s subject, vars *activation) report.Reason {
	r := s.reason
	r.Text = cmp.Or(run.rule.message.fill(ctx, run.evaluation, run.rule.env, vars), s.describe(), run.rule.Title, run.rule.Expression)
	r.TextZH = run.rule.messageZH.fill(ctx, run.evaluation, run.rule.env, vars)
	return r
}

// subjects visits what a rule is asked about, in the report's order.
func (e *evaluation) subjects(each Each, visit func(subject) error) error {
	switch each {
	case Whole:
		return visit(subject{})
	case EachFinding:
		for i := range e.report.Findings {
			f := &e.report.Findings[i]
			if f.Suppressed != nil {
				continue
			}
			if err := visit(e.findingSubject(f)); err != nil {
				return err
			}
		}
	case EachPackage:
		for i := range e.report.Inventory.Packages {
			if err := visit(e.packageSubject(&e.report.Inventory.Packages[i])); err != nil {
				return err
			}
		}
	case EachLayer:
		for i := range e.report.Target.Layers {
			if err := visit(e.layerSubject(&e.report.Target.Layers[i])); err != nil {
				return err
			}
		}
	}
	return nil
}

// eval evaluates a value of a message.
func (e *evaluation) eval(ctx context.Context, env *cel.Env, a *cel.Ast, vars cel.Activation) (ref.Val, error) {
	program, err := env.Program(a, cel.CostLimit(messageCost), cel.InterruptCheckFrequency(checkEvery))
	if err != nil {
		return nil, err
	}
	v, _, err := program.ContextEval(ctx, vars)
	return v, err
}
