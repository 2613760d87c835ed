package class

import (
	"strings"

	"github.com/boltseal/boltseal/finding"
	"github.com/boltseal/boltseal/scan/webshell/evidence"
	"github.com/boltseal/boltseal/scan/webshell/java"
	"github.com/boltseal/boltseal/scan/webshell/script"
)

// Limits of a run.
const (
	maxSteps = 300_000 // instructions
	maxCalls = 8       // calls in calls
	maxStack = 1000
)

// run follows values through the methods of one class.
type run struct {
	f       *file
	lib     *java.Library
	machine *script.Machine
	fields  map[string]script.Value
	steps   int
	calls   int
	made    int // objects so far
}

// slot is a value on the stack, and the local variable it was loaded from.
type slot struct {
	v     script.Value
	local int // -1: none
	// object tells objects apart between new and their constructor; 0: none.
	object int
}

// frame is a method while it runs.
type frame struct {
	m      *method
	pc     int
	line   int
	locals map[int]slot
	stack  []slot
	out    script.Value
	// waiting are the stacks with which jumps arrive further down.
	waiting map[int][]slot
}

func (f *frame) push(v script.Value) {
	if len(f.stack) < maxStack {
		f.stack = append(f.stack, slot{v: v, local: -1})
	}
}

func (f *frame) pop() slot {
	if len(f.stack) == 0 {
		return slot{local: -1}
	}
	s := f.stack[len(f.stack)-1]
	f.stack = f.stack[:len(f.stack)-1]
	return s
}

// entry runs a method as servers call it.
func (r *run) entry(m *method) {
	f := &script.Func{Name: m.name}
	for _, typ := range parameters(m.descriptor) {
		f.Params = append(f.Params, script.Param{Type: typ})
	}
	r.call(m, script.Object(r.f.name), r.lib.Entry(r.machine, f))
}

// call runs a method of the class.
func (r *run) call(m *method, this script.Value, args []script.Value) script.Value {
	if r.calls >= maxCalls || len(m.code) == 0 {
		return script.Mix(args...)
	}
	r.calls++
	defer func() { r.calls-- }()
	f := &frame{m: m, locals: make(map[int]slot), waiting: make(map[int][]slot)}
	at := 0
	if !m.static {
		f.locals[0] = slot{v: this, local: -1}
		at = 1
	}
	for i, typ := range parameters(m.descriptor) {
		v := script.Value{}
		if i < len(args) {
			v = args[i]
		}
		if v.Kind == script.Unknown && v.Type == "" {
			typed, _ := r.lib.Typed(r.machine, typ, "")
			typed.Taint |= v.Taint
			if v.From != nil {
				typed.From = v.From
			}
			v = typed
		}
		f.locals[at] = slot{v: v, local: -1}
		at++
		if wide(typ) {
			at++
		}
	}
	for _, h := range m.handlers {
		f.waiting[int(h)] = []slot{{local: -1}}
	}
	for f.pc < len(m.code) && r.steps < maxSteps {
		r.steps++
		r.step(f)
	}
	return f.out
}

// invoke calls a method: one of the class itself, or one that is known or not.
func (r *run) invoke(f *frame, op byte, class, name, descriptor string) {
	types := parameters(descriptor)
	args := make([]script.Value, len(types))
	slots := make([]slot, len(types))
	for i := len(types) - 1; i >= 0; i-- {
		slots[i] = f.pop()
		args[i] = slots[i].v
	}
	object := slot{local: -1}
	if op != invokestatic && op != invokedynamic {
		object = f.pop()
	}
	v := r.result(f, op, class, name, descriptor, object, args)
	if name == "<init>" {
		r.replace(f, object.object, v)
		return
	}
	r.effects(f, name, object, slots)
	if typ := result(descriptor); typ != "" {
		if v.Kind == script.Unknown && v.Type == "" {
			typed, _ := r.lib.Typed(r.machine, typ, "")
			v.Type = typed.Type
			v.Taint |= typed.Taint
		}
		if typ == "char" && v.Kind == script.IsNumber {
			v.Kind = script.IsChar
		}
		f.push(v)
	}
}

func (r *run) result(f *frame, op byte, class, name, descriptor string, object slot, args []script.Value) script.Value {
	if op == invokedynamic {
		if strings.HasPrefix(name, "makeConcat") {
			out := script.Str("")
			for _, a := range args {
				out = script.Concat(out, a)
			}
			return out
		}
		return script.Mix(args...)
	}
	c := &script.Invocation{Name: name, Path: class + "." + name, Object: object.v, Args: args, Line: f.line, Class: r.f.name, Super: r.f.super}
	if name == "<init>" {
		if class == r.f.super && object.object == 0 {
			return script.Value{}
		}
		c.New, c.Path, c.Object = true, class, script.Value{}
		c.Name = class[strings.LastIndexAny(class, ".$")+1:]
	}
	if c.Object.Type == "" && c.Object.Kind == script.Unknown && class != "java.lang.Object" {
		c.Object.Type = class
	}
	if class == r.f.name && !c.New {
		for i := range r.f.methods {
			if m := &r.f.methods[i]; m.name == name && m.descriptor == descriptor {
				return r.call(m, object.v, args)
			}
		}
	}
	r.loader(c, descriptor)
	return r.machine.Invoke(c, op == invokestatic)
}

// loader recognises a class loader in another class by its method, which makes
// a class of bytes.
func (r *run) loader(c *script.Invocation, descriptor string) {
	if result(descriptor) != "java.lang.Class" {
		return
	}
	for i, typ := range parameters(descriptor) {
		if typ == "byte[]" && c.Arg(i).All()&script.Request != 0 {
			r.lib.File.Sink(evidence.Class, finding.ConfidenceHigh, c.Line, c.Name, c.Arg(i))
		}
	}
}

// replace gives an object its value once its constructor was called.
func (r *run) replace(f *frame, object int, v script.Value) {
	if object == 0 {
		return
	}
	for i := range f.stack {
		if f.stack[i].object == object {
			f.stack[i] = slot{v: v, local: -1}
		}
	}
	for k, s := range f.locals {
		if s.object == object {
			f.locals[k] = slot{v: v, local: -1}
		}
	}
}

// effects adds what a call puts into its object, or reads into its arguments,
// to the variables that hold them.
func (r *run) effects(f *frame, name string, object slot, args []slot) {
	from := object.v
	start := 0
	if name == "arraycopy" && len(args) > 2 {
		from, start = args[0].v, 2
	}
	if strings.HasPrefix(name, "read") || start > 0 {
		for _, a := range args[start:] {
			f.blend(a.local, from)
		}
		return
	}
	if object.local < 0 || len(args) == 0 {
		return
	}
	switch {
	case name == "append" || name == "write" || strings.HasPrefix(name, "add") || strings.HasPrefix(name, "put") || strings.HasPrefix(name, "set") || name == "init" || name == "update" || name == "command":
		for _, a := range args {
			f.blend(object.local, a.v)
		}
	}
}

// blend adds the origin of v to a variable.
func (f *frame) blend(local int, v script.Value) {
	s, ok := f.locals[local]
	if local < 0 || !ok || v.All()&^(script.Whole|script.Carrier) == 0 {
		return
	}
	mixed := script.Mix(s.v, v)
	mixed.Type = s.v.Type
	f.locals[local] = slot{v: mixed, local: -1}
}
