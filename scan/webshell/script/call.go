package script

import "strings"

// call computes a call: what the Library says of it, else what a function of
// the program does, else what the languages' own functions make of constants,
// else an unknown value that came from the object and the arguments.
func (m *Machine) call(n *Node, sc *scope) Value {
	callee := n.Kids[0]
	c := &Invocation{Line: n.Line, Class: m.class, node: n}
	if ss := m.Prog.Supers[m.class]; len(ss) > 0 {
		c.Super = ss[0]
	}
	var fn Value
	switch callee.Op {
	case Name:
		c.Name, c.Path = callee.Text, callee.Text
		if _, v, ok := sc.find(callee.Text); ok {
			fn = v
			c.variable = true
			if v.Type != "" && v.Kind == Unknown {
				c.Path = v.Type
				c.Name = v.Type[strings.LastIndexByte(v.Type, '.')+1:]
			}
		}
	case Member:
		c.Object = m.eval(callee.Kids[0], sc)
		c.Name = callee.Text
		typ := c.Object.Type
		c.method = c.Object.Kind != Unknown || c.Object.Taint != 0 || typ == "" || typ == "String" || typ == "string"
		if fn = c.Object.Fields[c.Name]; fn.Kind == IsFunc && fn.Func.Name == c.Name {
			break
		}
		c.Path = c.Object.Type + "." + c.Name
	default:
		fn = m.eval(callee, sc)
		c.Name, c.Path, c.Object = "()", "()", fn
		if fn.Type != "" {
			c.Path = fn.Type
			c.Name = fn.Type[strings.LastIndexByte(fn.Type, '.')+1:]
		}
	}
	if len(n.Kids) == 1 && c.Name == "shift" && m.dialect.Name == "perl" {
		return m.shift(sc)
	}
	for _, k := range n.Kids[1:] {
		c.Args = append(c.Args, m.eval(k, sc))
	}
	return m.invoke(c, callee, fn, sc)
}

// shift is Perl's: the next argument of the function.
func (m *Machine) shift(sc *scope) Value {
	in, args, ok := sc.find("$_")
	if !ok || args.Kind != IsList || len(args.List) == 0 {
		return Mix(args)
	}
	v := args.List[0]
	args.List = args.List[1:]
	in.vars["$_"] = args
	return v
}

func (m *Machine) invoke(c *Invocation, callee *Node, fn Value, sc *scope) Value {
	if fn.Kind == IsFunc && callee.Op != Member {
		if len(m.funcs[fn.Func.Name]) < 2 {
			return m.apply(fn.Func, c.Args, fn.scope)
		}
	}
	if c.variable && fn.Kind != IsFunc && (fn.Kind != Unknown || fn.Taint&^Carrier != 0) && m.dialect.Name == "vbscript" {
		return m.elementAt(fn, c.Args)
	}
	if v, ok := m.Lib.Call(m, c); ok {
		m.effects(c, sc)
		return v
	}
	if v, ok := m.own(c, callee); ok {
		return v
	}
	if fn.Kind == IsFunc {
		return m.apply(fn.Func, c.Args, fn.scope)
	}
	if f := c.Object; f.Kind == IsFunc && callee.Op == Member {
		return m.applyMethod(c)
	}
	if v, ok := m.fold(c, sc); ok {
		m.charge(v)
		return v
	}
	m.effects(c, sc)
	m.callbacks(c)
	return m.unknownCall(c)
}

// applyMethod is a method of a function: JavaScript's f.call(this, x) and
// f.apply(this, [x]), Java's supplier.get(), C#'s f.Invoke(x).
func (m *Machine) applyMethod(c *Invocation) Value {
	args := c.Args
	if m.dialect.Name == "javascript" && len(args) > 0 {
		switch c.Name {
		case "call", "bind":
			args = args[1:]
		case "apply":
			args = flatten(args[1:])
		}
		if c.Name == "bind" {
			return c.Object
		}
	}
	return m.apply(c.Object.Func, args, c.Object.scope)
}

// unknownCall is the result of a call of which nothing is known.
func (m *Machine) unknownCall(c *Invocation) Value {
	v := Mix(append(c.Args[:len(c.Args):len(c.Args)], c.Object)...)
	if plain[c.Name] {
		return Value{}
	}
	unknown := 0
	for _, a := range c.Args {
		if _, known := a.String(); !known {
			unknown++
		}
	}
	if v.Taint&Whole != 0 && c.Object.Taint&Whole == 0 && unknown > 1 {
		v.Taint &^= Whole
	}
	return v
}

// plain are calls whose result is a number or a yes or no, whatever their
// object and arguments were.
var plain = map[string]bool{
	"length": true, "size": true, "equals": true, "equalsIgnoreCase": true, "isEmpty": true, "contains": true, "indexOf": true, "lastIndexOf": true, "startsWith": true, "endsWith": true, "hashCode": true, "compareTo": true, "parseInt": true, "parseLong": true, "containsKey": true, "exists": true, "isDirectory": true, "isFile": true, "lastModified": true, "matches": true, "hasNext": true, "hasMoreElements": true, "parseDouble": true, "parseFloat": true, "parseBoolean": true, "intValue": true, "longValue": true, "available": true,
	"len": true, "int": true, "isinstance": true, "hasattr": true, "float": true, "bool": true, "startswith": true, "endswith": true, "isdigit": true, "cint": true, "clng": true, "cdbl": true, "cbool": true, "isnumeric": true, "instr": true, "isnull": true, "ubound": true, "lbound": true, "strcomp": true, "lenb": true, "Number": true, "parseFloatX": true, "isNaN": true, "includes": true, "test": true, "ToInt32": true, "ToBoolean": true, "ToInt64": true, "TryParse": true, "defined": true, "exist": true,
}

// own applies the program's function of a name. Of several, those of the
// object's class or with as many parameters are meant.
func (m *Machine) own(c *Invocation, callee *Node) (Value, bool) {
	fs := m.funcs[c.Name]
	if len(fs) == 0 {
		return Value{}, false
	}
	class := strings.TrimPrefix(c.Object.Type, "class ")
	_, classKnown := m.Prog.Supers[class]
	if callee.Op == Member && callee.Kids[0].Op == Name && callee.Kids[0].Text == "super" {
		return Value{}, false
	}
	var out Value
	found := 0
	for _, f := range fs {
		if classKnown && f.Class != "" && f.Class != class && callee.Op == Member {
			continue
		}
		if len(f.Params) != len(c.Args) && !m.variadic(f) {
			continue
		}
		if found++; found > 3 {
			break
		}
		out = either(out, m.apply(f, c.Args, m.global))
	}
	return out, found > 0
}

func (m *Machine) variadic(f *Func) bool {
	return m.dialect.Name == "javascript" || m.dialect.Name == "python" || m.dialect.Name == "vbscript" || m.dialect.Name == "perl" || len(f.Params) > 0 && (f.Params[len(f.Params)-1].Rest || strings.HasSuffix(f.Params[len(f.Params)-1].Type, "[]"))
}

// callbacks runs functions that were given to a function that is not known,
// with what it may hand them.
func (m *Machine) callbacks(c *Invocation) {
	for _, a := range c.Args {
		if a.Kind != IsFunc {
			continue
		}
		args := m.Lib.Entry(m, a.Func)
		for i := range args {
			if args[i].Taint == 0 && args[i].Type == "" {
				args[i] = elementOf(c.Object)
			}
		}
		m.RunEntry(a, args)
	}
}

// make computes new.
func (m *Machine) make(n *Node, sc *scope) Value {
	c := &Invocation{New: true, Line: n.Line, Class: m.class, node: n}
	c.Path = n.Text
	c.Name = n.Text[strings.LastIndexByte(n.Text, '.')+1:]
	for _, k := range n.Kids {
		c.Args = append(c.Args, m.eval(k, sc))
	}
	if n.Type == "computed" {
		c.Object = m.eval(n.Body.Kids[0], sc)
	} else if _, v, ok := sc.find(n.Text); ok && v.Type != "" {
		c.Path = v.Type
		c.Name = v.Type[strings.LastIndexByte(v.Type, '.')+1:]
	}
	if n.Body != nil && n.Type != "computed" {
		m.weak++
		m.exec(&Node{Op: Class, Text: n.Text, Kids: n.Body.Kids}, sc)
		m.weak--
	}
	if v, ok := m.Lib.Call(m, c); ok {
		return v
	}
	if v, ok := m.construct(c); ok {
		return v
	}
	if v, ok := m.ownMake(c); ok {
		return v
	}
	out := Mix(c.Args...)
	out.Type = c.Path
	return out
}

// ownMake runs the constructor of a class of the program.
func (m *Machine) ownMake(c *Invocation) (Value, bool) {
	_, ok := m.Prog.Supers[c.Name]
	if !ok {
		return Value{}, false
	}
	for _, f := range m.funcs[c.Name] {
		if f.Class == c.Name && len(f.Params) == len(c.Args) {
			m.weak++
			m.apply(f, c.Args, m.global)
			m.weak--
			break
		}
	}
	out := Mix(c.Args...)
	out.Type = c.Name
	return out, true
}

// construct makes the containers that constants are put together in.
func (m *Machine) construct(c *Invocation) (Value, bool) {
	if strings.HasSuffix(c.Name, "[]") {
		n, ok := c.Arg(0).number()
		if !ok || n < 0 || n > maxElements || len(c.Args) != 1 {
			return Value{}, true
		}
		out := Value{Kind: IsList, List: make([]Value, n)}
		if base := strings.ToLower(strings.TrimRight(c.Name, "[]")); primitives[base] && base != "string" && base != "object" {
			for i := range out.List {
				out.List[i] = Num(0)
			}
		}
		return out, true
	}
	switch c.Name {
	case "StringBuilder", "StringBuffer", "StringWriter", "ByteArrayOutputStream", "MemoryStream", "StringJoiner":
		if s, ok := c.Arg(0).String(); ok && c.Arg(0).Kind == IsText {
			return Str(s), true
		}
		if len(c.Args) > 0 && c.Arg(0).Kind != IsNumber {
			return Mix(c.Args...), true
		}
		return Str(""), true
	case "String", "ByteArrayInputStream", "StringReader":
		return m.text(c.Args)
	case "ArrayList", "LinkedList", "Vector", "List", "Stack", "Array":
		return Value{Kind: IsList, List: c.Args[:0:0]}, len(c.Args) == 0
	case "HashMap", "TreeMap", "LinkedHashMap", "Hashtable", "Properties", "Dictionary", "ConcurrentHashMap", "Map":
		return Value{Kind: IsFields, Fields: make(map[string]Value)}, len(c.Args) == 0
	}
	return Value{}, false
}

// text is new String(x) or new String(x, from, count).
func (m *Machine) text(args []Value) (Value, bool) {
	if len(args) == 0 {
		return Str(""), true
	}
	a := args[0]
	if a.Taint&^(Hidden) == 0 {
		if s, ok := a.String(); ok && a.Kind != IsNumber {
			if len(args) == 3 && args[1].Kind == IsNumber && args[2].Kind == IsNumber {
				from, to := args[1].Num, args[1].Num+args[2].Num
				if from >= 0 && from <= to && to <= int64(len(s)) {
					s = s[from:to]
				}
			}
			return Str(s), true
		}
	}
	out := Mix(a)
	return out, true
}

// effects adds what a call puts into its object or its arguments.
func (m *Machine) effects(c *Invocation, sc *scope) {
	if c.node == nil || len(c.node.Kids) == 0 || c.node.Op != Call {
		return
	}
	callee := c.node.Kids[0]
	name := c.Name
	if strings.HasPrefix(name, "read") || name == "sysread" || name == "Read" || name == "ReadBytes" || name == "CopyTo" || name == "transferTo" || name == "arraycopy" || name == "BlockCopy" || name == "copy" || name == "pipe" || name == "receive" {
		from := Mix(c.Object)
		start := 1
		if m.dialect.Name == "perl" {
			from, start = Mix(c.Arg(0)), 2
		}
		if name == "arraycopy" || name == "BlockCopy" || name == "copy" {
			from, start = Mix(c.Arg(0)), 2
		}
		for i := start; i < len(c.node.Kids); i++ {
			m.change(c.node.Kids[i], from, sc)
		}
		return
	}
	if callee.Op == Member && len(c.Args) > 0 && !plain[name] && c.Object.Kind != IsFunc {
		m.change(callee.Kids[0], Mix(c.Args...), sc)
	}
}

// elementAt is VBScript's a(i).
func (m *Machine) elementAt(v Value, args []Value) Value {
	if len(args) == 0 {
		return v
	}
	if i, ok := args[0].number(); ok && v.Kind == IsList && i >= 0 && i < int64(len(v.List)) {
		return v.List[i]
	}
	if s, ok := args[0].String(); ok {
		if f, ok := v.Fields[s]; ok {
			return f
		}
	}
	return elementOf(v)
}

// set gives the variable that holds a call's object another value.
func (m *Machine) set(c *Invocation, v Value, sc *scope) {
	if c.node == nil || len(c.node.Kids) == 0 || c.node.Kids[0].Op != Member {
		return
	}
	object := c.node.Kids[0].Kids[0]
	for object.Op == Call && object.Kids[0].Op == Member { // sb.append(x).append(y)
		object = object.Kids[0].Kids[0]
	}
	switch object.Op {
	case Name:
		m.keep(object.Text, v, sc)
	case Member:
		m.keep(object.Text, v, sc)
	}
}

// Invoke computes a call that is not in the program: what the Library says of
// it, what constants give, or an unknown value. A static call has no object.
func (m *Machine) Invoke(c *Invocation, static bool) Value {
	c.method = !static && !c.New
	if v, ok := m.Lib.Call(m, c); ok {
		return v
	}
	if c.New {
		if v, ok := m.construct(c); ok {
			return v
		}
		v := Mix(c.Args...)
		v.Type = c.Path
		return v
	}
	if v, ok := m.fold(c, m.global); ok {
		return v
	}
	return m.unknownCall(c)
}

// Operate computes an operator.
func (m *Machine) Operate(op string, a, b Value, line int) Value { return m.operate(op, a, b, line) }
