package kev

import (
	"encoding/json"
	"strings"
)

// cwes is a list of CWE identifiers that is an array in one form and a text
// with commas in another.
type cwes []string

// UnmarshalJSON implements json.Unmarshaler.
func (c *cwes) UnmarshalJSON(b []byte) error {
	if len(b) > 0 && b[0] == '"' {
		var s string
		if err := json.Unmarshal(b, &s); err != nil {
			return err
		}
		*c = splitCWEs(s)
		return nil
	}
	return json.Unmarshal(b, (*[]string)(c))
}

func splitCWEs(s string) cwes {
	return strings.FieldsFunc(s, func(r rune) bool { return r == ',' || r == ' ' })
}
