package php

import (
	"strings"
)

// evalCall runs f(args), where f is a name, a text or any value.
func (m *machine) evalCall(n *node) value {
	if n.a.op == xName {
		if n.n == 1 { // f(...): the function itself
			return str(n.a.s)
		}
		return m.callName(&call{name: strings.ToLower(n.a.s), args: m.args(n.list), n: n, nodes: n.list})
	}
	f := m.eval(n.a)
	if n.a.op == xVar && n.a.a == nil && m.scope.checked[n.a.s] && f.k != vStr {
		f = value{k: vUnknown, alts: f.alts}
	}
	args := m.args(n.list)
	if name, ok := funcName(f); ok && m.fns[name] == nil {
		m.hiddenCall(f, name, args, n)
		return m.callName(&call{name: name, args: args, n: n, nodes: n.list, dynamic: true})
	}
	return m.invoke(f, args, n)
}

// funcName is the function that a text names, in lower case.
func funcName(f value) (string, bool) {
	if f.k != vStr || strings.Contains(f.s, "::") {
		return "", false
	}
	return strings.ToLower(last(strings.TrimSpace(f.s))), true
}

func (m *machine) args(list []*node) []value {
	out := make([]value, 0, len(list))
	for _, a := range list {
		if a.op == xSpread {
			v := m.eval(a.a)
			switch {
			case v.k == vArr && len(v.arr.vals) < 64:
				out = append(out, v.arr.vals...)
				if v.arr.rest.k != vUnset {
					out = append(out, v.arr.rest)
				}
			default:
				e := value{k: vUnknown, flow: v.taint()}
				out = append(out, e, e)
			}
			continue
		}
		out = append(out, m.eval(a))
	}
	return out
}

// call is one call of a function by name.
type call struct {
	name string
	args []value
	// n is shown as the place; nodes are the arguments as written, for those
	// that are changed, nil in calls by PHP.
	n       *node
	nodes   []*node
	dynamic bool
}

func (c *call) arg(i int) value {
	if i < len(c.args) {
		return c.args[i]
	}
	return value{}
}

func (c *call) taint() *flow {
	var f *flow
	for _, a := range c.args {
		f = better(f, a.taint())
	}
	return f
}

// callName calls a function of the file or of PHP.
func (m *machine) callName(c *call) value {
	if f := m.fns[c.name]; f != nil {
		return m.enter(f, c.args, c.nodes, nil, nil, c.n)
	}
	site := m.site
	m.site = c.n
	defer func() { m.site = site }()
	if h := m.specials[c.name]; h != nil {
		return h(m, c)
	}
	m.sinks(c)
	if v, ok := m.callbacks(c); ok {
		return v
	}
	return m.builtin(c)
}

// builtin computes a function without effects; of one that is not known, what
// goes in may come out.
func (m *machine) builtin(c *call) value {
	if f := m.pure[c.name]; f != nil {
		if v, ok := f.run(m, c); ok {
			if v.k == vStr {
				v.hidden = max(v.hidden, f.hides)
				for _, a := range c.args {
					v.hidden = max(v.hidden, a.hidden)
				}
				if !m.spend(len(v.s)) {
					return value{k: vUnknown, flow: m.blob(c.name)}
				}
			}
			if v.k == vArr && !m.spend(64*len(v.arr.keys)) {
				return value{k: vUnknown, flow: c.taint()}
			}
			return v
		}
	}
	if clean[c.name] {
		return unknown
	}
	fl := c.taint()
	if fl != nil {
		fl = fl.step(m.unit, c.n, c.name)
		if _, ok := m.pure[c.name]; !ok && !passes[c.name] {
			fl = fl.weaken()
		}
	}
	v := value{k: vUnknown, flow: fl}
	if fl == nil && decoders[c.name] > 1 && len(c.args) > 0 && c.args[0].k == vStr && len(c.args[0].s) > 16 {
		v.flow = m.blob(c.name)
	}
	return v
}

// call runs a function of the file with values.
func (m *machine) call(f *function, args []value, this *object, at *node) value {
	return m.enter(f, args, nil, this, nil, at)
}

// enter runs a function of the file. nodes are the arguments as written, for
// parameters by reference; outer is what a closure sees.
func (m *machine) enter(f *function, args []value, nodes []*node, this *object, outer *scope, at *node) value {
	f.calls++
	var in *flow
	for _, a := range args {
		in = better(in, a.taint())
	}
	again := f.calls > 1 || f.depth > 0
	if f.depth >= 200 || m.depth > 250 || m.depth >= maxCalls && f.depth == 0 || again && m.tired() || f.calls > 4 && m.loopSteps > maxLoopSteps {
		v := value{k: vUnknown, flow: in}
		return v
	}
	s := newScope()
	s.fn, s.this, s.class, s.args = f, this, f.class, args
	if this != nil && this.class != nil && f.class == nil {
		s.class = this.class
	}
	if outer != nil {
		s.checked = outer.checked
		if f.arrow {
			for k, c := range outer.vars {
				s.vars[k] = c
			}
		}
		for _, u := range f.uses {
			c := outer.vars["use\x00"+u.name]
			if c == nil {
				c = &cell{}
			}
			if u.ref {
				s.vars[u.name] = c
			} else {
				s.vars[u.name] = &cell{v: c.v}
			}
		}
		if s.this == nil {
			s.this = outer.this
		}
		if s.class == nil {
			s.class = outer.class
		}
	}
	m.bind(s, f, args, nodes, at)
	save, sent := m.scope, m.sent
	m.scope = s
	m.depth++
	f.depth++
	if f.gen {
		s.yield = &array{}
	}
	mark := len(m.journal)
	m.run(f.body)
	m.forget(s, mark)
	f.depth--
	m.depth--
	m.scope, m.sent = save, sent
	if f.gen {
		return objectOf(&object{name: "generator", gen: s.yield, fn: f, args: args, env: outer})
	}
	v := s.ret
	if v.k == vUnset && v.flow == nil {
		v = null
	}
	if v.flow != nil && at != nil {
		v.flow = v.flow.step(m.unit, at, "returned by "+f.name)
	}
	return v
}

func (m *machine) bind(s *scope, f *function, args []value, nodes []*node, at *node) {
	for i, p := range f.params {
		if p.variadic {
			s.vars[p.name] = &cell{v: arrayOf(listOf(args[min(i, len(args)):]...))}
			return
		}
		if p.ref && i < len(nodes) && nodes[i].op == xVar {
			if name := m.varName(nodes[i]); name != "" {
				s.vars[p.name] = m.variable(name)
				continue
			}
		}
		v := value{}
		switch {
		case i < len(args):
			v = args[i]
			if v.arr != nil {
				v.arr.shared = true
			}
			if v.flow != nil && at != nil {
				v.flow = v.flow.step(m.unit, at, "argument of "+f.name)
			}
		case p.def != nil:
			v = m.quiet(p.def)
		default:
			v = unknown
		}
		s.vars[p.name] = &cell{v: v, owner: s}
		if p.promoted && s.this != nil {
			m.storeProp(objectOf(s.this), str(p.name), v, nil)
		}
	}
}

// closure is a function with what it sees now.
func (m *machine) closure(f *function) *object {
	env := &scope{vars: map[string]*cell{}, this: m.scope.this, class: m.scope.class, checked: m.scope.checked}
	if f.arrow {
		for k, c := range m.scope.vars {
			env.vars[k] = c
		}
	}
	for _, u := range f.uses {
		c := m.scope.cell(u.name)
		if !u.ref {
			c = &cell{v: c.v}
		}
		env.vars["use\x00"+u.name] = c
	}
	return &object{name: "closure", fn: f, env: env}
}

// invoke calls a value: a name, a pair of object and method, a closure.
func (m *machine) invoke(f value, args []value, at *node) value {
	switch f.k {
	case vStr:
		if cls, method, ok := strings.Cut(f.s, "::"); ok {
			if c := m.cls[strings.ToLower(last(cls))]; c != nil {
				if fn := m.find(c, strings.ToLower(method)); fn != nil {
					return m.call(fn, args, nil, at)
				}
			}
			return value{k: vUnknown, flow: taintOf(args).weaken()}
		}
		name, _ := funcName(f)
		if m.fns[name] == nil {
			m.hiddenCall(f, name, args, at)
		}
		switch name {
		case "eval", "include", "require", "include_once", "require_once", "echo", "isset", "empty", "exit", "die":
			return unknown // no functions
		}
		return m.callName(&call{name: name, args: args, n: at, dynamic: true})
	case vObj:
		return m.invokeObject(f.obj, args, at)
	case vArr:
		return m.invokePair(f.arr, args, at)
	}
	if f.flow != nil {
		m.dynamicCall(f, args, at)
	}
	out := value{}
	for _, name := range f.alts {
		v := str(name)
		v.hidden = f.hidden
		out = join(out, m.invoke(v, args, at))
	}
	if len(f.alts) > 0 {
		return out
	}
	v := value{k: vUnknown, flow: better(taintOf(args), f.flow).weaken()}
	return v
}

func taintOf(args []value) *flow {
	var f *flow
	for _, a := range args {
		f = better(f, a.taint())
	}
	return f
}

func (m *machine) invokeObject(o *object, args []value, at *node) value {
	switch {
	case o.name == "closure" && o.fn != nil:
		return m.enter(o.fn, args, nil, nil, o.env, at)
	case o.class != nil:
		if f := m.method(o, "__invoke"); f != nil {
			return m.call(f, args, o, at)
		}
	case o.name == "callable" && len(o.args) > 0:
		return m.invoke(o.args[0], args, at)
	}
	return value{k: vUnknown, flow: taintOf(args).weaken()}
}

func (m *machine) invokePair(a *array, args []value, at *node) value {
	target, method := m.index(arrayOf(a), integer(0), nil), m.index(arrayOf(a), integer(1), nil)
	if method.k == vStr {
		switch target.k {
		case vObj:
			return m.callMethod(target, method.s, args, at)
		case vStr:
			if c := m.cls[strings.ToLower(last(target.s))]; c != nil {
				if f := m.find(c, strings.ToLower(method.s)); f != nil {
					return m.call(f, args, nil, at)
				}
			}
			return m.staticBuiltin(strings.ToLower(last(target.s)), strings.ToLower(method.s), args, at)
		}
	}
	if f := method.taint(); f != nil && target.taint() != nil {
		m.dynamicCall(value{k: vUnknown, flow: f}, args, at)
	}
	return value{k: vUnknown, flow: taintOf(args).weaken()}
}

// method finds a method of an object's class, nil if it has none.
func (m *machine) method(o *object, name string) *function {
	if o == nil || o.class == nil {
		return nil
	}
	return m.find(o.class, name)
}

func (m *machine) find(c *class, name string) *function {
	for i := 0; c != nil && i < 16; i++ {
		if f := c.methods[name]; f != nil {
			return f
		}
		for _, t := range c.traits {
			if tc := m.cls[strings.ToLower(t)]; tc != nil {
				if f := tc.methods[name]; f != nil {
					return f
				}
			}
		}
		c = m.parent(c)
	}
	return nil
}

func (m *machine) methodCall(n *node) value {
	obj := m.eval(n.a)
	name := m.member(n)
	args := m.args(n.list)
	if name.k != vStr {
		if obj.k == vObj && name.k == vObj {
			return m.invoke(name, args, n)
		}
		if name.flow != nil && name.flow.from == fromRequest && obj.k == vObj && obj.obj.class == nil {
			m.dynamicCall(name, args, n)
		}
		return value{k: vUnknown, flow: taintOf(args).weaken()}
	}
	return m.callMethod(obj, name.s, args, n)
}

func (m *machine) callMethod(obj value, name string, args []value, n *node) value {
	low := strings.ToLower(name)
	if obj.k != vObj {
		if f := obj.taint(); f != nil {
			return value{k: vUnknown, flow: better(f, taintOf(args)).weaken()}
		}
		if fetches[low] {
			return value{k: vUnknown}
		}
		return value{k: vUnknown, flow: taintOf(args).weaken()}
	}
	o := obj.obj
	if f := m.method(o, low); f != nil {
		var nodes []*node
		if n != nil && n.op == xMethod {
			nodes = n.list
		}
		return m.enter(f, args, nodes, o, nil, n)
	}
	if f := m.method(o, "__call"); f != nil {
		return m.call(f, []value{str(name), arrayOf(listOf(args...))}, o, n)
	}
	if c := o.props[name]; c != nil && c.v.k == vObj && o.class == nil {
		return m.invoke(c.v, args, n)
	}
	return m.builtinMethod(o, low, args, n)
}

func (m *machine) staticCall(n *node) value {
	var name value
	if n.b != nil {
		name = m.eval(n.b)
	} else {
		name = str(n.s)
	}
	args := m.args(n.list)
	if name.k != vStr {
		if name.k == vObj {
			return m.invoke(name, args, n)
		}
		return value{k: vUnknown, flow: taintOf(args).weaken()}
	}
	low := strings.ToLower(name.s)
	c := m.classOf(n.a)
	if c != nil {
		this := (*object)(nil)
		if m.scope.this != nil {
			this = m.scope.this
		}
		if f := m.find(c, low); f != nil {
			if f.static {
				this = nil
			}
			return m.enter(f, args, n.list, this, nil, n)
		}
		if f := m.find(c, "__callstatic"); f != nil {
			return m.call(f, []value{name, arrayOf(listOf(args...))}, nil, n)
		}
	}
	cls := ""
	if n.a.op == xName {
		cls = strings.ToLower(n.a.s)
	} else if v := m.eval(n.a); v.k == vStr {
		cls = strings.ToLower(last(v.s))
	}
	if cls == "parent" && m.scope.this != nil {
		m.scope.this.args = args
		return m.builtinMethod(m.scope.this, low, args, n)
	}
	return m.staticBuiltin(cls, low, args, n)
}

func (m *machine) staticBuiltin(cls, name string, args []value, n *node) value {
	switch cls + "::" + name {
	case "closure::fromcallable":
		if len(args) > 0 {
			return objectOf(&object{name: "callable", args: args})
		}
	case "ffi::cdef", "ffi::load", "ffi::scope":
		return objectOf(&object{name: "ffi"})
	}
	return value{k: vUnknown, flow: taintOf(args).weaken()}
}

// instantiate runs new.
func (m *machine) instantiate(n *node) value {
	var c *class
	name := ""
	switch {
	case n.b != nil && n.b.cls != nil:
		c = n.b.cls
	case n.a.op == xName:
		name = strings.ToLower(n.a.s)
		c = m.classOf(n.a)
	default:
		v := m.eval(n.a)
		args := m.args(n.list)
		if v.k == vStr {
			name = strings.ToLower(last(v.s))
			c = m.cls[name]
		} else if v.k == vObj {
			c, name = v.obj.class, v.obj.name
		} else if v.flow != nil && v.flow.from == fromRequest && len(args) > 0 && taintOf(args) != nil && !m.scope.checked[refName(n.a)] {
			m.newByRequest(v, args, n)
			return value{k: vUnknown, flow: taintOf(args).weaken()}
		} else {
			return value{k: vUnknown, flow: taintOf(args).weaken()}
		}
	}
	args := m.args(n.list)
	o := &object{class: c, name: name, props: map[string]*cell{}}
	if c == nil {
		o.args = args
		m.made(o, n)
		return objectOf(o)
	}
	for _, q := range m.allProps(c, 0) {
		if !q.static {
			cell := &cell{}
			if q.def != nil {
				cell.v = m.quiet(q.def)
			}
			o.props[q.name] = cell
		}
	}
	o.args = args
	if m.parent(c) == nil && c.parent != "" {
		o.name = strings.ToLower(c.parent)
	}
	if len(m.objects) < 256 {
		m.objects = append(m.objects, o)
	}
	if f := m.find(c, "__construct"); f != nil {
		m.enter(f, args, n.list, o, nil, n)
	} else if f := m.find(c, strings.ToLower(c.name)); f != nil {
		m.enter(f, args, n.list, o, nil, n)
	}
	return objectOf(o)
}

// yields collects what a generator gives, and gives what it was sent.
func (m *machine) yields(n *node) value {
	s := m.scope
	k, v := value{}, null
	if n.a != nil {
		k = m.eval(n.a)
	}
	if n.b != nil {
		v = m.eval(n.b)
	}
	if s.yield != nil && len(s.yield.keys) < 4096 {
		if n.ref {
			if v.k == vObj {
				v = m.iterate(v)
			}
			if v.k == vArr {
				for _, e := range v.arr.vals {
					s.yield.push(e)
				}
				return unknown
			}
			s.yield.rest = join(s.yield.rest, value{k: vUnknown, flow: v.taint()})
			return unknown
		}
		m.storeKey(s.yield, k, v)
	}
	if m.sent.k != vUnset {
		return m.sent
	}
	return unknown
}

// iterate is what a loop over an object sees.
func (m *machine) iterate(v value) value {
	o := v.obj
	switch {
	case o.gen != nil:
		return arrayOf(o.gen)
	case m.method(o, "getiterator") != nil:
		w := m.call(m.method(o, "getiterator"), nil, o, nil)
		if w.k == vObj && w.obj != o {
			return m.iterate(w)
		}
		return w
	case m.method(o, "current") != nil:
		e := m.call(m.method(o, "current"), nil, o, nil)
		k := value{k: vUnknown}
		if f := m.method(o, "key"); f != nil {
			k = m.call(f, nil, o, nil)
		}
		a := &array{rest: e}
		if kk, ok := toKey(k); ok {
			a = &array{}
			a.set(kk, e)
		}
		return arrayOf(a)
	case o.class == nil && len(o.args) > 0:
		if o.args[0].k == vObj && o.args[0].obj != o {
			return m.iterate(o.args[0])
		}
		if o.args[0].k == vArr {
			return o.args[0]
		}
		return value{k: vUnknown, flow: o.args[0].taint()}
	case o.props != nil:
		a := &array{}
		for name, c := range o.props {
			a.set(key{s: name, isStr: true}, c.v)
		}
		if len(a.keys) > 1 { // the order of a map is none
			r := value{}
			for _, e := range a.vals {
				r = join(r, value{k: vUnknown, flow: e.taint()})
			}
			return arrayOf(&array{rest: r})
		}
		return arrayOf(a)
	}
	return unknown
}
