package suppress

import (
	"bufio"
	"fmt"
	"io"
	"strings"
	"time"
)

// maxLine bounds a line of an ignore file.
const maxLine = 64 << 10

// maxPath bounds a pattern, whose cost is its length times the path's.
const maxPath = 1024

// ReadIgnore parses an ignore file: one line per decision,
//
//	ID [package=NAME] [path=PATTERN] [until=YYYY-MM-DD] -- reason
//
// where ID is a vulnerability, advisory, finding or rule, or a pattern of rules
// ("secret/*"); package glob describes patterns. The reason is required:
// whoever reads the file later wants to know it. Blank lines and lines that
// begin with "#" do not count. Errors name the file and line.
func ReadIgnore(r io.Reader, name string) (Rules, error) {
	var rules Rules
	s := bufio.NewScanner(r)
	s.Buffer(make([]byte, 0, 4096), maxLine)
	n := 0
	for s.Scan() {
		n++
		line := strings.TrimSpace(s.Text())
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		rule, err := parseIgnore(line)
		if err != nil {
			return nil, fmt.Errorf("read ignore file %s: line %d: %w", name, n, err)
		}
		rule.Source = fmt.Sprintf("%s:%d", name, n)
		rules = append(rules, rule)
	}
	if err := s.Err(); err != nil {
		return nil, fmt.Errorf("read ignore file %s: line %d: %w", name, n+1, err)
	}
	return rules, nil
}

func parseIgnore(line string) (Rule, error) {
	decision, reason, ok := strings.Cut(line, " -- ")
	if reason = strings.TrimSpace(reason); !ok || reason == "" {
		return Rule{}, fmt.Errorf("no reason given: end the line with ' -- why'")
	}
	fields := strings.Fields(decision)
	if len(fields) == 0 {
		return Rule{}, fmt.Errorf("no identifier given")
	}
	if strings.Trim(fields[0], "*?/") == "" {
		return Rule{}, fmt.Errorf("%q would ignore everything: name a rule, or patterns of rules such as secret/*", fields[0])
	}
	rule := Rule{IDs: fields[:1], By: "ignore", Reason: reason}
	for _, f := range fields[1:] {
		if err := rule.limit(f); err != nil {
			return Rule{}, err
		}
	}
	return rule, nil
}

// limit sets one "key=value" of an ignore line.
func (r *Rule) limit(field string) error {
	key, value, _ := strings.Cut(field, "=")
	switch {
	case value == "":
		return fmt.Errorf("%q: want key=value", field)
	case key == "package":
		r.Package = value
	case key == "path":
		if len(value) > maxPath {
			return fmt.Errorf("path: longer than %d bytes", maxPath)
		}
		r.Path = strings.TrimPrefix(value, "/")
	case key == "until":
		day, err := time.Parse(time.DateOnly, value)
		if err != nil {
			return fmt.Errorf("until %q: want YYYY-MM-DD", value)
		}
		r.Expires = day.Add(24*time.Hour - time.Second)
	default:
		return fmt.Errorf("unknown key %q: not one of package, path, until", key)
	}
	return nil
}
