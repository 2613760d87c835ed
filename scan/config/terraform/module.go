package terraform

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"strings"

	"github.com/aquasecurity/trivy/pkg/iac/terraform"
	tfcontext "github.com/aquasecurity/trivy/pkg/iac/terraform/context"
	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"github.com/boltseal/boltseal/image"
)

// module is one instance of a module while it is evaluated.
type module struct {
	*world
	dir    string
	ctx    *tfcontext.Context
	blocks terraform.Blocks
	inputs map[string]cty.Value
	depth  int
	built  *terraform.Module
	parts  []*module // of the module blocks, in order
}

// module evaluates a directory with the inputs of the block that calls it; nil
// when there is nothing in it.
func (w *world) module(dir, source string, caller *terraform.Block, inputs map[string]cty.Value, depth int) *module {
	if w.modules++; w.modules > maxModules || depth > maxDepth {
		w.issue(dir, fmt.Errorf("%w: more than %d modules, or deeper than %d", image.ErrLimit, maxModules, maxDepth))
		return nil
	}
	m := &module{world: w, dir: dir, inputs: inputs, depth: depth}
	m.ctx = tfcontext.NewContext(&hcl.EvalContext{Functions: functions(w.files, dir)}, nil)
	m.ctx.SetByDot(cty.StringVal("default"), "terraform.workspace")
	m.ctx.SetByDot(cty.StringVal(w.root), "path.root")
	m.ctx.SetByDot(cty.StringVal(dir), "path.module")
	m.ctx.SetByDot(cty.StringVal("."), "path.cwd")
	if caller == nil {
		source = ""
		m.inputs = m.variables()
	}
	for _, b := range w.parse(dir) {
		block := terraform.NewBlock(b, m.ctx, caller, nil, source, w.files)
		block.OverrideContext(m.ctx.NewChild())
		m.blocks = append(m.blocks, block)
	}
	if len(m.blocks) == 0 {
		return nil
	}
	m.evaluate()
	return m
}

// evaluate settles the values, multiplies blocks, and does the same in the
// modules that are called, whose outputs may settle more.
func (m *module) evaluate() {
	m.settle()
	for range 2 { // what is counted by something counted needs a second round
		m.blocks = m.expand(m.blocks)
		m.settle()
	}
	m.built = terraform.NewModule(m.root, m.dir, m.blocks, nil)
	outputs := map[string]cty.Value{}
	for _, b := range m.blocks.OfType("module") {
		child := m.call(b)
		if child == nil {
			continue
		}
		m.parts = append(m.parts, child)
		name, _, _ := strings.Cut(b.Label(), "[")
		outputs[name] = instances(b, outputs[name], child.outputs())
	}
	if len(outputs) > 0 {
		m.ctx.Set(cty.ObjectVal(outputs), "module")
		m.settle()
	}
}

// all lists the module and those below it, linked to their callers.
func (m *module) all() terraform.Modules {
	list := terraform.Modules{m.built}
	for _, p := range m.parts {
		p.built.SetParent(m.built)
		list = append(list, p.all()...)
	}
	return list
}

// call evaluates the module that a block calls.
func (m *module) call(b *terraform.Block) *module {
	source, ok := stringValue(b.GetAttribute("source").Value())
	if !ok {
		return nil
	}
	dir := path.Join(m.dir, source)
	if !strings.HasPrefix(source, "./") && !strings.HasPrefix(source, "../") {
		if dir, ok = m.known[b.ModuleKey()]; !ok {
			m.issue(m.dir, fmt.Errorf("module %s: %s is not in this directory and was not fetched", b.Label(), source))
			return nil
		}
	}
	if !fs.ValidPath(dir) || dir == m.dir {
		m.issue(m.dir, fmt.Errorf("module %s: %s is outside of the directory", b.Label(), source))
		return nil
	}
	return m.world.module(dir, source, b, b.Values().AsValueMap(), m.depth+1)
}

func (m *module) outputs() cty.Value {
	out := map[string]cty.Value{}
	for _, b := range m.blocks.OfType("output") {
		if a := b.GetAttribute("value"); a.IsNotNil() && b.Label() != "" {
			out[b.Label()] = small(a.Value())
		}
	}
	return cty.ObjectVal(out)
}

// initialized reads where "terraform init" put modules.
func (w *world) initialized() {
	data, err := fs.ReadFile(w.files, path.Join(w.root, ".terraform/modules/modules.json"))
	if err != nil {
		return
	}
	var manifest struct {
		Modules []struct{ Key, Dir string }
	}
	if err := json.Unmarshal(data, &manifest); err != nil {
		w.issue(w.root, fmt.Errorf("parse modules.json: %w", err))
		return
	}
	w.known = map[string]string{}
	for _, m := range manifest.Modules {
		w.known[m.Key] = path.Join(w.root, m.Dir)
	}
}

// variables reads terraform.tfvars and *.auto.tfvars.
func (m *module) variables() map[string]cty.Value {
	values := map[string]cty.Value{}
	names := []string{path.Join(m.dir, "terraform.tfvars")}
	automatic, _ := fs.Glob(m.files, path.Join(m.dir, "*.auto.tfvars"))
	for _, name := range append(names, automatic...) {
		body, err := m.body(name)
		if body == nil {
			continue
		}
		if err != nil {
			m.issue(name, err)
		}
		attrs, _ := body.JustAttributes()
		for _, a := range attrs {
			if v, diags := a.Expr.Value(m.ctx.Inner()); !diags.HasErrors() {
				maps.Copy(values, map[string]cty.Value{a.Name: small(v)})
			}
		}
	}
	return values
}
