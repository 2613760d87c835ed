package scan

import "slices"

// pathSet remembers which paths a layer has, eight bytes each: FNV-1a of the
// path with the lowest bit replaced by "is a directory". A collision would hide
// one package of a lower layer; whoever can make one can as well delete it.
type pathSet []uint64

// The constants of 64-bit FNV-1a (RFC 9923).
const (
	fnvOffset = 14695981039346656037
	fnvPrime  = 1099511628211
)

func pathHash(path string) uint64 {
	h := uint64(fnvOffset)
	for i := 0; i < len(path); i++ {
		h = (h ^ uint64(path[i])) * fnvPrime
	}
	return h &^ 1
}

func (s *pathSet) add(path string, dir bool) {
	h := pathHash(path)
	if dir {
		h |= 1
	}
	*s = append(*s, h)
}

func (s *pathSet) sort() {
	slices.Sort(*s)
	*s = slices.Compact(*s)
}

// hides says whether a layer with these entries hides the file at path in
// lower layers: by an entry of the same name, or because a parent directory
// became something else.
func (s pathSet) hides(path string) bool {
	h := pathHash(path)
	if s.has(h) || s.has(h|1) {
		return true
	}
	return above(path, s.has)
}

// above says whether match holds for the hash of any directory on the way to
// path.
func above(path string, match func(h uint64) bool) bool {
	h := uint64(fnvOffset)
	for i := 0; i < len(path); i++ {
		if path[i] == '/' && match(h&^1) {
			return true
		}
		h = (h ^ uint64(path[i])) * fnvPrime
	}
	return false
}

func (s pathSet) has(h uint64) bool {
	_, ok := slices.BinarySearch(s, h)
	return ok
}
