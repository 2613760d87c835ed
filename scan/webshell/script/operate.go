package script

import "strings"

func (m *Machine) binary(n *Node, sc *scope) Value {
	left := m.eval(n.Kids[0], sc)
	right := m.eval(n.Kids[1], sc)
	v := m.operate(n.Text, left, right, n.Line)
	m.charge(v)
	return v
}

// operate computes an operator.
func (m *Machine) operate(op string, a, b Value, line int) Value {
	switch op {
	case "+", "&", ".", "..":
		if v, ok := m.concat(op, a, b); ok {
			return v
		}
	case "||", "or", "??", "//":
		if a.All() != 0 || a.Kind != Unknown && m.dialect.Name != "vbscript" {
			return either(a, b)
		}
		return b
	case "==", "!=", "===", "!==", "<>", "eq", "ne", "=", "<", ">", "<=", ">=", "instanceof", "in", "is":
		return compare(op, a, b)
	case "&&", "and":
		if m.dialect.Name == "javascript" || m.dialect.Name == "python" {
			return b
		}
		return Value{}
	case "=~":
		return Mix(a)
	case "%":
		if a.Kind == IsText && m.dialect.Name == "python" {
			return m.format(a, b)
		}
	case "x", "*":
		if s, ok := a.String(); ok && a.Kind == IsText && b.Kind == IsNumber && b.Num >= 0 && int64(len(s))*b.Num < maxText {
			return Str(strings.Repeat(s, int(b.Num)))
		}
	}
	x, okX := a.number()
	y, okY := b.number()
	if okX && okY {
		if v, ok := arithmetic(op, x, y); ok {
			return Value{Kind: IsNumber, Num: v}
		}
	}
	if op == "^" && (a.Kind == IsText || b.Kind == IsText || a.Taint|b.Taint != 0) {
		return decoded(Mix(a, b), line, "XOR")
	}
	return Mix(a, b)
}

// concat joins text, or adds numbers.
func (m *Machine) concat(op string, a, b Value) (Value, bool) {
	textual := a.Kind == IsText || b.Kind == IsText || op == "." || op == ".." || op == "&" && m.dialect.Name == "vbscript"
	if op == "&" && m.dialect.Name != "vbscript" {
		return Value{}, false
	}
	if m.dialect.Name == "vbscript" && op == "+" && (a.Kind == IsNumber && b.Kind == IsNumber) {
		return Num(a.Num + b.Num), true
	}
	if a.Kind == IsList && b.Kind == IsList {
		if len(a.List)+len(b.List) > maxElements {
			return Mix(a, b), true
		}
		return Value{Kind: IsList, List: append(a.List[:len(a.List):len(a.List)], b.List...)}, true
	}
	if !textual {
		if op == "+" && (a.Kind == Unknown || b.Kind == Unknown) {
			return Concat(a, b), true
		}
		return Value{}, false
	}
	return Concat(a, b), true
}

// Concat is text of which the first part is a and the rest b.
func Concat(a, b Value) Value {
	x, okX := a.String()
	y, okY := b.String()
	if okX && okY && len(x)+len(y) <= maxText {
		v := Str(x + y)
		if a.All()|b.All() != 0 {
			mixed := Mix(a, b)
			v.Taint, v.From = mixed.Taint, mixed.From
		}
		return v
	}
	mixed := Mix(a, b)
	if !okX && a.All()&Request == 0 {
		mixed.Taint &^= Whole // something unknown stands before
	}
	if okX && strings.TrimSpace(x) != "" {
		mixed.Taint &^= Whole
		mixed.Text = x // what it begins with
	} else if a.Text != "" && a.Kind == Unknown {
		mixed.Text = a.Text
		mixed.Taint &^= Whole
	}
	if okY {
		mixed.Fields = map[string]Value{suffixKey: Str(y)}
	} else if b.Kind == Unknown && b.Fields != nil {
		if s, ok := b.Fields[suffixKey]; ok {
			mixed.Fields = map[string]Value{suffixKey: s}
		}
	}
	return mixed
}

const suffixKey = "(end)"

// Ends returns the constant text that a value is known to begin and end with.
func (v Value) Ends() (begin, end string) {
	if s, ok := v.String(); ok {
		return s, s
	}
	if v.Kind == Unknown {
		begin = v.Text
	}
	if s, ok := v.Fields[suffixKey]; ok {
		end = s.Text
	}
	return begin, end
}

func (m *Machine) join(n *Node, sc *scope) Value {
	out := Str("")
	for _, k := range n.Kids {
		out = Concat(out, m.eval(k, sc))
	}
	return out
}

// format is Python's "..." % values.
func (m *Machine) format(a, b Value) Value {
	args := []Value{b}
	if b.Kind == IsList {
		args = b.List
	}
	out := Str("")
	rest := a.Text
	for _, arg := range args {
		i := strings.IndexByte(rest, '%')
		if i < 0 || i+1 >= len(rest) {
			break
		}
		if rest[i+1] == 'c' && arg.Kind == IsNumber {
			arg.Kind = IsChar
		}
		out = Concat(Concat(out, Str(rest[:i])), arg)
		rest = rest[i+2:]
	}
	return Concat(out, Str(rest))
}

func compare(op string, a, b Value) Value {
	x, okX := a.number()
	y, okY := b.number()
	if a.Kind == IsText && b.Kind == IsText {
		x, y, okX, okY = int64(strings.Compare(a.Text, b.Text)), 0, true, true
	}
	if !okX || !okY || (a.Kind == IsText) != (b.Kind == IsText) {
		return Value{}
	}
	yes := false
	switch op {
	case "==", "===", "=", "eq", "is":
		yes = x == y
	case "!=", "!==", "<>", "ne":
		yes = x != y
	case "<":
		yes = x < y
	case ">":
		yes = x > y
	case "<=":
		yes = x <= y
	case ">=":
		yes = x >= y
	default:
		return Value{}
	}
	if yes {
		return Num(1)
	}
	return Num(0)
}

func arithmetic(op string, x, y int64) (int64, bool) {
	switch op {
	case "+":
		return x + y, true
	case "-":
		return x - y, true
	case "*":
		return x * y, true
	case "/", "\\", "//":
		if y != 0 {
			return x / y, true
		}
	case "%", "mod":
		if y != 0 {
			return x % y, true
		}
	case "^", "xor":
		return x ^ y, true
	case "&":
		return x & y, true
	case "|":
		return x | y, true
	case "<<":
		return x << uint(y&63), true
	case ">>":
		return x >> uint(y&63), true
	case ">>>":
		return int64(uint32(x) >> uint(y&31)), true
	}
	return 0, false
}

func (m *Machine) unary(n *Node, sc *scope) Value {
	v := m.eval(n.Kids[0], sc)
	k, known := v.number()
	switch n.Text {
	case "!", "not":
		if yes, ok := v.truth(); ok {
			if yes {
				return Num(0)
			}
			return Num(1)
		}
		if v.Kind == IsList && len(v.List) == 0 && m.dialect.Name == "javascript" {
			return Num(0) // ![] of JSFuck
		}
		return Value{}
	case "-":
		if known {
			return Num(-k)
		}
	case "+":
		if known {
			return Num(k)
		}
	case "~":
		if known {
			return Num(^k)
		}
	case "++", "--", "post++", "post--":
		if !known {
			return v
		}
		changed := k + 1
		if strings.HasSuffix(n.Text, "--") {
			changed = k - 1
		}
		m.assign(n.Kids[0], Num(changed), sc)
		if strings.HasPrefix(n.Text, "post") {
			return v
		}
		return Num(changed)
	case "typeof", "instanceof", "delete", "void":
		return Value{}
	}
	return v
}

// decoded marks what was made of something unknown by decoding it.
func decoded(v Value, line int, what string) Value {
	v.Taint |= Decoded
	if v.From == nil {
		v.From = &Origin{Line: line, What: what}
		return v
	}
	return v.Step(line, what)
}

func (m *Machine) index(n *Node, sc *scope) Value {
	object := m.eval(n.Kids[0], sc)
	if len(n.Kids) < 2 {
		return elementOf(object)
	}
	key := m.eval(n.Kids[1], sc)
	if s, ok := key.String(); ok && key.Kind == IsText {
		if v, ok := object.Fields[s]; ok {
			return v
		}
		if v, ok := m.Lib.Member(m, object, s); ok {
			if v.From == nil && v.Taint&Request != 0 {
				v.From = &Origin{Line: n.Line, What: "request: " + s}
			}
			return v
		}
	}
	if i, ok := key.number(); ok && key.Kind != IsText {
		if object.Kind == IsList && i < 0 {
			i += int64(len(object.List))
		}
		switch {
		case object.Kind == IsList && i >= 0 && i < int64(len(object.List)):
			v := object.List[i]
			if object.Taint != 0 && v.Kind != IsFunc {
				v.Taint |= object.Taint &^ Whole
				if v.From == nil {
					v.From = object.From
				}
			}
			return v
		case object.Kind == IsText && object.Taint == 0:
			if i < 0 {
				i += int64(len(object.Text))
			}
			if cs := []rune(object.Text); i >= 0 && i < int64(len(cs)) {
				if m.dialect.Name == "javascript" || m.dialect.Name == "python" {
					return Str(string(cs[i]))
				}
				return Value{Kind: IsChar, Num: int64(cs[i])}
			}
		}
	}
	c := &Invocation{Name: "[]", Object: object, Args: []Value{key}, Line: n.Line, node: n}
	if v, ok := m.Lib.Call(m, c); ok {
		return v
	}
	out := elementOf(object)
	if key.All()&(Request|Hidden) != 0 {
		out.Fields = map[string]Value{chosenKey: key} // a member that the request names
	}
	return out
}

// chosenKey marks what was taken from an object under a name that is not
// constant.
const chosenKey = "(chosen)"

// Chosen is the name under which v was taken from an object, if the request
// chose it.
func (v Value) Chosen() (Value, bool) {
	k, ok := v.Fields[chosenKey]
	return k, ok
}

// slice computes Python's [from:to:step].
func (m *Machine) slice(n *Node, sc *scope) Value {
	v := m.eval(n.Kids[0], sc)
	from := m.eval(n.Kids[1], sc)
	to := m.eval(n.Kids[2], sc)
	step := m.eval(n.Kids[3], sc)
	list, text := v.List, v.Kind == IsText
	if text {
		list = chars(v.Text)
	}
	if !text && v.Kind != IsList {
		return v
	}
	inc := int64(1)
	if step.Kind == IsNumber && step.Num != 0 {
		inc = step.Num
	}
	size := int64(len(list))
	start, end := int64(0), size
	if inc < 0 {
		start, end = size-1, -1
	}
	bound := func(b Value, old int64) int64 {
		if b.Kind != IsNumber {
			return old
		}
		if b.Num < 0 {
			return max(b.Num+size, -1)
		}
		return min(b.Num, size)
	}
	start, end = bound(from, start), bound(to, end)
	out := Value{Kind: IsList, Taint: v.Taint, From: v.From}
	for i := start; i >= 0 && i < size && (inc > 0 && i < end || inc < 0 && i > end); i += inc {
		out.List = append(out.List, list[i])
	}
	if text {
		return Value{Kind: IsText, Text: textOf(out.List), Taint: v.Taint, From: v.From}
	}
	return out
}
