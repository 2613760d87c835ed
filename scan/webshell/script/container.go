package script

import (
	"regexp"
	"strconv"
	"strings"
)

// containers are functions that change their object.
var containers = map[string]func(*Machine, *Invocation, *scope) (Value, bool){
	"append": grow, "write": grow, "add": grow, "push": grow, "addall": growAll, "extend": growAll,
	"put": put, "get": get, "getordefault": get, "setproperty": put, "getproperty": get, "item": get,
	"tobytearray": whole, "toarray": whole, "getvalue": whole, "elements": whole, "values": whole, "reverse": turn,
}

// grow puts something behind text or a list.
func grow(m *Machine, c *Invocation, sc *scope) (Value, bool) {
	object := c.Object
	var out Value
	switch object.Kind {
	case IsText:
		if len(c.Args) == 0 || object.Type == "pattern" {
			return Value{}, false
		}
		a := c.Args[0]
		if a.Kind == IsNumber && c.Name == "write" {
			a = Value{Kind: IsChar, Num: a.Num & 0xff}
		}
		if len(c.Args) == 3 && a.Kind == IsText && c.Args[1].Kind == IsNumber && c.Args[2].Kind == IsNumber {
			a = cut(a.Text, int(min(c.Args[1].Num, maxText)), int(min(c.Args[1].Num+c.Args[2].Num, maxText)))
		}
		out = Concat(object, a)
	case IsList:
		if len(c.Args) == 0 || len(object.List) >= maxElements {
			return Value{}, false
		}
		items := object.List
		if len(items) < 256 { // copying longer ones each time would be quadratic
			items = items[:len(items):len(items)]
		}
		out = Value{Kind: IsList, List: append(items, c.Args[len(c.Args)-1]), Taint: object.Taint, From: object.From}
	default:
		return Value{}, false
	}
	m.set(c, out, sc)
	return out, true
}

func growAll(m *Machine, c *Invocation, sc *scope) (Value, bool) {
	a := c.Arg(0)
	if c.Object.Kind != IsList || a.Kind != IsList || len(c.Object.List)+len(a.List) > maxElements {
		return Value{}, false
	}
	out := Value{Kind: IsList, List: append(c.Object.List[:len(c.Object.List):len(c.Object.List)], a.List...)}
	m.set(c, out, sc)
	return out, true
}

func put(m *Machine, c *Invocation, sc *scope) (Value, bool) {
	k, known := c.Arg(0).String()
	if c.Object.Kind != IsFields || !known || len(c.Object.Fields) > maxElements {
		return Value{}, false
	}
	c.Object.Fields[k] = c.Arg(1)
	return Value{}, true
}

func get(_ *Machine, c *Invocation, _ *scope) (Value, bool) {
	a := c.Arg(0)
	switch c.Object.Kind {
	case IsFields:
		if k, known := a.String(); known {
			v, ok := c.Object.Fields[k]
			return v, ok
		}
	case IsList:
		if i, ok := a.number(); ok && i >= 0 && i < int64(len(c.Object.List)) {
			return c.Object.List[i], true
		}
	}
	return Value{}, false
}

func whole(_ *Machine, c *Invocation, _ *scope) (Value, bool) {
	return c.Object, len(c.Args) == 0 && (c.Object.Kind == IsText || c.Object.Kind == IsList)
}

// turn is reverse, which changes a StringBuilder or a list and returns it.
func turn(m *Machine, c *Invocation, sc *scope) (Value, bool) {
	v, ok := reversed(m, c)
	if ok && (c.Object.Kind == IsText || c.Object.Kind == IsList) {
		m.set(c, v, sc)
	}
	return v, ok
}

func parseBase(s string, base int) (int64, bool) {
	if base < 2 || base > 36 {
		return 0, false
	}
	n, err := strconv.ParseInt(s, base, 64)
	return n, err == nil
}

// replacePattern replaces a regular expression. One that does not compile, or
// is long, leaves the result unknown.
func replacePattern(s, old, with string) (Value, bool) {
	if len(old) > 200 || len(s) > 1<<16 {
		return Value{}, false
	}
	re, err := regexp.Compile(old)
	if err != nil {
		return Value{}, false
	}
	return Str(re.ReplaceAllString(s, strings.ReplaceAll(with, `\`, `$`))), true
}
