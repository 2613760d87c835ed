package php

import "strings"

// varName is the name of a variable; "" if it is computed of what is not known.
func (m *machine) varName(n *node) string {
	if n.a == nil {
		return n.s
	}
	v := m.eval(n.a)
	if v.known() {
		return toStr(v)
	}
	if len(v.alts) > 0 {
		return v.alts[len(v.alts)-1]
	}
	return ""
}

// variable finds the cell of a variable for reading or writing.
func (m *machine) variable(name string) *cell {
	if superglobal(name) {
		return m.globals.cell(name)
	}
	return m.scope.cell(name)
}

// assign stores v where the expression target says. at is shown in the flow.
func (m *machine) assign(target *node, v value, at *node) {
	if target == nil || !m.step() {
		return
	}
	if v.arr != nil {
		v.arr.shared = true
	}
	switch target.op {
	case xVar:
		m.assignVar(target, v, at)
	case xIndex:
		if target.b == nil {
			m.storeIndex(target.a, value{}, v)
			return
		}
		m.storeIndex(target.a, m.eval(target.b), v)
	case xProp:
		obj := m.eval(target.a)
		if obj.k == vUnset || obj.k == vNull {
			obj = objectOf(&object{name: "stdclass", props: map[string]*cell{}})
			m.assign(target.a, obj, at)
		}
		m.storeProp(obj, m.member(target), v, at)
	case xStatic:
		if c := m.staticCell(target); c != nil {
			m.set(c, v)
		}
	case xArray:
		m.destructure(target, v)
	case xConst: // const A = ...
	case xSilence:
		m.assign(target.a, v, at)
	}
}

func (m *machine) assignVar(target *node, v value, at *node) {
	name := m.varName(target)
	if name == "" {
		if target.a != nil {
			if f := m.eval(target.a).taint(); f != nil && f.from == fromRequest {
				m.scope.open = better(m.scope.open, f.step(m.unit, target, "names of variables"))
			}
		}
		return
	}
	if v.flow != nil && at != nil {
		v.flow = v.flow.step(m.unit, at, "assigned to $"+name)
	}
	m.set(m.variable(name), v)
}

// storeIndex stores v in container[k]; k without a value appends.
func (m *machine) storeIndex(container *node, k, v value) {
	if container.op == xVar && container.a == nil && container.s == "GLOBALS" {
		if k.known() && k.k != vUnset {
			m.set(m.globals.cell(toStr(k)), v)
		} else if f := k.taint(); f != nil {
			m.globals.open = better(m.globals.open, f)
		}
		return
	}
	old := m.lookup(container)
	switch old.k {
	case vObj:
		if set := m.method(old.obj, "offsetset"); set != nil {
			m.call(set, []value{k, v}, old.obj, nil)
			return
		}
		m.storeProp(old, k, v, container)
		return
	case vStr:
		if i := toInt(k); k.known() && v.k == vStr && old.s != "" && i >= 0 && i < int64(len(old.s)) && v.s != "" {
			b := []byte(old.s)
			b[i] = v.s[0]
			w := old
			w.s = string(b)
			m.put(container, w)
			return
		}
		if old.s != "" {
			w := value{k: vUnknown, flow: better(old.flow, v.taint())}
			m.put(container, w)
			return
		}
	case vUnknown:
		w := old
		w.flow = better(old.flow, v.taint())
		if w.flow == nil { // keep what is stored in what is not known
			a := &array{fork: m.forkID, rest: unknown}
			m.storeKey(a, k, v)
			w = arrayOf(a)
		}
		m.put(container, w)
		return
	}
	a := m.owned(old.arr)
	if v.arr == a {
		a = a.copy()
	}
	m.storeKey(a, k, v)
	w := arrayOf(a)
	w.flow = old.flow
	m.put(container, w)
}

func (m *machine) storeKey(a *array, k, v value) {
	if !m.spend(64) {
		a.rest = join(a.rest, v)
		return
	}
	if k.k == vUnset && k.flow == nil {
		a.push(v)
		return
	}
	if kk, ok := toKey(k); ok && k.flow == nil {
		a.set(kk, v)
		return
	}
	a.rest = join(a.rest, v)
	if f := k.taint(); f != nil {
		a.rest.flow = better(a.rest.flow, f.weaken())
	}
}

// lookup reads a container without marks in the flow and without effects.
func (m *machine) lookup(n *node) value {
	switch n.op {
	case xVar:
		if name := m.varName(n); name != "" {
			return m.variable(name).v
		}
		return unknown
	case xIndex:
		if n.b == nil {
			return value{}
		}
		v := m.lookup(n.a)
		if v.k == vArr {
			if k, ok := toKey(m.eval(n.b)); ok {
				if i := v.arr.find(k); i >= 0 {
					return v.arr.vals[i]
				}
				return value{flow: v.arr.rest.flow}
			}
			return v.arr.rest
		}
		if v.k == vUnset && v.flow == nil {
			return value{}
		}
	case xStatic:
		if c := m.staticCell(n); c != nil {
			return c.v
		}
		return value{}
	case xProp:
		obj := m.eval(n.a)
		if obj.k == vObj {
			if name := m.member(n); name.k == vStr {
				if c := obj.obj.props[name.s]; c != nil {
					return c.v
				}
			}
		}
	}
	return m.eval(n)
}

// put stores a container that was changed.
func (m *machine) put(n *node, v value) {
	switch n.op {
	case xVar:
		if name := m.varName(n); name != "" {
			m.set(m.variable(name), v)
		}
	case xIndex:
		k := value{}
		if n.b != nil {
			k = m.eval(n.b)
		}
		m.storeIndex(n.a, k, v)
	case xProp:
		if obj := m.eval(n.a); obj.k == vObj {
			m.storeProp(obj, m.member(n), v, n)
		}
	case xStatic:
		if c := m.staticCell(n); c != nil {
			m.set(c, v)
		}
	}
}

func (m *machine) destructure(target *node, v value) {
	next := int64(0)
	for _, item := range target.list {
		if item == nil {
			next++
			continue
		}
		if item.op != xItem {
			continue
		}
		k := integer(next)
		if item.a != nil {
			k = m.eval(item.a)
		} else {
			next++
		}
		m.assign(item.b, m.index(v, k, item.b), item.b)
	}
}

// storeProp stores a property. What instances of a class are given anywhere,
// its methods may see everywhere: class.any holds that.
func (m *machine) storeProp(obj, name, v value, at *node) {
	if obj.k != vObj {
		return
	}
	o := obj.obj
	if name.k != vStr {
		if f := better(name.taint(), v.taint()); f != nil && o.class != nil {
			m.generic(o.class).env = m.generic(o.class).env.opened(f)
		}
		return
	}
	if v.flow != nil && at != nil {
		v.flow = v.flow.step(m.unit, at, "property "+name.s)
	}
	if o.props == nil {
		o.props = map[string]*cell{}
	}
	c := o.props[name.s]
	if c == nil {
		if o.class != nil && v.k != vUnset {
			if set := m.method(o, "__set"); set != nil && set.depth == 0 {
				m.call(set, []value{name, v}, o, at)
			}
		}
		c = &cell{}
		o.props[name.s] = c
	}
	m.set(c, v)
	if o.class != nil {
		g := m.generic(o.class)
		if g != o {
			gc := g.props[name.s]
			if gc == nil {
				gc = &cell{}
				g.props[name.s] = gc
			}
			gc.v = join(gc.v, v)
		}
	}
}

// opened is the scope with every variable open to the flow.
func (s *scope) opened(f *flow) *scope {
	if s == nil {
		s = newScope()
	}
	s.open = better(s.open, f)
	return s
}

// generic is the instance that stands for all of a class.
func (m *machine) generic(c *class) *object {
	if c.any == nil {
		c.any = &object{class: c, props: map[string]*cell{}}
		for _, q := range m.allProps(c, 0) {
			if q.def != nil && !q.static {
				c.any.props[q.name] = &cell{v: m.quiet(q.def)}
			}
		}
	}
	return c.any
}

func (m *machine) parent(c *class) *class {
	if c == nil || c.parent == "" {
		return nil
	}
	p := m.cls[strings.ToLower(c.parent)]
	if p == c {
		return nil
	}
	return p
}

// allProps are the properties of a class with those of its parents and traits.
func (m *machine) allProps(c *class, depth int) []property {
	if c == nil || depth > 16 {
		return nil
	}
	out := m.allProps(m.parent(c), depth+1)
	for _, t := range c.traits {
		if tc := m.cls[strings.ToLower(t)]; tc != nil && tc != c {
			out = append(out, m.allProps(tc, depth+1)...)
		}
	}
	return append(out, c.props...)
}

// quiet evaluates a constant expression.
func (m *machine) quiet(n *node) value {
	if n == nil {
		return null
	}
	return m.eval(n)
}
