package policy

import (
	"context"
	"fmt"
	"strings"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
	"cel.dev/cel-go/common/types/traits"
	"go.yaml.in/yaml/v3"
)

// message is a text with values: "{finding.title} in {pkg.name}". What stands in
// braces is an expression; "{{" and "}}" are braces.
type message []part

// part is a text or an expression.
type part struct {
	text string
	ast  *cel.Ast
}

// maxMessage is how long a message can get, and maxValue one value in it.
const (
	maxMessage = 600
	maxValue   = 200
)

// message compiles the message in a scalar, nil without one.
func (c *compiler) message(env *cel.Env, n *yaml.Node) (message, error) {
	if n == nil {
		return nil, nil
	}
	var m message
	var text strings.Builder
	for i := 0; i < len(n.Value); i++ {
		switch ch := n.Value[i]; {
		case strings.HasPrefix(n.Value[i:], "{{"), strings.HasPrefix(n.Value[i:], "}}"):
			text.WriteByte(ch)
			i++
		case ch == '}':
			return nil, c.inside(n, i, "a brace closes what none opened: write }} for the character")
		case ch == '{':
			end := closing(n.Value, i)
			if end < 0 {
				return nil, c.inside(n, i, "the brace is not closed: write {{ for the character")
			}
			a, err := c.expression(env, n, n.Value[i+1:end], i+1)
			if err != nil {
				return nil, err
			}
			m = append(m, part{text: text.String()}, part{ast: a})
			text.Reset()
			i = end
		default:
			text.WriteByte(ch)
		}
	}
	return append(m, part{text: text.String()}), nil
}

// closing is where the brace that opens at i closes, outside quotes, or -1.
func closing(s string, i int) int {
	depth := 0
	var quote byte
	for ; i < len(s); i++ {
		switch c := s[i]; {
		case quote != 0 && c == '\\':
			i++
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case c == '{':
			depth++
		case c == '}':
			if depth--; depth == 0 {
				return i
			}
		}
	}
	return -1
}

// fill writes the message with the values of a subject. A value that cannot be
// had is written as what is wrong with it: the decision stands without it.
func (m message) fill(ctx context.Context, e *evaluation, env *cel.Env, vars cel.Activation) string {
	var b strings.Builder
	for _, p := range m {
		if p.ast == nil {
			b.WriteString(p.text)
			continue
		}
		v, err := e.eval(ctx, env, p.ast, vars)
		if err != nil {
			fmt.Fprintf(&b, "(%s)", clip(err.Error(), maxValue))
			continue
		}
		b.WriteString(clip(display(v), maxValue))
	}
	return clip(strings.TrimSpace(b.String()), maxMessage)
}

// display writes a value for people.
func display(v ref.Val) string {
	switch v := v.(type) {
	case types.String:
		return string(v)
	case types.Timestamp:
		return v.Format("2006-01-02")
	case types.Double:
		return fmt.Sprintf("%g", float64(v))
	case traits.Lister:
		var parts []string
		size := int(v.Size().(types.Int))
		for i := 0; i < size && i < 10; i++ {
			parts = append(parts, display(v.Get(types.Int(i))))
		}
		if size > 10 {
			parts = append(parts, fmt.Sprintf("and %d more", size-10))
		}
		return strings.Join(parts, ", ")
	case *object:
		return v.name
	}
	return fmt.Sprint(v.Value())
}
