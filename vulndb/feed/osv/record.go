package osv

import "encoding/json"

// record is the part of an OSV record that is kept.
// Source: https://ossf.github.io/osv-schema, versions 1.0 to 1.7.
type record struct {
	ID         string      `json:"id"`
	Modified   string      `json:"modified"`
	Published  string      `json:"published"`
	Withdrawn  string      `json:"withdrawn"`
	Aliases    []string    `json:"aliases"`
	Upstream   []string    `json:"upstream"`
	Related    []string    `json:"related"`
	Summary    string      `json:"summary"`
	Details    string      `json:"details"`
	Severity   []severity  `json:"severity"`
	Affected   []affected  `json:"affected"`
	References []reference `json:"references"`
	Database   struct {
		Severity word     `json:"severity"` // GHSA's grade
		CWEs     []string `json:"cwe_ids"`
	} `json:"database_specific"`
}

// word is a string; anything else in its place, which other databases may put
// there, counts as none.
type word string

// UnmarshalJSON implements json.Unmarshaler.
func (w *word) UnmarshalJSON(b []byte) error {
	var s string
	if len(b) > 0 && b[0] == '"' {
		if err := json.Unmarshal(b, &s); err != nil {
			return err
		}
	}
	*w = word(s)
	return nil
}

// severity is a CVSS vector, or the word of a scale that the type names
// ("Ubuntu").
type severity struct {
	Type  string `json:"type"`
	Score string `json:"score"`
}

type reference struct {
	Type string `json:"type"`
	URL  string `json:"url"`
}

// affected is one package with its ranges.
type affected struct {
	Package struct {
		Ecosystem string `json:"ecosystem"`
		Name      string `json:"name"`
		PURL      string `json:"purl"`
	} `json:"package"`
	Severity []severity `json:"severity"`
	Ranges   []interval `json:"ranges"`
	// Versions is decoded only where no range says the same in less.
	Versions  json.RawMessage `json:"versions"`
	Ecosystem struct {
		// Urgency is Debian's grade.
		Urgency word `json:"urgency"`
		// Binaries are the packages that SUSE builds of the source packages of
		// an advisory, with their fixed versions: [{"name": "version"}].
		Binaries json.RawMessage `json:"binaries"`
	} `json:"ecosystem_specific"`
}

type interval struct {
	Type   string  `json:"type"`
	Events []event `json:"events"`
}

type event struct {
	Introduced   string `json:"introduced"`
	Fixed        string `json:"fixed"`
	LastAffected string `json:"last_affected"`
}
