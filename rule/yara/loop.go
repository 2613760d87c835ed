package yara

// maxLoops is how deep loops may stand in each other, as in YARA.
const maxLoops = 4

// variable is one of the names that a loop defines.
type variable struct {
	name string
	typ  typ
	decl *decl
	slot int
}

// loop parses what follows "for".
func (p *parser) loop() typed {
	q := p.quantifier()
	if p.accept("of") {
		return p.stringLoop(q)
	}
	names := []string{p.ident()}
	for p.accept(",") {
		names = append(names, p.ident())
	}
	p.expect("in")
	items, types, decl := p.items(len(names))
	first := p.slots
	for i, n := range names {
		p.vars = append(p.vars, variable{n, types[i], decl, p.slots})
		p.slots++
	}
	body := p.body()
	p.vars = p.vars[:len(p.vars)-len(names)]
	p.slots = first
	// A loop over nothing is false, so the number of items is no matter.
	idle := idle{never: body.idle.never && q.needs(1)}
	return typed{typ: typBool, idle: idle, eval: func(c *evaluation) value { return c.loop(q, first, items, body.eval) }}
}

// body parses ": ( condition )".
func (p *parser) body() typed {
	if p.slots > 2*maxLoops || p.inOf > maxLoops {
		p.fail("loops nested deeper than %d", maxLoops)
	}
	p.expect(":")
	p.expect("(")
	x := p.or()
	p.expect(")")
	return x
}

// iterator calls yield for all that a loop goes over; it returns false if that is undefined.
type iterator func(c *evaluation, yield func(vs ...value) bool) bool

// items parses what stands behind "in": a range, a list, an array or dictionary.
func (p *parser) items(n int) (iterator, []typ, *decl) {
	if !p.is("(") {
		x := p.identifier()
		if x.typ != typObject && x.typ != typAny {
			p.fail("cannot iterate over %s", typeNames[x.typ])
		}
		return objectItems(x, n)
	}
	p.advance()
	first := p.binary(0)
	if n != 1 {
		p.fail("a loop over a range or list has one variable")
	}
	if p.accept("..") {
		last := p.binary(0)
		p.want("range", first, typInt)
		p.want("range", last, typInt)
		p.expect(")")
		return rangeItems(interval{first.eval, last.eval}), []typ{typInt}, nil
	}
	list := []typed{first}
	for p.accept(",") {
		x := p.binary(0)
		if x.typ != first.typ && x.typ != typAny && first.typ != typAny {
			p.fail("list of %s and %s", typeNames[first.typ], typeNames[x.typ])
		}
		list = append(list, x)
	}
	p.expect(")")
	return func(c *evaluation, yield func(vs ...value) bool) bool {
		for _, x := range list {
			if !yield(x.eval(c)) {
				break
			}
		}
		return true
	}, []typ{first.typ}, nil
}

func rangeItems(r interval) iterator {
	return func(c *evaluation, yield func(vs ...value) bool) bool {
		from, to, ok := r.bounds(c)
		for i := from; ok && i <= to; i++ {
			if !yield(intValue(i)) || i == to {
				break
			}
		}
		return ok
	}
}

func objectItems(x typed, n int) (iterator, []typ, *decl) {
	var elem *decl
	t := typAny
	if x.decl != nil {
		if elem = x.decl.elem; elem != nil {
			t = elem.typ
		}
	}
	types := []typ{t}
	if n == 2 {
		types = []typ{typString, t}
	}
	return func(c *evaluation, yield func(vs ...value) bool) bool {
		v := x.eval(c)
		a, ok := v.obj.(array)
		if !ok {
			return false // no module has a dictionary with content
		}
		for i := range a.length() {
			if !yield(a.at(i)) {
				break
			}
		}
		return true
	}, types, elem
}

// loop evaluates a body for every item until the outcome is certain.
func (c *evaluation) loop(q quantifier, slot int, items iterator, body expr) value {
	found, total := 0, 0
	ok := items(c, func(vs ...value) bool {
		for i, v := range vs {
			c.setVar(slot+i, v)
		}
		total++
		if body(c).truth() {
			found++
		}
		return c.spend(4) && !q.certain(c, found, total)
	})
	if !ok {
		return value{}
	}
	if total == 0 {
		return boolValue(false)
	}
	return boolValue(q.zero(c) || q.holds(c, found, total))
}

// zero says whether 0 of the items are asked for: that is always true.
func (q quantifier) zero(c *evaluation) bool {
	if q.n == nil {
		return false
	}
	n := q.n(c)
	return n.kind == kindInt && n.i == 0
}

// certain says whether more items cannot change the outcome.
func (q quantifier) certain(c *evaluation, found, total int) bool {
	switch {
	case q.all:
		return found < total
	case q.none:
		return found > 0
	case q.percent:
		return false
	}
	n := q.n(c)
	return n.kind != undefined && n.i > 0 && int64(found) >= n.i
}

// stringLoop parses "for .. of SET : ( body )" behind "of".
func (p *parser) stringLoop(q quantifier) typed {
	patterns, rules := p.set()
	if rules != nil {
		p.fail("for .. of goes over strings")
	}
	p.inOf++
	body := p.body()
	p.inOf--
	idle := idle{never: body.idle.never && q.needs(len(patterns))}
	return typed{typ: typBool, idle: idle, eval: func(c *evaluation) value {
		outer := c.current
		found := 0
		for _, s := range patterns {
			c.current = s
			if c.spend(4) && body.eval(c).truth() {
				found++
			}
		}
		c.current = outer
		return boolValue(q.zero(c) || q.holds(c, found, len(patterns)))
	}}
}
