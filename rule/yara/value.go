package yara

// typ is what is known of a value when a rule is compiled.
type typ uint8

const (
	typAny typ = iota // of modules that are only parsed: always undefined
	typInt
	typFloat
	typString
	typBool
	typRegex
	typObject
)

var typeNames = [...]string{"any", "integer", "float", "string", "boolean", "regular expression", "structure"}

// value is what an expression yields in a text.
type value struct {
	kind kind
	i    int64 // also of booleans
	f    float64
	s    string
	re   *compiledRegex
	obj  any // fields or array
}

type kind uint8

const (
	undefined kind = iota
	kindInt
	kindFloat
	kindString
	kindRegex
	kindObject
)

// expr yields a value; it must not keep the evaluation.
type expr func(c *evaluation) value

func intValue(i int64) value     { return value{kind: kindInt, i: i} }
func floatValue(f float64) value { return value{kind: kindFloat, f: f} }
func stringValue(s string) value { return value{kind: kindString, s: s} }

func boolValue(b bool) value {
	if b {
		return intValue(1)
	}
	return intValue(0)
}

func (v value) float() float64 {
	if v.kind == kindFloat {
		return v.f
	}
	return float64(v.i)
}

// truth is what a condition makes of a value: undefined is false.
func (v value) truth() bool {
	switch v.kind {
	case kindInt:
		return v.i != 0
	case kindFloat:
		return v.f != 0
	case kindString:
		return v.s != ""
	}
	return false
}

// externalValue turns a caller's variable into a value.
func externalValue(v any) (value, typ, bool) {
	switch v := v.(type) {
	case bool:
		return boolValue(v), typBool, true
	case int:
		return intValue(int64(v)), typInt, true
	case int64:
		return intValue(v), typInt, true
	case float64:
		return floatValue(v), typFloat, true
	case string:
		return stringValue(v), typString, true
	}
	return value{}, typAny, false
}

type compiledRegex struct {
	prog program
}

// find reports the length of the match at the first position that has one.
func (re *compiledRegex) find(c *evaluation, s string) (int, bool) {
	data := []byte(s)
	for at := 0; at <= len(data); at++ {
		length := -1
		c.machine.run(&run{prog: re.prog, data: data, at: at}, 0, false, func(n int) bool {
			length = n
			return true
		})
		if length >= 0 {
			return length, true
		}
		if !c.spend(1) {
			break
		}
	}
	return 0, false
}
