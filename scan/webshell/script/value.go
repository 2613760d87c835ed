package script

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// Kind is what is known of a Value.
type Kind uint8

// The kinds of value.
const (
	Unknown  Kind = iota
	IsText        // Text
	IsNumber      // Num
	IsChar        // Num, which is text when it is joined with text
	IsList        // List
	IsFields      // Fields
	IsFunc        // Func, with the variables around it
)

// Taint is where a value may come from.
type Taint uint16

// The origins of values.
const (
	// Request: whoever sent the request chose it.
	Request Taint = 1 << iota
	// Whole: nothing constant stands before what the request chose.
	Whole
	// Decoded: it was decrypted, decoded or unpacked from something unknown.
	Decoded
	// Remote: it came over a connection that the program opened.
	Remote
	// FromFile: it was read from a file.
	FromFile
	// Carrier: the object that requests are read from.
	Carrier
	// Hidden: a constant that the program computes in a way that was not
	// followed, or that has no other reason than to be hard to read.
	Hidden
	// Embedded: a constant of the program that is itself code, such as the
	// bytes of a class.
	Embedded
)

// Value is what an expression may stand for.
type Value struct {
	Kind  Kind
	Taint Taint
	Num   int64
	Text  string
	// Type is what sort of object it is, as the language or the Library names
	// it: "java.lang.Runtime", "class java.lang.Runtime".
	Type   string
	List   []Value
	Fields map[string]Value
	Func   *Func
	scope  *scope
	// From is the way it came.
	From *Origin
}

// Origin is one station on the way of a value.
type Origin struct {
	Line int
	What string
	Prev *Origin
	// Step is a station worth showing that is not a source.
	Step bool
}

// Str makes a text.
func Str(s string) Value { return Value{Kind: IsText, Text: s} }

// Num makes a number.
func Num(n int64) Value { return Value{Kind: IsNumber, Num: n} }

// Object makes a value of which the type is known.
func Object(typ string) Value { return Value{Type: typ} }

// maxText bounds one computed text.
const maxText = 1 << 20

// String gives the text that a value is when it is joined with text, and
// whether it is known.
func (v Value) String() (string, bool) {
	switch v.Kind {
	case IsText:
		return v.Text, true
	case IsNumber:
		return strconv.FormatInt(v.Num, 10), true
	case IsChar:
		return string(rune(v.Num)), true
	case IsList:
		return v.bytes()
	}
	return "", false
}

// bytes makes text of a list of numbers, characters or texts.
func (v Value) bytes() (string, bool) {
	var b strings.Builder
	for _, e := range v.List {
		switch e.Kind {
		case IsChar:
			b.WriteRune(rune(e.Num))
		case IsNumber:
			if n := e.Num; n >= -128 && n < 256 {
				b.WriteByte(byte(n))
			} else {
				b.WriteRune(rune(n))
			}
		case IsText:
			b.WriteString(e.Text)
		default:
			return "", false
		}
	}
	return b.String(), true
}

// textOf joins characters.
func textOf(cs []Value) string {
	var b strings.Builder
	for _, c := range cs {
		b.WriteRune(rune(c.Num))
	}
	return b.String()
}

// chars makes a list of the characters of a text.
func chars(s string) []Value {
	if len(s) > maxElements {
		return nil
	}
	var out []Value
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		if r == utf8.RuneError && n == 1 {
			r = rune(s[i])
		}
		out = append(out, Value{Kind: IsChar, Num: int64(r)})
		i += n
	}
	return out
}

// byteList makes a list of the bytes of a text.
func byteList(s string) []Value {
	if len(s) > maxElements {
		return nil
	}
	out := make([]Value, len(s))
	for i := range len(s) {
		out[i] = Num(int64(s[i]))
	}
	return out
}

// number gives what a value counts in arithmetic.
func (v Value) number() (int64, bool) {
	switch v.Kind {
	case IsNumber, IsChar:
		return v.Num, true
	case IsText:
		s := strings.TrimSpace(v.Text)
		if len(s) > 2 && (strings.HasPrefix(s, "&H") || strings.HasPrefix(s, "&h")) {
			n, err := strconv.ParseInt(s[2:], 16, 64)
			return n, err == nil
		}
		n, err := strconv.ParseInt(s, 10, 64)
		return n, err == nil
	}
	return 0, false
}

// truth says whether a value counts as true, if that is known.
func (v Value) truth() (yes, known bool) {
	switch v.Kind {
	case IsNumber, IsChar:
		return v.Num != 0, true
	}
	return false, false
}

// maxParts is how many parts of a value are looked at to say where it came
// from: parts may hold each other.
const maxParts = 512

// All is the taint of a value and of everything in it.
func (v Value) All() Taint {
	if v.List == nil && v.Fields == nil {
		return v.Taint
	}
	t, left := v.Taint, maxParts
	v.parts(&left, func(p *Value) bool {
		t |= p.Taint
		return true
	})
	return t
}

// parts visits what a value holds, until visit returns false.
func (v *Value) parts(left *int, visit func(*Value) bool) bool {
	for i := range v.List {
		if *left--; *left < 0 || !visit(&v.List[i]) || !v.List[i].parts(left, visit) {
			return false
		}
	}
	for _, f := range v.Fields {
		if *left--; *left < 0 || !visit(&f) || !f.parts(left, visit) {
			return false
		}
	}
	return true
}

// Origin is where the first tainted part of a value came from.
func (v Value) Origin() *Origin {
	from, left := v.From, maxParts
	if from != nil {
		return from
	}
	v.parts(&left, func(p *Value) bool {
		from = p.From
		return from == nil
	})
	return from
}

// Step returns v with one more station on its way, if it came from somewhere.
func (v Value) Step(line int, what string) Value {
	if v.From != nil && (v.From.Line != line || v.From.What != what) {
		v.From = &Origin{Line: line, What: what, Prev: v.From, Step: true}
	}
	return v
}

// Mix is an unknown value that came from any of vs.
func Mix(vs ...Value) Value {
	var out Value
	for _, v := range vs {
		t := v.All()
		if t&^(Whole|Hidden) == 0 {
			out.Taint |= t &^ Whole
			continue
		}
		out.Taint |= t
		if out.From == nil || t&Request != 0 && out.fromElsewhere() {
			out.From = v.Origin()
		}
	}
	out.Taint &^= Carrier
	return out
}

// fromElsewhere says whether the way does not begin at a request.
func (v Value) fromElsewhere() bool { return v.Taint&Request == 0 }

// either is what a variable holds if it may have been assigned.
func either(old, v Value) Value {
	keep := old
	if old.Kind == Unknown && (old.Type == "" || v.Type != "" && old.All() == 0) || old.Kind == IsText && old.Text == "" || old.Kind == IsNumber && v.Kind != Unknown {
		keep = v
	}
	t := old.All() | v.All()
	if keep.Kind == IsFunc {
		return keep
	}
	if keep.All() != t {
		keep.Taint |= t
		if keep.From == nil || v.All()&Request != 0 && old.All()&Request == 0 {
			if o := v.Origin(); o != nil {
				keep.From = o
			} else {
				keep.From = old.Origin()
			}
		}
		if t&Request != 0 && keep.Kind != IsList && keep.Kind != IsFields {
			keep.Kind = Unknown
		}
	}
	return keep
}
