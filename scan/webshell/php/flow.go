package php

import (
	"sort"
	"strings"

	"github.com/boltseal/boltseal/finding"
	"github.com/boltseal/boltseal/scan/webshell/verdict"
)

// origin is where data comes from; a larger one is worse.
type origin uint8

const (
	fromBlob    origin = iota + 1 // a text of the file that could not be decoded
	fromUnset                     // a variable that only register_globals sets
	fromRemote                    // another machine
	fromRequest                   // who sends the request
)

// flow is the way of data to where it is now, a list with its last station first.
type flow struct {
	prev *flow
	from origin
	// weak is set when the data went through a function that is not in the file.
	weak bool
	n    int
	unit *unit
	pos  int32
	end  int32
	what string
}

// maxSteps is how long a flow is written down.
const maxSteps = 12

func (f *flow) step(u *unit, n *node, what string) *flow {
	if f == nil || f.n >= maxSteps || f.unit == u && f.pos == n.pos && f.what == what {
		return f
	}
	g := *f
	g.prev, g.n, g.unit, g.pos, g.end, g.what = f, f.n+1, u, n.pos, n.end, what
	return &g
}

// better is the flow that says more.
func better(a, b *flow) *flow {
	switch {
	case a == nil:
		return b
	case b == nil || a == b:
		return a
	case a.rank() >= b.rank():
		return a
	}
	return b
}

func (f *flow) rank() int {
	r := int(f.from) * 2
	if !f.weak {
		r++
	}
	return r
}

// weaken marks the flow as gone through the unknown.
func (f *flow) weaken() *flow {
	if f == nil || f.weak {
		return f
	}
	g := *f
	g.weak = true
	return &g
}

// trace is the flow for people.
func (f *flow) trace() []finding.Step {
	var out []finding.Step
	for ; f != nil; f = f.prev {
		out = append(out, f.unit.step(f.pos, f.end, f.what))
	}
	for i, j := 0, len(out)-1; i < j; i, j = i+1, j-1 {
		out[i], out[j] = out[j], out[i]
	}
	return out
}

// unit is a piece of code: the file, or what was decoded from it.
type unit struct {
	src   string
	lines []int32 // where lines begin; made when asked for
	// line is that of the file where decoded code is run, 0 for the file.
	line int
	// layer counts how often code was decoded.
	layer int
}

func (u *unit) step(pos, end int32, what string) finding.Step {
	end = min(max(end, pos), int32(len(u.src)), pos+400)
	return finding.Step{Line: u.lineAt(pos), What: what, Code: verdict.Excerpt([]byte(u.src[min(pos, end):end]))}
}

func (u *unit) lineAt(pos int32) int {
	if u.line > 0 {
		return u.line
	}
	if u.lines == nil {
		u.lines = []int32{0}
		for i := 0; i < len(u.src); {
			j := strings.IndexByte(u.src[i:], '\n')
			if j < 0 {
				break
			}
			i += j + 1
			u.lines = append(u.lines, int32(i))
		}
	}
	return sort.Search(len(u.lines), func(i int) bool { return u.lines[i] > pos })
}
