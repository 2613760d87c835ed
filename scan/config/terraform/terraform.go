// Package terraform evaluates Terraform configurations, as far as they can be
// evaluated without a provider: variables, locals, count, for_each, dynamic
// blocks and modules that stand in the same tree. The result is the state of the
// clouds that checks expect, made by the adapters of Trivy, and the resources as
// they are written, for checks of clouds that have no adapter.
//
// Nothing is fetched: a module of a registry is read only where "terraform init"
// has put it, and is an issue elsewhere.
package terraform

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	adapters "github.com/aquasecurity/trivy/pkg/iac/adapters/terraform"
	"github.com/aquasecurity/trivy/pkg/iac/terraform"
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/hcl/v2/json"

	"github.com/boltseal/boltseal/image"
)

const (
	maxModules   = 500   // of one root, instances counted
	maxDepth     = 20    // of modules in modules
	maxBlocks    = 20000 // of one module
	maxInstances = 1000  // of one block with count or for_each
	maxSteps     = 32    // rounds until values stop changing
)

// Result is what one root module says.
type Result struct {
	// Cloud is the state of the clouds: aws, azure, google...
	Cloud map[string]any
	// Resources are lists of resources by type, with their lines.
	Resources map[string]any
	// Issues are what could not be evaluated.
	Issues []Issue
}

// Issue is a file or module that could not be read.
type Issue struct {
	File string
	Err  error
}

// Evaluate reads the module in a directory of the tree as a root.
func Evaluate(files fs.FS, dir string) *Result {
	w := &world{files: limited{files}, root: dir, res: &Result{}}
	w.initialized()
	m := w.module(dir, "root", nil, nil, 0)
	if m == nil {
		return w.res
	}
	modules := m.all()
	if cloud, ok := adapters.Adapt(modules).ToRego().(map[string]any); ok {
		w.res.Cloud = cloud
	}
	w.res.Resources = resources(modules)
	return w.res
}

// world is what all modules of one evaluation share.
type world struct {
	files   fs.FS
	root    string
	modules int
	known   map[string]string // directories of modules that "terraform init" fetched
	res     *Result
}

func (w *world) issue(file string, err error) {
	if len(w.res.Issues) < 100 {
		w.res.Issues = append(w.res.Issues, Issue{file, err})
	}
}

// parse reads the files of a directory into blocks.
func (w *world) parse(dir string) hcl.Blocks {
	entries, err := fs.ReadDir(w.files, dir)
	if err != nil {
		w.issue(dir, err)
		return nil
	}
	var blocks hcl.Blocks
	for _, e := range entries {
		if !e.Type().IsRegular() || !IsFile(e.Name()) {
			continue
		}
		name := path.Join(dir, e.Name())
		body, err := w.body(name)
		if err != nil {
			w.issue(name, err)
		}
		if body == nil {
			continue
		}
		content, _, _ := body.PartialContent(terraform.Schema)
		if content != nil {
			blocks = append(blocks, content.Blocks...)
		}
	}
	if len(blocks) > maxBlocks {
		w.issue(dir, fmt.Errorf("%w: more than %d blocks", image.ErrLimit, maxBlocks))
		blocks = blocks[:maxBlocks]
	}
	return blocks
}

// IsFile says whether a name is that of a Terraform file.
func IsFile(name string) bool {
	return strings.HasSuffix(name, ".tf") || strings.HasSuffix(name, ".tf.json")
}

// body parses one file; what could be parsed of a broken one is returned with
// the error.
func (w *world) body(name string) (hcl.Body, error) {
	data, err := fs.ReadFile(w.files, name)
	if err != nil {
		return nil, err
	}
	if err := checkNesting(data); err != nil {
		return nil, err
	}
	parse := func(data []byte) (*hcl.File, hcl.Diagnostics) {
		if strings.HasSuffix(name, ".json") {
			return json.Parse(data, name)
		}
		return hclsyntax.ParseConfig(data, name, hcl.InitialPos)
	}
	f, diags := parse(data)
	if f == nil || f.Body == nil {
		return nil, errors.Join(diags.Errs()...)
	}
	if body, ok := f.Body.(*hclsyntax.Body); ok {
		if err := checkExpressions(body); err != nil {
			return nil, err
		}
	}
	if diags.HasErrors() {
		return f.Body, fmt.Errorf("parse: %w", diags.Errs()[0])
	}
	return f.Body, nil
}

// Roots are the directories, of those with Terraform files, that no other uses as a module.
func Roots(files fs.FS, dirs []string) []string {
	used := map[string]bool{}
	for _, dir := range dirs {
		w := &world{files: limited{files}, res: &Result{}}
		for _, b := range w.parse(dir) {
			if b.Type != "module" {
				continue
			}
			attrs, _ := b.Body.JustAttributes()
			source, ok := attrs["source"]
			if !ok {
				continue
			}
			v, diags := source.Expr.Value(nil)
			if text, ok := stringValue(v); ok && !diags.HasErrors() && strings.HasPrefix(text, ".") {
				used[path.Join(dir, text)] = path.Join(dir, text) != dir
			}
		}
	}
	return slices.DeleteFunc(slices.Clone(dirs), func(dir string) bool { return used[dir] })
}
