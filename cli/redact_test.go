package cli

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/boltseal/boltseal/image"
	"github.com/boltseal/boltseal/report"
	"github.com/boltseal/boltseal/scan"
)

// No secret of an image's configuration is in its report, and what is none
// stays as it is.
func TestReportsCarryNoSecrets(t *testing.T) {
	value := "q7Zr" + "2LmX9vKd4Ts8"
	target := report.Target{
		Layers: []report.Layer{{CreatedBy: "RUN deploy --password " + value}},
		Config: &image.Config{
			Env:        []string{"PATH=/usr/bin", "DB_PASSWORD=" + value, "URL=postgres://app:" + value + "@db/shop"},
			Entrypoint: []string{"/app", "--api-token", value}, Cmd: []string{"--listen", ":8080"},
			Labels:  map[string]string{"maintainer": "ops", "api_token": value},
			History: []image.History{{CreatedBy: "ARG TOKEN=" + value, Comment: "secret=" + value}},
		},
	}
	mask, err := (&scan.Threats{}).Redactor()
	if err != nil {
		t.Fatal(err)
	}
	redact(&target, mask)
	text, err := json.Marshal(target)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(text), value) || strings.Contains(string(text), value[6:]) {
		t.Errorf("a secret is left in %s", text)
	}
	for _, kept := range []string{"PATH=/usr/bin", "/app", "--listen", ":8080", `"ops"`, "postgres://app:", "@db/shop"} {
		if !strings.Contains(string(text), kept) {
			t.Errorf("%s is missing in %s", kept, text)
		}
	}
}
