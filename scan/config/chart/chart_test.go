package chart

import (
	"errors"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/boltseal/boltseal/image"
)

func tree(files map[string]string) fstest.MapFS {
	out := fstest.MapFS{"web/Chart.yaml": {Data: []byte("name: web\nversion: 1.0.0\ndependencies:\n- name: db\n  condition: db.enabled\n- name: off\n  condition: off.enabled\n")}}
	for name, text := range files {
		out["web/"+name] = &fstest.MapFile{Data: []byte(text)}
	}
	return out
}

func TestRender(t *testing.T) {
	files := tree(map[string]string{
		"values.yaml":            "image: nginx\nports: [80, 443]\nname: '{{ .Release.Name }}-x'\noff: {enabled: false}\ndb: {size: 2}\nglobal: {team: shop}\n",
		"templates/_helpers.tpl": "{{- define \"labels\" -}}\napp: {{ .Chart.Name }}\n{{- end }}\n",
		"templates/pod.yaml": `{{- if .Values.image }}
kind: Pod
labels:
  {{- include "labels" . | nindent 2 }}
name: {{ tpl .Values.name . }}
ports:
{{- range .Values.ports }}
- {{ . }}
{{- end }}
image: {{ required "image" .Values.image | quote }}
{{- end }}
`,
		"charts/db/Chart.yaml":        "name: db\n",
		"charts/db/values.yaml":       "size: 1\nkeep: true\n",
		"charts/db/templates/db.yaml": "size: {{ .Values.size }}\nteam: {{ .Values.global.team }}\nkeep: {{ .Values.keep }}\n",
		"charts/off/Chart.yaml":       "name: off\n",
		"charts/off/templates/x.yaml": "x: 1\n",
	})
	got, err := Render(files, "web")
	if err != nil {
		t.Fatal(err)
	}
	want := []Manifest{
		{"web/templates/pod.yaml", []byte("\nkind: Pod\nlabels:\n  app: web\nname: web-x\nports:\n- 80\n- 443\nimage: \"nginx\"\n"), []int{1, 2, 3, 3, 5, 6, 8, 8, 10}},
		{"web/charts/db/templates/db.yaml", []byte("size: 2\nteam: shop\nkeep: true\n"), []int{1, 2, 3}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// A chart cannot ask for more than the limits.
func TestBombs(t *testing.T) {
	for name, text := range map[string]string{
		"loop":      "{{ range until 1000000000 }}x{{ end }}",
		"recursion": "{{ define \"a\" }}{{ include \"a\" . }}{{ end }}{{ include \"a\" . }}",
		"doubling":  "{{ $x := \"0123456789abcdef\" }}{{ range until 40 }}{{ $x = printf \"%s%s\" $x $x }}{{ end }}{{ $x }}",
		"sharing":   "{{ $x := dict }}{{ range until 60 }}{{ $x = dict \"a\" $x \"b\" $x }}{{ end }}{{ toYaml $x }}",
		"turns":     "{{ $l := until 10000 }}{{ range $l }}{{ range $l }}{{ range $l }}{{ end }}{{ end }}{{ end }}",
		"turns/tpl": "{{ tpl \"{{ $l := until 10000 }}{{ range $l }}{{ range $l }}{{ end }}{{ end }}\" . }}",
		"cycle":     "{{ $x := dict }}{{ $_ := set $x \"x\" $x }}{{ toYaml $x }}",
		"width":     "{{ printf \"%1000000d\" 1 }}",
		"lists":     "{{ $x := list 1 }}{{ range until 60 }}{{ $x = concat $x $x }}{{ end }}",
		"output":    "{{ range until 10000 }}{{ range until 10000 }}xxxxxxxxxxxxxxxx{{ end }}{{ end }}",
		"repeat":    "{{ repeat 1000000000 \"x\" }}",
		"includes":  "{{ define \"a\" }}{{ end }}{{ range until 10000 }}{{ range until 10000 }}{{ include \"a\" . }}{{ end }}{{ end }}",
		"nesting":   "{{ " + strings.Repeat("(", 1000) + "1" + strings.Repeat(")", 1000) + " }}",
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Render(tree(map[string]string{"templates/x.yaml": text}), "web")
			if !errors.Is(err, image.ErrLimit) {
				t.Errorf("error is %v", err)
			}
		})
	}
}

func FuzzRender(f *testing.F) {
	f.Add("{{ include \"a\" . | nindent 2 }}{{ define \"a\" }}x{{ end }}", "a: 1\n")
	f.Add("{{- range $k, $v := .Values }}\n{{ $k }}: {{ $v | toYaml }}\n{{- end }}", "a: {b: [1, 2]}\n")
	f.Fuzz(func(t *testing.T, text, values string) {
		out, _ := Render(tree(map[string]string{"templates/x.yaml": text, "values.yaml": values}), "web")
		for _, m := range out {
			if lines := strings.Count(string(m.Text), "\n"); len(m.Lines) < lines {
				t.Errorf("%d lines are mapped of %d", len(m.Lines), lines)
			}
		}
	})
}
