package version

import "bytes"

// Range is an interval of versions. Empty fields set no bound: the zero Range
// holds every version. At most one bound on each side is meant to be set; when
// both are, both hold.
type Range struct {
	Introduced   string // first version inside; "" and "0" mean from the beginning
	After        string // last version below, itself outside
	Fixed        string // first version above, itself outside
	LastAffected string // last version inside
}

// In reports if v lies in r. It does not allocate for bounds of ordinary
// length. A version of another scheme lies in no range.
//
// RPM bounds without a release speak of every release: see CompareEVR.
func (s Scheme) In(v Version, r Range) bool {
	if v.scheme != s || s == 0 {
		return false
	}
	return (r.Introduced == "" || r.Introduced == "0" || s.compareBound(v, r.Introduced) >= 0) &&
		(r.After == "" || s.compareBound(v, r.After) > 0) &&
		(r.Fixed == "" || s.compareBound(v, r.Fixed) < 0) &&
		(r.LastAffected == "" || s.compareBound(v, r.LastAffected) <= 0)
}

// compareBound orders a version and a bound that is not parsed.
func (s Scheme) compareBound(v Version, bound string) int {
	if s == RPM {
		return CompareEVR(v.raw, bound)
	}
	if !s.keyed() {
		return s.Compare(v.raw, bound)
	}
	var bufV, bufBound [128]byte
	return bytes.Compare(append(bufV[:0], v.key...), s.appendKey(bufBound[:0], bound))
}

// intersectAll returns the ranges that lie in one of a and one of b.
func (s Scheme) intersectAll(a, b []Range) []Range {
	var both []Range
	for _, r := range a {
		for _, q := range b {
			if x := s.intersect(r, q); !s.isEmpty(x) {
				both = append(both, x)
			}
		}
	}
	return both
}

// intersect returns the range of what lies in a and in b.
func (s Scheme) intersect(a, b Range) Range {
	var r Range
	lowA, openA := a.low()
	lowB, openB := b.low()
	if c := s.Compare(lowA, lowB); lowB == "" || lowA != "" && (c > 0 || c == 0 && openA) {
		r.setLow(lowA, openA)
	} else {
		r.setLow(lowB, openB)
	}
	highA, openA := a.high()
	highB, openB := b.high()
	if c := s.Compare(highA, highB); highB == "" || highA != "" && (c < 0 || c == 0 && openA) {
		r.setHigh(highA, openA)
	} else {
		r.setHigh(highB, openB)
	}
	return r
}

// isEmpty reports if no version can lie between r's bounds.
func (s Scheme) isEmpty(r Range) bool {
	low, openLow := r.low()
	high, openHigh := r.high()
	if low == "" || high == "" {
		return false
	}
	c := s.Compare(low, high)
	return c > 0 || c == 0 && (openLow || openHigh)
}

// low returns the lower bound and if it lies outside the range.
func (r Range) low() (bound string, open bool) {
	if r.After != "" {
		return r.After, true
	}
	if r.Introduced == "0" {
		return "", false
	}
	return r.Introduced, false
}

// high returns the upper bound and if it lies outside the range.
func (r Range) high() (bound string, open bool) {
	if r.Fixed != "" {
		return r.Fixed, true
	}
	return r.LastAffected, false
}

func (r *Range) setLow(bound string, open bool) {
	if open {
		r.After = bound
	} else {
		r.Introduced = bound
	}
}

func (r *Range) setHigh(bound string, open bool) {
	if open {
		r.Fixed = bound
	} else {
		r.LastAffected = bound
	}
}
