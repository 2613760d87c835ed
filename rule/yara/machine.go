package yara

// scanLimit is how many bytes a regular expression reads in each direction, as in YARA.
const scanLimit = 4096

// machine runs programs: all threads in step, in order of preference, each
// instruction at most once per byte. That is linear in bytes times program.
type machine struct {
	now, next []int32
	seen      []uint32 // by instruction, the round in which it was added
	round     uint32
	stack     []int32
	steps     *int64 // counts down
}

// run is one way of reading data.
type run struct {
	prog program
	data []byte
	at   int // where reading begins
	back bool
	wide bool // every byte is followed by a zero
}

// run calls match with the number of bytes read for every match, in order of
// preference; it stops when match returns false. With all set, a match does not end the
// less preferred threads.
func (m *machine) run(r *run, start int, all bool, match func(n int) bool) {
	if len(m.seen) < len(r.prog) {
		m.seen = make([]uint32, len(r.prog)+64)
		m.round = 0
	}
	width := 1
	if r.wide {
		width = 2
	}
	m.now = m.now[:0]
	m.nextRound()
	m.add(r, &m.now, int32(start), r.at)
	for n := 0; len(m.now) > 0; n += width {
		*m.steps -= int64(len(m.now)) + 1
		c, more := r.byteAt(n)
		more = more && n < scanLimit && *m.steps > 0
		m.next = m.next[:0]
		m.nextRound()
		pos := r.at + n + width
		if r.back {
			pos = r.at - n - width
		}
		for _, pc := range m.now {
			i := &r.prog[pc]
			if i.op == instMatch {
				if !match(n) {
					return
				}
				if !all {
					break
				}
				continue
			}
			if more && i.set.has(c) {
				m.add(r, &m.next, pc+1, pos)
			}
		}
		m.now, m.next = m.next, m.now
	}
}

func (m *machine) nextRound() {
	if m.round++; m.round == 0 {
		clear(m.seen)
		m.round = 1
	}
}

// byteAt is the character n bytes away from the beginning.
func (r *run) byteAt(n int) (byte, bool) {
	i := r.at + n
	if r.back {
		i = r.at - n - 1
		if r.wide {
			i--
		}
	}
	if i < 0 || i >= len(r.data) {
		return 0, false
	}
	if r.wide && (i+1 >= len(r.data) || r.data[i+1] != 0) {
		return 0, false
	}
	return r.data[i], true
}

// add enters pc and all that it leads to without reading a byte.
func (m *machine) add(r *run, list *[]int32, pc int32, pos int) {
	m.stack = append(m.stack[:0], pc)
	for len(m.stack) > 0 {
		pc := m.stack[len(m.stack)-1]
		m.stack = m.stack[:len(m.stack)-1]
		if m.seen[pc] == m.round {
			continue
		}
		m.seen[pc] = m.round
		*m.steps--
		switch i := &r.prog[pc]; i.op {
		case instJump:
			m.stack = append(m.stack, i.x)
		case instSplit:
			m.stack = append(m.stack, i.y, i.x)
		case instAssert:
			if r.holds(i.assert, pos) {
				m.stack = append(m.stack, pc+1)
			}
		default:
			*list = append(*list, pc)
		}
	}
}

// holds says whether an assertion is true between data[pos-1] and data[pos].
func (r *run) holds(a assertion, pos int) bool {
	switch a {
	case assertStart:
		return pos == 0
	case assertEnd:
		return pos == len(r.data)
	}
	// The beginning and the end are boundaries whatever stands there, as in YARA.
	boundary := pos <= 0 || pos >= len(r.data) || r.wordAt(pos, -1) != r.wordAt(pos, 0)
	return boundary == (a == assertWord)
}

// wordAt says whether the character before (-1) or behind (0) pos belongs to a word.
func (r *run) wordAt(pos, side int) bool {
	i := pos + side
	if r.wide {
		i = pos + 2*side
		if i < 0 || i+1 >= len(r.data) || r.data[i+1] != 0 {
			return false
		}
	}
	return i >= 0 && i < len(r.data) && isIdent(r.data[i])
}
