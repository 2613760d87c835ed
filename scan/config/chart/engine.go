package chart

import (
	"bytes"
	"errors"
	"fmt"
	"path"
	"strings"
	"text/template"
	"text/template/parse"

	"github.com/boltseal/boltseal/image"
)

const (
	maxIncludes = 20000 // calls of include and tpl in one rendering
	maxStack    = 100   // of them in each other
	maxActions  = 100   // brackets of actions in each other in one template
)

// engine renders one chart with its parts.
type engine struct {
	root     *chart
	all      *template.Template
	written  int // bytes
	made     int // bytes and values
	turns    int // of loops
	counted  map[*parse.Tree]bool
	includes int
	stack    int
}

func newEngine(c *chart) *engine {
	e := &engine{root: c, counted: map[*parse.Tree]bool{}}
	e.all = template.New("chart").Option("missingkey=zero")
	e.all.Funcs(e.functions(e.all))
	return e
}

// render parses all templates, which may define parts for each other, and runs
// those that make manifests.
func (e *engine) render() ([]Manifest, error) {
	problems := append(e.parse(e.root), e.countTurns(e.all))
	release := map[string]any{
		"Name": e.root.name(), "Namespace": "default", "IsInstall": true, "IsUpgrade": false, "Revision": 1, "Service": "Helm",
	}
	out, err := e.run(e.root, e.root.values, release)
	return out, errors.Join(append(problems, err)...)
}

func (e *engine) parse(c *chart) []error {
	var problems []error
	for _, name := range sorted(c.templates) {
		if path.Ext(name) == ".txt" && path.Base(name) == "NOTES.txt" {
			continue
		}
		if err := e.parseOne(name, c.templates[name]); err != nil {
			problems = append(problems, err)
		}
	}
	for _, part := range c.parts {
		problems = append(problems, e.parse(part)...)
	}
	return problems
}

func (e *engine) parseOne(name, text string) error {
	if deep(text) {
		return fmt.Errorf("parse %s: %w: actions nest too deep", name, image.ErrLimit)
	}
	t, err := e.all.New(name).Parse(text)
	if err == nil {
		mark(t.Tree, text)
	}
	return err
}

// deep keeps text/template's parser, which recurses, from hostile files.
func deep(text string) bool {
	depth := 0
	for i := range len(text) {
		switch text[i] {
		case '(':
			depth++
		case ')':
			depth = max(depth-1, 0)
		}
		if depth > maxActions {
			return true
		}
	}
	return strings.Count(text, "{{") > 20000
}

// run renders a chart's own templates and then its parts with their values.
func (e *engine) run(c *chart, values, release map[string]any) ([]Manifest, error) {
	var out []Manifest
	var problems []error
	if values == nil {
		values = map[string]any{}
	}
	for _, name := range sorted(c.templates) {
		base := path.Base(name)
		if c.library() || strings.HasPrefix(base, "_") || base == "NOTES.txt" || e.all.Lookup(name) == nil {
			continue
		}
		top := map[string]any{
			"Values": values, "Release": release, "Chart": titled(c.meta), "Files": files(c.files), "Capabilities": capabilities(),
			"Template": map[string]any{"Name": name, "BasePath": path.Join(c.dir, "templates")}, "Subcharts": map[string]any{},
		}
		w := &bounded{e: e}
		if err := e.all.Lookup(name).Execute(w, top); err != nil {
			problems = append(problems, fmt.Errorf("render: %w", err))
			continue
		}
		rendered, lines := unmark(w.Bytes())
		out = append(out, Manifest{name, rendered, lines})
	}
	global, _ := values["global"].(map[string]any)
	for _, part := range c.parts {
		if !c.enabled(part, values) {
			continue
		}
		own, _ := values[part.name()].(map[string]any)
		below := merge(part.values, own)
		if global != nil {
			mine, _ := below["global"].(map[string]any)
			below["global"] = merge(mine, global)
		}
		more, err := e.run(part, below, release)
		out, problems = append(out, more...), append(problems, err)
	}
	return out, errors.Join(problems...)
}

// titled gives the fields of Chart.yaml the names that templates use.
func titled(meta map[string]any) map[string]any {
	out := map[string]any{}
	for k, v := range meta {
		out[k] = v
		if k != "" {
			out[strings.ToUpper(k[:1])+k[1:]] = v
		}
	}
	return out
}

func capabilities() map[string]any {
	return map[string]any{
		"KubeVersion": map[string]any{"Version": "v1.34.0", "GitVersion": "v1.34.0", "Major": "1", "Minor": "34"},
		"HelmVersion": map[string]any{"Version": "v3.19.0"}, "APIVersions": versions{},
	}
}

// versions are the APIs of the cluster, of which those of Kubernetes are there.
type versions struct{}

// Has is called by templates.
func (versions) Has(v string) bool {
	group, _, _ := strings.Cut(v, "/")
	return !strings.Contains(group, ".") || strings.HasSuffix(group, ".k8s.io")
}

// bounded is a buffer that counts against the engine's budget.
type bounded struct {
	bytes.Buffer
	e *engine
}

// Write implements io.Writer.
func (b *bounded) Write(p []byte) (int, error) {
	if b.e.written += len(p); b.e.written > maxOutput {
		return 0, fmt.Errorf("%w: templates wrote more than %d bytes", image.ErrLimit, maxOutput)
	}
	return b.Buffer.Write(p)
}

// files is what templates see as .Files.
type files map[string][]byte

// Get is called by templates.
func (f files) Get(name string) string { return string(f[name]) }

// GetBytes is called by templates.
func (f files) GetBytes(name string) []byte { return f[name] }

// Lines is called by templates.
func (f files) Lines(name string) []string {
	return strings.Split(strings.TrimSuffix(string(f[name]), "\n"), "\n")
}

// Glob is called by templates.
func (f files) Glob(pattern string) files {
	out := files{}
	for name, data := range f {
		if ok, _ := path.Match(pattern, name); ok || strings.HasSuffix(pattern, "**") && strings.HasPrefix(name, strings.TrimSuffix(pattern, "**")) {
			out[name] = data
		}
	}
	return out
}

// AsConfig is called by templates.
func (f files) AsConfig() string {
	m := map[string]any{}
	for name, data := range f {
		m[path.Base(name)] = string(data)
	}
	return toYAML(m)
}

// AsSecrets is called by templates; contents do not matter to checks.
func (f files) AsSecrets() string {
	m := map[string]any{}
	for name := range f {
		m[path.Base(name)] = ""
	}
	return toYAML(m)
}
