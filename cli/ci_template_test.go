package cli

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/boltseal/boltseal/internal/demo"
)

// templates are the pipelines that users copy, and what of them is shell.
var templates = []struct {
	name, path string
	scripts    func(t *testing.T, text string) []string // in the order in which they run
}{
	{"github", "github/boltseal.yml", func(t *testing.T, text string) []string {
		return picked(t, text, "jobs", "gate", "steps", "", "run")[1:] // without the user's build
	}},
	{"gitlab", "gitlab/boltseal.gitlab-ci.yml", func(t *testing.T, text string) []string {
		lines := append(picked(t, text, "boltseal", "before_script", ""), picked(t, text, "boltseal", "script", "")...)
		return []string{strings.Join(lines, "\n")} // the runner makes one script of both
	}},
	{"jenkins", "jenkins/Jenkinsfile", func(_ *testing.T, text string) (out []string) {
		for _, m := range regexp.MustCompile(`(?s)sh '''(.*?)'''`).FindAllStringSubmatch(text, -1) {
			out = append(out, m[1])
		}
		return out
	}},
	{"tekton", "tekton/boltseal.yaml", func(t *testing.T, text string) []string {
		return picked(t, text, "spec", "steps", "", "script")
	}},
	{"yunxiao", "yunxiao/boltseal.yml", func(t *testing.T, text string) []string {
		return picked(t, text, "stages", "security_stage", "jobs", "boltseal_job", "steps", "", "with", "run")
	}},
}

// picked are the texts at a path; "" stands for every element.
func picked(t *testing.T, text string, path ...string) []string {
	t.Helper()
	var top yaml.Node
	if err := yaml.Unmarshal([]byte(text), &top); err != nil {
		t.Fatal(err)
	}
	nodes := top.Content
	for _, key := range path {
		var next []*yaml.Node
		for _, n := range nodes {
			for i, c := range n.Content {
				switch {
				case n.Kind == yaml.SequenceNode && key == "":
					next = append(next, c)
				case n.Kind == yaml.MappingNode && i%2 == 1 && (key == "" || n.Content[i-1].Value == key):
					next = append(next, c)
				}
			}
		}
		nodes = next
	}
	var out []string
	for _, n := range nodes {
		out = append(out, n.Value)
	}
	if len(out) == 0 {
		t.Fatalf("nothing at %v", path)
	}
	return out
}

// Every template's shell lines install the binary, deny the demonstration image,
// which leaves the reports behind, and let an image pass that has nothing.
func TestTemplatesRun(t *testing.T) {
	sandbox := t.TempDir()
	self, sum := program(t, sandbox)
	bad, good := filepath.Join(sandbox, "demo"), filepath.Join(sandbox, "empty")
	if err := demo.Write(bad); err != nil {
		t.Fatal(err)
	}
	writeLayout(t, good, writeBlob(t, good, gzipped(regular("hello", []byte("hello")))))
	mirror := filepath.Join(sandbox, "mirror")
	catalogue := `{"title":"t","catalogVersion":"2026.01.01","dateReleased":"2026-01-01T00:00:00Z","count":1,"vulnerabilities":[{"cveID":"CVE-2021-44228","vendorProject":"Apache","product":"Log4j2","vulnerabilityName":"n","dateAdded":"2021-12-10","shortDescription":"d","requiredAction":"a","dueDate":"2021-12-24","knownRansomwareCampaignUse":"Known","notes":"","cwes":[]}]}`
	if err := os.MkdirAll(filepath.Join(mirror, "kev"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(mirror, "kev/known_exploited_vulnerabilities.json"), []byte(catalogue), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, template := range templates {
		t.Run(template.name, func(t *testing.T) {
			text, err := os.ReadFile(filepath.Join("../deploy/ci", template.path))
			if err != nil {
				t.Fatal(err)
			}
			scripts := template.scripts(t, string(text))
			run := func(image, sum string) (string, string, int) {
				dir := t.TempDir()
				env := append(os.Environ(), "HOME="+dir, "PATH="+filepath.Dir(self)+":"+os.Getenv("PATH"), "IMAGE=oci:"+image, "BOLTSEAL_POLICY=default",
					"BOLTSEAL_MIRROR="+mirror, "BOLTSEAL_URL=file://"+self, "BOLTSEAL_SHA256="+sum, "VERDICT="+filepath.Join(dir, "verdict"))
				out, code := shell(t, dir, env, scripts)
				return dir, out, code
			}
			dir, out, code := run(bad, sum)
			if code != exitGate || !strings.Contains(out, "denied by no-exploited-vulnerability") {
				t.Fatalf("exit code %d:\n%s", code, out)
			}
			for _, f := range []string{"boltseal.sarif", "boltseal.xml", "boltseal.html"} {
				if info, err := os.Stat(filepath.Join(dir, f)); err != nil || info.Size() == 0 {
					t.Errorf("%s is not there: %v", f, err)
				}
			}
			if _, out, code := run(good, sum); code != exitOK {
				t.Errorf("an image that has nothing: exit code %d:\n%s", code, out)
			}
			if template.name == "tekton" {
				return // its image brings the binary
			}
			for _, wrong := range []string{"", strings.Repeat("0", 64)} {
				if _, out, code := run(good, wrong); code == exitOK {
					t.Errorf("a binary with the checksum %q runs:\n%s", wrong, out)
				}
			}
		})
	}
}

// program is the binary under test as a file, in a folder of its own, and its
// checksum.
func program(t *testing.T, dir string) (path, sum string) {
	t.Helper()
	path = filepath.Join(dir, "bin", "boltseal")
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("go", "build", "-o", path, "../cmd/boltseal").CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	digest := sha256.Sum256(data)
	return path, hex.EncodeToString(digest[:])
}

// shell runs scripts as a runner does: one after the other, until one fails.
func shell(t *testing.T, dir string, env, scripts []string) (string, int) {
	t.Helper()
	var all strings.Builder
	for _, s := range scripts {
		cmd := exec.Command("sh", "-e", "-c", s)
		cmd.Dir, cmd.Env = dir, env
		out, err := cmd.CombinedOutput()
		all.Write(out)
		if err != nil {
			if exit, ok := err.(*exec.ExitError); ok {
				return all.String(), exit.ExitCode()
			}
			t.Fatal(err)
		}
	}
	return all.String(), 0
}

// The templates keep what they promise about themselves.
func TestTemplatesProtectThemselves(t *testing.T) {
	for _, template := range templates {
		data, err := os.ReadFile(filepath.Join("../deploy/ci", template.path))
		if err != nil {
			t.Fatal(err)
		}
		text := string(data)
		if !strings.Contains(text, `--policy "$BOLTSEAL_POLICY"`) || regexp.MustCompile(`(?m)allow_failure: true|continue-on-error|\|\| true|set -x`).MatchString(text) {
			t.Errorf("%s: the gate is not on", template.name)
		}
		for _, m := range regexp.MustCompile(`uses: (\S+)`).FindAllStringSubmatch(text, -1) {
			if !regexp.MustCompile(`@[0-9a-f]{40}$`).MatchString(m[1]) {
				t.Errorf("%s: %s is not pinned by commit", template.name, m[1])
			}
		}
		for i, s := range template.scripts(t, text) {
			if strings.Contains(s, "${{") || strings.Contains(s, "$(params.") {
				t.Errorf("%s: script %d holds an expression that its system fills in: %s", template.name, i, s)
			}
			for line := range strings.Lines(s) {
				if strings.Contains(line, "PASSWORD") && regexp.MustCompile(`^\s*echo|--password`).MatchString(line) {
					t.Errorf("%s: a secret is shown: %s", template.name, line)
				}
			}
		}
	}
}

// Jenkinsfiles are Groovy; what can be wrong without a compiler is brackets and
// the sections of a declarative pipeline.
func TestJenkinsfile(t *testing.T) {
	data, err := os.ReadFile("../deploy/ci/jenkins/Jenkinsfile")
	if err != nil {
		t.Fatal(err)
	}
	text := regexp.MustCompile(`(?s)'''.*?'''|'[^'\n]*'|//[^\n]*`).ReplaceAllString(string(data), "''")
	var open []rune
	for _, r := range text {
		switch r {
		case '{', '(':
			open = append(open, r)
		case '}', ')':
			want := map[rune]rune{'}': '{', ')': '('}[r]
			if len(open) == 0 || open[len(open)-1] != want {
				t.Fatalf("%c closes nothing", r)
			}
			open = open[:len(open)-1]
		}
	}
	if len(open) > 0 {
		t.Errorf("%d brackets are open", len(open))
	}
	for _, section := range []string{"pipeline {", "agent {", "environment {", "stages {", "steps {", "post {", "always {"} {
		if !strings.Contains(text, section) {
			t.Errorf("no %s", section)
		}
	}
}

// Both languages describe the same files.
func TestTemplatesAreDescribed(t *testing.T) {
	for _, name := range []string{"README.md", "README.zh-CN.md"} {
		data, err := os.ReadFile(filepath.Join("../deploy/ci", name))
		if err != nil {
			t.Fatal(err)
		}
		for _, template := range templates {
			if !strings.Contains(string(data), fmt.Sprintf("(%s)", template.path)) {
				t.Errorf("%s does not name %s", name, template.path)
			}
		}
	}
}
