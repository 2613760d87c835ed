package php

import (
	"math"
	"slices"
	"strconv"
	"strings"
)

// vkind is what is known of a value.
type vkind uint8

const (
	vUnset vkind = iota // no value was given
	vUnknown
	vNull
	vBool // i
	vInt  // i
	vFloat
	vStr
	vArr
	vObj
)

// value is what an expression may be when the file runs. Values are immutable,
// except arrays that their only owner changes.
type value struct {
	k vkind
	// hidden is set for a text that was put together or decoded: how much was done.
	hidden uint8
	// escaped is set for text that escapeshellarg or similar made harmless.
	escaped bool
	// s is the text of a vStr; of a vUnknown the known beginning of it.
	s    string
	i    int64
	f    float64
	arr  *array
	obj  *object
	flow *flow
	// alts are the texts that a vUnknown may be.
	alts []string
}

var (
	null    = value{k: vNull}
	unknown = value{k: vUnknown}
)

func str(s string) value       { return value{k: vStr, s: s} }
func integer(i int64) value    { return value{k: vInt, i: i} }
func float(f float64) value    { return value{k: vFloat, f: f} }
func arrayOf(a *array) value   { return value{k: vArr, arr: a} }
func tainted(f *flow) value    { return value{k: vUnknown, flow: f} }
func objectOf(o *object) value { return value{k: vObj, obj: o} }

func boolean(b bool) value {
	if b {
		return value{k: vBool, i: 1}
	}
	return value{k: vBool}
}

// known says whether the value is a scalar that can be computed with.
func (v value) known() bool { return v.k >= vNull && v.k <= vStr }

// object is an instance of a class of the file or of PHP, or a closure.
type object struct {
	class *class
	name  string // of PHP's class
	props map[string]*cell
	fn    *function
	// env is what a closure sees: its variables and $this.
	env *scope
	// args are what PHP's own class was made with.
	args []value
	// gen is set for a generator: what it yields was collected.
	gen *array
}

// cell is a variable. Two names of one variable share the cell. Those of a
// function's own variables have its scope.
type cell struct {
	v     value
	owner *scope
}

// key is an array key: an integer, or a text with isStr.
type key struct {
	s     string
	i     int64
	isStr bool
}

func (k key) value() value {
	if k.isStr {
		return str(k.s)
	}
	return integer(k.i)
}

// array is PHP's ordered map.
type array struct {
	keys []key
	vals []value
	at   map[key]int // nil while keys are 0, 1, 2...
	next int64
	// rest is what was stored under keys that are not known.
	rest value
	// shared means that a change must be made to a copy; fork is the branch in
	// which the array was made, and in which it may be changed.
	shared bool
	fork   int
}

func (a *array) list() bool { return a.at == nil }

func (a *array) find(k key) int {
	if a.at == nil {
		if !k.isStr && k.i >= 0 && k.i < int64(len(a.keys)) {
			return int(k.i)
		}
		return -1
	}
	if i, ok := a.at[k]; ok {
		return i
	}
	return -1
}

func (a *array) set(k key, v value) {
	if i := a.find(k); i >= 0 {
		a.vals[i] = v
		return
	}
	if a.at == nil && (k.isStr || k.i != int64(len(a.keys))) {
		a.at = make(map[key]int, len(a.keys)+1)
		for i, old := range a.keys {
			a.at[old] = i
		}
	}
	if a.at != nil {
		a.at[k] = len(a.keys)
	}
	a.keys = append(a.keys, k)
	a.vals = append(a.vals, v)
	if !k.isStr && k.i >= a.next {
		a.next = k.i + 1
	}
}

func (a *array) push(v value) { a.set(key{i: a.next}, v) }

func (a *array) remove(k key) {
	i := a.find(k)
	if i < 0 {
		return
	}
	next := a.next
	keys, vals := a.keys, a.vals
	a.keys, a.vals, a.at = nil, nil, map[key]int{}
	for j := range keys {
		if j != i {
			a.set(keys[j], vals[j])
		}
	}
	a.next = next
}

func (a *array) copy() *array {
	b := &array{keys: slices.Clone(a.keys), vals: slices.Clone(a.vals), next: a.next, rest: a.rest}
	if a.at != nil {
		b.at = make(map[key]int, len(a.at))
		for k, i := range a.at {
			b.at[k] = i
		}
	}
	for i := range b.vals {
		if n := b.vals[i].arr; n != nil {
			n.shared = true
		}
	}
	return b
}

func listOf(vs ...value) *array {
	a := &array{}
	for _, v := range vs {
		a.push(v)
	}
	return a
}

// intKey says which integer key a text is.
func intKey(s string) (int64, bool) {
	if s == "" || len(s) > 20 || s != "0" && (s[0] == '0' || s == "-0") {
		return 0, false
	}
	i, err := strconv.ParseInt(s, 10, 64)
	return i, err == nil && strconv.FormatInt(i, 10) == s
}

func toKey(v value) (key, bool) {
	switch v.k {
	case vStr:
		if i, ok := intKey(v.s); ok {
			return key{i: i}, true
		}
		return key{s: v.s, isStr: true}, true
	case vInt, vBool:
		return key{i: v.i}, true
	case vFloat:
		return key{i: toInt(v)}, true
	case vNull, vUnset:
		return key{isStr: true}, true
	}
	return key{}, false
}

// toStr is the text of a known scalar.
func toStr(v value) string {
	switch v.k {
	case vStr:
		return v.s
	case vInt:
		return strconv.FormatInt(v.i, 10)
	case vBool:
		if v.i != 0 {
			return "1"
		}
	case vFloat:
		return floatText(v.f)
	case vArr:
		return "Array"
	}
	return ""
}

// floatText prints as PHP 8 does: the shortest text that reads back, with an
// exponent outside of 1e-5 to 1e15.
func floatText(f float64) string {
	switch {
	case math.IsNaN(f):
		return "NAN"
	case math.IsInf(f, 1):
		return "INF"
	case math.IsInf(f, -1):
		return "-INF"
	case f == 0:
		if math.Signbit(f) {
			return "-0"
		}
		return "0"
	}
	if a := math.Abs(f); a >= 1e-4 && a < 1e15 {
		return strconv.FormatFloat(f, 'f', -1, 64)
	}
	s := strconv.FormatFloat(f, 'E', -1, 64)
	mant, exp, _ := strings.Cut(s, "E")
	if !strings.Contains(mant, ".") {
		mant += ".0"
	}
	return mant + "E" + exp[:1] + strings.TrimLeft(exp[1:], "0")
}

// numeric reads the number at the beginning of a text, and whether all of it is one.
func numeric(s string) (v value, whole bool) {
	t := strings.TrimLeft(s, " \t\n\r\v\f")
	n, isFloat := 0, false
	if n < len(t) && (t[n] == '+' || t[n] == '-') {
		n++
	}
	digits := n
	for n < len(t) && isDigit(t[n]) {
		n++
	}
	count := n - digits
	if n < len(t) && t[n] == '.' {
		m := n + 1
		for m < len(t) && isDigit(t[m]) {
			m++
		}
		if count > 0 || m > n+1 {
			isFloat = true
			count += m - n - 1
			n = m
		}
	}
	if count == 0 {
		return integer(0), false
	}
	if n < len(t) && t[n]|0x20 == 'e' {
		m := n + 1
		if m < len(t) && (t[m] == '+' || t[m] == '-') {
			m++
		}
		if m < len(t) && isDigit(t[m]) {
			for m < len(t) && isDigit(t[m]) {
				m++
			}
			isFloat = true
			n = m
		}
	}
	whole = strings.Trim(t[n:], " \t\n\r\v\f") == ""
	if !isFloat {
		if i, err := strconv.ParseInt(t[:n], 10, 64); err == nil {
			return integer(i), whole
		}
	}
	f, _ := strconv.ParseFloat(t[:n], 64)
	return float(f), whole
}

// toNum is the number of a known scalar.
func toNum(v value) value {
	switch v.k {
	case vInt, vFloat:
		return v
	case vBool:
		return integer(v.i)
	case vStr:
		n, _ := numeric(v.s)
		return n
	}
	return integer(0)
}

func toFloat(v value) float64 {
	if v = toNum(v); v.k == vInt {
		return float64(v.i)
	}
	return v.f
}

func toInt(v value) int64 {
	if v = toNum(v); v.k == vInt {
		return v.i
	}
	if math.IsNaN(v.f) || math.IsInf(v.f, 0) {
		return 0
	}
	if math.Abs(v.f) < 1<<63 {
		return int64(v.f)
	}
	m := math.Mod(math.Trunc(v.f), 1<<64)
	if m < 0 {
		return -int64(uint64(-m))
	}
	return int64(uint64(m))
}

// truth is the value as a condition; ok is false if that is not known.
func truth(v value) (b, ok bool) {
	switch v.k {
	case vNull, vUnset:
		return false, v.flow == nil
	case vBool, vInt:
		return v.i != 0, true
	case vFloat:
		return v.f != 0, true
	case vStr:
		return v.s != "" && v.s != "0", true
	case vArr:
		if len(v.arr.keys) > 0 {
			return true, true
		}
		return false, v.arr.rest.k == vUnset
	case vObj:
		return true, true
	}
	return false, false
}

// texts are all texts that the value is known to be able to be.
func (v value) texts() []string {
	if v.k == vStr {
		return []string{v.s}
	}
	return v.alts
}

// taint is the flow of the value or of something in it.
func (v value) taint() *flow {
	if v.flow != nil || v.k != vArr && v.k != vObj {
		return v.flow
	}
	left := maxDeep
	return deepTaint(v, 4, &left)
}

// maxDeep is how many elements are looked through for a flow.
const maxDeep = 256

func deepTaint(v value, depth int, left *int) *flow {
	best := v.flow
	if depth == 0 || v.arr == nil && v.obj == nil {
		return best
	}
	if v.arr != nil {
		best = better(best, deepTaint(v.arr.rest, depth-1, left))
		for i := 0; i < len(v.arr.vals) && *left > 0; i++ {
			*left--
			best = better(best, deepTaint(v.arr.vals[i], depth-1, left))
		}
	}
	if v.obj != nil && v.obj.class == nil && v.obj.fn == nil {
		for i := 0; i < len(v.obj.args) && *left > 0; i++ {
			*left--
			best = better(best, deepTaint(v.obj.args[i], depth-1, left))
		}
	}
	return best
}

// maxAlts is how many texts a value is followed through.
const maxAlts = 8

// join is what a value may be that is a on one way and b on another.
func join(a, b value) value {
	switch {
	case a.k == vUnset && a.flow == nil:
		return b
	case b.k == vUnset && b.flow == nil:
		return a
	case a.k == vObj && b.k == vObj:
		return b
	case a.k == vObj && b.k <= vNull:
		return a
	case b.k == vObj && a.k <= vNull:
		return b
	case a.k == vArr && b.k == vArr:
		return joinArrays(a, b)
	case a.k == b.k && a.s == b.s && a.i == b.i && a.f == b.f && a.arr == b.arr && len(a.alts) == 0 && len(b.alts) == 0:
		a.flow = better(a.flow, b.flow)
		a.escaped = a.escaped && b.escaped
		return a
	case a.k == vArr && b.k <= vNull && b.flow == nil:
		return a
	case b.k == vArr && a.k <= vNull && a.flow == nil:
		return b
	}
	v := value{k: vUnknown, flow: better(a.taint(), b.taint()), hidden: max(a.hidden, b.hidden)}
	v.escaped = (a.escaped || a.flow == nil) && (b.escaped || b.flow == nil) && v.flow != nil
	for _, t := range append(slices.Clone(a.texts()), b.texts()...) {
		if len(v.alts) < maxAlts && !slices.Contains(v.alts, t) {
			v.alts = append(v.alts, t)
		}
	}
	return v
}

// maxJoined is how many elements of two arrays are joined one by one.
const maxJoined = 48

func joinArrays(a, b value) value {
	if a.arr == b.arr {
		return a
	}
	if len(a.arr.keys)+len(b.arr.keys) > maxJoined {
		return arrayOf(&array{rest: value{k: vUnknown, flow: better(a.taint(), b.taint())}})
	}
	out := a.arr.copy()
	for i, k := range b.arr.keys {
		if j := out.find(k); j >= 0 {
			out.vals[j] = join(out.vals[j], b.arr.vals[i])
		} else {
			out.set(k, b.arr.vals[i])
		}
	}
	out.rest = join(out.rest, b.arr.rest)
	return arrayOf(out)
}
