// Package policy decides whether an image may pass: rules in CEL over a report,
// each with a message that says what is wrong, and waivers that excuse named
// findings for a time. It reads policies, evaluates them, and runs their tests;
// it neither scans nor prints.
//
// A policy is loaded whole or not at all: every expression is checked against
// the types of the report (docs/format/report.md), and an error names file, line
// and column. Evaluation is bounded: a rule whose cost grows beyond a multiple of
// the report's size is stopped, and a rule that could not be judged counts as
// met. Policies are immutable and safe for concurrent use.
//
// Start at Load and Evaluate. docs/policy.md is the manual.
package policy

import (
	"time"

	"cel.dev/cel-go/cel"

	"github.com/boltseal/boltseal/finding"
	"github.com/boltseal/boltseal/report"
)

// Schema names the version of the file format.
const Schema = "boltseal.policy/1"

// Policy is one file of rules.
type Policy struct {
	// Name is the policy's own; Source is the file that it was read from.
	Name, Source   string
	Title, TitleZH string
	// Rules are those of a policy that it extends first.
	Rules   []*Rule
	Waivers []*Waiver
	// Text is the file.
	Text []byte

	params params
}

// Each is what a rule is asked about.
type Each string

// The subjects of rules.
const (
	Whole       Each = ""         // the report, once
	EachFinding Each = "findings" // every finding that is not suppressed
	EachPackage Each = "packages"
	EachLayer   Each = "layers"
)

// Rule says what must not be.
type Rule struct {
	ID             string
	Policy         string // name of the policy that it comes from
	Title, TitleZH string
	Severity       finding.Severity
	Each           Each
	// Effect is deny or warn.
	Effect report.Verdict
	// Expression is true when the rule is broken.
	Expression string
	// Source is "file:line".
	Source string

	env                *cel.Env
	when               *cel.Ast
	message, messageZH message
}

// Waiver excuses what meets it, until a day.
type Waiver struct {
	// Rule is a pattern of rule IDs; the others are empty for any, or patterns:
	// of a finding's, vulnerability's or detection rule's ID, of a package's name
	// or URL, of a path, of the image's name, tag or digest.
	Rule, Finding, Package, Path, Image string
	Owner, Reason                       string
	// Expires is the end of the last day on which it counts.
	Expires time.Time
	// Source is "file:line".
	Source string
}

// variables are the names of subjects in expressions; "package" is a word that
// CEL keeps for itself.
var variables = map[Each]string{EachFinding: "finding", EachPackage: "pkg", EachLayer: "layer"}
