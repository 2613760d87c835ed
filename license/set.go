package license

import (
	"fmt"
	"slices"
	"strings"

	"github.com/boltseal/boltseal/internal/glob"
)

// Set is a list of licences: identifiers, patterns of them ("GPL-*") and
// categories.
type Set struct {
	categories []Category
	patterns   []string
}

// maxSet bounds a list.
const maxSet = 1000

// ParseSet reads the elements of a list. An identifier may be written in any way
// that Read knows; one that it does not know is taken as it is, for packages name
// licences that nobody has listed.
func ParseSet(elements []string) (Set, error) {
	var s Set
	if len(elements) > maxSet {
		return s, fmt.Errorf("read licenses: more than %d", maxSet)
	}
	for _, el := range elements {
		el = strings.TrimSpace(el)
		switch {
		case el == "":
			return s, fmt.Errorf("read licenses: an empty element")
		case len(el) > 200:
			return s, fmt.Errorf("read licenses: %.40q...: more than 200 bytes", el)
		case slices.Contains(Categories(), Category(el)):
			s.categories = append(s.categories, Category(el))
		case strings.ContainsAny(el, "*?"):
			s.patterns = append(s.patterns, el)
		default:
			s.patterns = append(s.patterns, patternsOf(el)...)
		}
	}
	return s, nil
}

// patternsOf is an identifier as a pattern. A version of GNU's that leaves open
// whether it is "only" or "or later" means both.
func patternsOf(el string) []string {
	e := Read(el)
	if e.Operator != Leaf {
		return []string{el}
	}
	if base, ok := strings.CutSuffix(e.ID, "-only"); ok && e.Listed && !strings.HasSuffix(strings.ToLower(el), "only") {
		return []string{base + "-only", base + "-or-later"}
	}
	return []string{e.String(), e.ID}
}

// Has says whether the set names a leaf.
func (s Set) Has(leaf Expression) bool {
	if slices.Contains(s.categories, leaf.Category()) {
		return true
	}
	full := leaf.String()
	return slices.ContainsFunc(s.patterns, func(p string) bool {
		return glob.Match(p, leaf.ID) || glob.Match(p, full)
	})
}

// Binds says whether whoever uses what is under the expression is bound by a
// licence of the set: of a choice, when every option is.
func (s Set) Binds(e Expression) bool {
	switch e.Operator {
	case And:
		return slices.ContainsFunc(e.Parts, s.Binds)
	case Or:
		return !slices.ContainsFunc(e.Parts, func(p Expression) bool { return !s.Binds(p) })
	}
	return !e.IsZero() && s.Has(e)
}

// Covers says whether the licences of the set are enough for the expression: all
// that bind together, or one of a choice.
func (s Set) Covers(e Expression) bool {
	switch e.Operator {
	case And:
		return !slices.ContainsFunc(e.Parts, func(p Expression) bool { return !s.Covers(p) })
	case Or:
		return slices.ContainsFunc(e.Parts, s.Covers)
	}
	return s.Has(e)
}
