package policy

import (
	"errors"
	"strings"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/operators"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/ext"
	"go.yaml.in/yaml/v3"

	"github.com/boltseal/boltseal/finding"
)

// maxErrors is how many mistakes of one expression are reported.
const maxErrors = 5

// compiler compiles the rules of one file.
type compiler struct {
	*source
	params params
	envs   map[Each]*cel.Env
}

// env is what the expressions of a kind of rule may name.
func (c *compiler) env(each Each) (*cel.Env, error) {
	if env := c.envs[each]; env != nil {
		return env, nil
	}
	s, err := reportSchema()
	if err != nil {
		return nil, err
	}
	object := func(name string) *cel.Type { return types.NewObjectType(name) }
	options := []cel.EnvOption{
		cel.CustomTypeProvider(s), cel.CustomTypeAdapter(s),
		cel.ParserExpressionSizeLimit(maxText), cel.ParserRecursionLimit(100),
		ext.Strings(), ext.Lists(), ext.Sets(), ext.Bindings(), functions(),
		cel.Variable("report", object("Report")), cel.Variable("target", object("Target")), cel.Variable("config", object("Config")),
		cel.Variable("os", object("OS")), cel.Variable("database", object("Database")), cel.Variable("summary", object("Summary")),
		cel.Variable("findings", types.NewListType(object("Finding"))), cel.Variable("suppressed", types.NewListType(object("Finding"))),
		cel.Variable("packages", types.NewListType(object("Package"))), cel.Variable("layers", types.NewListType(object("Layer"))),
		cel.Variable("signatures", types.NewListType(types.DynType)), cel.Variable("now", types.TimestampType),
	}
	if of := map[Each]string{EachFinding: "Finding", EachPackage: "Package", EachLayer: "Layer"}[each]; of != "" {
		options = append(options, cel.Variable(variables[each], object(of)))
	}
	for name, p := range c.params {
		options = append(options, cel.Variable("params."+name, p.kind))
	}
	env, err := cel.NewEnv(options...)
	if err != nil {
		return nil, err
	}
	if c.envs == nil {
		c.envs = map[Each]*cel.Env{}
	}
	c.envs[each] = env
	return env, nil
}

// rule compiles a rule's expression and messages.
func (c *compiler) rule(r *Rule, when, text, textZH *yaml.Node) error {
	env, err := c.env(r.Each)
	if err != nil {
		return err
	}
	r.env, r.Expression = env, strings.TrimSpace(when.Value)
	var errs [3]error
	r.when, errs[0] = c.condition(env, when)
	r.message, errs[1] = c.message(env, text)
	r.messageZH, errs[2] = c.message(env, textZH)
	return errors.Join(errs[:]...)
}

// condition compiles an expression that is true or false.
func (c *compiler) condition(env *cel.Env, n *yaml.Node) (*cel.Ast, error) {
	checked, err := c.expression(env, n, n.Value, 0)
	if err != nil {
		return nil, err
	}
	if t := checked.OutputType(); t.Kind() != types.BoolKind && t.Kind() != types.DynKind {
		return nil, c.inside(n, 0, "the expression gives "+t.String()+", want true or false")
	}
	return checked, nil
}

// expression compiles the part of a scalar that begins at start.
func (c *compiler) expression(env *cel.Env, n *yaml.Node, text string, start int) (*cel.Ast, error) {
	if strings.TrimSpace(text) == "" {
		return nil, c.inside(n, start, "there is no expression")
	}
	checked, issues := env.Compile(text)
	var errs []error
	for _, e := range issues.Errors() {
		if len(errs) == maxErrors {
			break
		}
		errs = append(errs, c.inside(n, start+offsetOf(text, e.Location), e.Message))
	}
	if len(errs) > 0 {
		return nil, errors.Join(errs...)
	}
	return checked, c.lint(checked, n, text, start)
}

// lint refuses what is a valid expression and never what somebody means.
func (c *compiler) lint(checked *cel.Ast, n *yaml.Node, text string, start int) error {
	var errs []error
	native := checked.NativeRep()
	ast.PreOrderVisit(native.Expr(), ast.NewExprVisitor(func(e ast.Expr) {
		if e.Kind() != ast.CallKind {
			return
		}
		if why := doubtful(e.AsCall()); why != "" {
			at := native.SourceInfo().GetStartLocation(e.ID())
			errs = append(errs, c.inside(n, start+offsetOf(text, at), why))
		}
	}))
	return errors.Join(errs...)
}

// doubtful says what is wrong with a call.
func doubtful(call ast.CallExpr) string {
	switch call.FunctionName() {
	case operators.Less, operators.LessEquals, operators.Greater, operators.GreaterEquals:
		for _, a := range call.Args() {
			if isSeverity(a) {
				return `severities are not in the order of the alphabet: write severity.atLeast("high")`
			}
		}
	case operators.Equals, operators.NotEquals:
		if a := call.Args(); isSeverity(a[0]) {
			return levelError(a[1])
		} else if isSeverity(a[1]) {
			return levelError(a[0])
		}
	case "atLeast":
		return levelError(call.Args()[0])
	}
	return ""
}

func isSeverity(e ast.Expr) bool {
	return e.Kind() == ast.SelectKind && e.AsSelect().FieldName() == "severity"
}

// levelError says why a constant is no severity.
func levelError(e ast.Expr) string {
	if e.Kind() != ast.LiteralKind {
		return ""
	}
	level, ok := e.AsLiteral().(types.String)
	if _, err := finding.ParseSeverity(string(level)); ok && err != nil {
		return err.Error()
	}
	return ""
}
