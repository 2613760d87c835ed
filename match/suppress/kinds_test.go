package suppress

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/boltseal/boltseal/finding"
	"github.com/boltseal/boltseal/inventory"
)

// Findings of every kind are named by their rule, a pattern of rules, or their
// own identifier, within a path.
func TestIgnoreOtherKinds(t *testing.T) {
	at := func(id string, kind finding.Kind, rule, path string) finding.Finding {
		return finding.Finding{ID: id, Kind: kind, Rule: &finding.Rule{ID: rule}, Location: inventory.Location{Path: path}}
	}
	for line, want := range map[string][]string{
		"secret/pem -- x":                     {"a", "b"},
		"SECRET/PEM -- x":                     {"a", "b"},
		"secret/* -- x":                       {"a", "b", "c"},
		"secret/* path=srv/** -- x":           {"a", "c"},
		"secret/pem path=srv/*/key.pem -- x":  {"a"},
		"secret/pem path=/srv/*/key.pem -- x": {"a"},
		"secret/pem path=srv/*.pem -- x":      nil,
		"secret/pem path=**/*.pem -- x":       {"a", "b"},
		"malware/* -- x":                      {"d"},
		"webshell/* -- x":                     nil,
		"d -- x":                              {"d"},
		"secret/* until=2020-01-01 -- x":      nil,
		"*/xmrig path=usr/bin/? -- x":         {"d"},
		"secret/* package=openssl -- x":       nil,
	} {
		rules, err := ReadIgnore(strings.NewReader(line), "f")
		if err != nil {
			t.Fatal(err)
		}
		fs := []finding.Finding{
			at("a", finding.KindSecret, "secret/pem", "srv/app/key.pem"), at("b", finding.KindSecret, "secret/pem", "root/key.pem"),
			at("c", finding.KindSecret, "secret/aws", "srv/app/.env"), at("d", finding.KindMalware, "malware/xmrig", "usr/bin/x"),
		}
		rules.Apply(fs, &inventory.Inventory{}, time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC))
		var got []string
		for i := range fs {
			if fs[i].Suppressed != nil {
				got = append(got, fs[i].ID)
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s:\n%s", line, diff)
		}
	}
}
