package fix

import (
	"testing"

	"github.com/boltseal/boltseal/finding"
	"github.com/boltseal/boltseal/inventory"
)

// FuzzText repairs anything: what comes out must parse, and a second repair for
// the same findings at most repeats nothing.
func FuzzText(f *testing.F) {
	f.Add("kind: Pod\nspec:\n  containers:\n  - name: a\n    securityContext:\n      privileged: true\n", true, 4)
	f.Add("containers:\n- name: a\n  securityContext: {}\n", true, 2)
	f.Add("FROM a\nRUN apt-get install b \\\n c\n", false, 2)
	f.Fuzz(func(t *testing.T, text string, kubernetes bool, line int) {
		var found []finding.Finding
		for _, id := range []string{"ksv-0001", "ksv-0003", "ksv-0012", "ksv-0014", "ksv-0017", "ksv-0030", "ds-0021", "ds-0022", "ds-0029", "ds-0025"} {
			found = append(found, finding.Finding{Rule: &finding.Rule{ID: "config/" + id}, Location: inventory.Location{Line: line, EndLine: line + 1}})
		}
		out, n := Text([]byte(text), kubernetes, found)
		if n == 0 && string(out) != text {
			t.Errorf("%q was changed without a repair: %q", text, out)
		}
		if kubernetes && n > 0 && !nothingLost([]byte(text), out) || !kubernetes && n > 0 && !sameInstructions([]byte(text), out) {
			t.Errorf("%q lost something: %q", text, out)
		}
	})
}
