package php

import (
	"strings"
)

// eval is the value of an expression, with the effects of computing it.
func (m *machine) eval(n *node) value {
	if n == nil || !m.step() {
		return unknown
	}
	m.depth2++
	defer func() { m.depth2-- }()
	if m.depth2 > 2500 {
		m.cut = true
		return unknown
	}
	switch n.op {
	case xLit:
		return n.lit
	case xVar:
		return m.readVar(n)
	case xInterp:
		return m.interp(n)
	case xArray:
		return m.arrayLiteral(n)
	case xIndex:
		return m.readIndex(n)
	case xProp:
		return m.readProp(m.eval(n.a), m.member(n), n)
	case xStatic:
		if c := m.staticCell(n); c != nil {
			return c.v
		}
		return unknown
	case xConst:
		return m.constant(n)
	case xClassConst:
		return m.classConstant(n)
	case xName:
		return str(n.s)
	case xCall:
		return m.evalCall(n)
	case xNew:
		return m.instantiate(n)
	case xMethod:
		return m.methodCall(n)
	case xStaticCall:
		return m.staticCall(n)
	case xBinary:
		return m.binary(n)
	case xUnary:
		return unary(n.s, m.eval(n.a))
	case xAssign:
		v := m.eval(n.b)
		if n.a.op == xArray {
			m.destructure(n.a, v)
			return v
		}
		m.assign(n.a, v, n)
		return v
	case xAssignRef:
		return m.assignRef(n)
	case xAssignOp:
		return m.assignOp(n)
	case xIncDec:
		return m.incDec(n)
	case xTernary:
		return m.ternary(n)
	case xCast:
		return cast(n.s, m.eval(n.a))
	case xIsset:
		return m.isset(n)
	case xEmpty:
		v := m.eval(n.a)
		if b, ok := truth(v); ok && v.flow == nil && v.k != vUnset {
			return boolean(!b)
		}
		return unknown
	case xInclude:
		return m.include(n)
	case xEval:
		return m.evalCode(m.eval(n.a), n, "eval")
	case xExit:
		if n.a != nil {
			m.output(n.a, m.eval(n.a))
		}
		return null
	case xPrint:
		m.output(n.a, m.eval(n.a))
		return integer(1)
	case xFunc:
		return objectOf(m.closure(n.fn))
	case xMatch:
		return m.matches(n)
	case xThrow:
		v := m.eval(n.a)
		m.thrown = v
		m.throwTo(v, n)
		return unknown
	case xYield:
		return m.yields(n)
	case xShell:
		v := m.interp(n)
		m.command("shell command in backticks", v, n)
		return value{k: vUnknown}
	case xSilence, xClone, xSpread:
		return m.eval(n.a)
	case xInstance:
		m.eval(n.a)
		return unknown
	}
	return unknown
}

// requestVars are the variables that hold the request.
var requestVars = map[string]bool{
	"_GET": true, "_POST": true, "_REQUEST": true, "_COOKIE": true, "_FILES": true,
	"HTTP_GET_VARS": true, "HTTP_POST_VARS": true, "HTTP_COOKIE_VARS": true, "HTTP_POST_FILES": true, "HTTP_RAW_POST_DATA": true,
}

func superglobal(name string) bool {
	return requestVars[name] || name == "_SERVER" || name == "_SESSION" || name == "_ENV" || name == "GLOBALS"
}

func (m *machine) source(n *node, from origin, what string) *flow {
	return &flow{from: from, unit: m.unit, pos: n.pos, end: n.end, what: what}
}

func (m *machine) readVar(n *node) value {
	name := m.varName(n)
	if name == "" {
		v := m.eval(n.a)
		if f := v.taint(); f != nil {
			return tainted(f.weaken())
		}
		return unknown
	}
	if name == "this" {
		if m.scope.this != nil {
			return objectOf(m.scope.this)
		}
		return unknown
	}
	c := m.variable(name)
	if c.v.k != vUnset || c.v.flow != nil {
		return c.v
	}
	switch {
	case requestVars[name]:
		return tainted(m.source(n, fromRequest, "request input $"+name))
	case name == "_SERVER" || name == "HTTP_SERVER_VARS":
		return tainted(m.source(n, fromRequest, "request data in $_SERVER").weaken())
	case name == "GLOBALS":
		return unknown
	case m.scope.open != nil:
		return tainted(m.scope.open.step(m.unit, n, "variable $"+name+" made of it"))
	case m.scope == m.globals && m.traits.alone && m.traits.script && !m.traits.assigned[name] && n.a == nil:
		return value{k: vUnset, flow: m.source(n, fromUnset, "variable that nothing sets: register_globals")}
	}
	return value{}
}

func (m *machine) interp(n *node) value {
	out := str("")
	for i, part := range n.list {
		v := m.toString(m.eval(part), part)
		if i == 0 {
			out = v
			if v.known() {
				out = str(toStr(v))
				out.hidden = v.hidden
			}
			continue
		}
		out = m.concat(out, v)
	}
	return out
}

// toString converts an object by its __toString.
func (m *machine) toString(v value, n *node) value {
	if v.k != vObj {
		return v
	}
	if f := m.method(v.obj, "__tostring"); f != nil {
		return m.call(f, nil, v.obj, n)
	}
	return value{k: vUnknown, flow: v.taint()}
}

// concat joins two texts; of unknown ones the known beginning is kept.
func (m *machine) concat(a, b value) value {
	if a.k == vUnset && a.flow == nil {
		a = str("")
	}
	if b.k == vUnset && b.flow == nil {
		b = str("")
	}
	v := value{k: vUnknown, flow: better(a.taint(), b.taint()), hidden: max(a.hidden, b.hidden)}
	v.escaped = v.flow != nil && (a.taint() == nil || a.escaped) && (b.taint() == nil || b.escaped)
	switch {
	case a.known() && b.known():
		s, t := toStr(a), toStr(b)
		if len(s)+len(t) > maxText || !m.spend(len(t)+len(s)/8) {
			v.flow = better(v.flow, m.blob("text"))
			return v
		}
		v.k, v.s = vStr, s+t
		if s != "" && t != "" {
			v.hidden = max(v.hidden, 1)
		}
	case a.known():
		v.s = toStr(a) + b.s
		for _, t := range b.alts {
			v.alts = append(v.alts, toStr(a)+t)
		}
	default:
		v.s = a.s
		if b.known() {
			for _, t := range a.alts {
				v.alts = append(v.alts, t+toStr(b))
			}
		}
	}
	if len(v.s) > 256 && v.k != vStr {
		v.s = v.s[:256]
	}
	return v
}

// blob is the flow of a text of the file that could not be decoded.
func (m *machine) blob(what string) *flow {
	if m.site == nil {
		return nil
	}
	return m.source(m.site, fromBlob, "encoded text of the file: "+what)
}

func (m *machine) arrayLiteral(n *node) value {
	a := &array{fork: m.forkID}
	for _, item := range n.list {
		if item == nil || item.op != xItem {
			continue
		}
		if item.b != nil && item.b.op == xSpread {
			v := m.eval(item.b.a)
			if v.k == vArr {
				for _, e := range v.arr.vals {
					a.push(e)
				}
				a.rest = join(a.rest, v.arr.rest)
			} else {
				a.rest = join(a.rest, value{k: vUnknown, flow: v.taint()})
			}
			continue
		}
		k := value{}
		if item.a != nil {
			k = m.eval(item.a)
		}
		v := m.eval(item.b)
		if v.arr != nil {
			v.arr.shared = true
		}
		m.storeKey(a, k, v)
	}
	return arrayOf(a)
}

// requestKeys are what of $_SERVER the request decides.
func requestKey(k string) bool {
	switch k {
	case "QUERY_STRING", "REQUEST_URI", "PATH_INFO", "ORIG_PATH_INFO", "PHP_AUTH_USER", "PHP_AUTH_PW", "PHP_AUTH_DIGEST", "CONTENT_TYPE", "REQUEST_METHOD", "REDIRECT_QUERY_STRING", "UNENCODED_URL":
		return true
	}
	return strings.HasPrefix(k, "HTTP_") && k != "HTTP_HOST"
}

func (m *machine) readIndex(n *node) value {
	if n.b == nil {
		return unknown
	}
	if n.a.op == xVar && n.a.a == nil {
		switch n.a.s {
		case "GLOBALS":
			k := m.eval(n.b)
			if k.known() {
				return m.readVar(&node{op: xVar, s: toStr(k), pos: n.pos, end: n.end, a: globalMark(m, toStr(k))})
			}
			return tainted(k.taint())
		case "_SERVER", "HTTP_SERVER_VARS":
			if c := m.globals.vars["_SERVER"]; c == nil || c.v.k == vUnset {
				k := m.eval(n.b)
				if k.known() && !requestKey(toStr(k)) {
					return unknown
				}
				f := m.source(n, fromRequest, "request header or line in $_SERVER")
				if !k.known() {
					f = f.weaken()
				}
				return tainted(f)
			}
		}
	}
	return m.index(m.eval(n.a), m.eval(n.b), n)
}

// globalMark is nil for the file's own scope; elsewhere the variable is read
// through a constant expression that names it, after binding it to the file's.
func globalMark(m *machine, name string) *node {
	if m.scope != m.globals && !superglobal(name) {
		c := m.globals.cell(name)
		m.scope.vars["GLOBALS\x00"+name] = c
		return &node{op: xLit, lit: str("GLOBALS\x00" + name)}
	}
	return nil
}

// index is v[k].
func (m *machine) index(v, k value, n *node) value {
	switch v.k {
	case vArr:
		if kk, ok := toKey(k); ok {
			if i := v.arr.find(kk); i >= 0 {
				e := v.arr.vals[i]
				if e.k == vStr && !v.arr.list() || e.k == vStr && len(e.s) < 3 {
					e.hidden = max(e.hidden, 1)
				}
				return e
			}
			if v.arr.rest.k == vUnset {
				return value{k: vUnknown, flow: v.flow}
			}
			return v.arr.rest
		}
		out := v.arr.rest
		for i := 0; i < len(v.arr.vals) && i < 64; i++ {
			out = join(out, v.arr.vals[i])
		}
		if out.flow == nil && k.taint() != nil { // chosen by the request, of what the file has
			return value{k: vUnknown, alts: out.alts}
		}
		return out
	case vStr:
		i := toInt(k)
		if k.known() {
			if i < 0 {
				i += int64(len(v.s))
			}
			if i >= 0 && i < int64(len(v.s)) {
				w := str(v.s[i : i+1])
				w.hidden = max(v.hidden, 1)
				return w
			}
			return str("")
		}
		return value{k: vUnknown, hidden: max(v.hidden, 1)}
	case vObj:
		if f := m.method(v.obj, "offsetget"); f != nil {
			return m.call(f, []value{k}, v.obj, n)
		}
		if v.obj.class == nil && len(v.obj.args) > 0 {
			return m.index(v.obj.args[0], k, n)
		}
		if v.obj.props != nil && k.known() {
			if c := v.obj.props[toStr(k)]; c != nil {
				return c.v
			}
		}
		return unknown
	}
	f := v.flow
	if f != nil && n != nil && f.n == 0 && f.unit == m.unit && f.pos == n.pos {
		g := *f
		g.end = n.end
		f = &g
	}
	return value{k: vUnknown, flow: f, hidden: v.hidden}
}

func (m *machine) member(n *node) value {
	if n.b != nil {
		v := m.eval(n.b)
		if v.known() {
			w := str(toStr(v))
			w.hidden = v.hidden
			return w
		}
		return v
	}
	return str(n.s)
}

func (m *machine) readProp(obj, name value, n *node) value {
	if obj.k != vObj {
		return value{k: vUnknown, flow: obj.flow}
	}
	o := obj.obj
	if name.k == vStr {
		if c := o.props[name.s]; c != nil && c.v.k != vUnset {
			return c.v
		}
		if f := m.method(o, "__get"); f != nil && f.depth == 0 {
			return m.call(f, []value{name}, o, n)
		}
	}
	if o.env != nil && o.env.open != nil && o.fn == nil {
		return tainted(o.env.open)
	}
	if o.class != nil {
		if m.wild != nil {
			return tainted(m.wild)
		}
		if g := o.class.any; g != nil && g != o && g.env != nil && g.env.open != nil {
			return tainted(g.env.open)
		}
	}
	if o.class == nil && o.fn == nil {
		return value{k: vUnknown, flow: obj.taint()}
	}
	return unknown
}

// constants of PHP that code hides behind.
var constants = map[string]value{
	"php_eol": str("\n"), "directory_separator": str("/"), "path_separator": str(":"), "php_os": str("Linux"), "php_os_family": str("Linux"),
	"m_pi": float(3.141592653589793), "php_int_max": integer(1<<63 - 1), "php_int_size": integer(8),
	"extr_overwrite": integer(0), "ent_quotes": integer(3), "count_recursive": integer(1), "sort_regular": integer(0), "sort_numeric": integer(1), "sort_string": integer(2),
	"filter_callback": integer(1024), "pathinfo_extension": integer(4), "pathinfo_filename": integer(8), "pathinfo_basename": integer(2),
	"openssl_raw_data": integer(1), "openssl_zero_padding": integer(2), "array_filter_use_key": integer(2), "array_filter_use_both": integer(1),
	"preg_split_no_empty": integer(1), "file_append": integer(8), "lock_ex": integer(2), "assert_callback": integer(2),
}
