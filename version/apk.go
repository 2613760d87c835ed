package version

import "strings"

// What may follow the numbers of an Alpine version, in ascending order: where
// two versions first differ in kind, the later kind is the greater version.
// Source: apk-package(5), digit{.digit}...{letter}{_suffix{#}}...{~hash}{-r#},
// and the order of apk-tools 3, which differs from apk-tools 2 only in numbers
// with several leading zeros.
const (
	apkPre     = iota // _alpha, _beta, _pre or _rc
	apkInvalid        // what the grammar does not allow, up to the end
	apkEnd
	apkRevision
	apkHash
	apkSuffixNumber
	apkPost // _cvs, _svn, _git, _hg or _p
	apkLetter
	apkNumber
	apkFirst // the leading number
)

// apkState is a version with what is left to read of it.
type apkState struct {
	rest string
	kind int
	text string // the token's text, or its suffix's rank as one byte
}

// compareAPK orders Alpine versions.
func compareAPK(a, b string) int {
	stateA := apkState{rest: strings.TrimSpace(a)}
	stateB := apkState{rest: strings.TrimSpace(b)}
	stateA.first()
	stateB.first()
	for {
		switch {
		case stateA.kind < stateB.kind:
			return -1
		case stateA.kind > stateB.kind:
			return 1
		case stateA.kind == apkEnd:
			return 0
		}
		if c := compareAPKToken(stateA.kind, stateA.text, stateB.text); c != 0 {
			return c
		}
		stateA.next()
		stateB.next()
	}
}

// compareAPKToken orders two tokens of one kind. A part after a dot that has a
// leading zero is a fraction: it orders as text.
func compareAPKToken(kind int, a, b string) int {
	switch kind {
	case apkNumber:
		if a[0] == '0' || b[0] == '0' {
			return strings.Compare(a, b)
		}
		return compareNumbers(a, b)
	case apkFirst, apkSuffixNumber, apkRevision:
		return compareNumbers(a, b)
	}
	return strings.Compare(a, b)
}

// first reads the leading number.
func (s *apkState) first() {
	n := digitsLen(s.rest)
	if n == 0 {
		s.invalid()
		return
	}
	s.take(apkFirst, 0, n)
}

// next reads the token after the present one.
func (s *apkState) next() {
	if s.rest == "" {
		s.take(apkEnd, 0, 0)
		return
	}
	switch c := s.rest[0]; {
	case c == '.' && s.kind >= apkLetter:
		s.digits(apkNumber, 1)
	case isDigit(c) && (s.kind == apkPre || s.kind == apkPost):
		s.digits(apkSuffixNumber, 0)
	case isDigit(c) && s.kind == apkLetter:
		s.digits(apkNumber, 0)
	case isLower(c) && s.kind >= apkNumber:
		s.take(apkLetter, 0, 1)
	case c == '_' && (s.kind == apkPre || s.kind >= apkSuffixNumber):
		s.suffix()
	case c == '~' && (s.kind == apkPre || s.kind >= apkSuffixNumber):
		s.hash()
	case strings.HasPrefix(s.rest, "-r") && s.kind != apkRevision && s.kind != apkInvalid:
		s.digits(apkRevision, 2)
	default:
		s.invalid()
	}
}

// take makes the token the n bytes after skip bytes.
func (s *apkState) take(kind, skip, n int) {
	s.kind, s.text, s.rest = kind, s.rest[skip:skip+n], s.rest[skip+n:]
}

// digits reads a number after skip bytes.
func (s *apkState) digits(kind, skip int) {
	n := digitsLen(s.rest[skip:])
	if n == 0 {
		s.invalid()
		return
	}
	s.take(kind, skip, n)
}

// hash reads a tilde and the hexadecimal name of a commit.
func (s *apkState) hash() {
	n := 1
	for n < len(s.rest) && (isDigit(s.rest[n]) || 'a' <= s.rest[n] && s.rest[n] <= 'f') {
		n++
	}
	if n == 1 {
		s.invalid()
		return
	}
	s.take(apkHash, 1, n-1)
}

// suffix reads an underscore and a suffix word, whose rank becomes the text.
func (s *apkState) suffix() {
	n := 1
	for n < len(s.rest) && isLower(s.rest[n]) {
		n++
	}
	kind, rank := apkSuffix(s.rest[1:n])
	if kind == apkInvalid {
		s.invalid()
		return
	}
	s.take(kind, n, 0)
	s.text = rank
}

// apkSuffix returns the kind of a suffix word and its rank among its kind.
func apkSuffix(word string) (kind int, rank string) {
	switch word {
	case "alpha":
		return apkPre, "0"
	case "beta":
		return apkPre, "1"
	case "pre":
		return apkPre, "2"
	case "rc":
		return apkPre, "3"
	case "cvs":
		return apkPost, "0"
	case "svn":
		return apkPost, "1"
	case "git":
		return apkPost, "2"
	case "hg":
		return apkPost, "3"
	case "p":
		return apkPost, "4"
	}
	return apkInvalid, ""
}

// invalid makes everything that is left one token, which orders as text.
func (s *apkState) invalid() { s.take(apkInvalid, 0, len(s.rest)) }

// validAPK reports if the grammar takes all of v.
func validAPK(v string) bool {
	s := apkState{rest: strings.TrimSpace(v)}
	for s.first(); s.kind != apkEnd; s.next() {
		if s.kind == apkInvalid {
			return false
		}
	}
	return true
}
