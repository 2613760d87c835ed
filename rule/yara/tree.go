package yara

// A string that is not plain text is a tree of nodes over bytes. Hexadecimal
// strings and regular expressions make the same trees.

type nodeOp uint8

const (
	opSet    nodeOp = iota // one byte of a set
	opConcat               // all of sub, in order
	opAlt                  // one of sub
	opRepeat               // sub[0] min to max times
	opAssert               // no byte
)

type assertion uint8

const (
	assertStart assertion = iota
	assertEnd
	assertWord
	assertNotWord
)

// unlimited is the max of a repeat without one.
const unlimited = -1

type node struct {
	op       nodeOp
	set      *byteSet
	sub      []*node
	min, max int
	lazy     bool
	assert   assertion
	// forward and backward are where the programs go on, set by compile.
	forward, backward int
}

type byteSet [4]uint64

func (s *byteSet) add(c byte)      { s[c>>6] |= 1 << (c & 63) }
func (s *byteSet) has(c byte) bool { return s[c>>6]&(1<<(c&63)) != 0 }

func (s *byteSet) addRange(from, to byte) {
	for c := int(from); c <= int(to); c++ {
		s.add(byte(c))
	}
}

func (s *byteSet) union(o *byteSet) {
	for i := range s {
		s[i] |= o[i]
	}
}

func (s *byteSet) invert() {
	for i := range s {
		s[i] = ^s[i]
	}
}

// members lists the bytes of the set.
func (s *byteSet) members() []byte {
	var out []byte
	for c := range 256 {
		if s.has(byte(c)) {
			out = append(out, byte(c))
		}
	}
	return out
}

// fold adds the other case of every ASCII letter.
func (s *byteSet) fold() {
	for c := byte('a'); c <= 'z'; c++ {
		if s.has(c) || s.has(c-0x20) {
			s.add(c)
			s.add(c - 0x20)
		}
	}
}

func literalNode(c byte) *node {
	n := &node{op: opSet, set: new(byteSet)}
	n.set.add(c)
	return n
}

func anyNode() *node {
	n := &node{op: opSet, set: new(byteSet)}
	n.set.invert()
	return n
}

func concat(sub []*node) *node {
	if len(sub) == 1 {
		return sub[0]
	}
	return &node{op: opConcat, sub: sub}
}

func alt(sub []*node) *node {
	if len(sub) == 1 {
		return sub[0]
	}
	return &node{op: opAlt, sub: sub}
}
