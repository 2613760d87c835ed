package terraform

import (
	"maps"
	"reflect"
	"strings"

	"github.com/aquasecurity/trivy/pkg/iac/terraform"
	"github.com/hashicorp/hcl/v2/ext/typeexpr"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
)

// settle gives names their values until nothing changes any more.
func (m *module) settle() {
	var last map[string]cty.Value
	for range maxSteps {
		m.step()
		if now := m.ctx.Inner().Variables; reflect.DeepEqual(last, now) {
			return
		}
		last = maps.Clone(m.ctx.Inner().Variables)
	}
}

func (m *module) step() {
	vars, locals, providers := map[string]cty.Value{}, map[string]cty.Value{}, map[string]cty.Value{}
	managed, data := map[string]map[string]cty.Value{}, map[string]map[string]cty.Value{}
	for _, b := range m.blocks {
		switch b.Type() {
		case "variable":
			if v, ok := m.variable(b); ok {
				vars[b.Label()] = small(v)
			}
		case "locals":
			for name, v := range b.Values().AsValueMap() {
				locals[name] = small(v)
			}
		case "provider":
			providers[b.Label()] = small(b.Values())
		case "resource":
			note(managed, b)
		case "data":
			note(data, b)
		}
	}
	m.ctx.Set(cty.ObjectVal(vars), "var")
	m.ctx.Set(cty.ObjectVal(locals), "local")
	m.ctx.Set(cty.ObjectVal(providers), "provider")
	for kind, v := range objects(managed) {
		m.ctx.Set(v, kind)
	}
	m.ctx.Set(cty.ObjectVal(objects(data)), "data")
}

// note puts a resource's values under its type and name.
func note(all map[string]map[string]cty.Value, b *terraform.Block) {
	if len(b.Labels()) < 2 {
		return
	}
	ref := b.Reference()
	if all[ref.TypeLabel()] == nil {
		all[ref.TypeLabel()] = map[string]cty.Value{}
	}
	names := all[ref.TypeLabel()]
	names[ref.NameLabel()] = instances(b, names[ref.NameLabel()], small(b.Values()))
}

func objects(all map[string]map[string]cty.Value) map[string]cty.Value {
	out := map[string]cty.Value{}
	for kind, names := range all {
		out[kind] = cty.ObjectVal(names)
	}
	return out
}

// instances adds the values of one instance to those of the others: a list with
// count, a map with for_each, the values alone otherwise.
func instances(b *terraform.Block, others, v cty.Value) cty.Value {
	ref := b.Reference()
	key := ref.RawKey()
	switch {
	case key == cty.NilVal || key.IsNull() || !key.IsKnown():
		return v
	case key.Type() == cty.Number && b.GetAttribute("count").IsNotNil():
		var list []cty.Value
		if others != cty.NilVal && others.Type().IsTupleType() {
			list = others.AsValueSlice()
		}
		return cty.TupleVal(append(list, v))
	case key.Type() == cty.String && b.GetAttribute("for_each").IsNotNil():
		all := map[string]cty.Value{}
		if others != cty.NilVal && others.Type().IsObjectType() {
			maps.Copy(all, others.AsValueMap())
		}
		all[key.AsString()] = v
		return cty.ObjectVal(all)
	}
	return v
}

// variable is the caller's value or the default, converted to the type. One
// without either is unknown.
func (m *module) variable(b *terraform.Block) (cty.Value, bool) {
	attrs := b.Attributes()
	kind, defaults := cty.DynamicPseudoType, (*typeexpr.Defaults)(nil)
	if t, ok := attrs["type"]; ok {
		if ty, def, err := t.DecodeVarType(); err == nil {
			kind, defaults = ty, def
		}
	}
	v, given := m.inputs[b.Label()]
	if !given || v.Type() == cty.NilType {
		def, ok := attrs["default"]
		if !ok {
			return cty.UnknownVal(kind), m.depth == 0
		}
		v = def.NullableValue()
	}
	if defaults != nil && !v.IsNull() {
		v = defaults.Apply(v)
	}
	if converted, err := convert.Convert(v, kind); err == nil {
		v = converted
	}
	return v, true
}

// expand multiplies blocks with count or for_each and unfolds dynamic blocks.
func (m *module) expand(blocks terraform.Blocks) terraform.Blocks {
	var out terraform.Blocks
	for _, b := range blocks {
		if len(out) > maxBlocks {
			break
		}
		if b.IsExpanded() || b.Type() != "resource" && b.Type() != "module" && b.Type() != "data" {
			out = append(out, b)
			continue
		}
		switch count, each := b.GetAttribute("count"), b.GetAttribute("for_each"); {
		case count.IsNotNil():
			out = append(out, counted(b, count)...)
		case each.IsNotNil():
			out = append(out, eachOf(b, each)...)
		default:
			out = append(out, b)
		}
	}
	for _, b := range out {
		_ = b.ExpandBlock() // a dynamic block over something unknown stays as it is
	}
	return out
}

// counted makes the instances of count; of an unknown number there is one.
func counted(b *terraform.Block, count *terraform.Attribute) terraform.Blocks {
	n := 1
	if v := count.Value(); v != cty.NilVal && v.IsKnown() && !v.IsNull() && !v.IsMarked() && v.Type() == cty.Number {
		i, _ := v.AsBigFloat().Int64()
		n = int(min(max(i, 0), maxInstances))
	}
	var out terraform.Blocks
	for i := range n {
		out = append(out, b.Clone(cty.NumberIntVal(int64(i))))
	}
	return out
}

// eachOf makes the instances of for_each; of something unknown the block stays
// as it is, to be checked with what is known of it.
func eachOf(b *terraform.Block, each *terraform.Attribute) terraform.Blocks {
	v := each.Value()
	if v == cty.NilVal || v.IsMarked() || v.IsNull() || !v.IsKnown() || !v.CanIterateElements() {
		return terraform.Blocks{b}
	}
	var out terraform.Blocks
	for it := v.ElementIterator(); it.Next() && len(out) < maxInstances; {
		key, value := it.Element()
		if !v.Type().IsMapType() && !v.Type().IsObjectType() {
			key = value
		}
		text, err := convert.Convert(key, cty.String)
		if err != nil || !text.IsKnown() || text.IsNull() || text.IsMarked() {
			continue
		}
		clone := b.Clone(text)
		obj := cty.ObjectVal(map[string]cty.Value{"key": text, "value": value})
		clone.Context().Set(obj, "each")
		out = append(out, clone)
	}
	return out
}

// resources are the resources as they are written, for checks of clouds without
// an adapter.
func resources(modules terraform.Modules) map[string]any {
	all := map[string]any{}
	for _, b := range modules.GetBlocks() {
		if b.Type() != "resource" || len(b.Labels()) < 2 {
			continue
		}
		kind, _, _ := strings.Cut(b.TypeLabel(), "[")
		list, _ := all[kind].([]any)
		all[kind] = append(list, blockValue(b))
	}
	return all
}
