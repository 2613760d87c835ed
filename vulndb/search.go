package vulndb

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/boltseal/boltseal/finding"
	"github.com/boltseal/boltseal/vulndb/layout"
)

// Match is one result of Search: a package when Package is set, else a
// vulnerability.
type Match struct {
	ID    string `json:"id,omitempty"`
	Title string `json:"title,omitempty"`
	// Severity is the worst that a source says.
	Severity finding.Severity `json:"severity,omitempty"`
	KEV      bool             `json:"kev,omitempty"`

	Namespace string `json:"namespace,omitempty"`
	Package   string `json:"package,omitempty"`
	// Advisories is the number of statements about the package.
	Advisories int `json:"advisories,omitempty"`
}

// Search finds, in this order and up to limit: vulnerabilities by the
// beginning of an id or alias, packages of exactly that name in every
// namespace, vulnerabilities whose title holds all the words. Case does not
// matter except in names of packages. It reads every title, which takes
// some ten milliseconds; it is for people.
func (db *DB) Search(query string, limit int) (_ []Match, err error) {
	defer guard(&err)()
	s := search{db: db, limit: limit, seen: make(map[int]bool)}
	query = strings.TrimSpace(query)
	if query == "" || limit <= 0 {
		return nil, nil
	}
	for _, step := range []func(string) error{s.byID, s.byPackage, s.byTitle} {
		if err := step(query); err != nil {
			return s.found, fmt.Errorf("search %q: %w", query, err)
		}
	}
	return s.found, nil
}

type search struct {
	db    *DB
	limit int
	seen  map[int]bool
	found []Match
}

func (s *search) full() bool { return len(s.found) >= s.limit }

// byID tries the query as the beginning of an id, as written, in upper case
// and with the lower-case rest that GHSA ids have.
func (s *search) byID(query string) error {
	spellings := []string{query, strings.ToUpper(query)}
	if len(query) > len("GHSA") && strings.EqualFold(query[:4], "GHSA") {
		spellings = append(spellings, "GHSA"+strings.ToLower(query[4:]))
	}
	slices.Sort(spellings)
	for _, prefix := range slices.Compact(spellings) {
		numbers, err := s.withPrefix([]byte(prefix))
		if err != nil {
			return err
		}
		for _, n := range numbers {
			if err := s.add(n); err != nil {
				return err
			}
		}
	}
	return nil
}

// withPrefix returns the numbers of vulnerabilities with such an id, up to the
// limit.
func (s *search) withPrefix(prefix []byte) (numbers []int, err error) {
	first, _, err := s.db.ids.Seek(prefix)
	if err != nil {
		return nil, err
	}
	err = s.db.ids.Walk(first, func(i int, id []byte) bool {
		if !bytes.HasPrefix(id, prefix) || len(numbers) >= s.limit {
			return false
		}
		numbers = append(numbers, i)
		return true
	})
	if err != nil {
		return nil, err
	}
	if first, _, err = s.db.aliases.Seek(prefix); err != nil {
		return nil, err
	}
	var aliases []int
	err = s.db.aliases.Walk(first, func(i int, id []byte) bool {
		if !bytes.HasPrefix(id, prefix) || len(numbers)+len(aliases) >= s.limit {
			return false
		}
		aliases = append(aliases, i)
		return true
	})
	for i := 0; i < len(aliases) && err == nil; i++ {
		numbers, err = s.db.set(s.db.targets.At, aliases[i], numbers)
	}
	return numbers, err
}

// add appends vulnerability n unless it is there already.
func (s *search) add(n int) error {
	if s.full() || s.seen[n] {
		return nil
	}
	s.seen[n] = true
	v, err := s.db.vuln(n)
	if err != nil {
		return err
	}
	m := Match{KEV: v.KEV != nil}
	if m.ID, err = s.db.id(n); err != nil {
		return err
	}
	title, err := s.db.titles.At(n)
	if err != nil {
		return err
	}
	m.Title = string(title)
	for _, severity := range v.Severities {
		m.Severity = max(m.Severity, severity.Severity)
	}
	s.found = append(s.found, m)
	return nil
}

func (s *search) byPackage(query string) error {
	for _, n := range s.db.namespaces {
		if s.full() {
			return nil
		}
		if _, found, err := s.db.keys.Seek(layout.Key(nil, n.Namespace, query)); err != nil {
			return err
		} else if !found {
			continue
		}
		advisories, err := s.db.Advisories(n.Namespace, query, nil)
		if err != nil {
			return err
		}
		s.found = append(s.found, Match{Namespace: n.Namespace, Package: query, Advisories: len(advisories)})
	}
	return nil
}

func (s *search) byTitle(query string) error {
	words := bytes.Fields(bytes.ToLower([]byte(query)))
	var numbers []int
	err := s.db.titles.Walk(func(i int, title []byte) bool {
		lower := bytes.ToLower(title)
		for _, w := range words {
			if !bytes.Contains(lower, w) {
				return true
			}
		}
		numbers = append(numbers, i)
		return len(numbers)+len(s.found) < s.limit+len(s.seen)
	})
	for i := 0; i < len(numbers) && err == nil; i++ {
		err = s.add(numbers[i])
	}
	return err
}
