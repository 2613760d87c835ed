package script

import "fmt"

// Library says what the names of a language mean. Its methods return false for
// what they do not know: the Machine then computes what it can.
type Library interface {
	// Name gives the value of a name that no variable has.
	Name(m *Machine, name string) (Value, bool)
	// Member gives a member of an object.
	Member(m *Machine, object Value, name string) (Value, bool)
	// Call says what a call does. It is asked before the program's own
	// functions for c.Method, so it must know what it overrides.
	Call(m *Machine, c *Invocation) (Value, bool)
	// Typed gives a parameter or variable of a declared type.
	Typed(m *Machine, typ, name string) (Value, bool)
	// Entry gives the arguments with which a function is called from outside.
	Entry(m *Machine, f *Func) []Value
}

// Invocation is one call.
type Invocation struct {
	// Name is the last part of what is called, Path all of it where it is
	// made of names: "java.lang.Runtime.getRuntime". New is set for
	// constructors, whose Name is the type.
	Name, Path string
	New        bool
	// Object is what a method is called on.
	Object Value
	Args   []Value
	Line   int
	// Class is the class around the call, Super what it extends.
	Class, Super string
	// method: it is called on a value, not on the name of a type or module.
	method bool
	// variable: what is called is a variable.
	variable bool
	// node is the call, to write back into variables.
	node *Node
}

// Arg is an argument, or an unknown value.
func (c *Invocation) Arg(i int) Value {
	if i < 0 || i >= len(c.Args) {
		return Value{}
	}
	return c.Args[i]
}

// Limits of a Machine. Steps are nodes evaluated.
const (
	maxSteps    = 250_000
	maxCalls    = 24 // calls in calls
	maxRounds   = 5000
	maxElements = 1 << 16
	maxFuncs    = 5000
	maxRuns     = 40   // of one function
	maxDecodes  = 2000 // of one function that is given constants
)

// Machine runs one program. It is for one goroutine.
type Machine struct {
	Lib     Library
	Prog    *Program
	dialect *Dialect
	// Globals are the variables of the whole program.
	global *scope
	funcs  map[string][]*Func
	ran    map[*Func]int
	steps  int
	calls  int
	weak   int // conditions around that are not known
	inLoop int
	left   bool // a loop may have been left
	class  string
	signal signal
	value  Value // that is returned
	// Payloads are constants that were decoded and are programs themselves.
	Payloads []Payload
	// Exhausted is set when the program was not run to its end.
	Exhausted bool
}

type signal uint8

const (
	goesOn signal = iota
	leaves
	continues
	returns
)

// scope holds the variables of a function.
type scope struct {
	vars  map[string]Value
	outer *scope
}

func (s *scope) find(name string) (*scope, Value, bool) {
	for ; s != nil; s = s.outer {
		if v, ok := s.vars[name]; ok {
			return s, v, true
		}
	}
	return nil, Value{}, false
}

// NewMachine prepares to run a program.
func NewMachine(d *Dialect, p *Program, lib Library) *Machine {
	m := &Machine{Lib: lib, Prog: p, dialect: d, global: &scope{vars: make(map[string]Value)}, funcs: make(map[string][]*Func), ran: make(map[*Func]int)}
	for _, f := range p.Funcs {
		m.funcs[f.Name] = append(m.funcs[f.Name], f)
	}
	return m
}

// Set gives a variable of the whole program a value.
func (m *Machine) Set(name string, v Value) { m.global.vars[name] = v }

// Get returns a variable of the whole program.
func (m *Machine) Get(name string) Value { return m.global.vars[name] }

// Run runs the statements of the program, then every function as if it were
// called from outside, and all of that once more, since what one function
// stores another may use.
func (m *Machine) Run() {
	for range 2 {
		m.exec(m.Prog.Root, m.global)
		m.signal = goesOn
		for _, f := range m.Prog.Funcs {
			m.weak++
			m.apply(f, m.Lib.Entry(m, f), m.global)
			m.weak--
		}
		if m.Exhausted {
			return
		}
	}
}

// RunEntry calls a value that is a function, as a server does with a handler.
func (m *Machine) RunEntry(v Value, args []Value) {
	if v.Kind == IsFunc {
		m.weak++
		m.apply(v.Func, args, v.scope)
		m.weak--
	}
}

// step counts, and says whether the program is to be left.
func (m *Machine) step() bool {
	if m.steps++; m.steps > maxSteps {
		m.Exhausted = true
	}
	return m.Exhausted
}

// again says whether a function is to be run once more. A decoder is called for
// every text of a program; what is called often with unknown arguments shows
// nothing new.
func (m *Machine) again(f *Func, args []Value) bool {
	m.ran[f]++
	if m.ran[f] <= maxRuns {
		return true
	}
	for _, a := range args {
		if a.Kind == Unknown {
			return false
		}
	}
	return len(args) > 0 && m.ran[f] <= maxDecodes
}

// charge counts the work that making a long text or list took.
func (m *Machine) charge(v Value) { m.steps += len(v.Text)/256 + len(v.List)/32 }

// apply calls a function of the program.
func (m *Machine) apply(f *Func, args []Value, around *scope) Value {
	if m.calls >= maxCalls || m.Exhausted || f == nil || f.Body == nil || !m.again(f, args) {
		return Mix(args...)
	}
	m.calls++
	class, sig := m.class, m.signal
	if f.Class != "" {
		m.class = f.Class
	}
	sc := &scope{vars: make(map[string]Value), outer: around}
	for i, p := range f.Params {
		v := Value{}
		switch {
		case p.Rest && i < len(args):
			v = Value{Kind: IsList, List: args[i:]}
		case i < len(args):
			v = args[i]
		}
		if v.Kind == Unknown && p.Type != "" {
			if typed, ok := m.Lib.Typed(m, p.Type, p.Name); ok {
				typed.Taint |= v.Taint
				if v.From != nil {
					typed.From = v.From
				}
				v = typed
			}
		}
		sc.vars[p.Name] = v
	}
	if _, ok := sc.vars[f.Name]; !ok && m.dialect.Name == "vbscript" {
		sc.vars[f.Name] = Value{} // its result
	}
	m.signal, m.value = goesOn, Value{}
	if f.Expr {
		m.value = m.eval(f.Body, sc)
	} else {
		m.exec(f.Body, sc)
	}
	out := m.value
	if m.dialect.Name == "vbscript" { // the result is a variable
		out = either(sc.vars[f.Name], m.value)
	}
	m.calls--
	m.class, m.signal, m.value = class, sig, Value{}
	return out
}

// Source starts the way of a value.
func Source(v Value, t Taint, line int, format string, args ...any) Value {
	v.Taint |= t
	v.From = &Origin{Line: line, What: fmt.Sprintf(format, args...)}
	return v
}

// Evaluate runs more source text as part of the program, as eval does, and
// returns the value of its last expression.
func (m *Machine) Evaluate(src string, line int) Value {
	return m.EvaluateIn(m.dialect, src, line)
}

// EvaluateIn is Evaluate for text in another language.
func (m *Machine) EvaluateIn(d *Dialect, src string, line int) Value {
	p := Parse(d, src, line)
	for _, f := range p.Funcs {
		m.funcs[f.Name] = append(m.funcs[f.Name], f)
		if len(m.Prog.Funcs) < maxFuncs {
			m.Prog.Funcs = append(m.Prog.Funcs, f)
		}
	}
	outer := m.dialect
	m.dialect = d
	defer func() { m.dialect = outer }()
	var v Value
	for _, k := range p.Root.Kids {
		if k.Op >= Block && k.Op <= Function || k.Op == Nothing {
			m.exec(k, m.global)
			m.signal = goesOn
			continue
		}
		v = m.eval(k, m.global)
	}
	return v
}
