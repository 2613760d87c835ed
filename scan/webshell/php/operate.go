package php

import (
	"math"
	"strings"
)

// operate computes what binary operators give.
func (m *machine) operate(sign string, a, b value) value {
	f := better(a.taint(), b.taint())
	hidden := max(a.hidden, b.hidden)
	if a.k == vUnset && a.flow == nil {
		a = null
	}
	if b.k == vUnset && b.flow == nil {
		b = null
	}
	if a.k == vArr && b.k == vArr && sign == "+" {
		return joinArrays(b, a)
	}
	if !a.known() || !b.known() {
		switch sign {
		case "^", "&", "|": // texts are combined too
			return value{k: vUnknown, flow: f, hidden: max(hidden, 1)}
		case "+", "-", "*", "/", "%", "**", "<<", ">>":
			return value{k: vUnknown}
		}
		return unknown
	}
	v := compute(sign, a, b)
	v.hidden = hidden
	if v.k == vStr {
		v.hidden = max(hidden, 2)
		v.flow = f
		if !m.spend(len(v.s)) {
			return value{k: vUnknown, flow: f}
		}
	}
	return v
}

func compute(sign string, a, b value) value {
	switch sign {
	case "==":
		return boolean(looseEqual(a, b))
	case "!=", "<>":
		return boolean(!looseEqual(a, b))
	case "===":
		return boolean(identical(a, b))
	case "!==":
		return boolean(!identical(a, b))
	case "<":
		return boolean(compare(a, b) == -1)
	case "<=":
		c := compare(a, b)
		return boolean(c == -1 || c == 0)
	case ">":
		return boolean(compare(a, b) == 1)
	case ">=":
		c := compare(a, b)
		return boolean(c == 1 || c == 0)
	case "<=>":
		return integer(int64(compare(a, b)))
	case "xor":
		x, _ := truth(a)
		y, _ := truth(b)
		return boolean(x != y)
	case "^", "&", "|":
		if a.k == vStr && b.k == vStr {
			return str(bits(sign, a.s, b.s))
		}
		x, y := toInt(a), toInt(b)
		switch sign {
		case "^":
			return integer(x ^ y)
		case "&":
			return integer(x & y)
		}
		return integer(x | y)
	case "<<", ">>", "%":
		return integerOp(sign, toInt(a), toInt(b))
	}
	return arithmetic(sign, toNum(a), toNum(b))
}

// bits combines texts byte by byte, as PHP does: "|" to the longer length.
func bits(sign, a, b string) string {
	if sign == "|" && len(a) < len(b) {
		a, b = b, a
	}
	out := []byte(a)
	if sign != "|" {
		out = out[:min(len(a), len(b))]
	}
	for i := 0; i < len(out) && i < len(b); i++ {
		switch sign {
		case "^":
			out[i] ^= b[i]
		case "&":
			out[i] &= b[i]
		default:
			out[i] |= b[i]
		}
	}
	return string(out)
}

func integerOp(sign string, a, b int64) value {
	switch sign {
	case "<<":
		if b < 0 {
			return unknown
		}
		if b > 63 {
			return integer(0)
		}
		return integer(a << b)
	case ">>":
		if b < 0 {
			return unknown
		}
		return integer(a >> min(b, 63))
	}
	if b == 0 {
		return unknown
	}
	if b == -1 {
		return integer(0)
	}
	return integer(a % b)
}

func arithmetic(sign string, a, b value) value {
	if a.k == vInt && b.k == vInt {
		x, y := a.i, b.i
		switch sign {
		case "+":
			if r := x + y; (r > x) == (y > 0) {
				return integer(r)
			}
		case "-":
			if r := x - y; (r < x) == (y > 0) {
				return integer(r)
			}
		case "*":
			if x == 0 || y == 0 {
				return integer(0)
			}
			if r := x * y; r/y == x && !(x == -1 && y == math.MinInt64) && !(y == -1 && x == math.MinInt64) {
				return integer(r)
			}
		case "/":
			if y != 0 && x%y == 0 && y != -1 {
				return integer(x / y)
			}
		case "**":
			if r, ok := power(x, y); ok {
				return integer(r)
			}
		}
	}
	x, y := toFloat(a), toFloat(b)
	switch sign {
	case "+":
		return float(x + y)
	case "-":
		return float(x - y)
	case "*":
		return float(x * y)
	case "/":
		if y == 0 {
			return unknown
		}
		if q := x / y; a.k == vInt && b.k == vInt && y == -1 && q == math.Trunc(q) && math.Abs(q) < 1<<62 {
			return integer(int64(q))
		}
		return float(x / y)
	case "**":
		return float(math.Pow(x, y))
	}
	return unknown
}

func power(x, y int64) (int64, bool) {
	if y < 0 {
		return 0, false
	}
	r := int64(1)
	for ; y > 0; y-- {
		if x == 0 || x == 1 {
			return x, true
		}
		if x == -1 {
			if y%2 == 0 {
				return r, true
			}
			return -r, true
		}
		n := r * x
		if n/x != r {
			return 0, false
		}
		r = n
	}
	return r, true
}

func identical(a, b value) bool {
	if a.k != b.k {
		return false
	}
	if a.k == vFloat {
		return a.f == b.f
	}
	return toStr(a) == toStr(b)
}

func looseEqual(a, b value) bool {
	if a.k == vStr && b.k == vStr {
		x, xn := numeric(a.s)
		y, yn := numeric(b.s)
		if xn && yn {
			return toFloat(x) == toFloat(y)
		}
		return a.s == b.s
	}
	return compare(a, b) == 0
}

// compare orders as PHP 8 does; 2 is not comparable (NAN).
func compare(a, b value) int {
	switch {
	case a.k == vBool || b.k == vBool || (a.k == vNull) != (b.k == vNull) && a.k != vStr && b.k != vStr:
		x, _ := truth(a)
		y, _ := truth(b)
		return order(b2f(x), b2f(y))
	case a.k == vNull && b.k == vNull:
		return 0
	case a.k == vNull:
		return strings.Compare("", b.s)
	case b.k == vNull:
		return strings.Compare(a.s, "")
	case a.k == vStr && b.k == vStr:
		x, xn := numeric(a.s)
		y, yn := numeric(b.s)
		if xn && yn {
			return order(toFloat(x), toFloat(y))
		}
		return strings.Compare(a.s, b.s)
	case a.k == vStr:
		if x, whole := numeric(a.s); whole {
			return order(toFloat(x), toFloat(b))
		}
		return strings.Compare(a.s, toStr(b))
	case b.k == vStr:
		if y, whole := numeric(b.s); whole {
			return order(toFloat(a), toFloat(y))
		}
		return strings.Compare(toStr(a), b.s)
	case a.k == vInt && b.k == vInt:
		switch {
		case a.i < b.i:
			return -1
		case a.i > b.i:
			return 1
		}
		return 0
	}
	return order(toFloat(a), toFloat(b))
}

func b2f(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

func order(a, b float64) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	case a == b:
		return 0
	}
	return 2
}

func unary(sign string, v value) value {
	switch sign {
	case "!":
		if b, ok := truth(v); ok && v.flow == nil && v.k != vUnset {
			return boolean(!b)
		}
		return unknown
	case "~":
		if v.k == vStr {
			b := []byte(v.s)
			for i := range b {
				b[i] = ^b[i]
			}
			w := str(string(b))
			w.hidden = max(v.hidden, 2)
			return w
		}
		if v.k == vInt || v.k == vFloat {
			return integer(^toInt(v))
		}
		return value{k: vUnknown, flow: v.flow}
	}
	if !v.known() {
		return unknown
	}
	if sign == "-" {
		return arithmetic("*", toNum(v), integer(-1))
	}
	return toNum(v)
}

func cast(kind string, v value) value {
	switch kind {
	case "int", "integer":
		if v.known() {
			return integer(toInt(v))
		}
		return unknown
	case "float", "double", "real":
		if v.known() {
			return float(toFloat(v))
		}
		return unknown
	case "bool", "boolean":
		if b, ok := truth(v); ok && v.flow == nil {
			return boolean(b)
		}
		return unknown
	case "string", "binary":
		if v.known() {
			w := str(toStr(v))
			w.hidden, w.flow = v.hidden, v.flow
			return w
		}
		if v.k == vArr {
			return str("Array")
		}
		return v
	case "array":
		switch v.k {
		case vArr:
			return v
		case vNull, vUnset:
			return arrayOf(&array{})
		case vObj, vUnknown:
			if v.k == vUnknown {
				return v
			}
			a := &array{}
			return arrayOf(a)
		}
		return arrayOf(listOf(v))
	case "object":
		if v.k == vArr {
			o := &object{name: "stdclass", props: map[string]*cell{}}
			for i, k := range v.arr.keys {
				o.props[toStr(k.value())] = &cell{v: v.arr.vals[i]}
			}
			return objectOf(o)
		}
		return v
	case "unset":
		return null
	}
	return v
}

// increment is ++ and --; texts count as in Perl: 'Z'++ is 'AA'.
func increment(v value, up bool) value {
	d := int64(1)
	if !up {
		d = -1
	}
	switch v.k {
	case vInt:
		return arithmetic("+", v, integer(d))
	case vFloat:
		return float(v.f + float64(d))
	case vNull, vUnset:
		if up {
			return integer(1)
		}
		return null
	case vStr:
		if n, whole := numeric(v.s); whole {
			return arithmetic("+", n, integer(d))
		}
		if !up {
			if v.s == "" {
				return integer(-1)
			}
			return v
		}
		if v.s == "" {
			return str("1")
		}
		w := str(successor(v.s))
		w.hidden = max(v.hidden, 2)
		return w
	case vBool:
		return v
	}
	return value{k: vUnknown, flow: v.flow}
}

func successor(s string) string {
	b := []byte(s)
	for i := len(b) - 1; i >= 0; i-- {
		switch c := b[i]; {
		case c == 'z' || c == 'Z' || c == '9':
			first := map[byte]byte{'z': 'a', 'Z': 'A', '9': '0'}[c]
			b[i] = first
			if i == 0 {
				if first == '0' {
					first = '1'
				}
				return string(first) + string(b)
			}
		case isDigit(c) || c|0x20 >= 'a' && c|0x20 < 'z' && c < 0x80:
			b[i]++
			return string(b)
		default:
			return string(b)
		}
	}
	return string(b)
}
