package finding

import "testing"

// The conditions of --fail-on hold for findings of every kind.
func TestGateOfEveryKind(t *testing.T) {
	kinds := []Kind{KindVulnerability, KindMalware, KindWebShell, KindSecret, KindMisconfiguration, KindLicense}
	for _, k := range kinds {
		f := &Finding{Kind: k, Severity: High, Priority: 50}
		for text, want := range map[string]bool{
			"kind=" + string(k) + ",severity=high":     true,
			string(k) + ",high":                        true,
			"kind=" + string(k) + ",severity=critical": false,
			"kind=" + string(k) + ",fixable":           false,
			"kind=" + string(k) + ",kev":               false,
			"kind=" + string(k) + ",priority>=50":      true,
			"severity=medium":                          true,
		} {
			g, err := ParseGate(text)
			if err != nil {
				t.Fatal(err)
			}
			if got := g.Met(f); got != want {
				t.Errorf("%s: %s is met: %v", k, text, got)
			}
		}
		for _, other := range kinds {
			g, err := ParseGate("kind=" + string(other))
			if err != nil {
				t.Fatal(err)
			}
			if g.Met(f) != (other == k) {
				t.Errorf("kind=%s of a %s: %v", other, k, g.Met(f))
			}
		}
		f.Suppressed = &Suppression{}
		if g, _ := ParseGate(string(k)); g.Met(f) {
			t.Errorf("a suppressed %s meets a gate", k)
		}
	}
}
