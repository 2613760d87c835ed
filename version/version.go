package version

import (
	"cmp"
	"errors"
	"fmt"
	"strings"
)

// ErrInvalid is the cause of Parse's error: the string is no version in the
// scheme.
var ErrInvalid = errors.New("not a version in this scheme")

// Version is a version string read once for many comparisons. It is a plain
// value: copying it is cheap and any number of goroutines may use it.
// The zero Version belongs to no scheme and sorts before every other.
type Version struct {
	scheme Scheme
	raw    string
	key    string // empty unless the scheme is keyed
}

// Parse reads v. When v is no version in the scheme it returns an error that
// wraps ErrInvalid, and beside it a Version that holds v's place in the order
// of Compare; whether such a version may be matched is the caller's decision.
func (s Scheme) Parse(v string) (Version, error) {
	version := Version{scheme: s, raw: v}
	valid := false
	if s.keyed() {
		var buf [128]byte
		key := s.appendKey(buf[:0], v)
		version.key = string(key)
		valid = s.known() && key[0] == classVersion && (s != Gem || validGem(v))
	} else {
		valid = s.Valid(v)
	}
	if !valid {
		return version, fmt.Errorf("parse %s version %q: %w", s, clip(v), ErrInvalid)
	}
	return version, nil
}

// clip shortens a hostile string for an error message.
func clip(v string) string {
	const most = 64
	if len(v) <= most {
		return v
	}
	return v[:most] + "..."
}

// Scheme returns the scheme that v was parsed in, or 0 for the zero Version.
func (v Version) Scheme() Scheme { return v.scheme }

// String returns the string that v was parsed from.
func (v Version) String() string { return v.raw }

// Compare returns -1, 0 or +1 as v sorts before, with or after w: for versions
// of one scheme what the scheme's Compare returns for their strings. Versions
// of different schemes have no meaningful order; they sort by scheme.
func (v Version) Compare(w Version) int {
	if v.scheme != w.scheme {
		return cmp.Compare(v.scheme, w.scheme)
	}
	if v.scheme.keyed() {
		return strings.Compare(v.key, w.key)
	}
	return v.scheme.Compare(v.raw, w.raw)
}
