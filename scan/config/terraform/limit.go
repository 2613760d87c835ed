package terraform

import (
	"fmt"
	"io"
	"io/fs"
	"regexp"

	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"

	"github.com/boltseal/boltseal/image"
)

// HCL has loops, and so a small file can ask for any amount of work. These
// bounds keep the values of one round small, the expressions that make the next
// round simple, and functions that multiply from multiplying much.
const (
	maxFile     = 1 << 20 // bytes
	maxNesting  = 100     // brackets in brackets
	maxLoops    = 2       // "for" in "for"
	maxRefs     = 1000    // references in one expression
	maxValue    = 64 << 10
	maxElements = 2048
	maxProduct  = 16 << 20
)

// limited refuses large files.
type limited struct{ fs.FS }

// Format implements fmt.Formatter: the adapters print a file system into the
// metadata of every value, which must not become its whole content.
func (limited) Format(s fmt.State, _ rune) { _, _ = io.WriteString(s, "tree") }

// Open implements fs.FS.
func (l limited) Open(name string) (fs.File, error) {
	f, err := l.FS.Open(name)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err == nil && info.Mode().IsRegular() && info.Size() > maxFile {
		err = fmt.Errorf("%w: more than %d bytes", image.ErrLimit, maxFile)
	}
	if err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}

// checkNesting keeps the parsers, which recurse, from deep files.
func checkNesting(data []byte) error {
	depth := 0
	for _, c := range data {
		switch c {
		case '(', '[', '{':
			depth++
		case ')', ']', '}':
			depth = max(depth-1, 0)
		}
		if depth > maxNesting {
			return fmt.Errorf("%w: brackets nest deeper than %d", image.ErrLimit, maxNesting)
		}
	}
	return nil
}

// checkExpressions refuses files whose expressions could grow without bound.
func checkExpressions(body *hclsyntax.Body) error {
	loops := 0
	diags := hclsyntax.Walk(body, walker{func(n hclsyntax.Node, enter bool) bool {
		switch n := n.(type) {
		case *hclsyntax.ForExpr:
			if enter {
				loops++
			} else {
				loops--
			}
			return loops <= maxLoops
		case *hclsyntax.Attribute:
			return !enter || len(n.Expr.Variables()) <= maxRefs
		}
		return true
	}})
	if diags.HasErrors() {
		return fmt.Errorf("%w: an expression has more than %d references or %d loops in each other", image.ErrLimit, maxRefs, maxLoops)
	}
	return nil
}

// small gives back a value that is not too large, and an unknown one in place of
// another.
func small(v cty.Value) cty.Value {
	bytes, elements := 0, 0
	err := cty.Walk(v, func(_ cty.Path, v cty.Value) (bool, error) {
		if elements++; v.IsKnown() && !v.IsNull() && v.Type() == cty.String && !v.IsMarked() {
			bytes += len(v.AsString())
		}
		if bytes > maxValue || elements > maxElements {
			return false, image.ErrLimit
		}
		return true, nil
	})
	if err != nil {
		return cty.DynamicVal
	}
	return v
}

// size is about how many bytes or elements a value has.
func size(v cty.Value) int {
	n := 0
	_ = cty.Walk(v, func(_ cty.Path, v cty.Value) (bool, error) {
		n++
		if v.IsKnown() && !v.IsNull() && v.Type() == cty.String && !v.IsMarked() {
			n += len(v.AsString())
		}
		return n < maxProduct, nil
	})
	return n
}

// wide is a verb with a width that makes much out of little.
var wide = regexp.MustCompile(`%[^%a-zA-Z]*[0-9*]{4}`)

// bounded makes a function refuse arguments whose product is large.
func bounded(f function.Function) function.Function {
	return function.New(&function.Spec{
		Params: f.Params(), VarParam: f.VarParam(), Type: f.ReturnTypeForValues,
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			product := 1
			for i, a := range args {
				if text, ok := stringValue(a); ok && i == 0 && wide.MatchString(text) {
					return cty.DynamicVal, image.ErrLimit
				}
				if product *= max(1, size(a)); product > maxProduct {
					return cty.DynamicVal, image.ErrLimit
				}
			}
			return f.Call(args)
		},
	})
}

// stringValue is the text of a known string.
func stringValue(v cty.Value) (string, bool) {
	if v == cty.NilVal || v.IsMarked() || !v.IsKnown() || v.IsNull() || v.Type() != cty.String {
		return "", false
	}
	return v.AsString(), true
}
