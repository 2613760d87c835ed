package class

import (
	"encoding/binary"

	"github.com/boltseal/boltseal/scan/webshell/script"
)

// The instructions that are told apart by name; the others are handled in
// ranges (Java Virtual Machine Specification, chapter 6).
const (
	iconstM1, iconst5 = 2, 8
	bipush, sipush    = 16, 17
	ldc, ldcW, ldc2W  = 18, 19, 20
	iload, aload      = 21, 25
	iload0, aload3    = 26, 45
	iaload, saload    = 46, 53
	istore, astore    = 54, 58
	istore0, astore3  = 59, 78
	iastore, sastore  = 79, 86
	pop, pop2         = 87, 88
	dup, dupX1, dupX2 = 89, 90, 91
	dup2, dup2X1      = 92, 93
	dup2X2, swap      = 94, 95
	iadd, drem        = 96, 115
	ineg, dneg        = 116, 119
	ishl, lxor        = 120, 131
	iinc              = 132
	i2l, i2s          = 133, 147
	lcmp, dcmpg       = 148, 152
	ifeq, ifle        = 153, 158
	ificmpeq          = 159
	ifacmpne          = 166
	gotoOp, jsr, ret  = 167, 168, 169
	tableswitch       = 170
	lookupswitch      = 171
	ireturn, areturn  = 172, 176
	returnOp          = 177
	getstatic         = 178
	putstatic         = 179
	getfield          = 180
	putfield          = 181
	invokevirtual     = 182
	invokestatic      = 184
	invokeinterface   = 185
	invokedynamic     = 186
	newOp, newarray   = 187, 188
	anewarray         = 189
	arraylength       = 190
	athrow, checkcast = 191, 192
	instanceof        = 193
	monitorexit       = 195
	wideOp            = 196
	multianewarray    = 197
	ifnull, ifnonnull = 198, 199
	gotoW, jsrW       = 200, 201
)

// operator of the instructions from iadd on, four types each.
var operators = [...]string{"+", "-", "*", "/", "%"}

var shifts = [...]string{"<<", "<<", ">>", ">>", ">>>", ">>>", "&", "&", "|", "|", "^", "^"}

// operand reads n bytes behind the instruction at pc, 0 beyond the end.
func (f *frame) operand(at, n int) int {
	if at+n > len(f.m.code) {
		return 0
	}
	switch n {
	case 1:
		return int(f.m.code[at])
	case 2:
		return int(binary.BigEndian.Uint16(f.m.code[at:]))
	}
	return int(int32(binary.BigEndian.Uint32(f.m.code[at:])))
}

// step runs one instruction.
func (r *run) step(f *frame) {
	for _, l := range f.m.lines {
		if int(l.pc) == f.pc {
			f.line = int(l.number)
		}
	}
	if s, ok := f.waiting[f.pc]; ok {
		f.arrive(s)
	}
	op := f.m.code[f.pc]
	u1, u2 := f.operand(f.pc+1, 1), f.operand(f.pc+1, 2)
	size := 1
	switch {
	case op == 0 || op == returnOp:
	case op == 1, op >= 9 && op <= 15:
		f.push(script.Value{})
	case op >= iconstM1 && op <= iconst5:
		f.push(script.Num(int64(op) - 3))
	case op == bipush:
		f.push(script.Num(int64(int8(u1))))
		size = 2
	case op == sipush:
		f.push(script.Num(int64(int16(u2))))
		size = 3
	case op == ldc:
		f.push(r.constant(uint16(u1)))
		size = 2
	case op == ldcW || op == ldc2W:
		f.push(r.constant(uint16(u2)))
		size = 3
	case op >= iload && op <= aload:
		f.load(u1)
		size = 2
	case op >= iload0 && op <= aload3:
		f.load(int(op-iload0) % 4)
	case op >= istore && op <= astore:
		f.store(u1)
		size = 2
	case op >= istore0 && op <= astore3:
		f.store(int(op-istore0) % 4)
	case op >= iaload && op <= saload:
		r.element(f)
	case op >= iastore && op <= sastore:
		f.setElement()
	case op >= pop && op <= swap:
		f.shuffle(op)
	case op >= iadd && op <= drem:
		r.binary(f, operators[(op-iadd)/4])
	case op >= ishl && op <= lxor:
		r.binary(f, shifts[op-ishl])
	case op >= lcmp && op <= dcmpg:
		f.pop()
		f.pop()
		f.push(script.Value{})
	case op == iinc:
		if s, ok := f.locals[u1]; ok && s.v.Kind == script.IsNumber {
			s.v.Num += int64(int8(f.operand(f.pc+2, 1)))
			f.locals[u1] = s
		}
		size = 3
	case op >= ineg && op <= dneg, op >= i2l && op <= i2s:
	case op >= ifeq && op <= ifacmpne || op == ifnull || op == ifnonnull || op == gotoOp || op == jsr:
		f.jump(op, f.pc+int(int16(u2)))
		size = 3
	case op == gotoW || op == jsrW:
		f.jump(gotoOp, f.pc+f.operand(f.pc+1, 4))
		size = 5
	case op == tableswitch || op == lookupswitch:
		size = f.switches(op)
	case op >= ireturn && op <= areturn:
		f.out = merge(f.out, f.pop().v)
		f.stack = nil
	case op >= getstatic && op <= putfield:
		r.field(f, op, uint16(u2))
		size = 3
	case op >= invokevirtual && op <= invokedynamic:
		class, name, descriptor := r.f.member(uint16(u2))
		r.invoke(f, op, class, name, descriptor)
		size = 3
		if op >= invokeinterface {
			size = 5
		}
	default:
		size = r.objects(f, op, u2)
	}
	f.pc += size
}

// objects runs the instructions about objects and arrays.
func (r *run) objects(f *frame, op byte, u2 int) int {
	switch op {
	case newOp:
		r.made++
		f.stack = append(f.stack, slot{v: script.Object(r.f.class(uint16(u2))), local: -1, object: r.made})
		return 3
	case newarray, anewarray:
		n := f.pop().v
		v := script.Value{}
		if n.Kind == script.IsNumber && n.Num >= 0 && n.Num <= 4096 {
			v = script.Value{Kind: script.IsList, List: make([]script.Value, n.Num)}
		}
		f.push(v)
		if op == newarray {
			return 2
		}
		return 3
	case arraylength:
		v := f.pop().v
		if v.Kind == script.IsList {
			f.push(script.Num(int64(len(v.List))))
		} else {
			f.push(script.Value{})
		}
	case athrow:
		f.stack = nil
	case checkcast:
		typ := r.f.class(uint16(u2))
		if s := f.pop(); s.v.Kind == script.Unknown && (s.v.Type == "" || s.v.Type == "java.lang.Object") {
			typed, _ := r.lib.Typed(r.machine, typ, "")
			typed.Taint |= s.v.Taint
			typed.From = s.v.From
			f.stack = append(f.stack, slot{v: typed, local: s.local})
		} else {
			f.stack = append(f.stack, s)
		}
		return 3
	case instanceof:
		f.pop()
		f.push(script.Value{})
		return 3
	case 194, monitorexit:
		f.pop()
	case wideOp:
		return f.wide()
	case multianewarray:
		for range f.operand(f.pc+3, 1) {
			f.pop()
		}
		f.push(script.Value{})
		return 4
	}
	return 1
}

// wide is an instruction about a local variable with a large number.
func (f *frame) wide() int {
	op, n := byte(f.operand(f.pc+1, 1)), f.operand(f.pc+2, 2)
	switch {
	case op >= iload && op <= aload:
		f.load(n)
	case op >= istore && op <= astore:
		f.store(n)
	case op == iinc:
		return 6
	}
	return 4
}

func (f *frame) load(n int) {
	s := f.locals[n]
	if len(f.stack) < maxStack {
		f.stack = append(f.stack, slot{v: s.v, local: n, object: s.object})
	}
}

// store assigns. A variable keeps where it came from before, since jumps are
// not followed.
func (f *frame) store(n int) {
	s := f.pop()
	s.local = -1
	if old, ok := f.locals[n]; ok && s.object == 0 && len(f.waiting) > 0 {
		s.v = merge(old.v, s.v)
	}
	f.locals[n] = s
}

// merge is a value that is a or b: b where that is known to come from somebody,
// or says more.
func merge(a, b script.Value) script.Value {
	if a.All()&script.Request != 0 && b.All()&script.Request == 0 && b.Kind != script.IsText && (b.Type == "" || b.Type == a.Type) {
		return a
	}
	if b.Kind == script.Unknown && b.Type == "" && b.Taint == 0 {
		return a
	}
	return b
}

func (r *run) element(f *frame) {
	i, a := f.pop().v, f.pop()
	if a.v.Kind == script.IsList && i.Kind == script.IsNumber && i.Num >= 0 && i.Num < int64(len(a.v.List)) {
		f.push(a.v.List[i.Num])
		return
	}
	f.push(r.machine.Invoke(&script.Invocation{Name: "[]", Object: a.v, Args: []script.Value{i}, Line: f.line}, false))
}

func (f *frame) setElement() {
	v, i, a := f.pop(), f.pop().v, f.pop()
	if a.v.Kind == script.IsList && i.Kind == script.IsNumber && i.Num >= 0 && i.Num < int64(len(a.v.List)) {
		a.v.List[i.Num] = v.v
		return
	}
	f.blend(a.local, v.v)
}

func (r *run) binary(f *frame, op string) {
	b, a := f.pop().v, f.pop().v
	f.push(r.machine.Operate(op, a, b, f.line))
}

func (r *run) constant(i uint16) script.Value {
	c := r.f.at(i)
	switch c.tag {
	case tagString:
		return script.Str(r.f.text(c.a))
	case tagClass:
		return script.Object("class " + dots(r.f.text(c.a)))
	case tagInteger, tagLong:
		return script.Num(c.num)
	}
	return script.Value{}
}

func (r *run) field(f *frame, op byte, i uint16) {
	class, name, descriptor := r.f.member(i)
	key := class + "." + name
	switch op {
	case putfield, putstatic:
		v := f.pop().v
		if op == putfield {
			f.pop()
		}
		r.fields[key] = merge(r.fields[key], v)
		return
	case getfield:
		f.pop()
	}
	v := r.fields[key]
	if v.Kind == script.Unknown && v.Type == "" {
		typ, _ := one(descriptor + " ")
		typed, _ := r.lib.Typed(r.machine, typ, name)
		typed.Taint |= v.Taint
		if v.From != nil {
			typed.From = v.From
		}
		v = typed
	}
	f.push(v)
}

// shuffle moves values on the stack. A value of two places counts as one here.
func (f *frame) shuffle(op byte) {
	a := f.pop()
	switch op {
	case pop, pop2:
	case dup, dup2:
		f.stack = append(f.stack, a, a)
	case dupX1, dup2X1:
		b := f.pop()
		f.stack = append(f.stack, a, b, a)
	case dupX2, dup2X2:
		b, c := f.pop(), f.pop()
		f.stack = append(f.stack, a, c, b, a)
	case swap:
		b := f.pop()
		f.stack = append(f.stack, a, b)
	}
	if len(f.stack) > maxStack {
		f.stack = f.stack[:maxStack]
	}
}

// jump takes what a condition takes from the stack, and leaves the rest for
// where the jump arrives.
func (f *frame) jump(op byte, target int) {
	switch {
	case op >= ificmpeq && op <= ifacmpne:
		f.pop()
		f.pop()
	case op != gotoOp && op != jsr:
		f.pop()
	}
	if target > f.pc && len(f.stack) > 0 && len(f.waiting) < 4096 {
		f.waiting[target] = append([]slot(nil), f.stack...)
	}
	if op == gotoOp {
		f.stack = nil
	}
}

// arrive joins the stack with one that was left by a jump.
func (f *frame) arrive(s []slot) {
	if len(f.stack) < len(s) {
		f.stack = append([]slot(nil), s...)
		return
	}
	if len(f.stack) == len(s) && len(s) > 0 {
		top := &f.stack[len(s)-1]
		top.v = merge(s[len(s)-1].v, top.v)
	}
}

// switches returns how long a switch is.
func (f *frame) switches(op byte) int {
	f.pop()
	at := (f.pc + 4) &^ 3
	n := 0
	if op == tableswitch {
		n = 12 + 4*(f.operand(at+8, 4)-f.operand(at+4, 4)+1)
	} else {
		n = 8 + 8*f.operand(at+4, 4)
	}
	if n < 8 || n > len(f.m.code) {
		n = len(f.m.code)
	}
	return at + n - f.pc
}
