package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/boltseal/boltseal/policy"
	"github.com/boltseal/boltseal/report"
)

func policyCommand(s Streams) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "policy",
		Short: "Decide whether an image may pass, and test the rules that decide",
		Long: `A policy is a YAML file of rules in CEL over the JSON report: what must not be, why, and
who excused what until when. 'boltseal scan --policy' asks it; docs/policy.md is the manual.`,
		Args: exactArgs(0, "policy"),
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(policyCheck(s), policyTest(s), policyShow(s))
	return cmd
}

// loadPolicies reads policies; a bad one is a mistake in the command line.
func loadPolicies(names []string) ([]*policy.Policy, error) {
	var out []*policy.Policy
	for _, name := range names {
		p, err := policy.Load(name)
		if err != nil {
			return nil, policyError(err)
		}
		out = append(out, p)
	}
	return out, nil
}

// policyError tells a file that is not there from one that is wrong.
func policyError(err error) error {
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrPermission) {
		return err
	}
	return &exitError{exitUsage, hintError{err, "docs/policy.md describes the file; 'boltseal policy show --source' prints an example"}}
}

// decide asks the policies, if there are any.
func decide(ctx context.Context, r *report.Report, now time.Time, policies []*policy.Policy) (err error) {
	if len(policies) > 0 {
		r.Policy, err = policy.Evaluate(ctx, r, now, policies...)
	}
	return err
}

// denial is the error of a report that a policy denies.
func denial(r *report.Report) error {
	if r.Policy == nil || r.Policy.Verdict != report.VerdictDeny {
		return nil
	}
	return &exitError{exitGate, errors.New(r.Policy.Explain())}
}

func completePolicy(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	return []string{policy.Default}, cobra.ShellCompDirectiveDefault
}

// policyCheckOptions are the flags of policy check.
type policyCheckOptions struct {
	policies []string
	at       string
	out      scanOptions // format, output, also, lang
}

func policyCheck(s Streams) *cobra.Command {
	var o policyCheckOptions
	cmd := &cobra.Command{
		Use:   "check REPORT.json",
		Short: "Ask policies about a report that a scan wrote",
		Long: `Check asks policies about a report that 'boltseal scan --format json' wrote, without another scan.
Ages and waivers count from now, or from --at.` + "\n" + exitHelp,
		Example: "  boltseal policy check report.json\n  boltseal policy check report.json --policy shop.yaml --also junit=policy.xml",
		Args:    exactArgs(1, "policy check"),
		RunE:    func(cmd *cobra.Command, args []string) error { return o.run(cmd.Context(), s, args[0]) },
	}
	f := cmd.Flags()
	f.StringArrayVar(&o.policies, "policy", []string{policy.Default}, "policy file, or 'default'; may be repeated")
	f.StringVar(&o.at, "at", "", "day to decide for, YYYY-MM-DD (default: today)")
	f.StringVarP(&o.out.format, "format", "f", "text", "output format: text, "+formatNames())
	f.StringVarP(&o.out.output, "output", "o", "", "write to this file")
	f.StringArrayVar(&o.out.also, "also", nil, "FORMAT=FILE: write another format too; may be repeated")
	f.StringVar(&o.out.lang, "lang", "auto", "language: en, zh-CN or auto")
	must(cmd.RegisterFlagCompletionFunc("policy", completePolicy))
	must(cmd.RegisterFlagCompletionFunc("format", cobra.FixedCompletions(append([]string{"text"}, strings.Split(formatNames(), ", ")...), cobra.ShellCompDirectiveNoFileComp)))
	must(cmd.RegisterFlagCompletionFunc("lang", cobra.FixedCompletions([]string{"en", "zh-CN", "auto"}, cobra.ShellCompDirectiveNoFileComp)))
	return cmd
}

func (o *policyCheckOptions) run(ctx context.Context, s Streams, name string) error {
	now := time.Now()
	if o.at != "" {
		var err error
		if now, err = time.Parse(time.DateOnly, o.at); err != nil {
			return usage("--at %q: want YYYY-MM-DD", o.at)
		}
	}
	outputs, err := o.outputs()
	if err != nil {
		return err
	}
	policies, err := loadPolicies(o.policies)
	if err != nil {
		return err
	}
	r, err := policy.ReadReport(name)
	if err != nil {
		return err
	}
	if err := decide(ctx, r, now, policies); err != nil {
		return err
	}
	o.out.rows = -1
	if err := outputs.write(s, r, &o.out); err != nil {
		return err
	}
	if denied := denial(r); denied != nil {
		return denied
	}
	return nil
}

// outputs are those of a scan, and the decision alone as text.
func (o *policyCheckOptions) outputs() (outputs, error) {
	if o.out.format != "text" {
		return o.out.outputs()
	}
	o.out.format = "json"
	all, err := o.out.outputs()
	if err == nil {
		all[0].format = report.Format{Name: "text", Write: report.PolicyText}
	}
	return all, err
}

func policyShow(s Streams) *cobra.Command {
	var source bool
	var lang string
	cmd := &cobra.Command{
		Use:   "show [POLICY]",
		Short: "Print the rules of a policy: a file, or the default one",
		Long: `Show checks a policy and prints its rules with what they ask. Without an argument it is the one in
the program, which --policy default asks.`,
		Example: "  boltseal policy show\n  boltseal policy show shop.yaml\n  boltseal policy show --source > my-policy.yaml",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 1 {
				return usage("policy show: %d arguments given, 1 wanted", len(args))
			}
			return nil
		},
		ValidArgsFunction: completePolicy,
		RunE: func(_ *cobra.Command, args []string) error {
			loaded, err := loadPolicies(append(args, policy.Default)[:1])
			if err != nil {
				return err
			}
			if source {
				_, err := s.Out.Write(loaded[0].Text)
				return err
			}
			return printPolicy(s, loaded[0], locale(lang))
		},
	}
	cmd.Flags().BoolVar(&source, "source", false, "print the file as it is")
	cmd.Flags().StringVar(&lang, "lang", "auto", "language: en, zh-CN or auto")
	must(cmd.RegisterFlagCompletionFunc("lang", cobra.FixedCompletions([]string{"en", "zh-CN", "auto"}, cobra.ShellCompDirectiveNoFileComp)))
	return cmd
}

func printPolicy(s Streams, p *policy.Policy, lang string) error {
	w := tabwriter.NewWriter(s.Out, 0, 0, 2, ' ', 0)
	for _, r := range p.Rules {
		each, title := string(r.Each), r.Title
		if each == "" {
			each = "report"
		}
		if strings.HasPrefix(lang, "zh") && r.TitleZH != "" {
			title = r.TitleZH
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", r.ID, r.Effect, r.Severity, each, printable(title))
	}
	for _, v := range p.Waivers {
		fmt.Fprintf(w, "%s\twaived until %s\t\t\t%s: %s\n", printable(v.Rule), v.Expires.Format(time.DateOnly), printable(v.Owner), printable(v.Reason))
	}
	return w.Flush()
}
