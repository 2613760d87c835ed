package config

import (
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	checks "github.com/aquasecurity/trivy-checks"
	"go.yaml.in/yaml/v3"

	"github.com/boltseal/boltseal/scan/config/rego"
)

// example is one of the files that trivy-checks gives for each of its checks:
// what it must find (bad) and what it must not (good).
type example struct {
	id   string
	bad  bool
	path string
}

var (
	exampleID   = regexp.MustCompile(`(?m)^#\s+id: (\S+)`)
	exampleFile = regexp.MustCompile(`(?m)^#\s+examples: (\S+)`)
)

// exampleNames are the file names of the formats in examples.
var exampleNames = map[string]string{
	"dockerfile": "Dockerfile", "kubernetes": "object.yaml", "terraform": "main.tf", "cloudformation": "template.yaml",
}

// examples puts the examples of all active checks below a folder of
// trivy-checks into one file system.
func examples(t *testing.T, folder string, formats ...string) (fstest.MapFS, []example) {
	t.Helper()
	files, list := fstest.MapFS{}, []example{}
	err := fs.WalkDir(checks.EmbeddedPolicyFileSystem, folder, func(p string, d fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(p, ".rego") || strings.HasSuffix(p, "_test.rego") {
			return err
		}
		text, err := fs.ReadFile(checks.EmbeddedPolicyFileSystem, p)
		id, file := exampleID.FindSubmatch(text), exampleFile.FindSubmatch(text)
		if err != nil || id == nil || file == nil || strings.Contains(string(text), "deprecated: true") || foreign(string(text)) {
			return err
		}
		data, err := fs.ReadFile(checks.EmbeddedPolicyFileSystem, string(file[1]))
		if err != nil {
			return nil // a check that promises examples and has none
		}
		var all map[string]map[string]any
		if err := yaml.Unmarshal(data, &all); err != nil {
			return fmt.Errorf("%s: %w", file[1], err)
		}
		for _, format := range formats {
			for _, sort := range []string{"good", "bad"} {
				texts, _ := all[format][sort].([]any)
				for i, v := range texts {
					text, ok := v.(string)
					if !ok {
						continue
					}
					name := fmt.Sprintf("%s/%s/%s-%d/%s", id[1], format, sort, i, exampleNames[format])
					files[name] = &fstest.MapFile{Data: []byte(text)}
					list = append(list, example{string(id[1]), sort == "bad", name})
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return files, list
}

// foreign says whether a check is for a framework that nobody asked for.
func foreign(text string) bool {
	return strings.Contains(text, "frameworks:") && !strings.Contains(text, "default:")
}

// checkExamples runs everything at once and compares what each example must and
// must not give. without are checks that are not run.
func checkExamples(t *testing.T, files fstest.MapFS, list []example, without ...string) {
	t.Helper()
	found, issues, err := Directory(t.Context(), files, Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, is := range issues {
		t.Logf("issue: %s: %s", is.File, is.Message)
	}
	got := map[string]bool{}
	for _, f := range found {
		got[strings.ToUpper(strings.TrimPrefix(f.Rule.ID, "config/"))+" "+f.Location.Path] = true
	}
	if len(list) == 0 {
		t.Fatal("no examples")
	}
	for _, e := range list {
		if !slices.Contains(without, e.id) && got[e.id+" "+e.path] != e.bad {
			t.Errorf("%s: found is %v, want %v", e.path, !e.bad, e.bad)
		}
	}
}

func TestDockerfileExamples(t *testing.T) {
	files, list := examples(t, "checks/docker", "dockerfile")
	checkExamples(t, files, list)
}

func TestTerraformExamples(t *testing.T) {
	files, list := examples(t, "checks/cloud", "terraform")
	checkExamples(t, files, list, rego.Unfed()...)
}

func TestCloudFormationExamples(t *testing.T) {
	files, list := examples(t, "checks/cloud", "cloudformation")
	checkExamples(t, files, list)
}

func TestKubernetesExamples(t *testing.T) {
	files, list := examples(t, "checks/kubernetes", "kubernetes")
	checkExamples(t, files, list)
}
