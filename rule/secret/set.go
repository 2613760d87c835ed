package secret

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"slices"
	"sort"
	"strings"

	"github.com/boltseal/boltseal/rule/match"
)

// Set finds secrets by many rules in one pass. It is immutable and safe for
// concurrent use.
type Set struct {
	rules    []*Rule
	byID     map[string]int
	literals *match.Set
	texts    []string  // lower case, of the literals
	uses     [][]int32 // rules of a literal
	whole    []int32   // rules that no literal announces
	allow    []allowlist
}

// Match is one secret in a text.
type Match struct {
	Rule *Rule
	// Start and End are where the secret stands in the text; Secret is that
	// part of the text itself: it must not be kept, printed or changed.
	Start, End int
	Secret     []byte
	// Line counts from 1.
	Line int
	// Severity is critical, high, medium or low, Confidence high, medium or
	// low, after all that context and structure say.
	Severity, Confidence string
	// Note is what the structure tells, for people.
	Note string

	from, to int // the whole match
}

// ErrLimit is wrapped by errors about texts that were not searched to the end.
var ErrLimit = errors.New("limit exceeded")

// MaxMatches is how many secrets are told of one text.
const MaxMatches = 500

// NewSet compiles the rules of files. A later rule replaces an earlier one with
// the same id.
func NewSet(files ...*File) (*Set, error) {
	s := &Set{byID: map[string]int{}}
	for _, f := range files {
		for _, r := range f.Rules {
			if i, ok := s.byID[r.ID]; ok {
				s.rules[i] = r
				continue
			}
			s.byID[r.ID] = len(s.rules)
			s.rules = append(s.rules, r)
		}
		s.allow = append(s.allow, f.allow...)
	}
	s.disable(files)
	return s, s.compile()
}

// disable takes out what a later file does not want of the earlier ones.
func (s *Set) disable(files []*File) {
	for _, f := range files {
		s.rules = slices.DeleteFunc(s.rules, func(r *Rule) bool { return slices.Contains(f.Disabled, r.ID) })
	}
	clear(s.byID)
	for i, r := range s.rules {
		s.byID[r.ID] = i
	}
}

// Rules returns all rules.
func (s *Set) Rules() []*Rule { return s.rules }

// Literals is how many literals the rules start at.
func (s *Set) Literals() int { return len(s.texts) }

func (s *Set) compile() error {
	var all []match.Literal
	ids := map[string]int{}
	for i, r := range s.rules {
		literals := r.literals()
		if len(literals) == 0 {
			s.whole = append(s.whole, int32(i))
			continue
		}
		for _, l := range literals {
			key := fmt.Sprint(l.Fold, string(l.Text))
			id, ok := ids[key]
			if !ok {
				id = len(all)
				ids[key] = id
				all = append(all, l)
				s.uses = append(s.uses, nil)
				s.texts = append(s.texts, strings.ToLower(string(l.Text)))
			}
			if !slices.Contains(s.uses[id], int32(i)) {
				s.uses[id] = append(s.uses[id], int32(i))
			}
		}
	}
	var err error
	s.literals, err = match.Compile(all)
	return err
}

// literals are what announces a match of the rule.
func (r *Rule) literals() []match.Literal {
	if r.value == nil {
		return r.bounds.literals
	}
	var list []match.Literal
	for _, name := range r.names {
		for _, sep := range []string{"_", "-", ".", ""} {
			text := strings.ReplaceAll(strings.ToLower(name), "_", sep)
			if sep == "_" || text != strings.ToLower(name) {
				list = append(list, match.Literal{Text: []byte(text), Fold: true})
			}
		}
	}
	return list
}

// scan is one search.
type scan struct {
	set     *Set
	text    []byte
	place   place
	binary  bool
	matches []Match
	last    assignment // the one read last
	lastOK  bool
	work    int // bytes that expressions may still read
	err     error
}

// Scan finds the secrets of a text. The path, relative to the root or "", tells
// configuration from code; in a binary only rules count that are precise enough.
// Matches are in the order of the text and do not overlap. The error, if any,
// wraps ErrLimit; the matches that were found stand.
func (s *Set) Scan(path string, text []byte, binary bool) ([]Match, error) {
	sc := scan{set: s, text: text, place: placeOf(path), binary: binary, work: 8<<20 + 4*len(text)}
	sc.last.nameStart = -1
	s.literals.Scan(text, func(id, start int) bool {
		for _, i := range s.uses[id] {
			sc.hit(s.rules[i], id, start)
		}
		return sc.err == nil
	})
	for _, i := range s.whole {
		sc.everywhere(s.rules[i])
	}
	return sc.result(), sc.err
}

// spend counts n bytes that an expression reads.
func (s *scan) spend(n int) bool {
	if s.work -= n; s.work < 0 && s.err == nil {
		s.err = fmt.Errorf("%w: too much that looks like secrets in %d bytes", ErrLimit, len(s.text))
	}
	return s.err == nil
}

// hit looks at the place where a literal of a rule stands.
func (s *scan) hit(r *Rule, id, start int) {
	if s.binary && !r.binary && !r.user {
		return
	}
	if r.value != nil {
		s.assignment(r, id, start)
		return
	}
	for i := len(s.matches) - 1; i >= 0 && i >= len(s.matches)-8; i-- {
		if m := &s.matches[i]; m.Rule == r && m.from <= start && start < m.to {
			return
		}
	}
	s.around(r, start)
}

func (s *scan) assignment(r *Rule, id, at int) {
	if at < s.last.nameStart || at >= s.last.nameEnd || s.last.nameStart < 0 {
		s.last, s.lastOK = assignmentAt(s.text, at)
	}
	if !s.lastOK || !s.spend(64) {
		return
	}
	a := s.last
	if r.path != nil && !r.path.MatchString(s.place.path) || !s.assigned(r, &a, s.set.texts[id]) {
		return
	}
	s.add(r, Match{Start: a.start, End: a.end, from: a.nameStart, to: a.end})
}

// around tries a rule's expression near a literal's start.
func (s *scan) around(r *Rule, at int) {
	if r.bounds.wordStart && at > 0 && isWord(s.text[at-1]) {
		return
	}
	if r.path != nil && !r.path.MatchString(s.place.path) {
		return
	}
	if r.atLiteral != nil {
		s.exactly(r, at)
		return
	}
	from := max(0, at-r.bounds.before-1)
	to := min(len(s.text), at+r.bounds.after+utf8Max)
	for i := range r.needs {
		if bytes.IndexByte(s.text[from:to], r.needs[i]) < 0 {
			return
		}
	}
	first := from
	for from <= at {
		if !s.spend(to - from) {
			return
		}
		loc := r.regex.FindSubmatchIndex(s.text[from:to])
		if loc == nil || from+loc[0] > at {
			return
		}
		begin, end := from+loc[0], from+loc[1]
		// A match that begins with the window may begin there only because
		// the window does.
		if end > at && (begin > first || first == 0) {
			s.found(r, from, loc)
			return
		}
		from = max(end, begin+1)
	}
}

// exactly tries a rule whose literal begins the match.
func (s *scan) exactly(r *Rule, at int) {
	window := s.text[at:min(len(s.text), at+r.bounds.after+utf8Max)]
	// Most windows are given up after some bytes.
	if !s.spend(64) {
		return
	}
	if loc := r.atLiteral.FindSubmatchIndex(window); loc != nil && s.spend(loc[1]) {
		s.found(r, at, loc)
	}
}

const utf8Max = 4

func isWord(c byte) bool { return isLetter(c) || isDigit(c) || c == '_' }

// everywhere tries a rule that no literal announces, as gitleaks does all.
func (s *scan) everywhere(r *Rule) {
	if r.path != nil && !r.path.MatchString(s.place.path) || s.binary || !s.keyword(r) {
		return
	}
	if r.regex == nil {
		s.add(r, Match{})
		return
	}
	for _, loc := range r.regex.FindAllSubmatchIndex(s.text, MaxMatches) {
		s.found(r, 0, loc)
	}
}

// keyword says whether one of a user's keywords is in the text.
func (s *scan) keyword(r *Rule) bool {
	if len(r.keywords) == 0 {
		return true
	}
	low := bytes.ToLower(s.text)
	return slices.ContainsFunc(r.keywords, func(k string) bool { return bytes.Contains(low, []byte(k)) })
}

// found takes the match of an expression in text[from:].
func (s *scan) found(r *Rule, from int, loc []int) {
	m := Match{from: from + loc[0], to: from + loc[1]}
	m.Start, m.End = m.from, m.to
	if r.group > 0 {
		m.Start, m.End = from+loc[2*r.group], from+loc[2*r.group+1]
		if loc[2*r.group] < 0 {
			return
		}
	} else if r.group < 0 {
		for i := 2; i < len(loc); i += 2 {
			if loc[i] >= 0 && loc[i] < loc[i+1] {
				m.Start, m.End = from+loc[i], from+loc[i+1]
				break
			}
		}
	}
	s.add(r, m)
}

func (s *scan) add(r *Rule, m Match) {
	m.Secret = s.text[m.Start:m.End:m.End]
	if r.regex == nil && r.value == nil { // by its path alone
		m.Rule, m.Severity, m.Confidence = r, r.severity(), "medium"
	} else {
		var ok bool
		if m, ok = s.judge(r, m); !ok {
			return
		}
	}
	for i := range s.set.allow {
		a := &s.set.allow[i]
		if (len(a.rules) == 0 || slices.Contains(a.rules, r.ID)) && a.permits(s.place.path, m.Secret, s.text[m.from:m.to], s.line(&m)) {
			return
		}
	}
	if s.matches = append(s.matches, m); len(s.matches) > 4*MaxMatches && s.err == nil {
		s.err = fmt.Errorf("%w: more than %d secrets", ErrLimit, MaxMatches)
	}
}

// result orders the matches, takes the better one where two overlap, and
// counts lines.
func (s *scan) result() []Match {
	if len(s.matches) == 0 {
		return nil
	}
	s.lines()
	list := slices.DeleteFunc(slices.Clone(s.matches), func(m Match) bool { return m.Rule.skipReport || !s.complete(&m) })
	slices.SortStableFunc(list, func(a, b Match) int { return cmp.Or(b.rank()-a.rank(), a.Start-b.Start, b.End-a.End) })
	var kept []Match // in the order of the text
	for _, m := range list {
		i := sort.Search(len(kept), func(i int) bool { return kept[i].End > m.Start })
		if i < len(kept) && kept[i].Start < m.End || i < len(kept) && kept[i].Start == m.Start && m.Start == m.End {
			continue
		}
		kept = slices.Insert(kept, i, m)
	}
	if len(kept) > MaxMatches {
		kept = kept[:MaxMatches]
		if s.err == nil {
			s.err = fmt.Errorf("%w: more than %d secrets", ErrLimit, MaxMatches)
		}
	}
	return kept
}

// rank orders matches of the same place.
func (m *Match) rank() int {
	n := map[string]int{"high": 4, "medium": 2, "low": 1}[m.Confidence]
	if len(m.Rule.near) > 0 {
		n += 5
	}
	switch {
	case m.Rule.generic:
		return n
	case m.Rule.fallback:
		return n + 6
	case m.Rule.user:
		n += 40
	case m.Rule.value != nil:
		n += 10
	default:
		n += 20
	}
	return n
}

// lines sets the line of every match.
func (s *scan) lines() {
	slices.SortStableFunc(s.matches, func(a, b Match) int { return a.Start - b.Start })
	line, at := 1, 0
	for i := range s.matches {
		m := &s.matches[i]
		line += bytes.Count(s.text[at:m.Start], []byte("\n"))
		at = m.Start
		m.Line = line
	}
}

// complete says whether all rules that a composite rule requires match too.
func (s *scan) complete(m *Match) bool {
	for _, q := range m.Rule.required {
		if !slices.ContainsFunc(s.matches, func(o Match) bool { return o.Rule.ID == q.id && q.within(s.text, m, &o) }) {
			return false
		}
	}
	return true
}

func (q requirement) within(text []byte, a, b *Match) bool {
	if q.withinLines >= 0 && abs(a.Line-b.Line) > q.withinLines {
		return false
	}
	return q.withinColumns < 0 || abs(column(text, a)-column(text, b)) <= q.withinColumns
}

func column(text []byte, m *Match) int {
	return m.Start - bytes.LastIndexByte(text[:m.Start], '\n')
}

func abs(n int) int { return max(n, -n) }
