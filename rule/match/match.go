// Package match finds thousands of literals in one pass over a text. It is what
// rule engines stand on: literals first, and anything dearer only around a hit.
//
// A window of four bytes is hashed at every position (every fourth where all
// literals are long) and looked up in a bitmap of 32 KB; few positions pass. What
// passes is looked up in a table of the windows and compared with the literals
// that have it. Each literal is entered by the window of it that is rarest in
// programs and text. Literals of two or three bytes take part with every
// continuation while they are few, and have a pass of their own when they are many.
//
// The work is linear in the text unless literals occur nearly everywhere in it.
// Start at Compile.
package match

import (
	"errors"
	"fmt"
	"math"
)

// Literal is a text to find.
type Literal struct {
	Text []byte
	// Fold finds ASCII letters in either case.
	Fold bool
}

// Set finds the literals it was compiled from. It is immutable and safe for
// concurrent use.
type Set struct {
	literals []Literal // texts with Fold are in lower case
	passes   []pass
}

// ErrEmpty is the error of a literal without a byte.
var ErrEmpty = errors.New("empty")

// Compile makes a Set that finds all of ls. Equal literals are all reported. The
// set keeps no reference to ls.
func Compile(ls []Literal) (*Set, error) {
	s := &Set{literals: make([]Literal, len(ls))}
	if len(ls) > math.MaxInt32 {
		return nil, fmt.Errorf("compile literals: %d are too many", len(ls))
	}
	for i, l := range ls {
		if len(l.Text) == 0 {
			return nil, fmt.Errorf("compile literal %d: %w", i, ErrEmpty)
		}
		s.literals[i] = Literal{Text: lowerIf(l.Fold, l.Text), Fold: l.Fold}
	}
	s.passes = plan(s.literals)
	return s, nil
}

// Scan calls hit for every occurrence of every literal, overlapping ones too: id
// is the literal's index in what was compiled, start its offset in data. The
// order of hits is not defined. Scan stops when hit returns false. It allocates nothing.
func (s *Set) Scan(data []byte, hit func(id, start int) bool) {
	for i := range s.passes {
		if !s.passes[i].scan(s, data, hit) {
			return
		}
	}
}

// at says whether literal l stands at data[start:].
func (l *Literal) at(data []byte, start int) bool {
	end := start + len(l.Text)
	if start < 0 || end > len(data) {
		return false
	}
	if !l.Fold {
		return string(data[start:end]) == string(l.Text)
	}
	for i, c := range data[start:end] {
		if lower(c) != l.Text[i] {
			return false
		}
	}
	return true
}

func lower(c byte) byte {
	if c-'A' < 26 {
		return c | 0x20
	}
	return c
}

func lowerIf(fold bool, text []byte) []byte {
	out := make([]byte, len(text))
	for i, c := range text {
		if fold {
			c = lower(c)
		}
		out[i] = c
	}
	return out
}
