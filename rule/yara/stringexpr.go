package yara

import (
	"math"
	"sort"
	"strings"
)

// patternExpr is which string an expression is about: a named one or, in the
// body of "for .. of", the current one.
type patternExpr func(c *evaluation) *pattern

// pattern resolves the identifier of the current token.
func (p *parser) pattern() patternExpr {
	id := p.tok.text
	if id == "$" {
		if p.inOf == 0 {
			p.fail("%s stands outside of a for .. of loop", id)
		}
		p.advance()
		return func(c *evaluation) *pattern {
			if c == nil {
				return nil // while compiling
			}
			return c.current
		}
	}
	for _, s := range p.rule.patterns {
		if s.id == id {
			p.advance()
			p.use(s)
			return func(*evaluation) *pattern { return s }
		}
	}
	p.fail("undefined string %q", id)
	return nil
}

// use notes that a condition refers to a string, and whether only to one offset.
func (p *parser) use(s *pattern) {
	s.anywhere = s.anywhere || !p.is("at")
	s.used = true
}

// fix notes "s at offset". A string of which nothing else is asked is only found there.
func (s *pattern) fix(offset typed) {
	switch {
	case offset.known == nil, s.fixed && s.fixedAt != offset.known.i:
		s.anywhere = true
	default:
		s.fixed, s.fixedAt = true, offset.known.i
	}
}

// interval is "(from..to)"; both ends belong to it.
type interval struct{ from, to expr }

func (p *parser) interval() interval {
	p.expect("(")
	from := p.binary(0)
	p.want("range", from, typInt)
	p.expect("..")
	to := p.binary(0)
	p.want("range", to, typInt)
	p.expect(")")
	return interval{from.eval, to.eval}
}

// bounds evaluates the ends; ok is false if one is undefined.
func (r interval) bounds(c *evaluation) (from, to int64, ok bool) {
	a, b := r.from(c), r.to(c)
	return a.i, b.i, a.kind != undefined && b.kind != undefined
}

// stringTest parses "$a", "$a at n" and "$a in (m..n)".
func (p *parser) stringTest() typed {
	s := p.pattern()
	switch {
	case p.accept("at"):
		x := p.binary(len(levels) - 3)
		p.want("at", x, typInt)
		if named := s(nil); named != nil {
			named.fix(x)
		}
		return typed{typ: typBool, idle: idleAs(boolValue(false)), eval: func(c *evaluation) value {
			v := x.eval(c)
			return boolValue(v.kind != undefined && c.countIn(s(c), v.i, v.i) > 0)
		}}
	case p.accept("in"):
		r := p.interval()
		return typed{typ: typBool, idle: idle{never: true}, eval: func(c *evaluation) value {
			from, to, ok := r.bounds(c)
			if !ok {
				return value{}
			}
			return boolValue(c.countIn(s(c), from, to) > 0)
		}}
	}
	return typed{typ: typBool, idle: idleAs(boolValue(false)), eval: func(c *evaluation) value { return boolValue(len(c.found(s(c))) > 0) }}
}

// stringCount parses "#a" and "#a in (m..n)".
func (p *parser) stringCount() typed {
	s := p.pattern()
	if !p.accept("in") {
		return typed{typ: typInt, idle: idleAs(intValue(0)), eval: func(c *evaluation) value { return intValue(int64(len(c.found(s(c))))) }}
	}
	r := p.interval()
	return typed{typ: typInt, eval: func(c *evaluation) value {
		from, to, ok := r.bounds(c)
		if !ok {
			return value{}
		}
		return intValue(int64(c.countIn(s(c), from, to)))
	}}
}

// stringPlace parses "@a", "@a[i]", "!a" and "!a[i]".
func (p *parser) stringPlace() typed {
	offset := p.tok.kind == tokStringAt
	s := p.pattern()
	index := constant(intValue(1), typInt)
	if p.accept("[") {
		index = p.binary(0)
		p.want("index", index, typInt)
		p.expect("]")
	}
	return typed{typ: typInt, idle: idleAs(value{}), eval: func(c *evaluation) value {
		i := index.eval(c)
		m := c.found(s(c))
		if i.kind == undefined || i.i < 1 || i.i > int64(len(m)) {
			return value{}
		}
		if offset {
			return intValue(int64(m[i.i-1].offset))
		}
		return intValue(int64(m[i.i-1].length))
	}}
}

// countIn is how many matches of a string begin between two offsets.
func (c *evaluation) countIn(p *pattern, from, to int64) int {
	m := c.found(p)
	lo := sort.Search(len(m), func(i int) bool { return int64(m[i].offset) >= from })
	hi := sort.Search(len(m), func(i int) bool { return int64(m[i].offset) > to })
	return max(hi-lo, 0)
}

// quantifier says how many of a set must hold.
type quantifier struct {
	all, none bool
	n         expr // nil for all and none
	known     bool // n does not depend on the text
	percent   bool
}

func (p *parser) quantifier() quantifier {
	switch {
	case p.accept("all"):
		return quantifier{all: true}
	case p.accept("none"):
		return quantifier{none: true}
	case p.accept("any"):
		return quantifier{n: constant(intValue(1), typInt).eval, known: true}
	}
	return p.quantifierOf(p.binary(0))
}

func (p *parser) quantifierOf(x typed) quantifier {
	p.want("number of", x, typInt)
	q := quantifier{n: x.eval, known: x.known != nil, percent: p.accept("%")}
	if q.percent && x.known != nil && (x.known.i < 1 || x.known.i > 100) {
		p.fail("percentage must be between 1 and 100")
	}
	return q
}

// holds decides for found of total members of a set. None of the set is what 0
// means here, but not in a loop.
func (q quantifier) holds(c *evaluation, found, total int) bool {
	switch {
	case q.all:
		return found == total
	case q.none:
		return found == 0
	}
	n := q.n(c)
	switch {
	case n.kind == undefined && q.percent:
		return false
	case n.kind == undefined: // as all, in YARA
		return found == total
	case q.percent:
		return float64(found) >= float64(total)*float64(n.i)/100
	case n.i == 0:
		return found == 0
	}
	return int64(found) >= n.i
}

// set parses "them" or a list of strings or rules; rules is nil for strings.
func (p *parser) set() (patterns []*pattern, rules []*rule) {
	if p.accept("them") {
		if len(p.rule.patterns) == 0 {
			p.fail("them: the rule has no strings")
		}
		for _, s := range p.rule.patterns {
			s.used, s.anywhere = true, true
		}
		return p.rule.patterns, nil
	}
	p.expect("(")
	for {
		if p.tok.kind == tokStringID {
			patterns = append(patterns, p.stringsNamed()...)
		} else {
			rules = append(rules, p.rulesNamed()...)
		}
		if p.accept(")") {
			break
		}
		p.expect(",")
	}
	if patterns != nil && rules != nil {
		p.fail("strings and rules in one set")
	}
	return patterns, rules
}

func (p *parser) stringsNamed() (out []*pattern) {
	id := p.tok.text
	prefix, many := strings.CutSuffix(id, "*")
	for _, s := range p.rule.patterns {
		if s.id == id || many && strings.HasPrefix(s.id, prefix) {
			s.used, s.anywhere = true, true
			out = append(out, s)
		}
	}
	if len(out) == 0 {
		p.fail("undefined string %q", id)
	}
	p.advance()
	return out
}

func (p *parser) rulesNamed() (out []*rule) {
	name := p.ident()
	many := p.accept("*")
	for _, r := range p.rules.rules {
		if r.namespace == p.src.Namespace && (r.name == name || many && strings.HasPrefix(r.name, name)) {
			out = append(out, r)
		}
	}
	if len(out) == 0 {
		p.fail("undefined identifier %q", name)
	}
	return out
}

// of parses what follows a quantifier: "of SET" and perhaps "in (m..n)".
func (p *parser) of(q quantifier) typed {
	p.accept("%")
	p.expect("of")
	patterns, rules := p.set()
	within := interval{constant(intValue(0), typInt).eval, constant(intValue(math.MaxInt64), typInt).eval}
	if patterns != nil && p.accept("in") {
		within = p.interval()
	}
	idle := idle{never: rules == nil && q.needs(len(patterns))}
	return typed{typ: typBool, idle: idle, eval: func(c *evaluation) value {
		found := 0
		from, to, ok := within.bounds(c)
		if !ok {
			return value{}
		}
		for _, s := range patterns {
			if c.countIn(s, from, to) > 0 {
				found++
			}
		}
		for _, r := range rules {
			if c.results[r.index] {
				found++
			}
		}
		return boolValue(q.holds(c, found, len(patterns)+len(rules)))
	}}
}
