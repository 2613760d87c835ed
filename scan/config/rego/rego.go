// Package rego runs checks written in Rego over configuration: those of
// trivy-checks, which are compiled as they are, and the user's own. It knows
// nothing about files: an Input is a value, made by the parsers beside it.
//
// Compile takes only the checks that some input needs, for compiling costs more
// than running. Nothing is kept between programs. Checks cannot reach the network.
package rego

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/storage"
	"github.com/open-policy-agent/opa/v1/storage/inmem"
	"github.com/open-policy-agent/opa/v1/topdown"
	"github.com/open-policy-agent/opa/v1/types"
)

// The types of input that checks select.
const (
	Dockerfile = "dockerfile"
	Kubernetes = "kubernetes"
	Cloud      = "cloud"
	Compose    = "docker-compose"
	// Terraform has the resources as they are written, by type.
	Terraform = "terraform"
)

// Input is one document as checks see it.
type Input struct {
	Type string
	// Path is the file that results are about unless they name another.
	Path string
	// Build is the kustomization that the document was built from, "" for one as it
	// is written.
	Build string
	// Value is a tree of maps, slices and scalars.
	Value any

	term *ast.Term
}

// has says whether the input is of the subtype: a cloud's service, or an object's
// kind, version or group.
func (in *Input) has(t subtype) bool {
	m, _ := in.Value.(map[string]any)
	if t.Provider != "" {
		services, _ := m[t.Provider].(map[string]any)
		_, ok := services[t.Service]
		return ok
	}
	for _, key := range []string{"apiVersion", "kind"} {
		v, _ := m[key].(string)
		if v != "" && (strings.EqualFold(v, t.Kind) || strings.EqualFold(v, t.Version) || strings.EqualFold(v, t.Group)) {
			return true
		}
	}
	return false
}

// Result is one thing that a check does not like.
type Result struct {
	Check   *Check
	Message string
	Path    string
	// Line and EndLine count from 1; 0 is unknown.
	Line, EndLine int
	// Resource is the name of the thing at fault, if the input has names.
	Resource string
}

// Program is a compiled set of checks. It is safe for concurrent use.
type Program struct {
	checks []*Check
	rules  map[*Check][]ast.Ref
	c      *ast.Compiler
	calls  map[string]*topdown.Builtin
	store  storage.Store
}

// Checks are what the program holds.
func (p *Program) Checks() []*Check { return p.checks }

// Compile makes the program for inputs of one type. Errors of user's checks name
// file and line.
func Compile(kind string, inputs []*Input, user *User) (*Program, error) {
	modules, err := shipped(kind, providers(kind, inputs))
	if err != nil {
		return nil, err
	}
	if user != nil {
		modules = append(modules, user.modules...)
	}
	p := &Program{rules: map[*Check][]ast.Ref{}, calls: map[string]*topdown.Builtin{}, store: inmem.New()}
	parsed := map[string]*ast.Module{}
	for _, m := range modules {
		if !m.needed(kind, inputs) {
			continue
		}
		if parsed[m.name], err = m.parse(); err != nil {
			return nil, err
		}
		if m.check != nil {
			p.add(m.check, parsed[m.name])
		}
	}
	if err := libraries(parsed); err != nil {
		return nil, err
	}
	p.c = ast.NewCompiler().WithCapabilities(p.capabilities())
	if p.c.Compile(parsed); p.c.Failed() {
		return nil, fmt.Errorf("compile checks: %w", located(p.c.Errors))
	}
	return p, nil
}

// needed says whether the module is a library or a check that some input wants.
func (m *module) needed(kind string, inputs []*Input) bool {
	if m.check == nil {
		return m.user
	}
	return m.check.understands(kind) && slices.ContainsFunc(inputs, m.check.applies)
}

// providers are the clouds that the inputs have.
func providers(kind string, inputs []*Input) []string {
	if kind != Cloud {
		return nil
	}
	var names []string
	for _, in := range inputs {
		m, _ := in.Value.(map[string]any)
		for name := range m {
			if !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	slices.Sort(names)
	return names
}

// add notes the rules of a check that say no.
func (p *Program) add(c *Check, m *ast.Module) {
	for _, r := range m.Rules {
		name := r.Head.Ref()[0].String()
		if name != "deny" && name != "warn" && !strings.HasPrefix(name, "deny_") && !strings.HasPrefix(name, "warn_") {
			continue
		}
		ref := m.Package.Path.Append(ast.StringTerm(name))
		if !slices.ContainsFunc(p.rules[c], func(r ast.Ref) bool { return r.Equal(ref) }) {
			p.rules[c] = append(p.rules[c], ref)
		}
	}
	p.checks = append(p.checks, c)
}

// capabilities are OPA's functions without those that reach out, and ours.
func (p *Program) capabilities() *ast.Capabilities {
	caps := ast.CapabilitiesForThisVersion()
	caps.Builtins = slices.DeleteFunc(slices.Clone(caps.Builtins), func(b *ast.Builtin) bool { return forbidden(b.Name) })
	for _, f := range functions() {
		decl := &ast.Builtin{Name: f.name, Decl: types.NewFunction(f.args, f.out)}
		caps.Builtins = append(caps.Builtins, decl)
		p.calls[f.name] = &topdown.Builtin{Decl: decl, Func: f.call}
	}
	return caps
}

// Run asks every check that applies about one input. A check that fails over the
// input does not keep the others from it: the error names those that did.
func (p *Program) Run(ctx context.Context, in *Input) ([]Result, error) {
	v, err := ast.InterfaceToValue(in.Value)
	if err != nil {
		return nil, fmt.Errorf("check %s: %w", in.Path, err)
	}
	in.term = ast.NewTerm(v)
	cancel := topdown.NewCancel()
	defer context.AfterFunc(ctx, cancel.Cancel)()
	txn, err := p.store.NewTransaction(ctx)
	if err != nil {
		return nil, err
	}
	defer p.store.Abort(ctx, txn)
	var out []Result
	var failed []error
	for _, c := range p.checks {
		if !c.applies(in) {
			continue
		}
		for _, ref := range p.rules[c] {
			got, err := p.ask(ctx, c, ref, in, txn, cancel)
			if ctx.Err() != nil {
				return out, ctx.Err()
			}
			if err != nil {
				failed = append(failed, fmt.Errorf("check with %s: %w", c.ID, err))
			}
			out = append(out, got...)
		}
	}
	return out, errors.Join(failed...)
}

// ask evaluates one rule.
func (p *Program) ask(ctx context.Context, c *Check, ref ast.Ref, in *Input, txn storage.Transaction, cancel topdown.Cancel) ([]Result, error) {
	x := ast.VarTerm("x")
	q := topdown.NewQuery(ast.NewBody(ast.Equality.Expr(ast.NewTerm(ref), x))).
		WithCompiler(p.c).WithStore(p.store).WithTransaction(txn).WithBuiltins(p.calls).WithInput(in.term).WithCancel(cancel)
	set, err := q.Run(ctx)
	if err != nil {
		return nil, err
	}
	var out []Result
	for _, row := range set {
		v, err := ast.JSON(row[x.Value.(ast.Var)].Value)
		if err != nil {
			return nil, err
		}
		out = append(out, results(c, in, v)...)
	}
	return out, nil
}
