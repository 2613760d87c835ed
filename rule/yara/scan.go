package yara

import (
	"context"
	"slices"
	"sync"
)

// target is what a hit of a literal leads to.
type target struct {
	pattern           *pattern
	part              int
	tree, wide        bool
	length            int   // of a text string
	forward, backward int32 // where the programs of a tree go on
}

// everywhere is a part of a pattern that every position is tried for.
type everywhere struct {
	pattern *pattern
	part    int
	wide    bool
}

// place is one occurrence; order is where the literal was that led to it.
type place struct{ offset, length, order int }

// evaluation is the state of one Scan. It is reused.
type evaluation struct {
	ctx       context.Context
	rules     *Rules
	data      []byte
	externals map[string]value
	machine   machine
	steps     int64
	limit     *LimitError

	places  [][]place   // by pattern, in order of discovery until sorted
	pieces  [][][]place // of chains, by pattern and part
	sorted  []bool
	touched []int
	results []bool
	likely  ruleBits // the rules that may hold
	vars    []value
	current *pattern
	rule    *rule
	modules map[string]value
}

type scratchPool struct{ pool sync.Pool }

// get returns a clean evaluation for a text.
func (r *Rules) get(ctx context.Context, data []byte) *evaluation {
	c, _ := r.scratch.pool.Get().(*evaluation)
	if c == nil {
		n := len(r.patterns)
		c = &evaluation{rules: r, places: make([][]place, n), pieces: make([][][]place, n), sorted: make([]bool, n), results: make([]bool, len(r.rules)), likely: make(ruleBits, len(r.always))}
		c.machine.steps = &c.steps
	}
	c.ctx, c.data, c.steps, c.limit = ctx, data, r.limits.Steps, nil
	c.current, c.rule = nil, nil
	clear(c.results)
	copy(c.likely, r.always)
	return c
}

// keep is how many places of a pattern stay allocated from one text to the next.
const keep = 1024

func (r *Rules) put(c *evaluation) {
	for _, i := range c.touched {
		c.places[i] = c.places[i][:0]
		if cap(c.places[i]) > keep {
			c.places[i] = nil
		}
		c.pieces[i] = nil
		c.sorted[i] = false
	}
	c.touched = c.touched[:0]
	c.ctx, c.data, c.externals, c.modules = nil, nil, nil, nil
	clear(c.vars)
	r.scratch.pool.Put(c)
}

// Scan returns the rules that match data, in their order. It keeps no reference
// to data. An error is a *LimitError or the context's; what was found before is
// returned with it. Externals replace the defaults; variables that were not
// declared in Options are ignored.
func (r *Rules) Scan(ctx context.Context, data []byte, x Externals) ([]Match, error) {
	c := r.get(ctx, data)
	defer r.put(c)
	for name, v := range x {
		if val, _, ok := externalValue(v); ok {
			if c.externals == nil {
				c.externals = map[string]value{}
			}
			c.externals[name] = val
		}
	}
	c.search()
	out := c.judge()
	if err := ctx.Err(); err != nil {
		return out, err
	}
	if c.limit != nil {
		return out, c.limit
	}
	return out, nil
}

// search finds the strings of all rules.
func (c *evaluation) search() {
	r := c.rules
	n := 0
	r.set.Scan(c.data, func(id, start int) bool {
		c.verify(&r.targets[id], start)
		n++
		return c.steps > 0 && (n&0xfff != 0 || c.ctx.Err() == nil)
	})
	for _, e := range r.all {
		part := &e.pattern.parts[e.part]
		t := target{pattern: e.pattern, part: e.part, tree: true, wide: e.wide, backward: int32(len(part.backward)) - 1}
		for at := 0; at < len(c.data); at++ {
			if part.first.has(c.data[at]) && !c.verify(&t, at) {
				break
			}
			if at&0xffff == 0 && c.ctx.Err() != nil {
				return
			}
		}
	}
}

// spend takes n steps; it is false when there are none left.
func (c *evaluation) spend(n int64) bool {
	c.steps -= n
	if c.steps > 0 {
		return true
	}
	if c.limit == nil && c.rule != nil {
		c.limit = &LimitError{Rule: c.rule.name, Limit: "steps", Value: c.rules.limits.Steps}
	}
	return false
}

// verify looks whether a string matches around a hit of its literal; it is false
// when no more steps are left.
func (c *evaluation) verify(t *target, start int) bool {
	c.rule = t.pattern.rule
	if !c.spend(1) {
		return false
	}
	if !t.tree {
		c.record(t, start, t.length, start)
		return true
	}
	part := &t.pattern.parts[t.part]
	length := -1
	c.machine.run(&run{prog: part.forward, data: c.data, at: start, wide: t.wide}, int(t.forward), false, func(n int) bool {
		length = n
		return true
	})
	if length < 0 {
		return c.spend(0)
	}
	if part.backward[t.backward].op == instMatch {
		c.record(t, start, length, start)
		return c.spend(0)
	}
	c.machine.run(&run{prog: part.backward, data: c.data, at: start, back: true, wide: t.wide}, int(t.backward), true, func(n int) bool {
		return c.record(t, start-n, length+n, start)
	})
	return c.spend(0)
}

// record notes a match unless it is no full word; it is false at the limit.
func (c *evaluation) record(t *target, offset, length, order int) bool {
	p := t.pattern
	if length == 0 || p.fixed && !p.anywhere && p.parts == nil && !p.base64 && !p.base64wide && int64(offset) != p.fixedAt {
		return true
	}
	if p.fullword && !c.isFullWord(offset, length, t.wide) {
		return true
	}
	i := p.index
	if len(c.places[i]) == 0 && c.pieces[i] == nil {
		c.touched = append(c.touched, i)
		c.likely.set(p.rule.index)
	}
	list := &c.places[i]
	if len(p.parts) > 1 {
		if c.pieces[i] == nil {
			c.pieces[i] = make([][]place, len(p.parts))
		}
		list = &c.pieces[i][t.part]
	}
	if len(*list) >= c.rules.limits.Matches {
		if c.limit == nil {
			c.limit = &LimitError{Rule: p.rule.name, Limit: "matches of string " + p.id, Value: int64(c.rules.limits.Matches)}
		}
		return false
	}
	*list = append(*list, place{offset, length, order})
	return true
}

func isAlnum(c byte) bool { return isIdent(c) && c != '_' }

func (c *evaluation) isFullWord(offset, length int, wide bool) bool {
	d, end := c.data, offset+length
	if wide {
		return !(offset >= 2 && d[offset-1] == 0 && isAlnum(d[offset-2])) &&
			!(end+1 < len(d) && d[end+1] == 0 && isAlnum(d[end]))
	}
	return !(offset >= 1 && isAlnum(d[offset-1])) && !(end < len(d) && isAlnum(d[end]))
}

// found is the matches of a string by offset, one for each.
func (c *evaluation) found(p *pattern) []place {
	i := p.index
	if c.sorted[i] {
		return c.places[i]
	}
	if c.pieces[i] != nil {
		c.places[i] = joinChain(p.parts, c.pieces[i])
	} else if len(c.places[i]) > 1 {
		c.places[i] = oneByOffset(c.places[i], p.greedy)
	}
	c.sorted[i] = len(c.places[i]) > 0 || c.pieces[i] != nil
	return c.places[i]
}

// oneByOffset sorts places and keeps of those at one offset the first that was
// found or, with greedy, the last: as YARA does.
func oneByOffset(ps []place, greedy bool) []place {
	slices.SortFunc(ps, func(a, b place) int {
		if a.offset != b.offset {
			return a.offset - b.offset
		}
		order := a.order - b.order
		if greedy {
			order = -order
		}
		if order == 0 {
			order = b.length - a.length
			if !greedy {
				order = -order
			}
		}
		return order
	})
	return slices.CompactFunc(ps, func(a, b place) bool { return a.offset == b.offset })
}

// joinChain finds for every match of the first piece the nearest that the other
// pieces follow in their distances.
func joinChain(parts []part, pieces [][]place) []place {
	last := len(parts) - 1
	tail := oneByOffset(pieces[last], false)
	for k := last - 1; k >= 0; k-- {
		gap := &parts[k+1]
		var joined []place
		for _, head := range oneByOffset(pieces[k], false) {
			from := head.offset + head.length + gap.min
			i, _ := slices.BinarySearchFunc(tail, from, func(p place, at int) int { return p.offset - at })
			if i == len(tail) || gap.max != unlimited && tail[i].offset > head.offset+head.length+gap.max {
				continue
			}
			joined = append(joined, place{head.offset, tail[i].offset + tail[i].length - head.offset, head.order})
		}
		tail = joined
	}
	return tail
}
