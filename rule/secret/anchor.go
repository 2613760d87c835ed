package secret

import (
	"regexp/syntax"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/boltseal/boltseal/rule/match"
)

// bounds say where a regular expression can match: around which literals, and
// how far it reaches. With them an expression is tried on some hundred bytes
// around a literal instead of on the whole text, with the same result.
type bounds struct {
	// literals: every match contains one of them. Empty: none is known, and
	// the expression has to be tried on the whole text.
	literals []match.Literal
	// before is the most bytes of a match in front of the literal, after the
	// most behind the literal's start.
	before, after int
	// wordStart: the literal begins the match, at the edge of a word.
	wordStart bool
	// anchored: the literal begins the match, and nothing is asked of what
	// stands in front but a word's edge if wordStart.
	anchored bool
}

const (
	// unbounded is how far a match is followed that may be of any length.
	unbounded = 64 << 10
	// longest literal and most alternatives that are worth looking for.
	maxLiteral      = 24
	maxAlternatives = 96
	minLiteral      = 3
)

// boundsOf analyses an expression. keywords, lower case, are preferred as
// literals where the expression requires one of them.
func boundsOf(expr string, keywords []string) bounds {
	re, err := syntax.Parse(expr, syntax.Perl)
	if err != nil {
		return bounds{}
	}
	a := analysis{keywords: keywords}
	found := a.find(re, 0)
	if len(found) == 0 || weakest(found) < minLiteral {
		return bounds{}
	}
	b := bounds{after: longest(re)}
	for _, f := range found {
		b.before = max(b.before, f.before)
		b.literals = append(b.literals, f.literal)
	}
	if b.before >= unbounded {
		return bounds{}
	}
	b.wordStart = b.before == 0 && re.Op == syntax.OpConcat && re.Sub[0].Op == syntax.OpWordBoundary
	for _, l := range b.literals {
		b.wordStart = b.wordStart && isWord(l.Text[0])
	}
	b.anchored = b.before == 0 && (b.wordStart || consumes(re))
	return b
}

// consumes says whether re begins with a character, not with a condition.
func consumes(re *syntax.Regexp) bool {
	if re.Op == syntax.OpConcat || re.Op == syntax.OpCapture {
		return consumes(re.Sub[0])
	}
	return re.Op == syntax.OpLiteral || re.Op == syntax.OpCharClass
}

// site is a literal that a match must contain.
type site struct {
	literal match.Literal
	before  int
}

type analysis struct{ keywords []string }

func weakest(sites []site) int {
	n := maxLiteral
	for _, s := range sites {
		n = min(n, len(s.literal.Text))
	}
	return n
}

// find returns sites of which every match of re contains one, nil for none.
// before is the most bytes in front of re.
func (a analysis) find(re *syntax.Regexp, before int) []site {
	switch re.Op {
	case syntax.OpAlternate:
		if set := exact(re); set != nil {
			return a.run(set, before)
		}
		var all []site
		for _, sub := range re.Sub {
			s := a.find(sub, before)
			if s == nil || len(all)+len(s) > maxAlternatives {
				return nil
			}
			all = append(all, s...)
		}
		return all
	case syntax.OpCapture, syntax.OpPlus:
		return a.find(re.Sub[0], before)
	case syntax.OpRepeat:
		if re.Min > 0 {
			return a.find(re.Sub[0], before)
		}
	case syntax.OpConcat:
		return a.concat(re, before)
	case syntax.OpLiteral, syntax.OpCharClass:
		return a.run(exact(re), before)
	}
	return nil
}

// concat looks at maximal runs of exact parts, and at every other part by
// itself, and takes the best.
func (a analysis) concat(re *syntax.Regexp, before int) []site {
	var best []site
	take := func(s []site) {
		if len(s) > 0 && s[0].before < unbounded && a.score(s) > a.score(best) {
			best = s
		}
	}
	run, runAt := []piece(nil), before
	for _, part := range flatten(re, nil) {
		set := exact(part)
		joined := cross(run, set)
		if set == nil || run != nil && joined == nil {
			take(a.run(run, runAt))
			run = nil
		} else if run != nil {
			run = joined
		}
		if set == nil {
			take(a.find(part, before))
		} else if run == nil {
			run, runAt = set, before
		}
		before = add(before, longest(part))
	}
	take(a.run(run, runAt))
	return best
}

// score prefers literals that contain a keyword, then long ones.
func (a analysis) score(sites []site) int {
	if len(sites) == 0 {
		return 0
	}
	n := weakest(sites)
	for _, s := range sites {
		if !containsAny(strings.ToLower(string(s.literal.Text)), a.keywords) {
			return n
		}
	}
	return n + maxLiteral
}

// run makes sites of a set of exact strings.
func (a analysis) run(set []piece, before int) []site {
	var sites []site
	for _, p := range set {
		text := p.text
		if len(text) > maxLiteral {
			text = text[:maxLiteral]
		}
		sites = append(sites, site{match.Literal{Text: []byte(text), Fold: p.fold}, before})
	}
	return sites
}

// flatten lists the parts of a concatenation, with groups opened.
func flatten(re *syntax.Regexp, parts []*syntax.Regexp) []*syntax.Regexp {
	switch {
	case re.Op == syntax.OpConcat:
		for _, sub := range re.Sub {
			parts = flatten(sub, parts)
		}
		return parts
	case re.Op == syntax.OpCapture:
		return flatten(re.Sub[0], parts)
	}
	return append(parts, re)
}

// piece is one string that a part matches.
type piece struct {
	text string
	fold bool
}

// exact returns all strings that re matches, nil if they are many.
func exact(re *syntax.Regexp) []piece {
	switch re.Op {
	case syntax.OpLiteral:
		s := string(re.Rune)
		fold := re.Flags&syntax.FoldCase != 0 && strings.ContainsFunc(s, unicode.IsLetter)
		return []piece{{s, fold}}
	case syntax.OpCharClass:
		return exactClass(re)
	case syntax.OpCapture:
		return exact(re.Sub[0])
	case syntax.OpConcat:
		set := []piece{{}}
		for _, sub := range re.Sub {
			if set = cross(set, exact(sub)); set == nil {
				return nil
			}
		}
		return set
	case syntax.OpAlternate:
		var set []piece
		for _, sub := range re.Sub {
			s := exact(sub)
			if s == nil || len(set)+len(s) > maxAlternatives {
				return nil
			}
			set = append(set, s...)
		}
		return set
	}
	return nil
}

func exactClass(re *syntax.Regexp) []piece {
	var set []piece
	for i := 0; i < len(re.Rune); i += 2 {
		for r := re.Rune[i]; r <= re.Rune[i+1]; r++ {
			if set = append(set, piece{text: string(r)}); len(set) > 16 {
				return nil
			}
		}
	}
	return set
}

// cross joins every string of a with every string of b.
func cross(a, b []piece) []piece {
	if len(a)*len(b) > maxAlternatives {
		return nil
	}
	var set []piece
	for _, x := range a {
		for _, y := range b {
			set = append(set, piece{x.text + y.text, x.fold || y.fold})
		}
	}
	return set
}

// add sums lengths up to unbounded.
func add(a, b int) int { return min(a+b, unbounded) }

// longest is how many bytes re can match at most, at most unbounded.
func longest(re *syntax.Regexp) int {
	switch re.Op {
	case syntax.OpLiteral:
		n := 0
		for _, r := range re.Rune {
			n += utf8.RuneLen(r)
		}
		if re.Flags&syntax.FoldCase != 0 {
			n = 3 * len(re.Rune) // K is also the Kelvin sign
		}
		return min(n, unbounded)
	case syntax.OpCharClass:
		if n := len(re.Rune); n > 0 {
			return max(utf8.RuneLen(re.Rune[n-1]), 1)
		}
		return 0
	case syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		return utf8.UTFMax
	case syntax.OpStar, syntax.OpPlus:
		return unbounded
	case syntax.OpRepeat:
		if re.Max < 0 {
			return unbounded
		}
		return min(longest(re.Sub[0])*re.Max, unbounded)
	case syntax.OpCapture, syntax.OpQuest:
		return longest(re.Sub[0])
	case syntax.OpConcat:
		n := 0
		for _, sub := range re.Sub {
			n = add(n, longest(sub))
		}
		return n
	case syntax.OpAlternate:
		n := 0
		for _, sub := range re.Sub {
			n = max(n, longest(sub))
		}
		return n
	}
	return 0
}
