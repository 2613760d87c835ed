package yara

// A tree is compiled to two programs, one that reads forward and one that reads
// backward. Verification begins at the literal that was found: the forward
// program goes on from there to the end, the backward one to every beginning.

type instOp uint8

const (
	instSet    instOp = iota // a byte of set, then the next instruction
	instSplit                // first x, then y
	instJump                 // to x
	instAssert               //
	instMatch
)

type inst struct {
	op     instOp
	assert assertion
	x, y   int32
	set    *byteSet
}

type program []inst

// compilePrograms compiles a tree and notes in its nodes where both programs go on.
func compilePrograms(n *node) (forward, backward program) {
	var f, b emitter
	f.emit(n)
	b.back = true
	b.emit(n)
	return append(f.prog, inst{op: instMatch}), append(b.prog, inst{op: instMatch})
}

type emitter struct {
	prog program
	back bool
}

func (e *emitter) add(i inst) int {
	e.prog = append(e.prog, i)
	return len(e.prog) - 1
}

func (e *emitter) here() int32 { return int32(len(e.prog)) }

func (e *emitter) emit(n *node) {
	switch n.op {
	case opSet:
		at := e.add(inst{op: instSet, set: n.set})
		// Of a repeated node the copy that is first in the text counts.
		if e.back {
			n.backward = at + 1
		} else if n.forward == 0 {
			n.forward = at + 1
		}
	case opAssert:
		e.add(inst{op: instAssert, assert: n.assert})
	case opConcat:
		for i := range n.sub {
			if e.back {
				i = len(n.sub) - 1 - i
			}
			e.emit(n.sub[i])
		}
	case opAlt:
		e.alternatives(n.sub)
	case opRepeat:
		e.repeat(n)
	}
}

func (e *emitter) alternatives(sub []*node) {
	var ends []int
	for i, s := range sub {
		if i == len(sub)-1 {
			e.emit(s)
			break
		}
		split := e.add(inst{op: instSplit})
		e.prog[split].x = e.here()
		e.emit(s)
		ends = append(ends, e.add(inst{op: instJump}))
		e.prog[split].y = e.here()
	}
	for _, at := range ends {
		e.prog[at].x = e.here()
	}
}

// repeat writes out the copies; what must be there comes first in the text.
func (e *emitter) repeat(n *node) {
	must := func() {
		for range n.min {
			e.emit(n.sub[0])
		}
	}
	if n.max == unlimited && n.min > 0 {
		// The loop is the copy that is last in the text.
		loop := n.min - 1
		if e.back {
			loop = 0
		}
		for i := range n.min {
			start := e.here()
			e.emit(n.sub[0])
			if i == loop {
				e.branch(n.lazy, start)
			}
		}
		return
	}
	if !e.back {
		must()
	}
	if n.max == unlimited {
		split := e.add(inst{op: instSplit})
		e.emit(n.sub[0])
		e.add(inst{op: instJump, x: int32(split)})
		e.patch(split, n.lazy)
	}
	var splits []int
	for i := n.min; i < n.max; i++ {
		splits = append(splits, e.add(inst{op: instSplit}))
		e.emit(n.sub[0])
	}
	for _, s := range splits {
		e.patch(s, n.lazy)
	}
	if e.back {
		must()
	}
}

// branch goes back to start or on.
func (e *emitter) branch(lazy bool, start int32) {
	i := inst{op: instSplit, x: start, y: e.here() + 1}
	if lazy {
		i.x, i.y = i.y, i.x
	}
	e.add(i)
}

// patch makes split enter what follows it or jump to here.
func (e *emitter) patch(split int, lazy bool) {
	s := &e.prog[split]
	s.x, s.y = int32(split)+1, e.here()
	if lazy {
		s.x, s.y = s.y, s.x
	}
}
