package chart

import (
	"errors"
	"fmt"
	"reflect"
	"text/template"

	"github.com/boltseal/boltseal/image"
)

// maxMade is how many bytes and values all functions together may make while a
// chart is rendered: a loop that doubles a text is one line.
const maxMade = 64 << 20

// charge makes every function count what it gives back. None of them makes more
// than a few times what it is given (functions that multiply are our own), so that
// the budget is never passed by much.
func (e *engine) charge(all template.FuncMap) template.FuncMap {
	out := template.FuncMap{}
	for name, f := range all {
		out[name] = e.charged(reflect.ValueOf(f))
	}
	return out
}

// node is what a value counts beside its text.
const node = 16

var errorType = reflect.TypeFor[error]()

// charged wraps one function, which then can always fail.
func (e *engine) charged(f reflect.Value) any {
	t := f.Type()
	var in []reflect.Type
	for i := range t.NumIn() {
		in = append(in, t.In(i))
	}
	wrapped := reflect.FuncOf(in, []reflect.Type{t.Out(0), errorType}, t.IsVariadic())
	return reflect.MakeFunc(wrapped, func(args []reflect.Value) []reflect.Value {
		var got []reflect.Value
		if t.IsVariadic() {
			got = f.CallSlice(args)
		} else {
			got = f.Call(args)
		}
		err := reflect.Zero(errorType)
		if len(got) == 2 && !got[1].IsNil() {
			return []reflect.Value{got[0], got[1].Convert(errorType)}
		}
		e.made += e.size(got[0], 0)
		if e.made > maxMade {
			err = reflect.ValueOf(errors.Join(fmt.Errorf("%w: functions made more than %d bytes", image.ErrLimit, maxMade))).Convert(errorType)
		}
		return []reflect.Value{got[0], err}
	}).Interface()
}

// size is about how large a value is, as a tree: what is shared counts each time,
// because whoever writes it out writes it each time. It stops where the budget ends.
func (e *engine) size(v reflect.Value, depth int) int {
	for v.Kind() == reflect.Interface || v.Kind() == reflect.Pointer {
		v = v.Elem()
	}
	n := node
	if depth > maxStack {
		return maxMade + 1
	}
	add := func(child reflect.Value) bool {
		n += e.size(child, depth+1)
		return n <= maxMade
	}
	switch v.Kind() {
	case reflect.String:
		return n + v.Len()
	case reflect.Slice, reflect.Array:
		if v.Type().Elem().Kind() == reflect.Uint8 || v.Type().Elem().Kind() == reflect.Int {
			return n + v.Len()
		}
		for i := range v.Len() {
			if !add(v.Index(i)) {
				break
			}
		}
	case reflect.Map:
		for it := v.MapRange(); it.Next() && add(it.Key()) && add(it.Value()); {
		}
	}
	return n
}
