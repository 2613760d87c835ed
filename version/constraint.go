package version

import (
	"errors"
	"fmt"
	"strings"
)

// ErrConstraint is the cause of ParseConstraint's error when the expression's
// form is wrong; a wrong version inside it is ErrInvalid.
var ErrConstraint = errors.New("malformed constraint")

// maxExpression bounds the length of an expression in bytes. The longest that
// are published have a few thousand.
const maxExpression = 64 << 10

// maxComparators bounds the comparators joined by "and", whose intersection
// takes quadratic time. No published advisory comes near it.
const maxComparators = 256

// ParseConstraint reads an expression over versions and returns the ranges
// whose union it is, in the order of writing; no range at all when nothing can
// satisfy it. It takes
//
//   - comparators, all of which hold: ">=1.0 <2.0", ">= 1.0, < 2.0", "!=1.3";
//   - alternatives between "||" or "|";
//   - intervals, one of which holds: "[1.0,2.0)", "(,1.0],[1.2,)", "[1.3]";
//   - "^1.2", "~1.2", "~> 1.2", "~= 1.2", "1.2.*", "1.x", "1.0 - 2.0" and "*".
//
// Plain comparators compare by the scheme's order and nothing else: a
// pre-release of 2.0 satisfies "<2.0". The upper bounds that the other forms
// imply exclude the pre-releases of the bound. What a form means where
// ecosystems differ:
//
//   - In Semver a version without its minor or patch number stands for all that
//     begin so, as npm reads it with pre-releases included: "1.2", "<=1.2".
//   - "~1.2" stays below 2 in Composer and below 1.3 elsewhere.
//   - "~> 1.2" stays below 2, as in RubyGems and Hex.
//   - A bare version is a minimum in NuGet and exact elsewhere.
//
// The empty expression is an error, though npm reads it as "*": in an advisory
// it is more likely a mistake.
func (s Scheme) ParseConstraint(expr string) ([]Range, error) {
	if !s.known() {
		return nil, fmt.Errorf("parse %s constraint %q: %w: unknown scheme", s, clip(expr), ErrConstraint)
	}
	if len(expr) > maxExpression {
		return nil, fmt.Errorf("parse %s constraint %q: %w: longer than %d bytes", s, clip(expr), ErrConstraint, maxExpression)
	}
	var union []Range
	for _, alternative := range strings.FieldsFunc(expr+" ", func(r rune) bool { return r == '|' }) {
		ranges, err := s.parseAlternative(strings.TrimSpace(alternative))
		if err != nil {
			return nil, fmt.Errorf("parse %s constraint %q: %w", s, clip(expr), err)
		}
		union = append(union, ranges...)
	}
	return union, nil
}

// parseAlternative reads what stands between two "||".
func (s Scheme) parseAlternative(text string) ([]Range, error) {
	if text == "" {
		return nil, fmt.Errorf("%w: empty", ErrConstraint)
	}
	if text[0] == '[' || text[0] == '(' {
		if inner, ok := bracketedComparators(text); ok {
			return s.parseComparators(inner)
		}
		return s.parseIntervals(text)
	}
	return s.parseComparators(text)
}

// bracketedComparators returns what stands in "[>=1.0 <2.0]", as Conan writes
// comparators. A tilde inside a bracket is as a rule part of a version.
func bracketedComparators(text string) (inner string, ok bool) {
	inner, ok = strings.CutSuffix(strings.TrimPrefix(text, "["), "]")
	inner = strings.TrimSpace(inner)
	return inner, ok && text[0] == '[' && inner != "" &&
		(strings.ContainsAny(inner, "<>") || strings.IndexByte("^~*", inner[0]) >= 0)
}

// parseComparators reads comparators and intersects them.
func (s Scheme) parseComparators(text string) ([]Range, error) {
	ranges := []Range{{}}
	for count := 0; text != ""; count++ {
		if count == maxComparators {
			return nil, fmt.Errorf("%w: more than %d comparators", ErrConstraint, maxComparators)
		}
		var c comparator
		c, text = nextComparator(text)
		next, err := s.comparatorRanges(c)
		if err != nil {
			return nil, err
		}
		ranges = s.intersectAll(ranges, next)
		text = strings.TrimLeft(text, ", \t\r\n")
	}
	return ranges, nil
}

// comparator is one operator with its operand, or the range "from - operand".
type comparator struct {
	operator, operand string
	from              string
}

// nextComparator cuts one comparator off text, which begins without a space.
func nextComparator(text string) (c comparator, rest string) {
	n := 0
	for n < len(text) && strings.IndexByte("<>=!~^", text[n]) >= 0 {
		n++
	}
	c.operator = text[:n]
	c.operand, rest = cutOperand(strings.TrimLeft(text[n:], " \t\r\n"))
	after, hyphen := strings.CutPrefix(strings.TrimLeft(rest, " \t"), "- ")
	if hyphen && c.operator == "" {
		c.operator, c.from = "-", c.operand
		c.operand, rest = cutOperand(strings.TrimLeft(after, " \t"))
	}
	return c, rest
}

// cutOperand cuts a version off text. A version may hold "~", "^" and the "!"
// of a Python epoch.
func cutOperand(text string) (operand, rest string) {
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case ' ', ',', '\t', '\r', '\n', '<', '>', '=':
			return text[:i], text[i:]
		case '!':
			if strings.HasPrefix(text[i:], "!=") {
				return text[:i], text[i:]
			}
		}
	}
	return text, ""
}

// parseIntervals reads intervals with commas or spaces between them.
func (s Scheme) parseIntervals(text string) ([]Range, error) {
	var union []Range
	for text != "" {
		end := strings.IndexAny(text, ")]")
		if end < 0 || text[0] != '[' && text[0] != '(' {
			return nil, fmt.Errorf("%w: interval without bracket", ErrConstraint)
		}
		r, err := s.parseInterval(text[0] == '[', text[1:end], text[end] == ']')
		if err != nil {
			return nil, err
		}
		if !s.isEmpty(r) {
			union = append(union, r)
		}
		text = strings.TrimLeft(text[end+1:], ", \t\r\n")
	}
	return union, nil
}

// parseInterval reads what stands between two brackets.
func (s Scheme) parseInterval(closedLow bool, inner string, closedHigh bool) (Range, error) {
	low, high, pair := strings.Cut(inner, ",")
	low, high = strings.TrimSpace(low), strings.TrimSpace(high)
	if !pair {
		if !closedLow || !closedHigh || low == "" {
			return Range{}, fmt.Errorf("%w: interval %q", ErrConstraint, clip(inner))
		}
		high = low
	}
	for _, bound := range []string{low, high} {
		if bound != "" && !s.Valid(bound) {
			return Range{}, fmt.Errorf("version %q: %w", clip(bound), ErrInvalid)
		}
	}
	var r Range
	if closedLow {
		r.Introduced = low
	} else {
		r.After = low
	}
	if closedHigh {
		r.LastAffected = high
	} else {
		r.Fixed = high
	}
	return r, nil
}
