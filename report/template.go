package report

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"text/template"

	"github.com/boltseal/boltseal/finding"
)

// Template writes what a Go template makes of the Report. Nothing is written
// when the template fails; the error names its line. Besides the functions of
// package text/template there are those of templateFuncs; docs/format/report.md
// lists them.
func Template(w io.Writer, r *Report, o Options) error {
	if o.Template == "" {
		return errors.New("format template: no template was given")
	}
	t, err := template.New("template").Option("missingkey=error").Funcs(templateFuncs(o)).Parse(o.Template)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if err := t.Execute(&b, r); err != nil {
		return err
	}
	_, err = w.Write(b.Bytes())
	return err
}

func templateFuncs(o Options) template.FuncMap {
	return template.FuncMap{
		"upper": func(v any) string { return strings.ToUpper(fmt.Sprint(v)) },
		"lower": func(v any) string { return strings.ToLower(fmt.Sprint(v)) },
		"join":  func(sep string, items []string) string { return strings.Join(items, sep) },
		// severity gives a severity's name in the report's language.
		"severity": func(s finding.Severity) string { return say(o.Lang, s.String()) },
		// atLeast filters findings that count by their severity.
		"atLeast": func(level string, fs []finding.Finding) ([]finding.Finding, error) {
			s, err := finding.ParseSeverity(level)
			var out []finding.Finding
			for _, f := range fs {
				if f.Suppressed == nil && f.Severity >= s {
					out = append(out, f)
				}
			}
			return out, err
		},
		// json encodes any value, which also quotes a string safely.
		"json": func(v any) (string, error) {
			b, err := json.Marshal(v)
			return string(b), err
		},
		// clean takes control characters out of text from an image.
		"clean":  func(v any) string { return clean(fmt.Sprint(v)) },
		"id":     func(f finding.Finding) string { return ruleID(&f) },
		"title":  func(f finding.Finding) string { return headline(&f) },
		"remedy": func(f finding.Finding) string { return remedy(&f) },
	}
}
