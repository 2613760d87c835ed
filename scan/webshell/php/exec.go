package php

import "strings"

// run executes statements in order, with jumps to labels among them.
func (m *machine) run(list []*node) control {
	jumpsLeft := 512
	base := len(m.pending)
	for i := 0; i < len(list); i++ {
		end := m.exec(list[i])
		if end == jumps {
			if at := labelAt(list, m.label); at >= 0 && jumpsLeft > 0 && m.step() {
				jumpsLeft--
				i = at
				continue
			}
		}
		if end != goesOn {
			if i = m.resume(list, base, &jumpsLeft); i >= 0 {
				continue
			}
			return end
		}
		if i == len(list)-1 {
			if at := m.resume(list, base, &jumpsLeft); at >= 0 {
				i = at
			}
		}
	}
	return goesOn
}

// resume takes the next jump out of a branch that leads into the list; -1 if
// there is none.
func (m *machine) resume(list []*node, base int, left *int) int {
	if len(m.pending) > base && *left > 0 {
		j := m.pending[len(m.pending)-1]
		at := labelAt(list, j.label)
		if at < 0 {
			return -1
		}
		m.pending = m.pending[:len(m.pending)-1]
		*left -= 16
		m.merge([]map[*cell]value{j.changes, nil})
		return at
	}
	return -1
}

func labelAt(list []*node, label string) int {
	for i, n := range list {
		if n.op == sLabel && n.s == label {
			return i
		}
	}
	return -1
}

// step counts one node.
func (m *machine) step() bool {
	m.steps++
	if m.steps > maxAllSteps {
		m.cut = true
		return false
	}
	return true
}

// tired says that so much was done that calls are no longer followed and loops
// run once: what is left is read in a time that grows with its length only.
func (m *machine) tired() bool { return m.steps-m.loopSteps > m.workLimit }

func (m *machine) exec(n *node) control {
	if n == nil || !m.step() {
		return goesOn
	}
	switch n.op {
	case sExpr:
		return m.exprStatement(n.a)
	case sEcho:
		for _, e := range n.list {
			m.output(e, m.eval(e))
		}
	case sBlock:
		return m.run(n.list)
	case sIf:
		return m.ifs(n)
	case sWhile:
		return m.loop(n, nil, n.a, nil, false)
	case sDo:
		return m.loop(n, nil, n.a, nil, true)
	case sFor:
		for _, e := range n.list[0].list {
			m.eval(e)
		}
		return m.forLoop(n)
	case sForeach:
		return m.foreach(n)
	case sSwitch:
		return m.switches(n)
	case sBreak:
		return breaks
	case sContinue:
		return continues
	case sReturn:
		v := null
		if n.a != nil {
			v = m.eval(n.a)
		}
		m.scope.ret = join(m.scope.ret, v)
		return returns
	case sGlobal:
		for _, v := range n.list {
			if v.op == xVar {
				name := m.varName(v)
				m.scope.vars[name] = m.globals.cell(name)
			}
		}
	case sStaticVar:
		m.statics(n)
	case sUnset:
		for _, v := range n.list {
			m.unset(v)
		}
	case sTry:
		return m.try(n)
	case sGoto:
		m.label = n.s
		return jumps
	case sConst:
		for _, a := range n.list {
			if a.op == xConst || a.op == xBad {
				continue
			}
			m.eval(a)
		}
	case sClass:
		m.cls[strings.ToLower(n.cls.name)] = n.cls
	case sFunc:
		if f := m.fns[strings.ToLower(n.fn.name)]; f == nil {
			m.fns[strings.ToLower(n.fn.name)] = n.fn
		}
	case sCase, sCatch, sLabel, sHTML:
	default:
		m.eval(n)
	}
	return goesOn
}

// exprStatement runs an expression; exit and throw end the way.
func (m *machine) exprStatement(e *node) control {
	m.eval(e)
	for e != nil && (e.op == xSilence) {
		e = e.a
	}
	if e == nil {
		return goesOn
	}
	switch e.op {
	case xExit:
		return exits
	case xThrow:
		return exits
	}
	return goesOn
}

func (m *machine) ifs(n *node) control {
	cond := m.eval(n.a)
	m.note(n.a)
	then := func() control { return m.exec(n.b) }
	other := func() control { return m.exec(n.c) }
	if b, ok := truth(cond); ok && cond.flow == nil {
		live, dead := then, other
		if !b {
			live, dead = other, then
		}
		m.branch(dead)
		m.pending = m.pending[:min(len(m.pending), cap(m.pending))]
		return live()
	}
	if n.c == nil {
		return m.branches(true, then)
	}
	return m.branches(false, then, other)
}

// note remembers which variables a condition compares with something: what is
// called by name after such a test is the application's choice.
func (m *machine) note(cond *node) {
	switch {
	case cond == nil:
	case cond.op == xUnary, cond.op == xSilence:
		m.note(cond.a)
	case cond.op == xBinary && (cond.s == "&&" || cond.s == "||" || cond.s == "and" || cond.s == "or"):
		m.note(cond.a)
		m.note(cond.b)
	case cond.op == xCall && cond.a.op == xName:
		switch strings.ToLower(cond.a.s) {
		case "in_array", "array_key_exists", "preg_match", "function_exists", "is_callable", "method_exists", "class_exists", "array_search", "ctype_alnum", "ctype_alpha", "ctype_digit", "is_uploaded_file":
			for _, a := range cond.list {
				m.check(a)
			}
		}
	case cond.op == xIsset:
		for _, a := range cond.list {
			if a.op == xIndex && a.b != nil {
				m.check(a.b)
			}
		}
	}
}

func (m *machine) check(n *node) {
	if name := refName(n); name != "" {
		if m.scope.checked == nil {
			m.scope.checked = map[string]bool{}
		}
		m.scope.checked[name] = true
	}
}

// refName names a variable or an element of one, "" for all else.
func refName(n *node) string {
	switch {
	case n == nil:
	case n.op == xVar && n.a == nil:
		return n.s
	case n.op == xIndex && n.b != nil && n.b.op == xLit:
		if base := refName(n.a); base != "" {
			return base + "[" + toStr(n.b.lit)
		}
	case n.op == xProp && n.b == nil:
		if base := refName(n.a); base != "" {
			return base + "->" + n.s
		}
	}
	return ""
}

func (m *machine) forLoop(n *node) control {
	var cond *node
	for i, e := range n.list[1].list {
		if i == len(n.list[1].list)-1 {
			cond = e
		} else {
			m.eval(e)
		}
	}
	return m.loop(n, n.list[1].list, cond, n.list[2].list, false)
}

// loop runs rounds while the condition is known to hold, and twice on a branch
// where it is not known.
func (m *machine) loop(n *node, _ []*node, cond *node, after []*node, first bool) control {
	rounds := 0
	dear := false
	for {
		c := boolean(true)
		if cond != nil && !(first && rounds == 0) {
			c = m.eval(cond)
		}
		b, ok := truth(c)
		if ok && !b {
			if rounds == 0 {
				m.branch(func() control { return m.exec(n.b) })
			}
			return goesOn
		}
		if !ok || rounds >= maxRounds || dear || m.loopSteps > maxLoopSteps || endless(cond) && rounds > 64 {
			break
		}
		rounds++
		start, credit := m.steps, m.loopSteps
		end := m.exec(n.b)
		dear = m.round(start, credit)
		switch end {
		case breaks:
			return goesOn
		case returns, exits, jumps:
			return end
		}
		for _, e := range after {
			m.eval(e)
		}
	}
	return m.twice(func() control {
		end := m.exec(n.b)
		for _, e := range after {
			m.eval(e)
		}
		if cond != nil {
			m.eval(cond)
		}
		return end
	})
}

// endless says that a loop's condition never changes: only a break ends it.
func endless(cond *node) bool { return cond == nil || cond.op == xLit || cond.op == xConst }

// cheapRound is what a round of a loop that decodes costs at most.
const cheapRound = 400

// round counts a round of a loop: decoders turn often and do little, and have
// an allowance of their own. True means that the loop must not turn again.
func (m *machine) round(start, credit int) bool {
	cost := m.steps - start - (m.loopSteps - credit)
	if cost <= cheapRound {
		m.loopSteps += cost
		return false
	}
	return m.tired()
}

// twice runs a round that may not happen, and again with what it left.
func (m *machine) twice(round func() control) control {
	for i := range 2 {
		if i > 0 && m.tired() {
			break
		}
		if end := m.branches(true, round); end == jumps {
			return end
		}
	}
	return goesOn
}

func (m *machine) foreach(n *node) control {
	v := m.eval(n.a)
	if v.k == vObj {
		v = m.iterate(v)
	}
	if v.k == vArr && v.arr.rest.k == vUnset && len(v.arr.keys) <= maxRounds {
		return m.foreachKnown(n, v.arr)
	}
	f := v.taint()
	elem := value{k: vUnknown, flow: f.step(m.unit, n.a, "each element")}
	keyv := value{k: vUnknown, flow: v.flow}
	if v.k == vArr {
		elem = v.arr.rest
		for _, e := range v.arr.vals {
			elem = join(elem, e)
		}
		keyv = unknown
	}
	return m.twice(func() control {
		m.assign(n.d, elem, n.d)
		if n.c != nil {
			m.assign(n.c, keyv, n.c)
		}
		return m.exec(n.b)
	})
}

func (m *machine) foreachKnown(n *node, a *array) control {
	a.shared = true
	for i := range a.keys {
		start, credit := m.steps, m.loopSteps
		m.assign(n.d, a.vals[i], n.d)
		if n.c != nil {
			m.assign(n.c, a.keys[i].value(), n.c)
		}
		end := m.exec(n.b)
		if n.ref && n.d.op == xVar {
			m.storeIndex(n.a, a.keys[i].value(), m.eval(n.d))
		}
		switch end {
		case breaks:
			return goesOn
		case returns, exits, jumps:
			return end
		}
		if m.round(start, credit) || m.loopSteps > maxLoopSteps {
			break
		}
	}
	if len(a.keys) == 0 {
		m.branch(func() control { return m.exec(n.b) })
	}
	return goesOn
}

func (m *machine) switches(n *node) control {
	v := m.eval(n.a)
	from := func(i int) func() control {
		return func() control {
			for ; i < len(n.list); i++ {
				switch end := m.run(n.list[i].list); end {
				case goesOn:
				case breaks, continues:
					return goesOn
				default:
					return end
				}
			}
			return goesOn
		}
	}
	var ways []func() control
	def := -1
	for i, c := range n.list {
		if c.a == nil {
			def = i
			continue
		}
		w := m.eval(c.a)
		if v.known() && w.known() && v.flow == nil && w.flow == nil {
			if looseEqual(v, w) {
				return from(i)()
			}
			continue
		}
		ways = append(ways, m.oneCase(n.list, i))
	}
	if v.known() && v.flow == nil && len(ways) == 0 {
		if def >= 0 {
			return from(def)()
		}
		for i := range n.list {
			m.branch(m.oneCase(n.list, i))
		}
		return goesOn
	}
	if def >= 0 {
		ways = append(ways, m.oneCase(n.list, def))
	}
	if len(ways) == 0 {
		return goesOn
	}
	end := m.branches(def < 0, ways...)
	if end == breaks {
		return goesOn
	}
	return end
}

// oneCase runs a case and those that it falls through to, two at most.
func (m *machine) oneCase(list []*node, i int) func() control {
	return func() control {
		for last := min(i+3, len(list)); i < last; i++ {
			switch end := m.run(list[i].list); end {
			case goesOn:
			case breaks, continues:
				return goesOn
			default:
				return end
			}
		}
		return goesOn
	}
}

func (m *machine) try(n *node) control {
	outer := m.thrown
	m.thrown = value{}
	end := m.exec(n.b)
	thrown := m.thrown
	m.thrown = outer
	for _, c := range n.list {
		body := func() control {
			if c.s != "" {
				v := thrown
				if v.k == vUnset {
					v = unknown
				}
				m.set(m.scope.cell(c.s), v)
			}
			return m.exec(c.b)
		}
		if thrown.k != vUnset && end == exits {
			end = body()
			break
		}
		m.branches(true, body)
	}
	if n.c != nil {
		if last := m.exec(n.c); last != goesOn {
			end = last
		}
	}
	return end
}

func (m *machine) statics(n *node) {
	f := m.scope.fn
	for _, v := range n.list {
		target, init := v, (*node)(nil)
		if v.op == xAssign {
			target, init = v.a, v.b
		}
		if target.op != xVar {
			continue
		}
		var c *cell
		if f != nil {
			if f.statics == nil {
				f.statics = map[string]*cell{}
			}
			c = f.statics[target.s]
		}
		if c == nil {
			c = &cell{}
			if init != nil {
				c.v = m.eval(init)
			}
			if f != nil {
				f.statics[target.s] = c
			}
		}
		m.scope.vars[target.s] = c
	}
}

func (m *machine) unset(n *node) {
	switch n.op {
	case xVar:
		if c := m.scope.vars[m.varName(n)]; c != nil {
			m.set(c, null)
		}
	case xIndex:
		if n.b == nil {
			return
		}
		v := m.eval(n.a)
		k, ok := toKey(m.eval(n.b))
		if v.k == vArr && ok {
			a := m.owned(v.arr)
			a.remove(k)
			m.assign(n.a, arrayOf(a), n.a)
		}
	}
}
