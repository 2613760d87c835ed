package input

import (
	"strings"
	"time"
)

// Time understands the ways in which feeds write a moment: RFC 3339 with or
// without zone (then UTC), a blank instead of the T, a date alone. Anything
// else is the zero time: a feed's odd date is no reason to lose its record.
func Time(s string) time.Time {
	s = strings.TrimSuffix(strings.TrimSpace(s), " UTC")
	for _, layout := range [...]string{
		time.RFC3339, "2006-01-02T15:04:05Z0700", "2006-01-02T15:04:05", time.DateTime, "2006-01-02 15:04:05Z07:00",
		"2006-01-02 15:04", time.DateOnly,
	} {
		if t, err := time.Parse(layout, s); err == nil {
			return t.UTC()
		}
	}
	return time.Time{}
}

// Unix is Time in seconds, 0 when s is not understood.
func Unix(s string) int64 {
	t := Time(s)
	if t.IsZero() {
		return 0
	}
	return t.Unix()
}

// IsCVE reports whether s is a CVE identifier: "CVE-", four digits, "-", four
// or more digits. Source: CVE ID syntax of 2014.
func IsCVE(s string) bool {
	return len(s) >= len("CVE-2014-0001") && s[:4] == "CVE-" && s[8] == '-' &&
		digits(s[4:8]) && digits(s[9:])
}

func digits(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}

// CVEs finds the CVE identifiers in a text, in order, each once.
func CVEs(s string) []string {
	var found []string
	seen := map[string]bool{}
	for {
		i := strings.Index(s, "CVE-")
		if i < 0 {
			return found
		}
		s = s[i:]
		n := len("CVE-")
		for n < len(s) && (s[n] == '-' || s[n] >= '0' && s[n] <= '9') {
			n++
		}
		if id := strings.TrimRight(s[:n], "-"); IsCVE(id) && !seen[id] {
			seen[id] = true
			found = append(found, id)
		}
		s = s[n:]
	}
}
