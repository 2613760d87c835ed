package version

import (
	"fmt"
	"slices"
	"strings"
)

// operand is a comparator's version in the parts that ranges are made from.
type operand struct {
	text    string   // as written
	epoch   string   // "1!" of a Python version
	numbers []string // the dotted numbers at the beginning
	rest    string   // what follows them
	wild    bool     // a wildcard stood after the numbers
}

// readOperand splits a version. "*" and "x" give no numbers and a wildcard.
func readOperand(text string) operand {
	o := operand{text: text}
	v := trimV(text)
	if n := digitsLen(v); n > 0 && n < len(v) && v[n] == '!' {
		o.epoch, v = v[:n+1], v[n+1:]
	}
	if n := numbersLen(v); n > 0 {
		o.numbers = strings.Split(v[:n], ".")
		v = v[n:]
	}
	if len(o.numbers) == 0 && v != "" && isWildcard(v) {
		o.wild, v = true, v[1:]
	}
	for (o.wild || len(o.numbers) > 0) && len(v) > 1 && v[0] == '.' && isWildcard(v[1:]) {
		o.wild, v = true, v[2:]
	}
	o.rest = v
	return o
}

// isPartial reports if o stands for every version that begins like it.
func (s Scheme) isPartial(o operand) bool {
	return o.rest == "" && (o.wild || s == Semver && len(o.numbers) > 0 && len(o.numbers) < 3)
}

// comparatorRanges returns the ranges that satisfy one comparator.
func (s Scheme) comparatorRanges(c comparator) ([]Range, error) {
	o := readOperand(c.operand)
	if err := s.checkOperand(o, c.operator); err != nil {
		return nil, err
	}
	if c.operator == "-" {
		return s.hyphenRange(c.from, o)
	}
	if s.isPartial(o) {
		return s.partialRanges(c.operator, o)
	}
	switch c.operator {
	case "":
		if s == NuGet {
			return []Range{{Introduced: o.text}}, nil
		}
		return []Range{exactly(o.text)}, nil
	case "=", "==", "===":
		return []Range{exactly(o.text)}, nil
	case "!=", "<>":
		return []Range{{Fixed: o.text}, {After: o.text}}, nil
	case ">":
		return []Range{{After: o.text}}, nil
	case ">=":
		return []Range{{Introduced: o.text}}, nil
	case "<":
		return []Range{{Fixed: o.text}}, nil
	case "<=":
		return []Range{{LastAffected: o.text}}, nil
	case "^":
		return []Range{s.upTo(o, caretPlace(o.numbers))}, nil
	case "~":
		return []Range{s.upTo(o, s.tildePlace(len(o.numbers)))}, nil
	case "~>", "~=":
		return []Range{s.upTo(o, max(len(o.numbers)-2, 0))}, nil
	}
	return nil, fmt.Errorf("%w: operator %q", ErrConstraint, clip(c.operator))
}

// checkOperand refuses what is no version. A Composer branch may stand where
// only that branch is meant.
func (s Scheme) checkOperand(o operand, operator string) error {
	if o.wild && o.rest == "" || s.Valid(o.text) {
		return nil
	}
	exact := operator == "" || operator == "=" || operator == "=="
	if s == Composer && exact && strings.HasPrefix(o.text, "dev-") {
		return nil
	}
	return fmt.Errorf("version %q: %w", clip(o.text), ErrInvalid)
}

func exactly(v string) Range { return Range{Introduced: v, LastAffected: v} }

// caretPlace returns which number "^" raises: the first that is not zero, or
// the last.
func caretPlace(numbers []string) int {
	for i, number := range numbers {
		if trimZeros(number) != "" {
			return i
		}
	}
	return len(numbers) - 1
}

// tildePlace returns which of n numbers "~" raises.
func (s Scheme) tildePlace(n int) int {
	if s == Composer {
		return max(n-2, 0)
	}
	return min(n-1, 1)
}

// upTo returns the range from o to before the version with one number raised.
func (s Scheme) upTo(o operand, place int) Range {
	if len(o.numbers) == 0 {
		return exactly(o.text)
	}
	r := Range{Introduced: o.text, Fixed: s.raised(o, place)}
	if s == Composer && o.rest == "" {
		r.Introduced = s.floor(o.text)
	}
	return r
}

// raised returns the least version above all that agree with o before and at
// place.
func (s Scheme) raised(o operand, place int) string {
	numbers := slices.Clone(o.numbers[:place+1])
	numbers[place] = increment(numbers[place])
	for s == Semver && len(numbers) < 3 {
		numbers = append(numbers, "0")
	}
	return s.floor(o.epoch + strings.Join(numbers, "."))
}

// floor returns the least pre-release of a version, or the version itself in
// schemes that have none.
func (s Scheme) floor(v string) string {
	switch s {
	case Semver, NuGet, Go, Pub, Julia, Conan:
		return v + "-0"
	case Composer:
		return v + "-dev"
	case PEP440:
		return v + ".dev0"
	case Gem:
		return v + ".A"
	}
	return v
}

// increment adds one to a decimal number.
func increment(digits string) string {
	out := []byte(digits)
	for i := len(out) - 1; i >= 0; i-- {
		if out[i] != '9' {
			out[i]++
			return string(out)
		}
		out[i] = '0'
	}
	return "1" + string(out)
}

// partialRanges returns the ranges of a comparator whose operand stands for
// every version that begins like it.
func (s Scheme) partialRanges(operator string, o operand) ([]Range, error) {
	if len(o.numbers) == 0 {
		if operator == "<" || operator == ">" || operator == "!=" {
			return nil, nil
		}
		return []Range{{}}, nil
	}
	last := len(o.numbers) - 1
	low, high := s.lowest(o), s.raised(o, last)
	switch operator {
	case "", "=", "==":
		return []Range{{Introduced: low, Fixed: high}}, nil
	case "!=":
		return []Range{{Fixed: low}, {Introduced: high}}, nil
	case ">":
		return []Range{{Introduced: high}}, nil
	case ">=":
		return []Range{{Introduced: low}}, nil
	case "<":
		return []Range{{Fixed: low}}, nil
	case "<=":
		return []Range{{Fixed: high}}, nil
	case "^":
		return []Range{{Introduced: low, Fixed: s.raised(o, caretPlace(o.numbers))}}, nil
	case "~":
		return []Range{{Introduced: low, Fixed: s.raised(o, min(last, 1))}}, nil
	case "~>":
		return []Range{{Introduced: low, Fixed: s.raised(o, max(last-1, 0))}}, nil
	}
	return nil, fmt.Errorf("%w: operator %q before %q", ErrConstraint, clip(operator), clip(o.text))
}

// lowest returns the least version that begins like o.
func (s Scheme) lowest(o operand) string {
	v := o.epoch + strings.Join(o.numbers, ".")
	switch s {
	case Semver, Composer, PEP440:
		return s.floor(v)
	}
	return v
}

// hyphenRange returns the range of "from - to", which holds both ends, the
// pre-releases of the first, and of a partial end every version that begins
// like it.
func (s Scheme) hyphenRange(from string, to operand) ([]Range, error) {
	low := readOperand(from)
	if err := s.checkOperand(low, "-"); err != nil {
		return nil, err
	}
	r := Range{Introduced: from, LastAffected: to.text}
	if low.rest == "" {
		r.Introduced = s.lowest(low)
	}
	if s.isPartial(to) || s == Composer && len(to.numbers) < 3 && to.rest == "" {
		r.LastAffected = ""
		if len(to.numbers) > 0 {
			r.Fixed = s.raised(to, len(to.numbers)-1)
		}
	}
	if s.isEmpty(r) {
		return nil, nil
	}
	return []Range{r}, nil
}
