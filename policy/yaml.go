package policy

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"
)

// Limits on files that people write.
const (
	maxFile     = 1 << 20
	maxRules    = 1000
	maxWaivers  = 10_000
	maxText     = 16 << 10 // of one value
	maxElements = 10_000   // of one list
)

// yamlLine finds the line in an error of package yaml.
var yamlLine = regexp.MustCompile(`^yaml: (?:line (\d+): )?(.*)`)

// document parses a file of one document whose top is a mapping.
func document(name string, text []byte) (*source, *yaml.Node, error) {
	src := newSource(name, text)
	if len(text) > maxFile {
		return nil, nil, fmt.Errorf("read %s: more than %d bytes", name, maxFile)
	}
	var top, more yaml.Node
	dec := yaml.NewDecoder(bytes.NewReader(text))
	if err := dec.Decode(&top); err != nil {
		if errors.Is(err, io.EOF) {
			return nil, nil, src.at(1, 1, "the file is empty")
		}
		m := yamlLine.FindStringSubmatch(err.Error())
		if m == nil {
			return nil, nil, src.at(1, 1, "%v", err)
		}
		line, _ := strconv.Atoi(m[1])
		return nil, nil, src.at(line, 1, "%s", m[2]+quoteHint(m[2]))
	}
	if err := dec.Decode(&more); !errors.Is(err, io.EOF) {
		return nil, nil, src.at(max(more.Line, 1), 1, "more than one document in the file")
	}
	if len(top.Content) == 0 {
		return nil, nil, src.at(1, 1, "the file is empty")
	}
	return src, top.Content[0], nil
}

// quoteHint helps those who write CEL into YAML for the first time.
func quoteHint(message string) string {
	if strings.Contains(message, "mapping values are not allowed") {
		return ": put an expression that has a colon into quotes, or behind >- on the next line"
	}
	return ""
}

// keys says what each key of a mapping does.
type keys map[string]func(*yaml.Node) error

// mapping reads a mapping. A key that is not known or stands twice is an error.
func (s *source) mapping(n *yaml.Node, known keys) error {
	if n.Kind != yaml.MappingNode {
		return s.errorAt(n, "want a mapping of names to values")
	}
	seen := map[string]bool{}
	var errs []error
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		read := known[key.Value]
		switch {
		case read == nil:
			errs = append(errs, s.errorAt(key, "unknown key %q%s", clip(key.Value, 60), suggest(key.Value, known)))
			continue
		case seen[key.Value]:
			errs = append(errs, s.errorAt(key, "key %q stands twice", key.Value))
		}
		seen[key.Value] = true
		if err := read(value); err != nil {
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}

// list reads every element of a sequence.
func (s *source) list(limit int, read func(*yaml.Node) error) func(*yaml.Node) error {
	return func(n *yaml.Node) error {
		if n.Kind != yaml.SequenceNode {
			return s.errorAt(n, "want a list")
		}
		if len(n.Content) > limit {
			return s.errorAt(n, "more than %d elements", limit)
		}
		var errs []error
		for _, c := range n.Content {
			if err := read(c); err != nil {
				errs = append(errs, err)
			}
		}
		return errors.Join(errs...)
	}
}

// text reads a scalar as text.
func (s *source) text(into *string) func(*yaml.Node) error {
	return func(n *yaml.Node) error {
		if n.Kind != yaml.ScalarNode || n.Tag == "!!null" {
			return s.errorAt(n, "want a text")
		}
		if len(n.Value) > maxText {
			return s.errorAt(n, "a text of more than %d bytes", maxText)
		}
		*into = n.Value
		return nil
	}
}

// node keeps a text with its place.
func (s *source) node(into **yaml.Node) func(*yaml.Node) error {
	return func(n *yaml.Node) error {
		var text string
		if err := s.text(&text)(n); err != nil {
			return err
		}
		*into = n
		return nil
	}
}

// day reads YYYY-MM-DD.
func (s *source) day(into *time.Time) func(*yaml.Node) error {
	return func(n *yaml.Node) error {
		day, err := time.Parse(time.DateOnly, n.Value)
		if err != nil {
			return s.errorAt(n, "want a date such as 2026-12-31")
		}
		*into = day
		return nil
	}
}

// suggest names a known key that is close to a mistaken one.
func suggest(key string, known keys) string {
	best, at := "", 3
	for k := range known {
		if d := distance(key, k); d < at || d == at && k < best {
			best, at = k, d
		}
	}
	if best == "" {
		return ""
	}
	return fmt.Sprintf(", did you mean %q?", best)
}

// distance counts the edits between two short words (Levenshtein).
func distance(a, b string) int {
	if len(a) > 40 {
		return len(a)
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
