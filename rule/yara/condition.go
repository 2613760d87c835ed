package yara

// maxNesting is how deep parentheses and loops may stand in each other.
const maxNesting = 500

func (p *parser) deeper() {
	if p.nesting++; p.nesting > maxNesting {
		p.fail("condition nested deeper than %d", maxNesting)
	}
}

func (p *parser) shallower() { p.nesting-- }

// condition parses a whole condition; needsMatch says that it cannot hold where none
// of the rule's strings match.
func (p *parser) condition() (eval expr, needsMatch bool) {
	x := p.or()
	if x.typ == typObject || x.typ == typRegex {
		p.fail("wrong type for condition: %s", typeNames[x.typ])
	}
	return x.eval, x.idle.never
}

func (p *parser) or() typed {
	p.deeper()
	defer p.shallower()
	x := p.and()
	for p.accept("or") {
		x = logical(x, p.and(), true)
	}
	return x
}

func (p *parser) and() typed {
	x := p.not()
	for p.accept("and") {
		x = logical(x, p.not(), false)
	}
	return x
}

// logical is "x or y" where stop is true and "x and y" where it is false. An
// undefined operand is false.
func logical(x, y typed, stop bool) typed {
	return typed{typ: typBool, idle: idleLogical(x.idle, y.idle, stop), eval: func(c *evaluation) value {
		if x.eval(c).truth() == stop {
			return boolValue(stop)
		}
		return boolValue(y.eval(c).truth())
	}}
}

func (p *parser) not() typed {
	p.deeper()
	defer p.shallower()
	switch {
	case p.accept("not"):
		x := p.not()
		return typed{typ: typBool, idle: idleUnary(x.idle, negation), eval: func(c *evaluation) value { return negation(x.eval(c)) }}
	case p.accept("defined"):
		x := p.not()
		return typed{typ: typBool, idle: idleUnary(x.idle, isDefined), eval: func(c *evaluation) value { return isDefined(x.eval(c)) }}
	}
	x := p.binary(0)
	if p.is("of") || p.is("%") && p.peek().text == "of" {
		return p.of(p.quantifierOf(x))
	}
	return x
}

func negation(v value) value {
	if v.kind == undefined {
		return v
	}
	return boolValue(!v.truth())
}

func isDefined(v value) value { return boolValue(v.kind != undefined) }

// primary parses what has no operator outside.
func (p *parser) primary() typed {
	t := p.tok
	switch t.kind {
	case tokInt:
		p.advance()
		return constant(intValue(t.i), typInt)
	case tokFloat:
		p.advance()
		return constant(floatValue(t.f), typFloat)
	case tokString:
		p.advance()
		return constant(stringValue(t.text), typString)
	case tokRegex:
		p.advance()
		return constant(value{kind: kindRegex, re: compileRegex(t)}, typRegex)
	case tokStringID:
		return p.stringTest()
	case tokStringCount:
		return p.stringCount()
	case tokStringAt, tokStringLen:
		return p.stringPlace()
	case tokOp:
		if p.accept("(") {
			x := p.or()
			p.expect(")")
			return x
		}
	case tokIdent:
		return p.word()
	}
	p.fail("unexpected %s", t.describe())
	return typed{}
}

func compileRegex(t token) *compiledRegex {
	re := parseRegex(t.text, contains(t.flags, 'i'), contains(t.flags, 's'), t.line)
	prog, _ := compilePrograms(re.tree)
	return &compiledRegex{prog: prog}
}

func contains(s string, c byte) bool {
	for i := range len(s) {
		if s[i] == c {
			return true
		}
	}
	return false
}

// word parses what begins with an identifier or keyword.
func (p *parser) word() typed {
	name := p.tok.text
	switch name {
	case "true", "false":
		p.advance()
		return constant(boolValue(name == "true"), typBool)
	case "filesize":
		p.advance()
		return typed{typ: typInt, eval: func(c *evaluation) value { return intValue(int64(len(c.data))) }}
	case "entrypoint":
		p.advance()
		return typed{typ: typInt, eval: entrypoint}
	case "all", "any", "none":
		q := p.quantifier()
		return p.of(q)
	case "for":
		p.advance()
		return p.loop()
	}
	if read, ok := integerReaders[name]; ok {
		return p.integerAt(read)
	}
	return p.identifier()
}

// integerAt parses "uint16(offset)" and its kin.
func (p *parser) integerAt(read func([]byte) int64) typed {
	size := integerSizes[p.tok.text]
	p.advance()
	p.expect("(")
	x := p.binary(0)
	p.want("offset", x, typInt)
	p.expect(")")
	return typed{typ: typInt, eval: func(c *evaluation) value {
		v := x.eval(c)
		if v.kind == undefined || v.i < 0 || v.i > int64(len(c.data)-size) {
			return value{}
		}
		return intValue(read(c.data[v.i:]))
	}}
}

// identifier parses a loop variable, rule, external variable or module with
// the members, indexes and calls behind it.
func (p *parser) identifier() typed {
	name := p.ident()
	x, ok := p.resolve(name)
	if !ok {
		p.fail("undefined identifier %q", name)
	}
	for {
		switch {
		case p.accept("."):
			x = p.member(x)
		case p.is("["):
			p.advance()
			x = p.index(x)
		case p.is("("):
			p.advance()
			x = p.call(x)
		default:
			return x
		}
	}
}

func (p *parser) resolve(name string) (typed, bool) {
	for i := len(p.vars) - 1; i >= 0; i-- {
		if v := p.vars[i]; v.name == name {
			return typed{typ: v.typ, decl: v.decl, eval: func(c *evaluation) value { return c.vars[v.slot] }}, true
		}
	}
	if p.imports[name] {
		m := modules[name]
		return typed{typ: typObject, decl: m.decl, eval: func(c *evaluation) value { return c.module(name, m) }}, true
	}
	if r := p.byName[[2]string{p.src.Namespace, name}]; r != nil {
		return typed{typ: typBool, eval: func(c *evaluation) value { return boolValue(c.results[r.index]) }}, true
	}
	if t, ok := p.names[name]; ok {
		return typed{typ: t, eval: func(c *evaluation) value { return c.external(name) }}, true
	}
	return typed{}, false
}
