package yara

import (
	"math"
	"strings"
)

// typed is an expression with its type.
type typed struct {
	eval expr
	typ  typ
	// decl is what members of an object are; nil if all are undefined.
	decl *decl
	// known is the value where it does not depend on the text.
	known *value
	idle  idle
}

func constant(v value, t typ) typed {
	return typed{eval: func(*evaluation) value { return v }, typ: t, known: &v, idle: idleAs(v)}
}

// folded computes an integer operator of constants.
func (p *parser) folded(x typed, operands ...typed) typed {
	for _, o := range operands {
		if o.known == nil || o.typ != typInt {
			return x
		}
	}
	v := x.eval(textless())
	if v.kind == undefined {
		p.fail("arithmetic error in constant expression")
	}
	return constant(v, x.typ)
}

// levels are the binary operators, loosest first; and, or and not stand outside.
var levels = [][]string{
	{"==", "!=", "contains", "icontains", "startswith", "istartswith", "endswith", "iendswith", "iequals", "matches"},
	{"<", "<=", ">", ">="},
	{"|"}, {"^"}, {"&"}, {"<<", ">>"}, {"+", "-"}, {"*", "\\", "%"},
}

// binary parses the operators of a level and of all tighter ones.
func (p *parser) binary(level int) typed {
	if level == len(levels) {
		return p.unary()
	}
	left := p.binary(level + 1)
	for {
		op := p.operatorIn(levels[level])
		if op == "" {
			return left
		}
		p.advance()
		right := p.binary(level + 1)
		left = p.combine(op, left, right)
	}
}

func (p *parser) operatorIn(ops []string) string {
	if p.tok.kind != tokOp && p.tok.kind != tokIdent {
		return ""
	}
	for _, op := range ops {
		if p.tok.text == op && !(op == "%" && p.peek().text == "of") {
			return op
		}
	}
	return ""
}

func (p *parser) unary() typed {
	p.deeper()
	defer p.shallower()
	switch {
	case p.accept("-"):
		x := p.unary()
		p.want("-", x, typInt, typFloat)
		return p.folded(typed{typ: x.typ, eval: func(c *evaluation) value {
			v := x.eval(c)
			v.i, v.f = -v.i, -v.f
			return v
		}}, x)
	case p.accept("~"):
		x := p.unary()
		p.want("~", x, typInt)
		return p.folded(typed{typ: typInt, eval: func(c *evaluation) value {
			v := x.eval(c)
			v.i = ^v.i
			return v
		}}, x)
	}
	return p.primary()
}

// want fails unless x has one of the types; what is always undefined has all.
func (p *parser) want(op string, x typed, ts ...typ) {
	if x.typ == typAny {
		return
	}
	for _, t := range ts {
		if x.typ == t {
			return
		}
	}
	p.fail("wrong type for %s: %s", op, typeNames[x.typ])
}

// combine makes the expression "x op y".
func (p *parser) combine(op string, x, y typed) typed {
	switch op {
	case "==", "!=", "<", "<=", ">", ">=":
		return p.comparison(op, x, y)
	case "+", "-", "*", "\\":
		p.want(op, x, typInt, typFloat)
		p.want(op, y, typInt, typFloat)
		return p.folded(arithmetic(op, x, y), x, y)
	case "%", "&", "|", "^", "<<", ">>":
		p.want(op, x, typInt)
		p.want(op, y, typInt)
		return p.folded(bitwise(op, x, y), x, y)
	case "matches":
		p.want(op, x, typString)
		p.want(op, y, typRegex)
		return strict(typBool, x, y, func(c *evaluation, a, b value) value {
			_, ok := b.re.find(c, a.s)
			return boolValue(ok)
		})
	}
	p.want(op, x, typString)
	p.want(op, y, typString)
	f := stringOps[op]
	return strict(typBool, x, y, func(_ *evaluation, a, b value) value { return boolValue(f(a.s, b.s)) })
}

// strict evaluates both operands; one that is undefined makes the result so.
func strict(t typ, x, y typed, f func(c *evaluation, a, b value) value) typed {
	apply := func(c *evaluation, a, b value) value {
		if a.kind == undefined || b.kind == undefined || !c.spend(1) {
			return value{}
		}
		return f(c, a, b)
	}
	return typed{typ: t, idle: idleStrict(x.idle, y.idle, apply), eval: func(c *evaluation) value {
		return apply(c, x.eval(c), y.eval(c))
	}}
}

var stringOps = map[string]func(a, b string) bool{
	"contains":    strings.Contains,
	"startswith":  strings.HasPrefix,
	"endswith":    strings.HasSuffix,
	"icontains":   func(a, b string) bool { return strings.Contains(lowerASCII(a), lowerASCII(b)) },
	"istartswith": func(a, b string) bool { return strings.HasPrefix(lowerASCII(a), lowerASCII(b)) },
	"iendswith":   func(a, b string) bool { return strings.HasSuffix(lowerASCII(a), lowerASCII(b)) },
	"iequals":     func(a, b string) bool { return lowerASCII(a) == lowerASCII(b) },
}

// lowerASCII changes no other byte than the letters A to Z.
func lowerASCII(s string) string {
	b := []byte(s)
	for i, c := range b {
		if c-'A' < 26 {
			b[i] = c | 0x20
		}
	}
	return string(b)
}

// comparison takes two numbers or two strings; types that differ are an error.
func (p *parser) comparison(op string, x, y typed) typed {
	number := func(t typ) bool { return t == typInt || t == typFloat || t == typBool && (op == "==" || op == "!=") }
	if x.typ != typAny && y.typ != typAny && !(number(x.typ) && number(y.typ)) && !(x.typ == typString && y.typ == typString) {
		p.fail("wrong type for %s: %s and %s", op, typeNames[x.typ], typeNames[y.typ])
	}
	return strict(typBool, x, y, func(_ *evaluation, a, b value) value { return boolValue(compare(op, a, b)) })
}

func compare(op string, a, b value) bool {
	order := 0
	switch {
	case a.kind == kindString:
		order = strings.Compare(a.s, b.s)
	case a.kind == kindInt && b.kind == kindInt:
		order = cmpNumber(a.i, b.i)
	default:
		order = cmpNumber(a.float(), b.float())
	}
	switch op {
	case "==":
		return order == 0
	case "!=":
		return order != 0
	case "<":
		return order < 0
	case "<=":
		return order <= 0
	case ">":
		return order > 0
	}
	return order >= 0
}

func cmpNumber[T int64 | float64](a, b T) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

func arithmetic(op string, x, y typed) typed {
	t := typInt
	if x.typ == typFloat || y.typ == typFloat {
		t = typFloat
	}
	return strict(t, x, y, func(_ *evaluation, a, b value) value {
		if a.kind == kindFloat || b.kind == kindFloat {
			return floatValue(floatArithmetic(op, a.float(), b.float()))
		}
		return intArithmetic(op, a.i, b.i)
	})
}

func floatArithmetic(op string, a, b float64) float64 {
	switch op {
	case "+":
		return a + b
	case "-":
		return a - b
	case "*":
		return a * b
	}
	return a / b
}

func intArithmetic(op string, a, b int64) value {
	switch op {
	case "+":
		return intValue(a + b)
	case "-":
		return intValue(a - b)
	case "*":
		return intValue(a * b)
	}
	if b == 0 || a == math.MinInt64 && b == -1 {
		return value{}
	}
	return intValue(a / b)
}

func bitwise(op string, x, y typed) typed {
	return strict(typInt, x, y, func(_ *evaluation, a, b value) value {
		switch op {
		case "&":
			return intValue(a.i & b.i)
		case "|":
			return intValue(a.i | b.i)
		case "^":
			return intValue(a.i ^ b.i)
		case "%":
			if b.i == 0 || a.i == math.MinInt64 && b.i == -1 {
				return value{}
			}
			return intValue(a.i % b.i)
		}
		return shift(op, a.i, b.i)
	})
}

func shift(op string, a, by int64) value {
	switch {
	case by < 0:
		return value{}
	case by >= 64:
		return intValue(0)
	case op == "<<":
		return intValue(a << by)
	}
	return intValue(a >> by)
}
