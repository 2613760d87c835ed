package finding

import (
	"errors"
	"testing"
)

// The scores are those of the examples and user guides at
// https://www.first.org/cvss for the respective version.
func TestCVSSScore(t *testing.T) {
	for vector, want := range map[string]float64{
		// A Complete Guide to CVSS Version 2.0, section 3.3.
		"AV:N/AC:L/Au:N/C:N/I:N/A:C": 7.8, "AV:N/AC:L/Au:N/C:C/I:C/A:C": 10, "AV:L/AC:H/Au:N/C:C/I:C/A:C": 6.2,
		"(AV:N/AC:M/Au:N/C:P/I:P/A:P)": 6.8, "AV:N/AC:L/Au:N/C:N/I:N/A:N": 0,
		// Common Vulnerability Scoring System v3.1: Examples.
		"CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:C/C:L/I:L/A:N": 6.4, "CVSS:3.1/AV:N/AC:H/PR:N/UI:R/S:U/C:L/I:N/A:N": 3.1,
		"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H": 9.8, "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H": 10,
		"CVSS:3.0/AV:N/AC:L/PR:L/UI:N/S:C/C:H/I:H/A:H": 9.9, "CVSS:3.1/AV:P/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:N": 0,
		"CVSS:3.1/AV:L/AC:L/PR:H/UI:N/S:U/C:L/I:L/A:L/E:P/RL:O": 4.2,
		"CVSS:3.0/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N":          6.1,
		// Common Vulnerability Scoring System v4.0: Examples.
		"CVSS:4.0/AV:L/AC:L/AT:P/PR:L/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N":                7.3,
		"CVSS:4.0/AV:N/AC:L/AT:P/PR:N/UI:P/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N":                7.7,
		"CVSS:4.0/AV:N/AC:L/AT:P/PR:N/UI:N/VC:H/VI:L/VA:L/SC:N/SI:N/SA:N":                8.3,
		"CVSS:4.0/AV:N/AC:L/AT:P/PR:N/UI:N/VC:H/VI:L/VA:L/SC:N/SI:N/SA:N/CR:H/IR:L/AR:L": 8.1,
		"CVSS:4.0/AV:L/AC:L/AT:N/PR:N/UI:A/VC:L/VI:N/VA:N/SC:N/SI:N/SA:N":                4.6,
		"CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:A/VC:N/VI:N/VA:N/SC:L/SI:L/SA:N":                5.1,
		"CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:L/VI:L/VA:N/SC:N/SI:N/SA:N":                6.9,
		"CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:N/VA:N/SC:N/SI:N/SA:N/E:A":            8.7,
		"CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:H/SI:H/SA:H/E:A":            10,
		"CVSS:4.0/AV:L/AC:L/AT:N/PR:N/UI:N/VC:N/VI:N/VA:N/SC:N/SI:N/SA:N":                0,
	} {
		if got, err := CVSSScore(vector); err != nil || got != want {
			t.Errorf("CVSSScore(%s) = %v, %v; want %v", vector, got, err, want)
		}
	}
}

func TestCVSSScoreRefuses(t *testing.T) {
	for _, vector := range []string{
		"", "/", "CVSS:", "CVSS:3.1", "CVSS:9.0/AV:N", "AV:N", "AV:N/AC:L/Au:N/C:N/I:N/A:X",
		"CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:C/C:L/I:L", "CVSS:3.1/AV:N/AV:N/AC:L/PR:L/UI:N/S:C/C:L/I:L/A:N",
		"CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:S/SI:H/SA:H",
		"CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:C/C:L/I:L/A:N/ZZ:1", "CVSS:3.1/AV:N L/AC:L/PR:L/UI:N/S:C/C:L/I:L/A:N",
	} {
		if got, err := CVSSScore(vector); !errors.Is(err, ErrCVSS) {
			t.Errorf("CVSSScore(%q) = %v, %v; want an error", vector, got, err)
		}
	}
}

func FuzzCVSSScore(f *testing.F) {
	f.Add("AV:N/AC:L/Au:N/C:N/I:N/A:C")
	f.Add("CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:C/C:L/I:L/A:N")
	f.Add("CVSS:4.0/AV:P/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N/MSI:S/MAV:N/V:C")
	f.Fuzz(func(t *testing.T, vector string) {
		score, err := CVSSScore(vector)
		if score < 0 || score > 10 || err != nil && score != 0 {
			t.Fatalf("CVSSScore(%q) = %v, %v", vector, score, err)
		}
	})
}
