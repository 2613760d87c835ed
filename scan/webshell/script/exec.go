package script

// exec runs a statement.
func (m *Machine) exec(n *Node, sc *scope) {
	if n == nil || m.step() || m.signal != goesOn {
		return
	}
	switch n.Op {
	case Block:
		for _, k := range n.Kids {
			m.exec(k, sc)
			if m.signal != goesOn {
				return
			}
		}
	case If:
		m.branch(n, sc)
	case Loop:
		m.loop(n, sc)
	case Each:
		m.each(n, sc)
	case Return:
		v := Value{}
		if len(n.Kids) > 0 {
			v = m.eval(n.Kids[0], sc)
		}
		m.value = either(m.value, v)
		if m.weak == 0 || m.calls > 0 && m.value.Kind != Unknown && m.weak == 0 {
			m.signal = returns
		}
	case Leave:
		m.signal = leaves
	case Continue:
		m.signal = continues
	case Class:
		class := m.class
		m.class = n.Text
		for _, k := range n.Kids {
			m.exec(k, sc)
			m.signal = goesOn
		}
		m.class = class
	case Function:
		if _, _, ok := sc.find(n.Func.Name); !ok && m.dialect.Name != "java" {
			sc.vars[n.Func.Name] = Value{Kind: IsFunc, Func: n.Func, scope: sc}
		}
	default:
		m.eval(n, sc)
	}
}

// branch runs the parts of an if. Where the condition is not known, all run,
// and what they assign is added to what variables hold.
func (m *Machine) branch(n *Node, sc *scope) {
	cond := m.condition(n.Kids[0], sc)
	if yes, known := cond.truth(); known && m.weak == 0 {
		taken := 1
		if !yes {
			taken = 2
		}
		for i := 1; i < len(n.Kids) && m.inLoop == 0; i++ {
			if i != taken {
				m.maybe(n.Kids[i], sc)
			}
		}
		if taken < len(n.Kids) {
			m.exec(n.Kids[taken], sc)
		}
		return
	}
	for _, k := range n.Kids[1:] {
		m.maybe(k, sc)
	}
}

func (m *Machine) condition(n *Node, sc *scope) Value {
	if n == nil {
		return Value{}
	}
	if n.Op == Block {
		var v Value
		for _, k := range n.Kids {
			v = m.condition(k, sc)
		}
		return v
	}
	return m.eval(n, sc)
}

// maybe runs what may not be run.
func (m *Machine) maybe(n *Node, sc *scope) {
	m.weak++
	m.exec(n, sc)
	m.weak--
	if m.signal != goesOn {
		m.left = true
		m.signal = goesOn
	}
}

// loop runs a loop as often as the program would where that is known, else
// twice, so that what is assigned at its end is seen at its beginning.
func (m *Machine) loop(n *Node, sc *scope) {
	m.exec(n.Kids[0], sc)
	if n.Text == "switch" {
		m.weak++
		m.exec(n.Kids[3], sc)
		m.runCases(n.Kids[3], sc)
		m.weak--
		return
	}
	m.inLoop++
	defer func() { m.inLoop-- }()
	left := m.left
	defer func() { m.left = left }()
	m.left = false
	unknown := 0
	for round := 0; round < maxRounds && !m.Exhausted; round++ {
		yes, known := true, false
		if n.Kids[1] != nil {
			yes, known = m.condition(n.Kids[1], sc).truth()
		}
		if known && !yes {
			return
		}
		// A program that loops long must not keep the rest of it from being seen.
		if !known || m.weak > 0 || m.left || m.steps > maxSteps/2 {
			if unknown++; unknown > 2 {
				return
			}
			m.weak++
			m.exec(n.Kids[3], sc)
			m.exec(n.Kids[2], sc)
			m.weak--
			m.signal = goesOn
			continue
		}
		m.exec(n.Kids[3], sc)
		switch m.signal {
		case leaves:
			m.signal = goesOn
			return
		case returns:
			return
		}
		m.signal = goesOn
		m.exec(n.Kids[2], sc)
	}
}

// runCases runs the statements of a switch behind each break.
func (m *Machine) runCases(body *Node, sc *scope) {
	m.signal = goesOn
	if body.Op != Block {
		return
	}
	for _, k := range body.Kids {
		m.exec(k, sc)
		m.signal = goesOn
	}
}

func (m *Machine) each(n *Node, sc *scope) {
	from := m.eval(n.Kids[1], sc)
	var items []Value
	switch {
	case from.Kind == IsList && from.Taint&Request == 0:
		items = from.List
	case from.Kind == IsText && from.Taint == 0:
		items = chars(from.Text)
	case from.Kind == IsFields:
		for k, v := range from.Fields {
			key := Str(k)
			key.Taint, key.From = v.Taint&Request, v.From
			if m.dialect.Name != "javascript" && m.dialect.Name != "python" {
				key = v
			}
			items = append(items, key)
		}
	}
	m.inLoop++
	defer func() { m.inLoop-- }()
	if len(items) == 0 || len(items) > maxRounds {
		m.weak++
		m.assign(n.Kids[0], elementOf(from), sc)
		m.exec(n.Kids[2], sc)
		m.weak--
		m.signal = goesOn
		return
	}
	for _, item := range items {
		m.assign(n.Kids[0], item, sc)
		m.exec(n.Kids[2], sc)
		if m.signal == leaves {
			m.signal = goesOn
			return
		}
		if m.signal == returns || m.Exhausted {
			return
		}
		m.signal = goesOn
	}
}

// elementOf is any element of a collection.
func elementOf(v Value) Value {
	out := Mix(v)
	out.Taint |= v.Taint & Carrier
	if v.Type == "parts" {
		out.Type = "part"
	}
	return out
}
