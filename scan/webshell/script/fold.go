package script

import (
	"strings"
	"unicode/utf8"
)

// fold computes what the languages' own functions make of constants, and says
// of decoders that their result is decoded if it is unknown. Names are looked
// up in lower case: the functions are alike in all languages.
func (m *Machine) fold(c *Invocation, sc *scope) (Value, bool) {
	name := strings.ToLower(c.Name)
	if what, ok := decoders[name]; ok {
		return m.decode(c, what)
	}
	if f, ok := containers[name]; ok {
		if v, done := f(m, c, sc); done {
			return v, true
		}
	}
	if f, ok := texts[name]; ok {
		v, done := f(m, c)
		if done && c.Object.Taint|Mix(c.Args...).Taint != 0 && v.Kind == IsText {
			mixed := Mix(append([]Value{c.Object}, c.Args...)...)
			v.Taint |= mixed.Taint
			if v.From == nil {
				v.From = mixed.From
			}
		}
		return v, done
	}
	return Value{}, false
}

// subject is the text that a function is about: its object, or else its first
// argument; rest are the arguments behind it.
func subject(c *Invocation) (s string, rest []Value, ok bool) {
	if s, ok := c.Object.String(); ok && c.Object.Kind != Unknown {
		return s, c.Args, true
	}
	if len(c.Args) > 0 && !c.method {
		if s, ok := c.Args[0].String(); ok {
			return s, c.Args[1:], true
		}
	}
	return "", nil, false
}

func arg(args []Value, i int) (string, bool) {
	if i >= len(args) {
		return "", false
	}
	return args[i].String()
}

func count(args []Value, i int) (int, bool) {
	if i >= len(args) {
		return 0, false
	}
	n, ok := args[i].number()
	return int(n), ok && n >= -maxText && n <= maxText
}

// texts are functions that make text, or parts of text, of text.
var texts = map[string]func(*Machine, *Invocation) (Value, bool){
	"tostring": same, "valueof": same, "string": same, "str": same, "cstr": same, "intern": same, "getbytes": asBytes, "encode": same, "bytes": same, "bytearray": same, "getstring": same, "tochararray": characters, "touint8array": same, "valueofx": same, "copyvalueof": same, "trim": mapped(strings.TrimSpace), "strip": strip, "ltrim": mapped(strings.TrimSpace), "rtrim": mapped(strings.TrimSpace), "chomp": mapped(strings.TrimSpace),
	"tolowercase": mapped(strings.ToLower), "touppercase": mapped(strings.ToUpper), "lower": mapped(strings.ToLower), "upper": mapped(strings.ToUpper), "lcase": mapped(strings.ToLower), "ucase": mapped(strings.ToUpper), "tolower": mapped(strings.ToLower), "toupper": mapped(strings.ToUpper), "lc": mapped(strings.ToLower), "uc": mapped(strings.ToUpper), "ucfirst": mapped(title), "capitalize": mapped(title),
	"strreverse": mapped(reverse), "reverse": reversed, "reversed": reversed,
	"replace": replace, "replaceall": replace, "concat": concatAll, "substring": substring, "substr": substr, "slice": substring, "mid": mid, "left": left, "right": right,
	"charat": charAt, "charcodeat": charCode, "codepointat": charCode, "chr": character, "chrw": character, "chrb": character, "fromcharcode": character, "tochars": character, "ord": code, "asc": code, "ascw": code,
	"split": split, "join": joinAll, "array": array, "repeat": repeat, "format": format, "length": length, "len": length, "parseint": parse, "int": parse, "cint": parse, "clng": parse, "toint32": parse, "aslist": array, "list": array, "tuple": array, "space": spaces, "insert": insert, "remove": removeRange, "rot13": mapped(rot13), "asciitounicode": same, "tobyte": parse, "tochar": character, "ubound": last, "isnumeric": numeric,
}

func same(_ *Machine, c *Invocation) (Value, bool) {
	if c.Object.Kind == IsText && (len(c.Args) == 0 || c.Name != "encode") {
		return Value{Kind: IsText, Text: c.Object.Text}, true
	}
	s, _, ok := subject(c)
	return Str(s), ok
}

func asBytes(_ *Machine, c *Invocation) (Value, bool) {
	s, _, ok := subject(c)
	if !ok {
		return Value{}, false
	}
	if l := byteList(s); l != nil {
		return Value{Kind: IsList, List: l}, true
	}
	return Str(s), true
}

func characters(_ *Machine, c *Invocation) (Value, bool) {
	s, _, ok := subject(c)
	if !ok {
		return Value{}, false
	}
	if l := chars(s); l != nil {
		return Value{Kind: IsList, List: l}, true
	}
	return Str(s), true
}

// mapped makes a folding function of a function of text.
func mapped(f func(string) string) func(*Machine, *Invocation) (Value, bool) {
	return func(_ *Machine, c *Invocation) (Value, bool) {
		s, _, ok := subject(c)
		if !ok {
			return Value{}, false
		}
		return Str(f(s)), true
	}
}

func title(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

func strip(_ *Machine, c *Invocation) (Value, bool) {
	s, rest, ok := subject(c)
	cut, known := arg(rest, 0)
	if ok && known {
		return Str(strings.Trim(s, cut)), true
	}
	return Str(strings.TrimSpace(s)), ok
}

func reverse(s string) string {
	rs := []rune(s)
	for i, j := 0, len(rs)-1; i < j; i, j = i+1, j-1 {
		rs[i], rs[j] = rs[j], rs[i]
	}
	return string(rs)
}

func rot13(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z':
			return 'a' + (r-'a'+13)%26
		case r >= 'A' && r <= 'Z':
			return 'A' + (r-'A'+13)%26
		}
		return r
	}, s)
}

func reversed(_ *Machine, c *Invocation) (Value, bool) {
	v := c.Object
	if v.Kind != IsList && v.Kind != IsText {
		v = c.Arg(0)
	}
	switch v.Kind {
	case IsText:
		if c.Name == "reversed" { // Python's gives a sequence
			return Value{Kind: IsList, List: chars(reverse(v.Text))}, true
		}
		return Str(reverse(v.Text)), true
	case IsList:
		out := Value{Kind: IsList, Taint: v.Taint, From: v.From}
		for i := len(v.List) - 1; i >= 0; i-- {
			out.List = append(out.List, v.List[i])
		}
		return out, true
	}
	return Value{}, false
}

func replace(_ *Machine, c *Invocation) (Value, bool) {
	s, rest, ok := subject(c)
	old, ok1 := arg(rest, 0)
	with, ok2 := arg(rest, 1)
	if !ok || !ok1 || !ok2 || len(s)*(len(with)+1) > 4*maxText && len(with) > 1 {
		return Value{}, false
	}
	if len(rest) > 0 && rest[0].Type == "pattern" || strings.EqualFold(c.Name, "replaceAll") && strings.ContainsAny(old, `[\|(`) {
		return replacePattern(s, old, with)
	}
	return Str(strings.ReplaceAll(s, old, with)), true
}

func concatAll(_ *Machine, c *Invocation) (Value, bool) {
	if c.Object.Kind == IsList || c.Arg(0).Kind == IsList {
		return Value{}, false
	}
	out := c.Object
	if out.Kind == Unknown && out.Taint == 0 {
		out = Str("")
	}
	for _, a := range c.Args {
		out = Concat(out, a)
	}
	return out, true
}

func cut(s string, from, to int) Value {
	rs := []rune(s)
	if utf8.RuneCountInString(s) == len(s) {
		from, to = min(max(from, 0), len(s)), min(max(to, 0), len(s))
		return Str(s[min(from, to):to])
	}
	from, to = min(max(from, 0), len(rs)), min(max(to, 0), len(rs))
	return Str(string(rs[min(from, to):to]))
}

func substring(_ *Machine, c *Invocation) (Value, bool) {
	if c.Object.Kind == IsList {
		return Value{}, false
	}
	s, rest, ok := subject(c)
	from, ok1 := count(rest, 0)
	if !ok || !ok1 {
		return Value{}, false
	}
	to, ok2 := count(rest, 1)
	if !ok2 {
		to = len(s)
	}
	if c.Name == "Substring" && ok2 { // C#'s second is a count
		to += from
	}
	if from < 0 {
		from += len(s)
	}
	if to < 0 {
		to += len(s)
	}
	return cut(s, from, to), true
}

func substr(_ *Machine, c *Invocation) (Value, bool) {
	s, rest, ok := subject(c)
	from, ok1 := count(rest, 0)
	n, ok2 := count(rest, 1)
	if !ok || !ok1 {
		return Value{}, false
	}
	if !ok2 {
		n = len(s)
	}
	if from < 0 {
		from += len(s)
	}
	return cut(s, from, from+n), true
}

func mid(_ *Machine, c *Invocation) (Value, bool) {
	s, rest, ok := subject(c)
	from, ok1 := count(rest, 0)
	n, ok2 := count(rest, 1)
	if !ok2 {
		n = len(s)
	}
	return cut(s, from-1, from-1+n), ok && ok1
}

func left(_ *Machine, c *Invocation) (Value, bool) {
	s, rest, ok := subject(c)
	n, ok1 := count(rest, 0)
	return cut(s, 0, n), ok && ok1
}

func right(_ *Machine, c *Invocation) (Value, bool) {
	s, rest, ok := subject(c)
	n, ok1 := count(rest, 0)
	return cut(s, len(s)-n, len(s)), ok && ok1
}

func charAt(m *Machine, c *Invocation) (Value, bool) {
	s, rest, ok := subject(c)
	i, ok1 := count(rest, 0)
	if rs := []rune(s); ok && ok1 && i >= 0 && i < len(rs) {
		if m.dialect.Name == "javascript" {
			return Str(string(rs[i])), true
		}
		return Value{Kind: IsChar, Num: int64(rs[i])}, true
	}
	return Value{}, false
}

func charCode(_ *Machine, c *Invocation) (Value, bool) {
	s, rest, ok := subject(c)
	i, _ := count(rest, 0)
	if rs := []rune(s); ok && i >= 0 && i < len(rs) {
		return Num(int64(rs[i])), true
	}
	return Value{}, false
}

func character(_ *Machine, c *Invocation) (Value, bool) {
	var b strings.Builder
	for _, a := range c.Args {
		n, ok := a.number()
		if !ok {
			return Value{}, false
		}
		b.WriteRune(rune(n))
	}
	return Str(b.String()), len(c.Args) > 0
}

func code(_ *Machine, c *Invocation) (Value, bool) {
	s, _, ok := subject(c)
	if !ok || s == "" {
		return Value{}, false
	}
	r, _ := utf8.DecodeRuneInString(s)
	return Num(int64(r)), true
}

func split(_ *Machine, c *Invocation) (Value, bool) {
	s, rest, ok := subject(c)
	by, known := arg(rest, 0)
	if c.Object.Kind != IsText && c.Arg(0).Type == "pattern" { // Perl's split /x/, text
		s, ok = arg(c.Args, 1)
		by, known = c.Arg(0).Text, true
	}
	if !ok || len(s) > maxElements {
		return Value{}, false
	}
	if !known {
		return list(strings.Fields(s)), len(rest) == 0
	}
	if strings.HasPrefix(by, `\`) || strings.HasPrefix(by, "[") {
		by = strings.Trim(by, `\[]`)
	}
	return list(strings.Split(s, by)), true
}

func list(ss []string) Value {
	out := Value{Kind: IsList}
	for _, s := range ss {
		out.List = append(out.List, Str(s))
	}
	return out
}

// joinAll is a.join(","), ",".join(a), String.Concat(",", a) and join(a, ",").
func joinAll(m *Machine, c *Invocation) (Value, bool) {
	var items []Value
	by := ","
	if m.dialect.Name == "vbscript" {
		by = " "
	}
	for i, v := range append([]Value{c.Object}, c.Args...) {
		switch v.Kind {
		case IsList:
			items = append(items, v.List...)
		case IsText:
			if i < 2 || items != nil && m.dialect.Name != "perl" {
				by = v.Text
			} else {
				items = append(items, v)
			}
		}
	}
	if items == nil {
		return Value{}, false
	}
	out := Str("")
	for i, v := range items {
		if i > 0 && by != "" {
			out = Concat(out, Str(by))
		}
		if i > 4096 {
			return Mix(items...), true
		}
		out = Concat(out, v)
	}
	return out, true
}

func array(_ *Machine, c *Invocation) (Value, bool) {
	if len(c.Args) == 1 && c.Args[0].Kind == IsList {
		return c.Args[0], true
	}
	return Value{Kind: IsList, List: c.Args}, true
}

func repeat(_ *Machine, c *Invocation) (Value, bool) {
	s, rest, ok := subject(c)
	n, ok1 := count(rest, 0)
	if !ok || !ok1 || n < 0 || len(s)*n > maxText {
		return Value{}, false
	}
	return Str(strings.Repeat(s, n)), true
}

func spaces(_ *Machine, c *Invocation) (Value, bool) {
	n, ok := count(c.Args, 0)
	return Str(strings.Repeat(" ", max(0, min(n, maxElements)))), ok
}

// format is String.format, "...".format and String.Format: what stands between
// the placeholders is joined with the arguments.
func format(_ *Machine, c *Invocation) (Value, bool) {
	s, rest, ok := subject(c)
	if !ok {
		return Value{}, false
	}
	out := Str("")
	for n := 0; ; n++ {
		i := strings.IndexAny(s, "%{")
		if i < 0 || n >= len(rest) {
			return Concat(out, Str(s)), true
		}
		out = Concat(out, Str(s[:i]))
		which := n
		end := i + 2
		if s[i] == '{' {
			end = i + 1
			digits := 0
			for end < len(s) && s[end] != '}' {
				if isDigit(s[end]) {
					digits = digits*10 + int(s[end]-'0')
					which = min(digits, len(rest)-1)
				}
				end++
			}
			end++
		}
		out = Concat(out, rest[which])
		s = s[min(end, len(s)):]
	}
}

func length(_ *Machine, c *Invocation) (Value, bool) {
	v := c.Object
	if v.Kind == Unknown {
		v = c.Arg(0)
	}
	switch v.Kind {
	case IsList:
		return Num(int64(len(v.List))), true
	case IsText:
		return Num(int64(utf8.RuneCountInString(v.Text))), true
	}
	return Value{}, true
}

// last is VBScript's ubound.
func last(m *Machine, c *Invocation) (Value, bool) {
	if c.Arg(0).Kind == IsList {
		return Num(int64(len(c.Args[0].List) - 1)), true
	}
	return Value{}, true
}

func numeric(_ *Machine, c *Invocation) (Value, bool) {
	s, known := c.Arg(0).String()
	if !known {
		return Value{}, true
	}
	if _, ok := (Value{Kind: IsText, Text: s}).number(); ok {
		return Num(1), true
	}
	return Num(0), true
}

func parse(_ *Machine, c *Invocation) (Value, bool) {
	base, ok := count(c.Args, 1)
	s, known := c.Arg(0).String()
	if !known {
		return Value{}, true
	}
	if !ok {
		base = 10
		if strings.HasPrefix(s, "0x") {
			base = 16
		}
		if strings.HasPrefix(strings.ToLower(s), "&h") {
			s, base = s[2:], 16
		}
	}
	n, valid := parseBase(strings.TrimPrefix(strings.TrimSpace(s), "0x"), base)
	return Num(n), valid
}

func insert(_ *Machine, c *Invocation) (Value, bool) {
	at, ok := count(c.Args, 0)
	s, known := c.Arg(1).String()
	if c.Object.Kind != IsText || !ok || !known || at < 0 || at > len(c.Object.Text) {
		return Value{}, false
	}
	return Str(c.Object.Text[:at] + s + c.Object.Text[at:]), true
}

func removeRange(_ *Machine, c *Invocation) (Value, bool) {
	at, ok := count(c.Args, 0)
	n, ok1 := count(c.Args, 1)
	if c.Object.Kind != IsText || !ok || !ok1 || at < 0 || n < 0 || at+n > len(c.Object.Text) {
		return Value{}, false
	}
	return Str(c.Object.Text[:at] + c.Object.Text[at+n:]), true
}
