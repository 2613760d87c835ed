package php

import "strings"

func (m *machine) constant(n *node) value {
	if v, ok := m.consts[n.s]; ok {
		return v
	}
	switch low := strings.ToLower(n.s); low {
	case "true":
		return boolean(true)
	case "false":
		return boolean(false)
	case "null":
		return null
	case "__file__":
		return m.fileName()
	case "__dir__":
		return m.dirName()
	case "__line__":
		return integer(int64(m.unit.lineAt(n.pos)))
	case "__class__":
		if m.scope.class != nil {
			return str(m.scope.class.name)
		}
		return str("")
	case "__function__", "__method__":
		if m.scope.fn != nil {
			return str(m.scope.fn.name)
		}
		return str("")
	case "__namespace__":
		return str("")
	case "__compiler_halt_offset__":
		if m.halt >= 0 {
			return integer(int64(m.halt))
		}
		return unknown
	default:
		if v, ok := constants[low]; ok {
			return v
		}
	}
	if strings.HasPrefix(n.s, "PHP_") || strings.HasPrefix(n.s, "E_") || m.traits.wide {
		return unknown
	}
	if dangerous(strings.ToLower(n.s)) || len(n.s) < 3 || n.s != strings.ToUpper(n.s) {
		return str(n.s) // a bare word, as PHP 7 took it
	}
	return value{k: vUnknown, alts: []string{n.s}}
}

func (m *machine) classConstant(n *node) value {
	c := m.classOf(n.a)
	if strings.EqualFold(n.s, "class") {
		if c != nil {
			return str(c.name)
		}
		if n.a.op == xName {
			return str(n.a.s)
		}
		return unknown
	}
	for i := 0; c != nil && i < 16; i++ {
		if e, ok := c.consts[n.s]; ok {
			return m.eval(e)
		}
		c = m.parent(c)
	}
	if n.a.op == xName && strings.EqualFold(n.a.s, "PDO") && n.s == "FETCH_FUNC" {
		return integer(10)
	}
	return unknown
}

// classOf is the class of the file that an expression names.
func (m *machine) classOf(n *node) *class {
	if n.op == xName {
		switch strings.ToLower(n.s) {
		case "self", "static":
			return m.scope.class
		case "parent":
			return m.parent(m.scope.class)
		}
		return m.cls[strings.ToLower(n.s)]
	}
	v := m.eval(n)
	if v.k == vObj {
		return v.obj.class
	}
	if v.k == vStr {
		return m.cls[strings.ToLower(last(v.s))]
	}
	return nil
}

func (m *machine) staticCell(n *node) *cell {
	c := m.classOf(n.a)
	name := n.s
	if n.b != nil {
		v := m.eval(n.b)
		if !v.known() {
			return nil
		}
		name = toStr(v)
	}
	for i := 0; c != nil && i < 16; i++ {
		if !c.made {
			c.made = true
			for _, q := range c.props {
				if q.static {
					c.static[q.name] = &cell{v: m.quiet(q.def)}
				}
			}
		}
		if s := c.static[name]; s != nil {
			return s
		}
		c = m.parent(c)
	}
	return nil
}
