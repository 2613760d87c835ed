package terraform

import (
	"github.com/aquasecurity/trivy/pkg/iac/terraform"
	"github.com/zclconf/go-cty/cty"
	ctyjson "github.com/zclconf/go-cty/cty/json"

	"encoding/json"
)

// blockValue is a block as checks see it: attributes by name, blocks in it as
// lists, and its lines. What is unknown is left out.
func blockValue(b *terraform.Block) map[string]any {
	meta := b.GetMetadata()
	out := map[string]any{"__defsec_metadata": map[string]any{
		"filepath": meta.Range().GetLocalFilename(), "startline": meta.Range().GetStartLine(), "endline": meta.Range().GetEndLine(),
		"resource": meta.Reference(),
	}}
	for _, child := range b.AllBlocks() {
		list, _ := out[child.Type()].([]any)
		out[child.Type()] = append(list, blockValue(child))
	}
	for _, a := range b.GetAttributes() {
		if v := goValue(a.Value()); v != nil {
			out[a.Name()] = v
		}
	}
	return out
}

// goValue turns a known value into maps, slices and scalars.
func goValue(v cty.Value) any {
	if v == cty.NilVal || v.IsNull() || !v.IsWhollyKnown() {
		return nil
	}
	v, _ = v.UnmarkDeep()
	data, err := ctyjson.Marshal(v, v.Type())
	if err != nil {
		return nil
	}
	var out any
	if json.Unmarshal(data, &out) != nil {
		return nil
	}
	return out
}
