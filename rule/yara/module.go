package yara

import "strings"

// module is what an import statement gives to conditions.
type module struct {
	decl *decl
	load func(c *evaluation) value
}

// decl is the type of a field, array or function of a module.
type decl struct {
	typ    typ
	fields map[string]*decl
	elem   *decl
	calls  []call
}

// call is one signature of a function; params has a letter for each argument: i
// integer, f float (or integer), s string, r regular expression, b boolean.
type call struct {
	params string
	ret    typ
	f      func(c *evaluation, args []value) value
}

// fields is a structure, array a list; both may compute their members when asked.
type fields interface{ field(name string) value }

type array interface {
	length() int
	at(i int) value
}

// constants is a structure that is known before.
type constants map[string]value

func (m constants) field(name string) value { return m[name] }

func object(v any) value { return value{kind: kindObject, obj: v} }

// modules lists all modules. The declarations of those that are only parsed are
// nil: whatever is asked of them is undefined.
var modules = map[string]*module{
	"elf":     elfModule(),
	"hash":    hashModule(),
	"math":    mathModule(),
	"time":    timeModule(),
	"string":  stringModule(),
	"console": consoleModule(),
	"pe":      {}, "dotnet": {}, "dex": {}, "macho": {}, "cuckoo": {}, "magic": {},
}

func functions(fs map[string][]call) *decl {
	d := &decl{typ: typObject, fields: map[string]*decl{}}
	for name, calls := range fs {
		d.fields[name] = &decl{typ: typObject, calls: calls}
	}
	return d
}

// module gives the structure of a module, which is made once for each text.
func (c *evaluation) module(name string, m *module) value {
	if m.load == nil {
		return value{}
	}
	v, ok := c.modules[name]
	if !ok {
		if v = m.load(c); c.modules == nil {
			c.modules = map[string]value{}
		}
		c.modules[name] = v
	}
	return v
}

// describe makes a typed expression of a declared thing.
func describe(d *decl, eval expr) typed {
	if d == nil {
		return typed{typ: typAny, eval: eval}
	}
	return typed{typ: d.typ, decl: d, eval: eval}
}

func always(*evaluation) value { return value{} }

func (p *parser) member(x typed) typed {
	name := p.tok.text
	if p.tok.kind != tokIdent {
		p.fail("expected a field name, found %s", p.tok.describe())
	}
	p.advance()
	if x.decl == nil {
		if x.typ != typAny && x.typ != typObject {
			p.fail("%s has no field %q", typeNames[x.typ], name)
		}
		return typed{typ: typAny, eval: always}
	}
	d := x.decl.fields[name]
	if d == nil {
		p.fail("invalid field name %q", name)
	}
	return describe(d, func(c *evaluation) value {
		if f, ok := x.eval(c).obj.(fields); ok {
			return f.field(name)
		}
		return value{}
	})
}

func (p *parser) index(x typed) typed {
	i := p.binary(0)
	p.expect("]")
	if x.decl == nil {
		if x.typ != typAny {
			p.fail("%s cannot be indexed", typeNames[x.typ])
		}
		return typed{typ: typAny, eval: always}
	}
	if x.decl.elem == nil {
		p.fail("not an array")
	}
	p.want("index", i, typInt)
	return describe(x.decl.elem, func(c *evaluation) value {
		n := i.eval(c)
		a, ok := x.eval(c).obj.(array)
		if !ok || n.kind == undefined || n.i < 0 || n.i >= int64(a.length()) {
			return value{}
		}
		return a.at(int(n.i))
	})
}

func (p *parser) call(x typed) typed {
	var args []typed
	for !p.accept(")") {
		if len(args) > 0 {
			p.expect(",")
		}
		args = append(args, p.or())
	}
	if x.decl == nil {
		if x.typ != typAny {
			p.fail("not a function")
		}
		return typed{typ: typAny, eval: always}
	}
	if x.decl.calls == nil {
		p.fail("not a function")
	}
	for _, f := range x.decl.calls {
		if accepts(f.params, args) {
			return callOf(f, args)
		}
	}
	p.fail("wrong arguments")
	return typed{}
}

func accepts(params string, args []typed) bool {
	if len(params) != len(args) {
		return false
	}
	for i, a := range args {
		want := map[byte]typ{'i': typInt, 'f': typFloat, 's': typString, 'r': typRegex, 'b': typBool}[params[i]]
		if a.typ != want && a.typ != typAny && !(want == typFloat && a.typ == typInt && strings.Count(params, "f") > 1) {
			return false
		}
	}
	return true
}

func callOf(f call, args []typed) typed {
	return typed{typ: f.ret, eval: func(c *evaluation) value {
		vs := make([]value, len(args))
		for i, a := range args {
			if vs[i] = a.eval(c); vs[i].kind == undefined {
				return value{}
			}
			if f.params[i] == 'f' {
				vs[i] = floatValue(vs[i].float())
			}
		}
		if !c.spend(8) {
			return value{}
		}
		return f.f(c, vs)
	}}
}

// section is the part of the text that offset and size name: cut at the end, and
// nothing if it begins outside.
func (c *evaluation) section(offset, size value) ([]byte, bool) {
	n := int64(len(c.data))
	if offset.i < 0 || size.i < 0 || offset.i >= n {
		return nil, false
	}
	part := c.data[offset.i:min(n, offset.i+min(size.i, n))]
	return part, c.spend(int64(len(part)))
}

// overBytes makes the two signatures of a function of bytes: of a part of the
// text, and of a string, both followed by more parameters.
func overBytes(more string, ret typ, f func(b []byte, more []value) value) []call {
	return []call{
		{"ii" + more, ret, func(c *evaluation, a []value) value {
			b, ok := c.section(a[0], a[1])
			if !ok {
				return value{}
			}
			return f(b, a[2:])
		}},
		{"s" + more, ret, func(c *evaluation, a []value) value {
			if !c.spend(int64(len(a[0].s))) {
				return value{}
			}
			return f([]byte(a[0].s), a[1:])
		}},
	}
}
