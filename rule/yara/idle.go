package yara

// idle is what is known of an expression in texts where none of its rule's
// strings match. Most rules cannot hold there, and most texts match no string:
// only the conditions of other rules are evaluated for them.
type idle struct {
	never bool   // it is false or undefined
	value *value // nil: it depends on the text
}

func idleAs(v value) idle { return idle{never: !v.truth(), value: &v} }

// textless is an evaluation for expressions that do not depend on the text.
func textless() *evaluation {
	c := &evaluation{steps: 1 << 20}
	c.machine.steps = &c.steps
	return c
}

// idleStrict is of an operator f that is undefined where an operand is.
func idleStrict(x, y idle, f func(c *evaluation, a, b value) value) idle {
	for _, o := range []idle{x, y} {
		if o.value != nil && o.value.kind == undefined {
			return idleAs(value{})
		}
	}
	if x.value == nil || y.value == nil {
		return idle{}
	}
	return idleAs(f(textless(), *x.value, *y.value))
}

func idleUnary(x idle, f func(value) value) idle {
	if x.value == nil {
		return idle{}
	}
	return idleAs(f(*x.value))
}

// idleLogical is of "x or y" where or is true and of "x and y" where it is false.
func idleLogical(x, y idle, or bool) idle {
	holds := func(i idle) bool { return i.value != nil && i.value.truth() }
	if or && (holds(x) || holds(y)) || !or && holds(x) && holds(y) {
		return idleAs(boolValue(true))
	}
	if or && x.never && y.never || !or && (x.never || y.never) {
		return idleAs(boolValue(false))
	}
	return idle{}
}

// needs says whether none of total members of a set is too few for certain.
func (q quantifier) needs(total int) bool {
	if q.n != nil && !q.known {
		return false
	}
	c := textless()
	return !q.zero(c) && !q.holds(c, 0, total)
}
