package yara

import "github.com/boltseal/boltseal/rule/match"

// An atom is a literal that stands in every text that a tree matches (or one of
// several that do). The automaton looks for atoms.

const (
	maxAtom     = 16  // bytes of an atom of a tree
	maxVariants = 64  // atoms of one run
	maxAtoms    = 512 // atoms of one tree
)

type atom struct {
	text []byte
	fold bool
	// first is the node that the atom begins at; nil is the beginning of the tree,
	// where there is no atom and every position must be tried.
	first *node
}

// atomsOf chooses the atoms of a tree; nil if there are none.
func atomsOf(n *node, fold bool) []atom {
	atoms, _ := bestAtoms(n, fold)
	if len(atoms) > maxAtoms {
		return nil
	}
	return atoms
}

// bestAtoms returns atoms and how good they are: 0 is none.
func bestAtoms(n *node, fold bool) ([]atom, int) {
	switch n.op {
	case opSet:
		return bestRun([]*node{n}, fold)
	case opConcat:
		return bestOfSequence(n.sub, fold)
	case opAlt:
		var all []atom
		worst := 1 << 30
		for _, s := range n.sub {
			atoms, q := bestAtoms(s, fold)
			if q == 0 {
				return nil, 0
			}
			all, worst = append(all, atoms...), min(worst, q)
		}
		return all, worst - len(n.sub)/8
	case opRepeat:
		if n.min > 0 {
			return bestAtoms(n.sub[0], fold)
		}
	}
	return nil, 0
}

// bestOfSequence looks at every run of single bytes and at every other part.
func bestOfSequence(sub []*node, fold bool) (best []atom, quality int) {
	consider := func(atoms []atom, q int) {
		if q > quality {
			best, quality = atoms, q
		}
	}
	var run []*node
	flush := func() {
		consider(bestRun(run, fold))
		run = nil
	}
	for _, s := range flatten(nil, sub) {
		switch s.op {
		case opSet:
			run = append(run, s)
		case opAssert:
		default:
			flush()
			consider(bestAtoms(s, fold))
		}
	}
	flush()
	return best, quality
}

// flatten puts concatenations within concatenations, and the single copy of a
// repeat that occurs a fixed number of times, in one sequence.
func flatten(out, sub []*node) []*node {
	for _, s := range sub {
		if s.op == opConcat {
			out = flatten(out, s.sub)
			continue
		}
		out = append(out, s)
	}
	return out
}

// bestRun chooses the window of consecutive bytes that makes the best atoms.
func bestRun(run []*node, fold bool) (best []atom, quality int) {
	for start := range run {
		variants := 1
		for end := start; end < len(run) && end-start < maxAtom; end++ {
			v := variantsOf(run[end].set, fold)
			if variants *= len(v); variants > maxVariants || variants == 0 {
				break
			}
			if q := runQuality(run[start:end+1], fold, variants); q > quality {
				best, quality = expand(run[start:end+1], fold), q
			}
		}
		if len(run) > 256 && start > 256 {
			break
		}
	}
	return best, quality
}

// variantsOf lists the bytes of a set, one for both cases of a letter with fold.
func variantsOf(s *byteSet, fold bool) []byte {
	var out []byte
	for _, c := range s.members() {
		if fold && 'A' <= c && c <= 'Z' && s.has(c|0x20) {
			continue
		}
		out = append(out, c)
	}
	return out
}

// runQuality weighs length and variety of a window against the number of atoms.
func runQuality(run []*node, fold bool, variants int) int {
	q := 0
	seen := new(byteSet)
	for _, n := range run {
		v := variantsOf(n.set, fold)
		c := v[0]
		switch {
		case len(v) > 4:
			q += 2
		case c == 0 || c == ' ' || c == 0xff || c == 0xcc || c == 0x90:
			q += 12
		default:
			q += 20
		}
		if !seen.has(c) {
			q += 8
		}
		seen.add(c)
	}
	if len(run) > 8 {
		q -= (len(run) - 8) * 15
	}
	return max(q-variants, 1)
}

func expand(run []*node, fold bool) []atom {
	texts := [][]byte{nil}
	for _, n := range run {
		var next [][]byte
		for _, t := range texts {
			for _, c := range variantsOf(n.set, fold) {
				next = append(next, append(t[:len(t):len(t)], c))
			}
		}
		texts = next
	}
	var atoms []atom
	for _, t := range texts {
		atoms = append(atoms, atom{text: t, fold: fold, first: run[0]})
	}
	return atoms
}

// literal is what the automaton looks for.
func (a *atom) literal(wide bool) match.Literal {
	text := a.text
	if wide {
		text = widen(text)
	}
	return match.Literal{Text: text, Fold: a.fold}
}

func widen(text []byte) []byte {
	out := make([]byte, 2*len(text))
	for i, c := range text {
		out[2*i] = c
	}
	return out
}
