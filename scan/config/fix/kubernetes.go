package fix

import (
	"reflect"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/boltseal/boltseal/finding"
	"github.com/boltseal/boltseal/scan/config/manifest"
)

// setting is a field of a container's securityContext and what it should be.
type setting struct {
	path  []string // below securityContext
	value string
}

// settings are those that repair a finding about a container.
var settings = map[string]setting{
	"KSV-0001": {[]string{"allowPrivilegeEscalation"}, "false"},
	"KSV-0003": {[]string{"capabilities", "drop"}, "[ALL]"},
	"KSV-0004": {[]string{"capabilities", "drop"}, "[ALL]"},
	"KSV-0012": {[]string{"runAsNonRoot"}, "true"},
	"KSV-0014": {[]string{"readOnlyRootFilesystem"}, "true"},
	"KSV-0017": {[]string{"privileged"}, "false"},
	"KSV-0030": {[]string{"seccompProfile", "type"}, "RuntimeDefault"},
	"KSV-0104": {[]string{"seccompProfile", "type"}, "RuntimeDefault"},
	"KSV-0106": {[]string{"capabilities", "drop"}, "[ALL]"},
}

func containers(text []byte, found []finding.Finding) ([]edit, int) {
	docs, err := manifest.Documents(text)
	if err != nil {
		return nil, 0
	}
	starts := lineStarts(text)
	var edits []edit
	n := 0
	for _, d := range docs {
		walk(d, func(c *yaml.Node) {
			w := writer{text: text, starts: starts}
			for i := range found {
				s, ok := settings[checkID(&found[i])]
				if ok && found[i].Location.Line == c.Line && w.set(c, append([]string{"securityContext"}, s.path...), s.value) {
					n++
				}
			}
			edits = append(edits, w.edits()...)
		})
	}
	return edits, n
}

// walk calls f for every container of a document.
func walk(n *yaml.Node, f func(*yaml.Node)) {
	for i, child := range n.Content {
		if n.Kind == yaml.MappingNode && i%2 == 1 && child.Kind == yaml.SequenceNode && child.Style&yaml.FlowStyle == 0 &&
			slices.Contains([]string{"containers", "initContainers"}, n.Content[i-1].Value) {
			for _, c := range child.Content {
				if c.Kind == yaml.MappingNode && c.Style&yaml.FlowStyle == 0 {
					f(c)
				}
			}
			continue
		}
		walk(child, f)
	}
}

// writer gathers what is to be set in one container.
type writer struct {
	text   []byte
	starts []int
	ready  []edit
	// fresh are the fields to be added, by the mapping that gets them.
	fresh []addition
}

type addition struct {
	into *yaml.Node
	path []string
	text string
}

// set asks for a field to be set; false when it cannot be done safely.
func (w *writer) set(at *yaml.Node, path []string, value string) bool {
	key := manifest.Get(at, path[0])
	if key == nil {
		return w.add(at, path, value)
	}
	if len(path) > 1 {
		if key.Kind == yaml.MappingNode && key.Style&yaml.FlowStyle == 0 {
			return w.set(key, path[1:], value)
		}
		return false
	}
	if key.Kind != yaml.ScalarNode || key.Style != 0 || key.Anchor != "" || value == "[ALL]" {
		return key.Value == value
	}
	start := w.starts[key.Line-1] + key.Column - 1
	if end := start + len(key.Value); end <= len(w.text) && string(w.text[start:end]) == key.Value {
		e := edit{start, end, value}
		if !slices.Contains(w.ready, e) {
			w.ready = append(w.ready, e)
		}
		return true
	}
	return false
}

// add asks for a field that is not there.
func (w *writer) add(into *yaml.Node, path []string, value string) bool {
	if into.Style&yaml.FlowStyle != 0 || w.after(into) == 0 {
		return false
	}
	a := addition{into, path, value}
	if !slices.ContainsFunc(w.fresh, func(b addition) bool { return b.into == into && slices.Equal(b.path, path) }) {
		w.fresh = append(w.fresh, a)
	}
	return true
}

// after is the line behind which a field may be added to a mapping: that of a
// field with a value on the same line, so that it comes between two fields.
func (w *writer) after(m *yaml.Node) int {
	for i := 0; i+1 < len(m.Content); i += 2 {
		key, v := m.Content[i], m.Content[i+1]
		simple := v.Kind == yaml.ScalarNode && v.Style&(yaml.LiteralStyle|yaml.FoldedStyle) == 0 && v.Line == key.Line && v.Value != ""
		if v.Kind == yaml.SequenceNode && v.Style&yaml.FlowStyle != 0 && v.Line == key.Line {
			line := strings.TrimSpace(string(w.text[w.starts[v.Line-1]:w.starts[v.Line]]))
			simple = strings.HasSuffix(line, "]")
		}
		last := i+2 >= len(m.Content)
		if simple && !strings.Contains(v.Value, "\n") && (!last && m.Content[i+2].Line > v.Line || last && w.ends(v.Line)) {
			return v.Line
		}
	}
	return 0
}

// ends says whether a scalar of a line ends there: the next line is not its
// continuation.
func (w *writer) ends(line int) bool {
	if line >= len(w.starts)-1 {
		return true
	}
	indent := func(n int) int {
		s := w.text[w.starts[n-1]:w.starts[n]]
		return len(s) - len(strings.TrimLeft(string(s), " -"))
	}
	next := strings.TrimSpace(string(w.text[w.starts[line]:w.starts[line+1]]))
	return next == "" || strings.HasPrefix(next, "#") || strings.HasPrefix(next, "-") || indent(line+1) <= indent(line) || strings.Contains(next, ":")
}

// edits writes the fields that are to be added, those of one mapping together.
func (w *writer) edits() []edit {
	out := w.ready
	var done []*yaml.Node
	for _, a := range w.fresh {
		if slices.Contains(done, a.into) {
			continue
		}
		done = append(done, a.into)
		t := &fields{}
		for _, b := range w.fresh {
			if b.into == a.into {
				t.put(b.path, b.text)
			}
		}
		line := w.after(a.into)
		at := w.starts[line]
		text := t.yaml(a.into.Content[0].Column - 1)
		if at == len(w.text) && at > 0 && w.text[at-1] != '\n' {
			text = "\n" + strings.TrimSuffix(text, "\n")
		}
		out = append(out, edit{at, at, text})
	}
	return out
}

// fields is a small tree of what is added.
type fields struct {
	name  string
	value string
	below []*fields
}

func (f *fields) put(path []string, value string) {
	if len(path) == 0 {
		f.value = value
		return
	}
	for _, b := range f.below {
		if b.name == path[0] {
			b.put(path[1:], value)
			return
		}
	}
	b := &fields{name: path[0]}
	f.below = append(f.below, b)
	b.put(path[1:], value)
}

func (f *fields) yaml(indent int) string {
	var b strings.Builder
	for _, c := range f.below {
		b.WriteString(strings.Repeat(" ", indent) + c.name + ":")
		if c.value != "" {
			b.WriteString(" " + c.value + "\n")
			continue
		}
		b.WriteString("\n" + c.yaml(indent+2))
	}
	return b.String()
}

// nothingLost says whether all that the first text holds is in the second, with
// its comments; only the fields of settings may differ.
func nothingLost(before, after []byte) bool {
	a, errA := decode(before)
	b, errB := decode(after)
	if errA != nil || errB != nil || len(a) != len(b) {
		return false
	}
	for i := range a {
		if !within(a[i], b[i], "") {
			return false
		}
	}
	return strings.Count(string(before), "#") == strings.Count(string(after), "#")
}

func decode(text []byte) ([]any, error) {
	docs, err := manifest.Documents(text)
	var out []any
	for _, d := range docs {
		v, bad := manifest.Value(d, "")
		if bad != nil {
			return nil, bad
		}
		out = append(out, v)
	}
	return out, err
}

// within says whether b has what a has.
func within(a, b any, key string) bool {
	switch a := a.(type) {
	case map[string]any:
		m, ok := b.(map[string]any)
		if !ok {
			return false
		}
		for k, v := range a {
			if k != manifest.Metadata && !within(v, m[k], k) {
				return false
			}
		}
		return true
	case []any:
		l, ok := b.([]any)
		if !ok || len(l) != len(a) {
			return false
		}
		for i := range a {
			if !within(a[i], l[i], "") {
				return false
			}
		}
		return true
	}
	changed := slices.ContainsFunc([]string{"KSV-0001", "KSV-0012", "KSV-0014", "KSV-0017", "KSV-0030"}, func(id string) bool {
		p := settings[id].path
		return p[len(p)-1] == key
	})
	return changed || reflect.DeepEqual(a, b)
}
