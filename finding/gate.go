package finding

import (
	"fmt"
	"strconv"
	"strings"
)

// Gate is a set of conditions that a finding can meet, such as "severity=high,
// fixable". It is met when all its terms hold. Suppressed findings never meet a
// gate.
type Gate struct {
	text  string
	terms []func(*Finding) bool
}

// GateHelp describes the terms for people.
const GateHelp = `severity=LEVEL (this or worse), fixable, kev, epss>=0.1, priority>=70, kind=KIND`

// ParseGate reads terms separated by commas: see GateHelp. A bare severity or
// kind stands for severity= and kind=.
func ParseGate(text string) (Gate, error) {
	g := Gate{text: text}
	for term := range strings.SplitSeq(text, ",") {
		test, err := parseTerm(strings.TrimSpace(term))
		if err != nil {
			return Gate{}, fmt.Errorf("parse condition %q: %w", text, err)
		}
		g.terms = append(g.terms, test)
	}
	return g, nil
}

func parseTerm(term string) (func(*Finding) bool, error) {
	name, value, _ := strings.Cut(term, "=")
	switch name {
	case "fixable":
		return func(f *Finding) bool { return f.FixedVersion != "" }, nil
	case "kev":
		return func(f *Finding) bool { return f.Vulnerability != nil && f.Vulnerability.KEV != nil }, nil
	case "epss>":
		limit, err := strconv.ParseFloat(value, 64)
		if err != nil || limit < 0 || limit > 1 {
			return nil, fmt.Errorf("term %q: want a number from 0 to 1", term)
		}
		return func(f *Finding) bool {
			return f.Vulnerability != nil && f.Vulnerability.EPSS != nil && f.Vulnerability.EPSS.Score >= limit
		}, nil
	case "priority>":
		limit, err := strconv.ParseFloat(value, 64)
		if err != nil || limit < 0 || limit > 100 {
			return nil, fmt.Errorf("term %q: want a number from 0 to 100", term)
		}
		return func(f *Finding) bool { return f.Priority >= limit }, nil
	case "kind":
		return kindTerm(value)
	case "severity":
		return severityTerm(value)
	}
	if test, err := kindTerm(term); err == nil {
		return test, nil
	}
	if test, err := severityTerm(term); err == nil && term != "" {
		return test, nil
	}
	return nil, fmt.Errorf("term %q: not one of %s", term, GateHelp)
}

func severityTerm(value string) (func(*Finding) bool, error) {
	level, err := ParseSeverity(value)
	if err != nil {
		return nil, err
	}
	return func(f *Finding) bool { return f.Severity >= level }, nil
}

func kindTerm(value string) (func(*Finding) bool, error) {
	switch k := Kind(value); k {
	case KindVulnerability, KindMalware, KindWebShell, KindSecret, KindMisconfiguration, KindLicense:
		return func(f *Finding) bool { return f.Kind == k }, nil
	}
	return nil, fmt.Errorf("kind %q: not one of vulnerability, malware, webshell, secret, misconfiguration, license", value)
}

// Met says whether the finding meets all conditions.
func (g Gate) Met(f *Finding) bool {
	if f.Suppressed != nil {
		return false
	}
	for _, test := range g.terms {
		if !test(f) {
			return false
		}
	}
	return true
}

// String is the text that the gate was parsed from.
func (g Gate) String() string { return g.text }
