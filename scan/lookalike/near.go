package lookalike

import (
	"slices"
	"strings"
)

// near returns the name of the list that another passes for, "" for none: the
// names look alike, or are one edit apart, or two where both are long. An edit is
// a letter more, less or changed, or two that changed places. A version behind a
// name (python3) is no edit, nor is a name of the list itself.
func near(name string, list []string) string {
	if slices.Contains(list, name) || slices.Contains(list, strings.TrimRight(name, "0123456789.-")) {
		return ""
	}
	plain := looks(name)
	best, least := "", 3
	for _, known := range list {
		d := 0
		if plain != looks(known) {
			d = distance(name, known)
		}
		if d < least && d <= allowed(name, known) {
			best, least = known, d
		}
	}
	return best
}

// looks is how a name looks at a glance.
func looks(name string) string {
	return glance.Replace(name)
}

var glance = strings.NewReplacer("0", "o", "1", "l", "5", "s", "rn", "m", "vv", "w", "-", "", "_", "", ".", "")

// allowed is how many edits apart two names may be. Of short names, nearly all
// edits give another word: only letters that changed places or were doubled are
// taken for a mistake.
func allowed(name, known string) int {
	n := min(len(name), len(known))
	switch {
	case n < 4:
		return 0
	case n < 6:
		if swapped(name, known) || doubled(name, known) {
			return 1
		}
		return 0
	case n < 9 || name[0] != known[0]:
		return 1
	}
	return 2
}

// swapped says whether the names have the same letters.
func swapped(a, b string) bool {
	x, y := []byte(a), []byte(b)
	slices.Sort(x)
	slices.Sort(y)
	return string(x) == string(y)
}

// doubled says whether the names are equal but for a doubled letter.
func doubled(a, b string) bool {
	return a != b && string(slices.Compact([]byte(a))) == string(slices.Compact([]byte(b)))
}

// distance is the number of edits between two names, 3 for more than two; two
// letters that changed places count once (optimal string alignment).
func distance(a, b string) int {
	const far = 3
	if len(a)-len(b) >= far || len(b)-len(a) >= far {
		return far
	}
	before, last, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last, row = last, row, before
	}
	return min(last[len(b)], far)
}

// likeRegistry returns the registry that a host passes for, "" for none.
func (s *Scanner) likeRegistry(host string) string {
	name, _, _ := strings.Cut(host, ":")
	for _, r := range s.registries {
		if name == r || strings.HasSuffix(name, "."+r) {
			return ""
		}
	}
	for _, r := range s.registries {
		switch {
		case strings.HasPrefix(name, r+".") || strings.HasPrefix(name, r+"-"),
			strings.HasPrefix(name, strings.ReplaceAll(r, ".", "-")+".") && strings.Contains(r, "docker"):
			return r
		case looks(name) == looks(r) && name != r, len(r) >= 6 && len(name) >= 6 && distance(name, r) == 1:
			return r
		}
	}
	return ""
}
