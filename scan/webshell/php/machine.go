package php

import (
	"regexp"
	"strings"

	"github.com/boltseal/boltseal/scan/webshell/verdict"
)

// machine runs a file as far as its values are known, and on every way where
// they are not. It runs nothing for real: functions that would touch the world
// return unknown values.
//
// Branches are tried one after the other: what one writes is noted in journal,
// taken back, and joined with what the others wrote.
type machine struct {
	path, file string
	halt       int
	unit       *unit
	tables     *tables
	fns        map[string]*function
	cls        map[string]*class
	pure       map[string]pure
	specials   map[string]special
	consts     map[string]value
	regexps    map[string]*regexp.Regexp
	all        []*function
	site       *node // the call that runs

	globals *scope
	scope   *scope
	journal []undo
	forks   int // open branches
	forkID  int // of the innermost, unique
	nextID  int
	label   string
	pending []pendingJump

	// steps counts nodes, loopSteps those in loops whose rounds are known, bytes
	// the text and elements made. workLimit is for steps without loopSteps.
	steps, loopSteps, bytes, workLimit int
	depth, depth2                      int // of calls and of expressions
	// cut is set when a limit stopped the analysis of something.
	cut bool

	objects   []*object
	handlers  []value // set_error_handler and the like
	handlerAt *node
	thrown    value
	written   map[string]*flow // files that request data was written to
	buffer    value            // ob_start's
	sent      value            // what a generator is sent
	wild      *flow            // set when unserialize made objects of request data

	traits   traits
	verdicts []verdict.Verdict
	seen     map[seenKey]bool
}

type undo struct {
	c   *cell
	old value
}

type seenKey struct {
	rule string
	unit *unit
	pos  int32
}

// Limits of one file.
const (
	maxLoopSteps = 1 << 20  // nodes inside loops whose number of rounds is known
	maxAllSteps  = 8 << 20  // nodes
	maxBytes     = 64 << 20 // bytes of text and arrays made
	maxText      = 8 << 20  // bytes of one text
	maxCalls     = 24       // calls inside calls
	maxLayers    = 24       // code decoded by code
	maxRounds    = 1 << 17  // of one loop
)

// scope is the variables of a function or of the file.
type scope struct {
	vars  map[string]*cell
	this  *object
	class *class
	fn    *function
	args  []value
	ret   value
	yield *array
	// open is set by extract and the like: every variable may come from there.
	open *flow
	// checked are variables that a condition compared.
	checked map[string]bool
}

func newScope() *scope { return &scope{vars: map[string]*cell{}} }

func (m *machine) set(c *cell, v value) {
	if m.forks > 0 {
		m.journal = append(m.journal, undo{c, c.v})
	}
	c.v = v
}

func (s *scope) cell(name string) *cell {
	c := s.vars[name]
	if c == nil {
		c = &cell{owner: s}
		s.vars[name] = c
	}
	return c
}

// forget drops what the journal notes of the variables of a function that
// returned: nothing sees them any more.
func (m *machine) forget(s *scope, mark int) {
	if mark >= len(m.journal) {
		return
	}
	m.steps += (len(m.journal) - mark) / 8
	kept := m.journal[:mark]
	for _, u := range m.journal[mark:] {
		if u.c.owner != s {
			kept = append(kept, u)
		}
	}
	m.journal = kept
}

// spend counts work; false means that there is none left.
func (m *machine) spend(n int) bool {
	m.bytes += n
	return m.bytes < maxBytes
}

// control is how a statement ended.
type control uint8

const (
	goesOn control = iota
	breaks
	continues
	returns
	exits
	jumps // to machine.label
)

type pendingJump struct {
	label   string
	changes map[*cell]value
}

// branch runs f and takes back what it wrote.
func (m *machine) branch(f func() control) (control, map[*cell]value) {
	mark := len(m.journal)
	outer := m.forkID
	m.forks++
	m.nextID++
	m.forkID = m.nextID
	end := f()
	m.forks--
	m.forkID = outer
	var changes map[*cell]value
	if n := len(m.journal) - mark; n > 0 {
		changes = make(map[*cell]value, min(n, 64))
		m.steps += n / 2
		for i := len(m.journal) - 1; i >= mark; i-- {
			u := m.journal[i]
			if _, ok := changes[u.c]; !ok {
				changes[u.c] = u.c.v
			}
			u.c.v = u.old
		}
		m.journal = m.journal[:mark]
	}
	m.nextID++
	m.forkID = m.nextID
	if m.forks == 0 {
		m.forkID = m.nextID
	}
	return end, changes
}

// branches runs each way and joins what they leave behind. maybe says that
// none of them may be taken.
func (m *machine) branches(maybe bool, ways ...func() control) control {
	ends := make([]control, len(ways))
	all := make([]map[*cell]value, 0, len(ways))
	live := 0
	end := goesOn
	for i, f := range ways {
		var changes map[*cell]value
		ends[i], changes = m.branch(f)
		switch ends[i] {
		case goesOn, breaks, continues:
			all = append(all, changes)
			live++
		case jumps:
			if len(m.pending) < 256 {
				m.pending = append(m.pending, pendingJump{m.label, changes})
			}
		}
	}
	if maybe {
		all = append(all, nil)
		live++
	}
	m.merge(all)
	if live == 0 && len(ends) > 0 {
		end = ends[0]
		for _, e := range ends {
			if e == returns {
				end = returns
			}
		}
		if end == jumps {
			end = exits // the jumps are pending
		}
	}
	if len(ends) > 0 && !maybe {
		same := true
		for _, e := range ends {
			same = same && e == ends[0]
		}
		if same && ends[0] != jumps {
			end = ends[0]
		}
	}
	return end
}

// merge joins the changes of several ways into the state before them.
func (m *machine) merge(all []map[*cell]value) {
	if len(all) == 1 {
		for c, v := range all[0] {
			m.set(c, v)
		}
		return
	}
	done := map[*cell]bool{}
	for _, changes := range all {
		for c := range changes {
			if done[c] {
				continue
			}
			done[c] = true
			m.steps++
			v := value{}
			for i, other := range all {
				w, ok := other[c]
				if !ok {
					w = c.v
				}
				if i == 0 {
					v = w
				} else {
					v = join(v, w)
				}
			}
			m.set(c, v)
		}
	}
}

// owned is an array that may be changed: a itself or a copy of it.
func (m *machine) owned(a *array) *array {
	if a == nil {
		return &array{fork: m.forkID}
	}
	if !a.shared && a.fork == m.forkID {
		return a
	}
	if !m.spend(len(a.keys) * 64) {
		return &array{fork: m.forkID, rest: value{k: vUnknown, flow: arrayOf(a).taint()}}
	}
	m.steps += len(a.keys) / 8
	b := a.copy()
	b.fork = m.forkID
	return b
}

// declare makes the functions and classes of parsed code known.
func (m *machine) declare(p *parser) {
	for _, f := range p.fns {
		m.all = append(m.all, f)
		if f.class == nil && f.name != "{closure}" {
			name := strings.ToLower(f.name)
			if m.fns[name] == nil {
				m.fns[name] = f
			}
		}
	}
	for _, c := range p.classes {
		m.cls[strings.ToLower(c.name)] = c
	}
	m.workLimit += 3*p.nodes + 10000
	if p.cut {
		m.cut = true
	}
}
