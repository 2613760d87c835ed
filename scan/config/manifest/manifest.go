// Package manifest reads YAML and JSON documents into values that know their
// lines: every map carries "__defsec_metadata" with its first and last line,
// which is what checks written in Rego hand back. Aliases are followed, within
// a budget, so that a file of a kilobyte cannot become a gigabyte.
package manifest

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/boltseal/boltseal/image"
)

const (
	maxBytes     = 4 << 20
	maxDocuments = 2000
	maxNodes     = 200000 // of one document, aliases followed
	maxDepth     = 200
)

// Documents parses all documents of a file. Those before a mistake are returned
// with the error. Empty documents are left out.
func Documents(data []byte) ([]*yaml.Node, error) {
	if len(data) > maxBytes {
		return nil, fmt.Errorf("%w: more than %d bytes", image.ErrLimit, maxBytes)
	}
	var docs []*yaml.Node
	d := yaml.NewDecoder(bytes.NewReader(data))
	for {
		n := new(yaml.Node)
		err := d.Decode(n)
		switch {
		case errors.Is(err, io.EOF):
			return docs, nil
		case err != nil:
			return docs, fmt.Errorf("parse yaml: %w", err)
		case len(docs) >= maxDocuments:
			return docs, fmt.Errorf("%w: more than %d documents", image.ErrLimit, maxDocuments)
		}
		if n.Kind == yaml.DocumentNode && len(n.Content) == 1 {
			docs = append(docs, n.Content[0])
		}
	}
}

// Value turns a document into maps, slices and scalars with lines. file is what
// the lines are of.
func Value(n *yaml.Node, file string) (any, error) {
	c := converter{file: file, left: maxNodes}
	v, _, err := c.value(n, 0)
	return v, err
}

type converter struct {
	file string
	left int
}

// value also says on which line the node ends.
func (c *converter) value(n *yaml.Node, depth int) (any, int, error) {
	if c.left--; c.left < 0 || depth > maxDepth {
		return nil, 0, fmt.Errorf("%w: more than %d nodes or deeper than %d", image.ErrLimit, maxNodes, maxDepth)
	}
	switch n.Kind {
	case yaml.AliasNode:
		v, _, err := c.value(n.Alias, depth+1)
		return v, n.Line, err
	case yaml.MappingNode:
		return c.mapping(n, depth)
	case yaml.SequenceNode:
		list, end := make([]any, 0, len(n.Content)), n.Line
		for _, item := range n.Content {
			v, last, err := c.value(item, depth+1)
			if err != nil {
				return nil, 0, err
			}
			list, end = append(list, v), max(end, last)
		}
		return list, end, nil
	}
	return Scalar(n), n.Line, nil
}

func (c *converter) mapping(n *yaml.Node, depth int) (any, int, error) {
	m, end := make(map[string]any, len(n.Content)/2+1), n.Line
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, item := n.Content[i], n.Content[i+1]
		v, last, err := c.value(item, depth+1)
		if err != nil {
			return nil, 0, err
		}
		end = max(end, last)
		sub, isMap := v.(map[string]any)
		if key.Tag == "!!merge" {
			for k, w := range sub {
				if _, has := m[k]; !has {
					m[k] = w
				}
			}
			continue
		}
		if isMap && item.Kind == yaml.MappingNode {
			sub[Metadata].(map[string]any)["startline"] = key.Line
		}
		m[key.Value] = v
	}
	m[Metadata] = map[string]any{"startline": n.Line, "endline": end, "filepath": c.file, "offset": 0}
	return m, end, nil
}

// Metadata is the key under which maps carry their lines.
const Metadata = "__defsec_metadata"

// Translate replaces the lines in a value by those at their index, counted from
// 1: lines of a rendered text by those of its template.
func Translate(v any, lines []int) {
	switch v := v.(type) {
	case []any:
		for _, item := range v {
			Translate(item, lines)
		}
	case map[string]any:
		for key, item := range v {
			if key != Metadata {
				Translate(item, lines)
				continue
			}
			meta := item.(map[string]any)
			for _, name := range []string{"startline", "endline"} {
				if n, _ := meta[name].(int); n >= 1 && n <= len(lines) {
					meta[name] = lines[n-1]
				}
			}
		}
	}
}

// Scalar is the value of a scalar node: a string, number, boolean or nil. Times
// and binaries are as they are written.
func Scalar(n *yaml.Node) any {
	switch n.ShortTag() {
	case "!!null":
		return nil
	case "!!bool":
		b, err := strconv.ParseBool(strings.ToLower(n.Value))
		if err == nil {
			return b
		}
	case "!!int":
		var i int64
		if n.Decode(&i) == nil {
			return i
		}
	case "!!float":
		var f float64
		if n.Decode(&f) == nil && f == f && f-f == 0 {
			return f
		}
	case "!!timestamp":
		var t time.Time
		if n.Decode(&t) == nil {
			return t.Format(time.RFC3339)
		}
	}
	return n.Value
}

// Get walks down mappings by key; nil when a step is missing.
func Get(n *yaml.Node, keys ...string) *yaml.Node {
	for _, k := range keys {
		n = child(n, k)
	}
	return n
}

func child(n *yaml.Node, key string) *yaml.Node {
	if n != nil && n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	if n == nil || n.Kind != yaml.MappingNode {
		return nil
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == key {
			return n.Content[i+1]
		}
	}
	return nil
}

// Text is the value of a scalar below n, "" when there is none.
func Text(n *yaml.Node, keys ...string) string {
	if n = Get(n, keys...); n != nil && n.Kind == yaml.ScalarNode {
		return n.Value
	}
	return ""
}
