package version

import "strings"

// Marks in a PEP 440 key. Within each part of the key they ascend.
const (
	pepEnd    = 1 // of a list
	pepNumber = 2

	pepDevOnly = 1 // no pre- or post-release, but a development release
	pepAlpha   = 2
	pepBeta    = 3
	pepRC      = 4
	pepFinal   = 5 // no pre-release

	pepNoPost = 1
	pepPost   = 2

	pepDev   = 1
	pepNoDev = 2

	pepNoLocal     = 1
	pepLocalEnd    = 1
	pepLocalWord   = 2
	pepLocalNumber = 3
)

// appendPEP440 appends the key of a Python version, in any spelling that
// PEP 440's appendix B takes. A string that is no such version sorts before all
// that are, as setuptools ordered legacy versions.
func appendPEP440(dst []byte, v string) []byte {
	p, ok := parsePEP440(v)
	if !ok {
		return appendInvalid(dst, v)
	}
	dst = appendNumber(append(dst, classVersion), p.epoch)
	dst = appendRelease(dst, p.release)
	switch {
	case p.pre != 0:
		dst = appendNumber(append(dst, p.pre), p.preNumber)
	case !p.hasPost && p.hasDev:
		dst = append(dst, pepDevOnly)
	default:
		dst = append(dst, pepFinal)
	}
	if p.hasPost {
		dst = appendNumber(append(dst, pepPost), p.post)
	} else {
		dst = append(dst, pepNoPost)
	}
	if p.hasDev {
		dst = appendNumber(append(dst, pepDev), p.dev)
	} else {
		dst = append(dst, pepNoDev)
	}
	return appendLocal(dst, p.local)
}

// appendRelease appends the dotted numbers without the zeros at their end.
func appendRelease(dst []byte, release string) []byte {
	dst = appendNumbers(dst, release)
	return append(dst, pepEnd)
}

// appendLocal appends a local version: words before numbers, and a shorter one
// before its continuation.
func appendLocal(dst []byte, local string) []byte {
	if local == "" {
		return append(dst, pepNoLocal)
	}
	for more := true; more; {
		segment := cutAny(local, ".-_")
		more = len(segment) < len(local)
		if more {
			local = local[len(segment)+1:]
		}
		if allDigits(segment) {
			dst = appendNumber(append(dst, pepLocalNumber), segment)
		} else {
			dst = appendFolded(append(dst, pepLocalWord), segment)
		}
	}
	return append(dst, pepLocalEnd)
}

// pep440 is a Python version in parts.
type pep440 struct {
	epoch, release string
	pre            byte // pepAlpha, pepBeta, pepRC or 0
	preNumber      string
	hasPost        bool
	post           string
	hasDev         bool
	dev            string
	local          string
}

// parsePEP440 reads [v][N!]N(.N)*[{a|b|rc}N][.postN][.devN][+local] and its
// other spellings.
func parsePEP440(v string) (p pep440, ok bool) {
	v = strings.TrimSpace(v)
	if v != "" && lower(v[0]) == 'v' {
		v = v[1:]
	}
	if n := digitsLen(v); n > 0 && n < len(v) && v[n] == '!' {
		p.epoch, v = v[:n], v[n+1:]
	}
	n := numbersLen(v)
	if n == 0 {
		return p, false
	}
	p.release, v = v[:n], v[n:]
	v = p.takePre(v)
	v = p.takePost(v)
	v = p.takeDev(v)
	if v == "" {
		return p, true
	}
	p.local = v[1:]
	return p, v[0] == '+' && validLocal(p.local)
}

// pepWord is a spelling of a part's name and the mark it stands for.
type pepWord struct {
	word string
	mark byte
}

// The spellings of each part; of two that fit, the longer stands first.
var (
	pepPreWords = [...]pepWord{
		{"alpha", pepAlpha}, {"a", pepAlpha}, {"beta", pepBeta}, {"b", pepBeta},
		{"preview", pepRC}, {"pre", pepRC}, {"rc", pepRC}, {"c", pepRC},
	}
	pepPostWords = [...]pepWord{{"post", pepPost}, {"rev", pepPost}, {"r", pepPost}}
	pepDevWords  = [...]pepWord{{"dev", pepDev}}
)

// takePre reads a pre-release and returns what follows.
func (p *pep440) takePre(v string) string {
	mark, number, rest := cutPEPWord(v, pepPreWords[:])
	p.pre, p.preNumber = mark, number
	return rest
}

// takePost reads a post-release, also in its form of a hyphen and a number.
func (p *pep440) takePost(v string) string {
	if len(v) > 1 && v[0] == '-' && isDigit(v[1]) {
		n := 1 + digitsLen(v[1:])
		p.hasPost, p.post = true, v[1:n]
		return v[n:]
	}
	mark, number, rest := cutPEPWord(v, pepPostWords[:])
	p.hasPost, p.post = mark != 0, number
	return rest
}

// takeDev reads a development release.
func (p *pep440) takeDev(v string) string {
	mark, number, rest := cutPEPWord(v, pepDevWords[:])
	p.hasDev, p.dev = mark != 0, number
	return rest
}

// cutPEPWord cuts [separator]word[separator][number] off v and returns the
// word's mark, which is 0 if v begins with none of the words.
func cutPEPWord(v string, words []pepWord) (mark byte, number, rest string) {
	after := trimSeparator(v)
	for _, w := range words {
		if len(after) < len(w.word) || !equalFold(after[:len(w.word)], w.word) {
			continue
		}
		rest = trimSeparator(after[len(w.word):])
		n := digitsLen(rest)
		return w.mark, rest[:n], rest[n:]
	}
	return 0, "", v
}

// trimSeparator removes one of the characters that may stand between parts.
func trimSeparator(v string) string {
	if v != "" && strings.IndexByte(".-_", v[0]) >= 0 {
		return v[1:]
	}
	return v
}

// validLocal reports if v is alphanumeric segments between separators.
func validLocal(v string) bool {
	separator := true
	for i := 0; i < len(v); i++ {
		switch {
		case isAlnum(v[i]):
			separator = false
		case separator || strings.IndexByte(".-_", v[i]) < 0:
			return false
		default:
			separator = true
		}
	}
	return !separator
}
