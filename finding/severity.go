package finding

import (
	"fmt"
	"strings"
)

// Severity is how bad a finding is. The zero value is Unknown; larger is worse.
type Severity uint8

// The severities, in order. Negligible is what distributions call
// "unimportant" or "negligible": listed, but nobody will repair it.
const (
	Unknown Severity = iota
	Negligible
	Low
	Medium
	High
	Critical
)

var severityNames = [...]string{"unknown", "negligible", "low", "medium", "high", "critical"}

// String is the lower-case name.
func (s Severity) String() string {
	if int(s) < len(severityNames) {
		return severityNames[s]
	}
	return severityNames[Unknown]
}

// ParseSeverity understands the names and what feeds write for them:
// "moderate", "important", "none", "unimportant", any case.
func ParseSeverity(s string) (Severity, error) {
	switch strings.ToLower(strings.TrimSpace(s)) {
	case "critical":
		return Critical, nil
	case "high", "important":
		return High, nil
	case "medium", "moderate":
		return Medium, nil
	case "low", "minor":
		return Low, nil
	case "negligible", "unimportant", "none", "info", "informational":
		return Negligible, nil
	case "unknown", "", "untriaged", "not yet assigned", "unspecified", "end-of-life":
		return Unknown, nil
	}
	return Unknown, fmt.Errorf("parse severity %q: not one of unknown, negligible, low, medium, high, critical", s)
}

// MarshalText implements encoding.TextMarshaler.
func (s Severity) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText implements encoding.TextUnmarshaler.
func (s *Severity) UnmarshalText(b []byte) (err error) {
	*s, err = ParseSeverity(string(b))
	return err
}

// FromScore grades a CVSS base score.
// Source: CVSS v3.1 specification, section 5 (qualitative severity rating).
func FromScore(score float64) Severity {
	switch {
	case score >= 9:
		return Critical
	case score >= 7:
		return High
	case score >= 4:
		return Medium
	case score > 0:
		return Low
	}
	return Unknown
}
