package policy

import (
	"maps"
	"regexp"
	"slices"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"
	"go.yaml.in/yaml/v3"
)

// params are the values that a policy names, so that another can change them.
type params map[string]param

// param is a value: bool, int64, float64, string or []string.
type param struct {
	value any
	kind  *cel.Type
}

var paramName = regexp.MustCompile(`^[a-zA-Z][a-zA-Z0-9_]{0,63}$`)

func (f *file) readParams(n *yaml.Node) error {
	if n.Kind != yaml.MappingNode {
		return f.errorAt(n, "want a mapping of names to values")
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key := n.Content[i]
		if !paramName.MatchString(key.Value) {
			return f.errorAt(key, "parameter %q: want letters and digits", clip(key.Value, 60))
		}
		if f.setting[key.Value] != nil {
			return f.errorAt(key, "parameter %q stands twice", key.Value)
		}
		f.setting[key.Value] = n.Content[i+1]
	}
	return nil
}

// applyParams sets the policy's own parameters over those that it extends.
func (f *file) applyParams() error {
	if f.params == nil {
		f.params = params{}
	}
	for _, name := range slices.Sorted(maps.Keys(f.setting)) {
		n := f.setting[name]
		p, err := f.param(n)
		if err != nil {
			return err
		}
		if old, ok := f.params[name]; ok && old.kind.String() != p.kind.String() {
			return f.errorAt(n, "parameter %s: want a value of type %s", name, old.kind)
		}
		f.params[name] = p
	}
	return nil
}

func (f *file) param(n *yaml.Node) (param, error) {
	if n.Kind == yaml.SequenceNode {
		texts := []string{}
		err := f.list(maxElements, func(c *yaml.Node) error {
			texts = append(texts, "")
			return f.text(&texts[len(texts)-1])(c)
		})(n)
		return param{texts, types.NewListType(types.StringType)}, err
	}
	var value any
	if err := n.Decode(&value); err != nil || n.Kind != yaml.ScalarNode {
		return param{}, f.errorAt(n, "want a number, a text, true or false, or a list of texts")
	}
	switch v := value.(type) {
	case bool:
		return param{v, types.BoolType}, nil
	case int:
		return param{int64(v), types.IntType}, nil
	case float64:
		return param{v, types.DoubleType}, nil
	case string:
		return param{v, types.StringType}, nil
	}
	return param{}, f.errorAt(n, "want a number, a text, true or false, or a list of texts")
}
