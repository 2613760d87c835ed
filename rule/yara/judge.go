package yara

import "math/bits"

// ruleBits is a set of rules by index.
type ruleBits []uint64

func (b ruleBits) set(i int) { b[i>>6] |= 1 << (i & 63) }

// all yields the members in order.
func (b ruleBits) all(yield func(i int) bool) {
	for w, word := range b {
		for ; word != 0; word &= word - 1 {
			if !yield(w<<6 + bits.TrailingZeros64(word)) {
				return
			}
		}
	}
}

// judge evaluates the conditions of the rules that may hold. If a global rule does not hold,
// no rule of its namespace does.
func (c *evaluation) judge() []Match {
	rules := c.rules.rules
	c.steps = c.rules.limits.Steps
	var failed map[string]bool
	for i := range c.likely.all {
		r := rules[i]
		c.rule = r
		c.results[r.index] = c.spend(1) && r.condition(c).truth()
		if r.global && !c.results[r.index] {
			if failed == nil {
				failed = map[string]bool{}
			}
			failed[r.namespace] = true
		}
	}
	var out []Match
	for i := range c.likely.all {
		r := rules[i]
		if c.results[r.index] && !r.private && !failed[r.namespace] {
			out = append(out, c.match(r))
		}
	}
	return out
}

func (c *evaluation) match(r *rule) Match {
	m := Match{Rule: r.name, Namespace: r.namespace, File: r.file, Line: r.line, Tags: r.tags, Meta: r.meta}
	for _, p := range r.patterns {
		if p.private || !p.used {
			continue
		}
		for _, f := range c.found(p) {
			m.Strings = append(m.Strings, StringMatch{ID: p.id, Offset: f.offset, Length: f.length})
		}
	}
	return m
}

func (c *evaluation) setVar(slot int, v value) {
	for len(c.vars) <= slot {
		c.vars = append(c.vars, value{})
	}
	c.vars[slot] = v
}

func (c *evaluation) external(name string) value {
	if v, ok := c.externals[name]; ok {
		return v
	}
	return c.rules.externals[name]
}
