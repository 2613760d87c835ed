package script

import "strings"

// eval computes an expression.
func (m *Machine) eval(n *Node, sc *scope) Value {
	if n == nil || m.step() {
		return Value{}
	}
	switch n.Op {
	case Name:
		return m.name(n, sc)
	case Literal:
		return Value{Kind: n.Kind, Text: n.Text, Num: n.Num, Type: n.Type}
	case Call:
		return m.call(n, sc)
	case Make:
		return m.make(n, sc)
	case Member:
		return m.member(n, sc)
	case Index:
		return m.index(n, sc)
	case Range:
		return m.slice(n, sc)
	case Unary:
		return m.unary(n, sc)
	case Binary:
		return m.binary(n, sc)
	case Join:
		return m.join(n, sc)
	case Assign:
		return m.assignment(n, sc)
	case Declare:
		return m.declare(n, sc)
	case Choice:
		return m.choose(n, sc)
	case List:
		return m.list(n, sc)
	case Pairs:
		return m.pairs(n, sc)
	case Cast:
		return m.cast(n, sc)
	case Lambda:
		if n.Text == "do" { // runs at once
			return m.apply(n.Func, nil, sc)
		}
		return Value{Kind: IsFunc, Func: n.Func, scope: sc}
	case Each:
		return m.collect(n, sc)
	case Template:
		return m.eval(n.Kids[0], sc)
	case Nothing:
		for _, k := range n.Kids {
			m.eval(k, sc)
		}
		return Value{}
	}
	m.exec(n, sc)
	return Value{}
}

func (m *Machine) name(n *Node, sc *scope) Value {
	if _, v, ok := sc.find(n.Text); ok {
		return v
	}
	if n.Text == "shift" && m.dialect.Name == "perl" {
		return m.shift(sc)
	}
	if v, ok := m.Lib.Name(m, n.Text); ok {
		if v.From == nil && v.Taint&Request != 0 {
			v.From = &Origin{Line: n.Line, What: "request: " + n.Text}
		}
		return v
	}
	if fs := m.funcs[n.Text]; len(fs) > 0 {
		if m.dialect.Name == "vbscript" { // a call without arguments
			return m.apply(fs[0], nil, m.global)
		}
		return Value{Kind: IsFunc, Func: fs[0], scope: m.global}
	}
	return Value{Type: n.Text}
}

func (m *Machine) list(n *Node, sc *scope) Value {
	if len(n.Kids) == 1 && n.Kids[0].Op == Each {
		return m.collect(n.Kids[0], sc)
	}
	out := Value{Kind: IsList, Type: n.Type}
	for i, k := range n.Kids {
		if i >= maxElements {
			break
		}
		out.List = append(out.List, m.eval(k, sc))
	}
	return out
}

func (m *Machine) pairs(n *Node, sc *scope) Value {
	out := Value{Kind: IsFields, Fields: make(map[string]Value)}
	for i := 0; i+1 < len(n.Kids); i += 2 {
		key, known := m.eval(n.Kids[i], sc).String()
		if !known {
			key = "?"
		}
		v := m.eval(n.Kids[i+1], sc)
		out.Fields[key] = v
	}
	return out
}

func (m *Machine) collect(n *Node, sc *scope) Value {
	from := m.eval(n.Kids[1], sc)
	items := from.List
	if from.Kind == IsText {
		items = chars(from.Text)
	}
	if len(items) == 0 || len(items) > maxRounds {
		m.assign(n.Kids[0], elementOf(from), sc)
		return Mix(m.eval(n.Kids[2], sc))
	}
	out := Value{Kind: IsList}
	for _, item := range items {
		m.assign(n.Kids[0], item, sc)
		out.List = append(out.List, m.eval(n.Kids[2], sc))
	}
	return out
}

func (m *Machine) choose(n *Node, sc *scope) Value {
	cond := m.eval(n.Kids[0], sc)
	yes, known := cond.truth()
	if known && yes {
		return m.eval(n.Kids[1], sc)
	}
	if known {
		return m.eval(n.Kids[2], sc)
	}
	return either(m.eval(n.Kids[1], sc), m.eval(n.Kids[2], sc))
}

func (m *Machine) cast(n *Node, sc *scope) Value {
	v := m.eval(n.Kids[0], sc)
	switch n.Text {
	case "char", "Character":
		if k, ok := v.number(); ok {
			return Value{Kind: IsChar, Num: k & 0xffff, Taint: v.Taint, From: v.From}
		}
		return v
	case "byte", "sbyte":
		if k, ok := v.number(); ok {
			return Num(int64(int8(k)))
		}
		return v
	case "int", "long", "short", "Integer":
		if k, ok := v.number(); ok && v.Kind != IsText {
			return Num(k)
		}
		return v
	}
	if v.Kind == Unknown && v.Type == "" || v.Type == "Object" {
		if typed, ok := m.Lib.Typed(m, n.Text, ""); ok {
			typed.Taint |= v.Taint
			if v.From != nil {
				typed.From = v.From
			}
			return typed
		}
	}
	return v
}

func (m *Machine) declare(n *Node, sc *scope) Value {
	v := Value{}
	if len(n.Kids) > 0 {
		v = m.eval(n.Kids[0], sc)
		if len(n.Kids) > 1 && v.Kind == Unknown && v.Type == "" {
			v = m.eval(n.Kids[1], sc)
		}
	}
	if v.Kind == Unknown && v.Type == "" && n.Type != "" && n.Type != "import" {
		if typed, ok := m.Lib.Typed(m, n.Type, n.Text); ok {
			typed.Taint |= v.Taint
			if v.From != nil {
				typed.From = v.From
			}
			v = typed
		}
	}
	if n.Type == "char" && v.Kind == IsNumber {
		v.Kind = IsChar
	}
	if len(n.Kids) == 0 {
		if _, ok := sc.vars[n.Text]; ok && (sc == m.global || m.weak > 0) {
			return v // the second time around: keep what other functions stored
		}
	}
	m.store(sc, n.Text, v, n.Line, true)
	return v
}

// store assigns to a variable. Where the statement may not be run, or the
// variable is shared by functions, what it held is kept too.
func (m *Machine) store(sc *scope, name string, v Value, line int, declares bool) {
	v = v.Step(line, "")
	target := sc
	if !declares {
		if found, _, ok := sc.find(name); ok {
			target = found
		} else if m.dialect.Name == "vbscript" || m.dialect.Name == "javascript" || m.dialect.Name == "perl" {
			target = m.global
		}
	}
	if old, ok := target.vars[name]; ok && (m.weak > 0 || target != sc) && !declares {
		v = either(old, v)
	}
	target.vars[name] = v
}

func (m *Machine) assignment(n *Node, sc *scope) Value {
	v := m.eval(n.Kids[1], sc)
	if n.Text != "" {
		v = m.operate(n.Text, m.eval(n.Kids[0], sc), v, n.Line)
		m.charge(v)
	}
	m.assign(n.Kids[0], v, sc)
	return v
}

// assign stores into whatever stands left of "=".
func (m *Machine) assign(target *Node, v Value, sc *scope) {
	switch target.Op {
	case Name:
		m.store(sc, target.Text, v, target.Line, false)
	case Declare:
		m.store(sc, target.Text, v, target.Line, true)
	case Member:
		m.setMember(target, v, sc)
	case Index:
		m.setIndex(target, v, sc)
	case Call: // VBScript's a(i) = v
		if len(target.Kids) > 0 {
			m.change(target.Kids[0], v, sc)
		}
	case List:
		for i, k := range target.Kids {
			part := elementOf(v)
			if v.Kind == IsList && i < len(v.List) {
				part = v.List[i]
			}
			m.assign(k, part, sc)
		}
	case Pairs: // JavaScript's {member: name} = object
		for i := 0; i+1 < len(target.Kids); i += 2 {
			part := elementOf(v)
			if field, ok := v.Fields[target.Kids[i].Text]; ok {
				part = field
			} else if field, ok := m.Lib.Member(m, v, target.Kids[i].Text); ok {
				part = field
			}
			m.assign(target.Kids[i+1], part, sc)
		}
	case Cast, Unary:
		if len(target.Kids) > 0 {
			m.assign(target.Kids[0], v, sc)
		}
	}
}

func (m *Machine) setMember(target *Node, v Value, sc *scope) {
	object := target.Kids[0]
	if object.Op == Name && (object.Text == "this" || object.Text == "self" || object.Text == "me") {
		m.store(m.global, target.Text, v, target.Line, false)
		return
	}
	c := &Invocation{Name: target.Text + "=", Path: target.dotted() + "=", Object: m.eval(object, sc), Args: []Value{v}, Line: target.Line, node: target}
	m.Lib.Call(m, c)
	if object.Op == Name {
		if _, old, ok := sc.find(object.Text); ok {
			if old.Fields == nil || old.Kind != IsFields {
				old.Fields = make(map[string]Value)
			}
			if len(old.Fields) < maxElements {
				old.Fields[target.Text] = v
			}
			m.keep(object.Text, old, sc)
		}
	}
	if full := target.dotted(); full != "" {
		m.global.vars[full] = v
	}
	if v.Kind == IsFunc && m.dialect.Name == "javascript" { // whoever has the object calls it
		m.RunEntry(v, m.Lib.Entry(m, v.Func))
	}
}

func (m *Machine) keep(name string, v Value, sc *scope) {
	if found, _, ok := sc.find(name); ok {
		found.vars[name] = v
	}
}

func (m *Machine) setIndex(target *Node, v Value, sc *scope) {
	object := target.Kids[0]
	old := m.eval(object, sc)
	if len(target.Kids) < 2 {
		return
	}
	key := m.eval(target.Kids[1], sc)
	i, known := key.number()
	switch {
	case old.Kind == IsList && known && key.Kind != IsText && i >= 0 && i < int64(len(old.List)):
		old.List[i] = v
		return
	case old.Kind == IsFields:
		if k, ok := key.String(); ok && len(old.Fields) < maxElements {
			old.Fields[k] = v
			return
		}
	}
	m.change(object, v, sc)
}

// change adds where v came from to the variable that n names, because v was
// put into what it holds.
func (m *Machine) change(n *Node, v Value, sc *scope) {
	if v.All()&^Whole == 0 {
		return
	}
	for n.Op == Member || n.Op == Index || n.Op == Cast || n.Op == Call {
		if n.Op == Member {
			if full := n.dotted(); full != "" {
				if _, old, ok := sc.find(n.Text); ok {
					m.keep(n.Text, blend(old, v), sc)
				}
			}
		}
		n = n.Kids[0]
	}
	if n.Op != Name {
		return
	}
	if _, old, ok := sc.find(n.Text); ok {
		m.keep(n.Text, blend(old, v), sc)
	} else if n.Text != "this" {
		m.store(sc, n.Text, blend(Value{}, v), n.Line, false)
	}
}

// blend adds the origin of v to old, which keeps its type.
func blend(old, v Value) Value {
	mixed := Mix(old, v)
	if strings.HasPrefix(old.Type, "class ") || old.Kind == IsFunc {
		return old
	}
	mixed.Type = old.Type
	mixed.Taint |= old.Taint & Carrier
	if old.Kind == IsFields {
		mixed.Kind, mixed.Fields = old.Kind, old.Fields
	}
	return mixed
}
