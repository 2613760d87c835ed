package report

import (
	"encoding/json"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/boltseal/boltseal/finding"
	"github.com/boltseal/boltseal/inventory"
)

const (
	schemaFile = "../docs/format/report.schema.json"
	schemaID   = homepage + "/docs/format/report.schema.json"
)

// enums are the values of types that have few.
var enums = map[reflect.Type][]any{
	reflect.TypeFor[finding.Severity](): {"unknown", "negligible", "low", "medium", "high", "critical"},
	reflect.TypeFor[finding.Kind]():     {"vulnerability", "malware", "webshell", "secret", "misconfiguration", "license"},
	reflect.TypeFor[finding.Status](): {"fixed", "affected", "not_affected", "will_not_fix", "deferred", "end_of_life",
		"under_investigation", "withdrawn"},
	reflect.TypeFor[Verdict]():            {"pass", "warn", "deny"},
	reflect.TypeFor[inventory.Evidence](): {"installed", "binary", "fingerprint", "lockfile", "declared"},
}

// schemaOf describes a type as package encoding/json writes it. Structs are
// definitions, so that the schema has the nouns of the code.
func schemaOf(t reflect.Type, defs map[string]any) map[string]any {
	if values, ok := enums[t]; ok {
		return map[string]any{"enum": values}
	}
	if t == reflect.TypeFor[time.Time]() {
		return map[string]any{"type": "string", "format": "date-time"}
	}
	switch t.Kind() {
	case reflect.Pointer:
		return schemaOf(t.Elem(), defs)
	case reflect.Slice:
		return map[string]any{"type": "array", "items": schemaOf(t.Elem(), defs)}
	case reflect.Map:
		return map[string]any{"type": "object", "additionalProperties": schemaOf(t.Elem(), defs)}
	case reflect.Struct:
		defineStruct(t, defs)
		return map[string]any{"$ref": "#/$defs/" + t.Name()}
	case reflect.Bool:
		return map[string]any{"type": "boolean"}
	case reflect.Int, reflect.Int64:
		return map[string]any{"type": "integer"}
	case reflect.Float64:
		return map[string]any{"type": "number"}
	}
	return map[string]any{"type": "string"}
}

func defineStruct(t reflect.Type, defs map[string]any) {
	if _, done := defs[t.Name()]; done {
		return
	}
	properties, required := map[string]any{}, []string{}
	defs[t.Name()] = map[string]any{"type": "object", "properties": properties}
	for i := range t.NumField() {
		name, options, _ := strings.Cut(t.Field(i).Tag.Get("json"), ",")
		if name == "" || name == "-" {
			continue
		}
		properties[name] = schemaOf(t.Field(i).Type, defs)
		if !strings.HasPrefix(options, "omit") {
			required = append(required, name)
		}
	}
	if len(required) > 0 {
		defs[t.Name()].(map[string]any)["required"] = required
	}
}

// The published schema is what the types say: a change of a field shows here,
// and with it whether it breaks those who read reports.
func TestJSONSchemaIsCurrent(t *testing.T) {
	defs := map[string]any{}
	root := schemaOf(reflect.TypeFor[Report](), defs)
	root["$schema"], root["$id"], root["title"], root["$defs"] = "https://json-schema.org/draft/2020-12/schema", schemaID, Schema, defs
	defs["Report"].(map[string]any)["properties"].(map[string]any)["schema"] = map[string]any{"const": Schema}
	want, err := json.MarshalIndent(root, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	want = append(want, '\n')
	if *update {
		if err := os.WriteFile(schemaFile, want, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(schemaFile)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("run go test -update; -want +got:\n%s", diff)
	}
}

func TestJSONIsValidBySchema(t *testing.T) {
	text, err := os.ReadFile(schemaFile)
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	addSchema(t, c, schemaID, text)
	for name, r := range reports() {
		t.Run(name, func(t *testing.T) { validate(t, c, schemaID, write(t, "json", r, Options{})) })
	}
}

// A field that has no words in the documentation is not documented.
func TestJSONIsDocumented(t *testing.T) {
	doc, err := os.ReadFile("../docs/format/report.md")
	if err != nil {
		t.Fatal(err)
	}
	defs := map[string]any{}
	schemaOf(reflect.TypeFor[Report](), defs)
	for name, def := range defs {
		for field := range def.(map[string]any)["properties"].(map[string]any) {
			if !strings.Contains(string(doc), "`"+field+"`") {
				t.Errorf("%s.%s is not in docs/format/report.md", name, field)
			}
		}
	}
	for f := range templateFuncs(Options{}) {
		if !strings.Contains(string(doc), "`"+f+"`") {
			t.Errorf("template function %s is not in docs/format/report.md", f)
		}
	}
}
