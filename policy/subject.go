package policy

import (
	"reflect"
	"strings"
	"time"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"

	"github.com/boltseal/boltseal/finding"
	"github.com/boltseal/boltseal/inventory"
	"github.com/boltseal/boltseal/report"
)

// textsType is a list of texts in Go.
var textsType = reflect.TypeFor[[]string]()

// newEvaluation prepares what all rules see.
func newEvaluation(s *schema, r *report.Report, now time.Time) *evaluation {
	e := &evaluation{schema: s, report: r, now: now, items: len(r.Findings) + len(r.Inventory.Packages) + len(r.Target.Layers)}
	whole := reflect.ValueOf(r).Elem()
	var open, suppressed []ref.Val
	for i := range r.Findings {
		f := s.value(reflect.ValueOf(&r.Findings[i]))
		if r.Findings[i].Suppressed == nil {
			open = append(open, f)
		} else {
			suppressed = append(suppressed, f)
		}
	}
	e.vars = map[string]any{
		"report": s.value(whole), "now": types.Timestamp{Time: now},
		"target": s.value(reflect.ValueOf(&r.Target)), "config": s.value(reflect.ValueOf(&r.Target.Config).Elem()),
		"os": s.value(reflect.ValueOf(&r.Inventory.OS).Elem()), "database": s.value(reflect.ValueOf(&r.Database).Elem()),
		"summary":  s.value(reflect.ValueOf(&r.Summary)),
		"findings": types.NewRefValList(s, open), "suppressed": types.NewRefValList(s, suppressed),
		"packages": s.value(reflect.ValueOf(&r.Inventory.Packages).Elem()), "layers": s.value(reflect.ValueOf(&r.Target.Layers).Elem()),
		// No verb verifies signatures yet; a rule that asks for one is met.
		"signatures": types.NewRefValList(s, nil),
	}
	return e
}

// activation gives expressions their variables.
type activation struct {
	vars   map[string]any
	params params
	name   string // of the subject
	value  ref.Val
}

// ResolveName implements cel.Activation.
func (a *activation) ResolveName(name string) (any, bool) {
	if name == a.name && name != "" {
		return a.value, true
	}
	if key, ok := strings.CutPrefix(name, "params."); ok {
		p, found := a.params[key]
		return p.value, found
	}
	v, ok := a.vars[name]
	return v, ok
}

// Parent implements cel.Activation.
func (a *activation) Parent() cel.Activation { return nil }

// subject is what a rule is asked about; none of it is set for the whole.
type subject struct {
	value   ref.Val
	finding *finding.Finding
	pkg     *inventory.Package
	layer   *report.Layer
	reason  report.Reason
}

func (e *evaluation) findingSubject(f *finding.Finding) subject {
	s := subject{value: e.value(reflect.ValueOf(f)), finding: f, pkg: f.Package}
	s.reason = report.Reason{Finding: f.ID, Layer: f.Location.Layer, Path: f.Location.Path}
	if f.Package != nil {
		s.reason.Package = f.Package.PURL
	}
	return s
}

func (e *evaluation) packageSubject(p *inventory.Package) subject {
	s := subject{value: e.value(reflect.ValueOf(p)), pkg: p, reason: report.Reason{Package: p.PURL, Path: p.Path()}}
	if len(p.Locations) > 0 {
		s.reason.Layer = p.Locations[0].Layer
	}
	return s
}

func (e *evaluation) layerSubject(l *report.Layer) subject {
	return subject{value: e.value(reflect.ValueOf(l)), layer: l, reason: report.Reason{Layer: l.DiffID}}
}

// describe names the subject for a rule without a message.
func (s *subject) describe() string {
	switch {
	case s.finding != nil:
		parts := []string{string(s.finding.Kind)}
		if v := s.finding.Vulnerability; v != nil {
			parts = []string{v.ID}
		} else if s.finding.Title != "" {
			parts = append(parts, s.finding.Title)
		}
		if s.pkg != nil {
			parts = append(parts, "in", s.pkg.Name, s.pkg.Version)
		}
		if s.pkg == nil && s.reason.Path != "" {
			parts = append(parts, "in", s.reason.Path)
		}
		return clip(strings.Join(parts, " "), maxMessage)
	case s.pkg != nil:
		return clip(strings.TrimSpace(s.pkg.Name+" "+s.pkg.Version), maxMessage)
	case s.layer != nil:
		return clip(s.layer.CreatedBy, maxMessage)
	}
	return ""
}
