package policy

import (
	"fmt"
	"reflect"

	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
	"cel.dev/cel-go/common/types/traits"
)

// object is a struct of a report as CEL sees it.
type object struct {
	*structType
	v reflect.Value
}

// Value implements ref.Val. The accessors of fields get it.
func (o *object) Value() any { return o.v }

// Type implements ref.Val.
func (o *object) Type() ref.Type {
	return types.NewObjectType(o.name, traits.FieldTesterType, traits.IndexerType)
}

// Equal implements ref.Val: structs are equal when all in them is.
func (o *object) Equal(other ref.Val) ref.Val {
	p, ok := other.(*object)
	return types.Bool(ok && o.structType == p.structType && reflect.DeepEqual(o.v.Interface(), p.v.Interface()))
}

// IsSet implements traits.FieldTester.
func (o *object) IsSet(field ref.Val) ref.Val {
	f, ok := o.fields[string(field.(types.String))]
	if !ok {
		return types.NewErr("no such field: %v", field)
	}
	return types.Bool(f.IsSet(o.v))
}

// Get implements traits.Indexer.
func (o *object) Get(field ref.Val) ref.Val {
	name, _ := field.(types.String)
	f, ok := o.fields[string(name)]
	if !ok {
		return types.NewErr("no such field: %v", field)
	}
	v, err := f.GetFrom(o.v)
	if err != nil {
		return types.WrapErr(err)
	}
	return v.(ref.Val)
}

// ConvertToNative implements ref.Val.
func (o *object) ConvertToNative(t reflect.Type) (any, error) {
	if o.v.Type() == t {
		return o.v.Interface(), nil
	}
	return nil, fmt.Errorf("convert %s: not to %s", o.name, t)
}

// ConvertToType implements ref.Val.
func (o *object) ConvertToType(t ref.Type) ref.Val {
	if t == types.TypeType {
		return types.NewObjectType(o.name)
	}
	return types.NewErr("convert %s: not to %s", o.name, t.TypeName())
}
