package config

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/boltseal/boltseal/finding"
	"github.com/boltseal/boltseal/scan/config/fix"
)

func byPath(found []finding.Finding) map[string][]finding.Finding {
	out := map[string][]finding.Finding{}
	for _, f := range found {
		out[f.Location.Path] = append(out[f.Location.Path], f)
	}
	return out
}

// repairAll fixes all files once and says how many findings that repaired.
func repairAll(t *testing.T, files fstest.MapFS) (fstest.MapFS, int) {
	t.Helper()
	found, _, err := Directory(t.Context(), files, Options{})
	if err != nil {
		t.Fatal(err)
	}
	out, total := fstest.MapFS{}, 0
	groups := byPath(found)
	for name, file := range files {
		text, n := fix.Text(file.Data, strings.HasSuffix(name, ".yaml"), groups[name])
		out[name], total = &fstest.MapFile{Data: text}, total+n
	}
	return out, total
}

// What was repaired is not found again, and a second repair does nothing.
func TestFixExamples(t *testing.T) {
	for folder, format := range map[string]string{"checks/docker": "dockerfile", "checks/kubernetes": "kubernetes"} {
		t.Run(format, func(t *testing.T) {
			files, _ := examples(t, folder, format)
			before, _, err := Directory(t.Context(), files, Options{})
			if err != nil {
				t.Fatal(err)
			}
			once, n := repairAll(t, files)
			after, issues, err := Directory(t.Context(), once, Options{})
			if err != nil || len(issues) > 0 {
				t.Fatal(err, issues)
			}
			t.Logf("%d findings, %d repaired, %d left", len(before), n, len(after))
			if n == 0 || len(before)-len(after) < n {
				t.Errorf("%d findings before, %d said to be repaired, %d after", len(before), n, len(after))
			}
			if twice, n := repairAll(t, once); n != 0 {
				t.Errorf("the second repair changed %d: %s", n, cmp.Diff(once, twice))
			}
		})
	}
}

func TestFixKeepsFormatting(t *testing.T) {
	tests := []struct{ name, path, text, want string }{
		{"container", "a.yaml", `apiVersion: v1
kind: Pod
metadata: {name: a, namespace: b}   # flow
spec:
  # the only one
  containers:
    - name: web  # main

      image: registry.example/web:1
      securityContext:
        # needed once
        privileged: true
        capabilities:
          add: [NET_BIND_SERVICE]
`, `apiVersion: v1
kind: Pod
metadata: {name: a, namespace: b}   # flow
spec:
  # the only one
  containers:
    - name: web  # main

      image: registry.example/web:1
      securityContext:
        # needed once
        privileged: false
        allowPrivilegeEscalation: false
        runAsNonRoot: true
        readOnlyRootFilesystem: true
        seccompProfile:
          type: RuntimeDefault
        capabilities:
          add: [NET_BIND_SERVICE]
          drop: [ALL]
`},
		{"dockerfile", "Dockerfile", "FROM debian:12\n# tools\nRUN apt-get update && \\\n    # two\n    apt-get install curl \\\n      jq && make\nMAINTAINER me\n",
			"FROM debian:12\n# tools\nRUN apt-get update && \\\n    # two\n    apt-get install -y --no-install-recommends curl \\\n      jq && make\nLABEL maintainer=\"me\"\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, _ := repairAll(t, fstest.MapFS{tt.path: {Data: []byte(tt.text)}})
			if diff := cmp.Diff(tt.want, string(got[tt.path].Data)); diff != "" {
				t.Error(diff)
			}
		})
	}
}
