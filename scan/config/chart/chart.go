// Package chart renders Helm charts that stand in a directory, as "helm template"
// does with the chart's own values. It has its own small engine, because Helm's
// brings the whole Kubernetes client and 8 ms at each start of the program. What
// a chart may cost is bounded: files, bytes, nesting, includes and output.
//
// Charts that it depends on are rendered when they stand in charts/ as
// directories; nothing is fetched, and packed charts (.tgz) are issues. lookup
// finds nothing, as in "helm template".
package chart

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/boltseal/boltseal/image"
)

const (
	maxFiles  = 2000
	maxFile   = 1 << 20
	maxBytes  = 32 << 20 // of all files of a chart with its parts
	maxNested = 5        // charts in charts
	maxOutput = 8 << 20  // bytes that all templates together may write
)

// Manifest is what one template became.
type Manifest struct {
	// Template is its path in the tree.
	Template string
	Text     []byte
	// Lines are the lines of the template that those of the text came from.
	Lines []int
}

// chart is one chart and those below it.
type chart struct {
	dir       string
	meta      map[string]any
	values    map[string]any
	templates map[string]string // by path in the tree
	files     map[string][]byte // others, by path in the chart
	crds      []string
	parts     []*chart
}

// Render renders the chart in a directory of a tree. What could be rendered is
// returned with the error.
func Render(tree fs.FS, dir string) ([]Manifest, error) {
	l := loader{tree: tree}
	c, err := l.load(dir, 0)
	if c == nil {
		return nil, err
	}
	out, renderErr := newEngine(c).render()
	return out, errors.Join(append(l.problems, err, renderErr)...)
}

type loader struct {
	tree     fs.FS
	files    int
	bytes    int
	problems []error
}

func (l *loader) load(dir string, depth int) (*chart, error) {
	if depth > maxNested {
		return nil, fmt.Errorf("%w: charts nest deeper than %d", image.ErrLimit, maxNested)
	}
	c := &chart{dir: dir, templates: map[string]string{}, files: map[string][]byte{}}
	err := fs.WalkDir(l.tree, dir, func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel := strings.TrimPrefix(strings.TrimPrefix(p, dir), "/")
		if dir == "." {
			rel = p
		}
		if d.IsDir() {
			if path.Dir(rel) == "charts" {
				return l.part(c, p, depth)
			}
			return nil
		}
		if path.Dir(rel) == "charts" && strings.HasSuffix(p, ".tgz") {
			l.problems = append(l.problems, fmt.Errorf("%s: packed charts are not opened", p))
			return nil
		}
		if !d.Type().IsRegular() {
			return nil
		}
		return l.file(c, p, rel)
	})
	if err != nil {
		return nil, fmt.Errorf("read chart %s: %w", dir, err)
	}
	if c.meta == nil {
		return nil, fmt.Errorf("read chart %s: no Chart.yaml", dir)
	}
	return c, nil
}

// part reads a chart in charts/; the walk does not enter it again.
func (l *loader) part(c *chart, p string, depth int) error {
	if _, err := fs.Stat(l.tree, path.Join(p, "Chart.yaml")); err != nil {
		return fs.SkipDir
	}
	sub, err := l.load(p, depth+1)
	if err != nil {
		return err
	}
	c.parts = append(c.parts, sub)
	return fs.SkipDir
}

func (l *loader) file(c *chart, p, rel string) error {
	info, err := fs.Stat(l.tree, p)
	if err != nil {
		return err
	}
	l.files++
	l.bytes += int(min(info.Size(), maxBytes))
	if l.files > maxFiles || l.bytes > maxBytes {
		return fmt.Errorf("%w: more than %d files or %d bytes", image.ErrLimit, maxFiles, maxBytes)
	}
	if info.Size() > maxFile {
		l.problems = append(l.problems, fmt.Errorf("%s: %w: more than %d bytes", p, image.ErrLimit, maxFile))
		return nil
	}
	data, err := fs.ReadFile(l.tree, p)
	if err != nil {
		return err
	}
	switch {
	case rel == "Chart.yaml":
		return unmarshal(p, data, &c.meta)
	case rel == "values.yaml":
		return unmarshal(p, data, &c.values)
	case strings.HasPrefix(rel, "templates/"):
		c.templates[p] = string(data)
	case strings.HasPrefix(rel, "crds/"):
		c.crds = append(c.crds, p)
	default:
		c.files[rel] = data
	}
	return nil
}

// unmarshal reads YAML; decoding bounds what aliases expand to.
func unmarshal(name string, data []byte, to *map[string]any) error {
	if err := yaml.Unmarshal(data, to); err != nil {
		return fmt.Errorf("parse %s: %w", name, err)
	}
	return nil
}

func (c *chart) name() string {
	name, _ := c.meta["name"].(string)
	return name
}

// library says whether the chart only lends templates to others.
func (c *chart) library() bool { return c.meta["type"] == "library" }

// enabled says whether a part is on: its condition names a value, which counts
// when it is there.
func (c *chart) enabled(part *chart, values map[string]any) bool {
	deps, _ := c.meta["dependencies"].([]any)
	for _, d := range deps {
		dep, _ := d.(map[string]any)
		if dep["name"] != part.name() {
			continue
		}
		condition, _ := dep["condition"].(string)
		for cond := range strings.SplitSeq(condition, ",") {
			if on, ok := at(values, strings.Split(strings.TrimSpace(cond), ".")).(bool); ok {
				return on
			}
		}
	}
	return true
}

func at(v any, keys []string) any {
	for _, k := range keys {
		m, ok := v.(map[string]any)
		if !ok {
			return nil
		}
		v = m[k]
	}
	return v
}

// merge puts values over defaults; null removes a default.
func merge(defaults, values map[string]any) map[string]any {
	out := map[string]any{}
	for k, v := range defaults {
		out[k] = v
	}
	for k, v := range values {
		below, isMap := out[k].(map[string]any)
		above, alsoMap := v.(map[string]any)
		switch {
		case v == nil:
			delete(out, k)
		case isMap && alsoMap:
			out[k] = merge(below, above)
		default:
			out[k] = v
		}
	}
	return out
}

func sorted[V any](m map[string]V) []string {
	names := make([]string, 0, len(m))
	for k := range m {
		names = append(names, k)
	}
	slices.Sort(names)
	return names
}
