package policy

import (
	"reflect"
	"strings"
	"sync"
	"time"

	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"

	"github.com/boltseal/boltseal/finding"
	"github.com/boltseal/boltseal/report"
)

// schema tells CEL about the types of a report by the names that its JSON form
// has, so that a misspelt field is an error when a policy is loaded. What the
// JSON form leaves out is empty: a text "", a number 0, an object whose fields
// are all empty; has() says whether it is there.
type schema struct {
	types.Provider
	types.Adapter
	structs map[string]*structType
}

// structType is one Go struct.
type structType struct {
	name   string
	goType reflect.Type
	names  []string
	fields map[string]*types.FieldType
	empty  *object // what is not there
}

// reportSchema describes report.Report and everything in it.
var reportSchema = sync.OnceValues(func() (*schema, error) {
	registry, err := types.NewRegistry()
	if err != nil {
		return nil, err
	}
	s := &schema{Provider: registry, Adapter: registry, structs: map[string]*structType{}}
	s.define(reflect.TypeFor[report.Report]())
	return s, nil
})

// opaque types are one value for CEL.
var (
	timeType     = reflect.TypeFor[time.Time]()
	severityType = reflect.TypeFor[finding.Severity]()
)

// define adds a struct and those in its fields, and returns its CEL type.
func (s *schema) define(t reflect.Type) *types.Type {
	name := t.Name()
	celType := types.NewObjectType(name)
	if s.structs[name] != nil {
		return celType
	}
	st := &structType{name: name, goType: t, fields: map[string]*types.FieldType{}}
	st.empty = &object{st, reflect.New(t).Elem()}
	s.structs[name] = st
	for i := range t.NumField() {
		field, _, _ := strings.Cut(t.Field(i).Tag.Get("json"), ",")
		if field == "" || field == "-" {
			continue
		}
		st.names = append(st.names, field)
		st.fields[field] = s.field(t.Field(i).Type, i)
	}
	return celType
}

func (s *schema) field(t reflect.Type, i int) *types.FieldType {
	return &types.FieldType{
		Type:    s.typeOf(t),
		IsSet:   func(target any) bool { v := target.(reflect.Value).Field(i); return !v.IsZero() && !isEmpty(v) },
		GetFrom: func(target any) (any, error) { return s.value(target.(reflect.Value).Field(i)), nil },
	}
}

func isEmpty(v reflect.Value) bool {
	return (v.Kind() == reflect.Slice || v.Kind() == reflect.Map) && v.Len() == 0
}

// typeOf is the CEL type of a Go type.
func (s *schema) typeOf(t reflect.Type) *types.Type {
	switch t {
	case timeType:
		return types.TimestampType
	case severityType:
		return types.StringType
	}
	switch t.Kind() {
	case reflect.Pointer:
		return s.typeOf(t.Elem())
	case reflect.Struct:
		return s.define(t)
	case reflect.Slice:
		return types.NewListType(s.typeOf(t.Elem()))
	case reflect.Map:
		return types.NewMapType(types.StringType, s.typeOf(t.Elem()))
	case reflect.Bool:
		return types.BoolType
	case reflect.Float64:
		return types.DoubleType
	case reflect.String:
		return types.StringType
	}
	return types.IntType
}

// value turns a Go value into CEL's.
func (s *schema) value(v reflect.Value) ref.Val {
	switch v.Type() {
	case timeType:
		return types.Timestamp{Time: v.Interface().(time.Time)}
	case severityType:
		return types.String(finding.Severity(v.Uint()).String())
	}
	switch v.Kind() {
	case reflect.Pointer:
		if v.IsNil() {
			return s.structs[v.Type().Elem().Name()].empty
		}
		return s.value(v.Elem())
	case reflect.Struct:
		return &object{s.structs[v.Type().Name()], v}
	case reflect.Slice:
		return s.list(v)
	case reflect.Map:
		if m, ok := v.Interface().(map[string]string); ok {
			return types.NewStringStringMap(s, m)
		}
		return types.NewDynamicMap(s, v.Interface())
	case reflect.Bool:
		return types.Bool(v.Bool())
	case reflect.Float64:
		return types.Double(v.Float())
	case reflect.String:
		return types.String(v.String())
	}
	return types.Int(v.Int())
}

func (s *schema) list(v reflect.Value) ref.Val {
	if texts, ok := v.Interface().([]string); ok {
		return types.NewStringList(s, texts)
	}
	elements := make([]ref.Val, v.Len())
	for i := range elements {
		elements[i] = s.value(v.Index(i))
	}
	return types.NewRefValList(s, elements)
}

// FindStructType implements types.Provider.
func (s *schema) FindStructType(name string) (*types.Type, bool) {
	if s.structs[name] != nil {
		return types.NewTypeTypeWithParam(types.NewObjectType(name)), true
	}
	return s.Provider.FindStructType(name)
}

// FindStructFieldNames implements types.Provider.
func (s *schema) FindStructFieldNames(name string) ([]string, bool) {
	if st := s.structs[name]; st != nil {
		return st.names, true
	}
	return s.Provider.FindStructFieldNames(name)
}

// FindStructFieldType implements types.Provider.
func (s *schema) FindStructFieldType(name, field string) (*types.FieldType, bool) {
	if st := s.structs[name]; st != nil {
		f, ok := st.fields[field]
		return f, ok
	}
	return s.Provider.FindStructFieldType(name, field)
}

// NewValue implements types.Provider: a policy cannot make parts of a report.
func (s *schema) NewValue(name string, fields map[string]ref.Val) ref.Val {
	if s.structs[name] != nil {
		return types.NewErr("a policy cannot make a %s", name)
	}
	return s.Provider.NewValue(name, fields)
}
