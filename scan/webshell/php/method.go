package php

import "strings"

// fetches are methods of unknown objects that give what a database has, not
// what they were asked with.
var fetches = map[string]bool{"query": true, "fetch": true, "fetchall": true, "prepare": true, "execute": true, "exec": true}

// made looks at a new object of PHP's own classes.
func (m *machine) made(o *object, n *node) {
	switch o.name {
	case "com", "java", "dotnet":
		if len(o.args) > 0 {
			o.props["\x00program"] = &cell{v: o.args[0]}
			if o.args[0].k == vStr {
				low := strings.ToLower(o.args[0].s)
				if strings.HasPrefix(low, "wscript") || strings.HasPrefix(low, "shell.") {
					m.traits.com = true
				}
			}
		}
	case "reflectionfunction":
		if len(o.args) > 0 && o.args[0].flow != nil {
			o.props["\x00callable"] = &cell{v: o.args[0]}
		}
	case "splfileobject":
		if len(o.args) > 1 {
			o.props["\x00path"] = &cell{v: o.args[0]}
		}
	case "callbackfilteriterator", "recursivecallbackfilteriterator":
		if len(o.args) > 1 {
			m.callEach(o.args[1], []value{m.elementOf(o.args[0])}, n)
		}
	case "fiber":
	case "simplexmlelement":
	}
}

// elementOf is what iterating gives, as one value.
func (m *machine) elementOf(v value) value {
	if v.k == vObj {
		v = m.iterate(v)
	}
	if v.k == vArr {
		out := v.arr.rest
		for i := 0; i < len(v.arr.vals) && i < 256; i++ {
			out = join(out, v.arr.vals[i])
		}
		return out
	}
	return value{k: vUnknown, flow: v.taint()}
}

func firstArg(args []value) value {
	if len(args) > 0 {
		return args[0]
	}
	return value{}
}

// builtinMethod is a method of one of PHP's own classes.
func (m *machine) builtinMethod(o *object, name string, args []value, n *node) value {
	data := firstArg(o.args)
	switch {
	case o.gen != nil:
		return m.generatorMethod(o, name, args, n)
	case o.name == "closure" || o.name == "callable":
		switch name {
		case "__invoke":
			return m.invokeObject(o, args, n)
		case "call":
			return m.invokeObject(o, args[min(1, len(args)):], n)
		case "bindto", "bind":
			return objectOf(o)
		}
	case strings.HasPrefix(o.name, "reflection"):
		return m.reflect(o, name, args, n)
	case o.name == "com" || o.name == "java" || o.name == "ffi" || o.name == "dotnet":
		switch name {
		case "run", "exec", "shellexecute", "system", "popen", "execve", "open", "loadlibrary", "evaluate", "addcode", "eval", "executestatement":
			for _, a := range args {
				m.command(o.name+" "+name, a, n)
			}
		}
		return objectOf(&object{name: o.name, props: map[string]*cell{}})
	case o.name == "mysqli" || o.name == "pdo":
		return value{k: vUnknown}
	}
	switch name {
	case "getmessage", "gettraceasstring", "__tostring", "getcode":
		return value{k: vUnknown, flow: data.taint(), s: ""}.or(data)
	case "uasort", "uksort", "usort":
		el := m.elementOf(data)
		m.callEach(firstArg(args), []value{el, el}, n)
		return unknown
	case "getarraycopy", "getiterator", "getinneriterator", "fetchall", "current", "offsetget", "next", "pop", "shift", "dequeue", "top", "extract":
		if name == "fetchall" && len(args) > 1 && args[0].k == vInt && args[0].i == 10 {
			m.callEach(args[1], []value{{k: vUnknown, flow: m.queried(o)}}, n)
			return unknown
		}
		if data.k != vUnset {
			if name == "getarraycopy" || name == "getiterator" {
				return data
			}
			return m.elementOf(data)
		}
	case "sqlitecreatefunction", "createfunction", "sqlitecreateaggregate", "createaggregate", "sqlitecreatecollation", "createcollation":
		if len(args) > 1 {
			m.lateCallback(args[1], n)
		}
		return unknown
	case "fwrite", "fputcsv":
		if c := o.props["\x00path"]; c != nil {
			m.writes("SplFileObject::fwrite", c.v, firstArg(args), n)
		}
		return unknown
	case "save", "savehtml", "savehtmlfile", "savexml", "asxml":
		if len(args) > 0 {
			m.writes(name, args[0], value{k: vUnknown, flow: m.objectTaint(o)}, n)
		}
	case "append", "push", "insert", "enqueue", "attach", "unshift", "loadhtml", "loadxml", "offsetset", "addtask", "addchild", "addfromstring", "createelement", "createtextnode", "appendchild":
		for _, a := range args {
			if f := a.taint(); f != nil {
				o.args = append(o.args, tainted(f))
			}
		}
		return value{k: vUnknown, flow: taintOf(args)}
	case "registerphpfunctions":
		if f := m.objectTaint(o); f != nil && f.from == fromRequest {
			m.code("functions of a style sheet", tainted(f), n)
		}
	}
	if f := data.taint(); f != nil && o.class == nil {
		return value{k: vUnknown, flow: better(f, taintOf(args)).weaken()}
	}
	return value{k: vUnknown, flow: taintOf(args).weaken()}
}

func (v value) or(w value) value {
	if w.k != vUnset {
		return w
	}
	return v
}

// queried is the flow of what an object's database was asked.
func (m *machine) queried(o *object) *flow {
	return m.objectTaint(o)
}

func (m *machine) objectTaint(o *object) *flow {
	var f *flow
	for _, a := range o.args {
		f = better(f, a.taint())
	}
	return f
}

func (m *machine) generatorMethod(o *object, name string, args []value, n *node) value {
	switch name {
	case "send", "throw":
		if len(args) > 0 && o.fn != nil {
			m.sent = args[0]
			m.enter(o.fn, o.args, nil, nil, o.env, n)
			m.sent = value{}
		}
		return m.elementOf(arrayOf(o.gen))
	case "current", "next", "getreturn":
		return m.elementOf(arrayOf(o.gen))
	case "key":
		return unknown
	}
	return unknown
}

// reflect is a method of a Reflection class.
func (m *machine) reflect(o *object, name string, args []value, n *node) value {
	target := firstArg(o.args)
	switch name {
	case "invoke", "invokeargs", "getclosure", "newinstance", "newinstanceargs", "newinstancewithoutconstructor":
	case "getdoccomment":
		return m.docComment(o)
	case "getname", "getshortname", "getconstant", "getconstants":
		if target.k == vStr {
			return target
		}
		return value{k: vUnknown, flow: target.taint()}
	case "getmethods", "getmethod", "getparameters", "getproperty", "getproperties":
		p := objectOf(&object{name: "reflectionmethod", args: append(o.args[:len(o.args):len(o.args)], args...), props: map[string]*cell{}})
		return p
	default:
		return value{k: vUnknown, flow: target.taint().weaken()}
	}
	if name == "invokeargs" || name == "newinstanceargs" {
		args = m.spread(args, len(args)-1)
	}
	switch o.name {
	case "reflectionfunction":
		if name == "getclosure" {
			return objectOf(&object{name: "callable", args: []value{target}})
		}
		if f, ok := funcName(target); ok {
			m.hiddenCall(target, f, args, n)
		}
		return m.invoke(target, args, n)
	case "reflectionmethod":
		if len(o.args) > 1 {
			if name == "getclosure" {
				return objectOf(&object{name: "callable", args: []value{arrayOf(listOf(o.args[0], o.args[1]))}})
			}
			return m.invoke(arrayOf(listOf(o.args[0], o.args[1])), args[min(1, len(args)):], n)
		}
	case "reflectionclass", "reflectionobject":
		if target.k == vStr {
			return m.instantiate(&node{op: xNew, pos: n.pos, end: n.end, a: &node{op: xName, s: target.s, pos: n.pos}, list: literals(args)})
		}
		if f := target.taint(); f != nil && f.from == fromRequest && taintOf(args) != nil {
			m.newByRequest(target, args, n)
		}
	}
	return value{k: vUnknown, flow: taintOf(args).weaken()}
}

func literals(args []value) []*node {
	var out []*node
	for _, a := range args {
		out = append(out, &node{op: xLit, lit: a})
	}
	return out
}

// spread puts the elements of the array at i in its place.
func (m *machine) spread(args []value, i int) []value {
	if i < 0 || i >= len(args) {
		return args
	}
	out := append([]value{}, args[:i]...)
	if a := args[i]; a.k == vArr && len(a.arr.vals) < 64 {
		out = append(out, a.arr.vals...)
		if a.arr.rest.k != vUnset {
			out = append(out, a.arr.rest)
		}
		return out
	}
	e := value{k: vUnknown, flow: args[i].taint()}
	return append(out, e, e)
}

// docComment is the comment of the function or class that is reflected.
func (m *machine) docComment(o *object) value {
	target := firstArg(o.args)
	var c *class
	switch {
	case target.k == vObj && target.obj.fn != nil:
		return hiddenText(target.obj.fn.doc)
	case target.k == vObj:
		c = target.obj.class
	case target.k == vStr:
		if f := m.fns[strings.ToLower(target.s)]; f != nil && o.name == "reflectionfunction" {
			return hiddenText(f.doc)
		}
		c = m.cls[strings.ToLower(last(target.s))]
	}
	if c == nil {
		return unknown
	}
	if len(o.args) > 1 && o.args[1].k == vStr {
		if f := m.find(c, strings.ToLower(o.args[1].s)); f != nil {
			return hiddenText(f.doc)
		}
	}
	if o.name == "reflectionmethod" && len(c.order) > 0 {
		return hiddenText(c.order[0].doc)
	}
	return hiddenText(c.doc)
}

func hiddenText(s string) value {
	v := str(s)
	v.hidden = 2
	return v
}
