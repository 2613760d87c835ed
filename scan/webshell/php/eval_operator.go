package php

func (m *machine) assignRef(n *node) value {
	if n.b.op == xVar && n.a.op == xVar {
		name, from := m.varName(n.a), m.varName(n.b)
		if name != "" && from != "" {
			c := m.variable(from)
			if c.v.k == vUnset {
				c.v = m.readVar(n.b)
			}
			m.scope.vars[name] = c
			return c.v
		}
	}
	v := m.eval(n.b)
	if n.a.op == xVar && (n.b.op == xProp || n.b.op == xStatic) {
		if c := m.propCell(n.b); c != nil {
			m.scope.vars[m.varName(n.a)] = c
			return c.v
		}
	}
	if n.a.op == xProp && n.b.op == xVar {
		if obj := m.eval(n.a.a); obj.k == vObj {
			if name := m.member(n.a); name.k == vStr {
				if obj.obj.props == nil {
					obj.obj.props = map[string]*cell{}
				}
				obj.obj.props[name.s] = m.variable(m.varName(n.b))
				return v
			}
		}
	}
	m.assign(n.a, v, n)
	return v
}

func (m *machine) propCell(n *node) *cell {
	if n.op == xStatic {
		return m.staticCell(n)
	}
	obj, name := m.eval(n.a), m.member(n)
	if obj.k != vObj || name.k != vStr || obj.obj.props == nil {
		return nil
	}
	c := obj.obj.props[name.s]
	if c == nil {
		c = &cell{}
		obj.obj.props[name.s] = c
	}
	return c
}

func (m *machine) assignOp(n *node) value {
	old := m.eval(n.a)
	if n.s == "??" {
		if old.k > vNull {
			return old
		}
		v := join(old, m.eval(n.b))
		m.assign(n.a, v, n)
		return v
	}
	right := m.eval(n.b)
	var v value
	if n.s == "." {
		v = m.concat(m.toString(old, n), m.toString(right, n))
	} else {
		v = m.operate(n.s, old, right)
	}
	m.assign(n.a, v, n)
	return v
}

func (m *machine) incDec(n *node) value {
	old := m.eval(n.a)
	v := increment(old, n.s == "++")
	m.assign(n.a, v, nil)
	if n.n == 1 {
		return v
	}
	return old
}

func (m *machine) ternary(n *node) value {
	c := m.eval(n.a)
	m.note(n.a)
	if b, ok := truth(c); ok && c.flow == nil && c.k != vUnset {
		if b && n.b == nil {
			return c
		}
		if b {
			return m.eval(n.b)
		}
		return m.eval(n.c)
	}
	var a, b value
	m.branches(false, func() control {
		a = c
		if n.b != nil {
			a = m.eval(n.b)
		}
		return goesOn
	}, func() control { b = m.eval(n.c); return goesOn })
	return join(a, b)
}

func (m *machine) isset(n *node) value {
	for _, e := range n.list {
		if e.op == xIndex && e.b != nil {
			m.eval(e.b)
		}
		if e.op == xVar && e.a == nil && !superglobal(e.s) && m.scope.open == nil {
			if c := m.scope.vars[e.s]; c != nil && c.v.k > vNull && c.v.flow == nil && len(n.list) == 1 && m.forks == 0 {
				return boolean(true)
			}
		}
	}
	return unknown
}

func (m *machine) matches(n *node) value {
	v := m.eval(n.a)
	out := value{}
	for _, arm := range n.list {
		for _, c := range arm.list {
			w := m.eval(c)
			if v.known() && w.known() && v.flow == nil && v.k == w.k && toStr(v) == toStr(w) {
				return m.eval(arm.a)
			}
		}
	}
	var ways []func() control
	for _, arm := range n.list {
		ways = append(ways, func() control { out = join(out, m.eval(arm.a)); return goesOn })
	}
	if len(ways) > 0 {
		m.branches(false, ways...)
	}
	return out
}

// binary computes a s b.
func (m *machine) binary(n *node) value {
	switch n.s {
	case "&&", "and", "||", "or", "??":
		return m.short(n)
	}
	// A long chain of "." leans to the left: go down it in a loop.
	if n.s == "." {
		var parts []*node
		left := n
		for left.op == xBinary && left.s == "." && len(parts) < 1<<16 {
			parts = append(parts, left.b)
			left = left.a
		}
		v := m.toString(m.eval(left), left)
		for i := len(parts) - 1; i >= 0; i-- {
			v = m.concat(v, m.toString(m.eval(parts[i]), parts[i]))
		}
		return v
	}
	return m.operate(n.s, m.eval(n.a), m.eval(n.b))
}

func (m *machine) short(n *node) value {
	a := m.eval(n.a)
	m.note(n.a)
	b, ok := truth(a)
	ok = ok && a.flow == nil && a.k != vUnset
	var v value
	ends := exits
	right := func() control {
		v = m.eval(n.b)
		if n.b != nil && (n.b.op == xExit || n.b.op == xThrow) {
			return ends
		}
		return goesOn
	}
	switch n.s {
	case "??":
		if a.k > vNull && a.flow == nil {
			return a
		}
		m.branches(true, right)
		return join(a, v)
	case "&&", "and":
		if ok && !b {
			m.branch(right)
			return boolean(false)
		}
		if ok {
			v = m.eval(n.b)
			return cast("bool", v)
		}
	default:
		if ok && b {
			m.branch(right)
			return boolean(true)
		}
		if ok {
			v = m.eval(n.b)
			return cast("bool", v)
		}
	}
	m.branches(true, right)
	return unknown
}
