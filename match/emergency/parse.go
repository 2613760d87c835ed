package emergency

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/boltseal/boltseal/finding"
	"github.com/boltseal/boltseal/match"
	"github.com/boltseal/boltseal/vulndb"
)

// parse adds the advisories of a file in the form that rules/emergency/README.md
// describes. With check, every constraint is parsed at once, so that a mistake
// shows before a package happens to meet it.
func (a *Advisories) parse(text, name string, check bool) error {
	p := parser{a: a, check: check}
	n := 0
	for line := range strings.Lines(text) {
		n++
		if err := p.line(strings.TrimRight(line, " \t\r\n")); err != nil {
			return fmt.Errorf("%s:%d: %w", name, n, err)
		}
	}
	if err := p.end(); err != nil {
		return fmt.Errorf("%s:%d: %w", name, n, err)
	}
	return nil
}

// parser reads one file.
type parser struct {
	a        *Advisories
	check    bool
	v        *finding.Vulnerability // the advisory whose lines are being read
	affected int
}

func (p *parser) line(line string) error {
	text := strings.TrimSpace(line)
	switch {
	case text == "" || text[0] == '#':
		return nil
	case line[0] != ' ' && line[0] != '\t':
		if err := p.end(); err != nil {
			return err
		}
		return p.head(strings.Fields(text))
	case p.v == nil:
		return errors.New("an indented line without an advisory above it")
	case p.v.Title == "":
		p.v.Title = text
		return nil
	}
	if ref, ok := strings.CutPrefix(text, "see "); ok {
		p.v.References = append(p.v.References, ref)
		return nil
	}
	return p.affects(text)
}

// end checks that the advisory being read is whole.
func (p *parser) end() error {
	switch {
	case p.v == nil:
		return nil
	case p.v.Title == "":
		return fmt.Errorf("advisory %s has no title", p.v.ID)
	case p.affected == 0:
		return fmt.Errorf("advisory %s affects nothing", p.v.ID)
	}
	return nil
}

// head reads the line of the identifier.
func (p *parser) head(fields []string) error {
	id := fields[0]
	if !strings.Contains(id, "-") || len(fields) < 2 {
		return fmt.Errorf("%q: want an identifier and a severity, such as 'CVE-2021-44228 critical'", strings.Join(fields, " "))
	}
	severity, err := finding.ParseSeverity(fields[1])
	if err != nil {
		return err
	}
	p.v = &finding.Vulnerability{ID: id, Severities: []finding.SourcedSeverity{{Source: Source, Severity: severity}}}
	p.affected = 0
	p.a.vulnerabilities[id] = p.v
	for _, f := range fields[2:] {
		if err := p.attribute(f); err != nil {
			return err
		}
	}
	return nil
}

// attribute reads one word behind the severity.
func (p *parser) attribute(field string) error {
	key, value, _ := strings.Cut(field, "=")
	switch key {
	case "kev":
		if _, err := time.Parse(time.DateOnly, value); err != nil {
			return fmt.Errorf("kev %q: want YYYY-MM-DD", value)
		}
		p.v.KEV = &finding.KEV{Added: value}
	case "ransomware":
		if p.v.KEV == nil {
			return errors.New("ransomware: only behind kev=")
		}
		p.v.KEV.Ransomware = true
	case "cvss":
		score, err := strconv.ParseFloat(value, 64)
		if err != nil || score < 0 || score > 10 {
			return fmt.Errorf("cvss %q: want a number from 0 to 10", value)
		}
		p.v.Severities[0].Score = score
	case "alias":
		p.v.Aliases = append(p.v.Aliases, value)
		p.a.vulnerabilities[value] = p.v
	default:
		return fmt.Errorf("unknown word %q: not one of kev=, ransomware, cvss=, alias=", field)
	}
	return nil
}

// affects reads "NAMESPACE PACKAGE CONSTRAINT".
func (p *parser) affects(text string) error {
	namespace, rest, _ := strings.Cut(text, " ")
	pkg, constraint, ok := strings.Cut(rest, " ")
	if !ok {
		return fmt.Errorf("%q: want NAMESPACE PACKAGE CONSTRAINT, such as 'npm lodash <4.17.12'", text)
	}
	if p.check {
		if _, err := ranges(namespace, constraint); err != nil {
			return err
		}
	}
	key := namespace + " " + pkg
	p.a.affected[key] = append(p.a.affected[key], statement{p.v.ID, constraint})
	p.affected++
	return nil
}

// ranges parses a constraint; none is every version.
func ranges(namespace, constraint string) ([]vulndb.Range, error) {
	if constraint == "*" {
		return nil, nil
	}
	parsed, err := match.Scheme(namespace).ParseConstraint(constraint)
	if err != nil {
		return nil, err
	}
	out := make([]vulndb.Range, len(parsed))
	for i, r := range parsed {
		if r.After != "" {
			return nil, fmt.Errorf("constraint %q: '>' is not supported, give the first affected version with '>='", constraint)
		}
		out[i] = vulndb.Range{Introduced: r.Introduced, Fixed: r.Fixed, LastAffected: r.LastAffected}
	}
	return out, nil
}
