package config

import (
	"bytes"
	"errors"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/boltseal/boltseal/scan/config/chart"
	"github.com/boltseal/boltseal/scan/config/dockerfile"
	"github.com/boltseal/boltseal/scan/config/kustomize"
	"github.com/boltseal/boltseal/scan/config/manifest"
	"github.com/boltseal/boltseal/scan/config/rego"
	"github.com/boltseal/boltseal/scan/config/terraform"
)

// format is a kind of configuration file.
type format string

const (
	formatDockerfile     format = "dockerfile"
	formatKubernetes     format = "kubernetes"
	formatCompose        format = "compose"
	formatChart          format = "chart"
	formatKustomize      format = "kustomize"
	formatTerraform      format = "terraform"
	formatCloudFormation format = "cloudformation"
)

// parser reads the files of one format.
type parser struct {
	format format
	// parse gets a file, or of Terraform the directory of a root module.
	parse func(t *tree, file string) ([]*rego.Input, error)
}

// parsers lists all formats.
func parsers() []parser {
	return []parser{
		{formatDockerfile, parseDockerfile},
		{formatKubernetes, parseKubernetes},
		{formatCompose, parseCompose},
		{formatChart, parseChart},
		{formatTerraform, parseTerraform},
		{formatCloudFormation, parseCloudFormation},
	}
}

// format says what a file is by its name and, where many share a name, by its
// first bytes; "" when it is none of ours.
func (t *tree) format(p string) format {
	base := path.Base(p)
	switch {
	case base == "Chart.yaml":
		return formatChart
	case slices.Contains(kustomize.Names(), base):
		return formatKustomize
	case isDockerfile(base):
		return formatDockerfile
	case terraform.IsFile(base):
		return formatTerraform
	case isCompose(base):
		return formatCompose
	case slices.Contains([]string{".yaml", ".yml", ".json", ".template"}, path.Ext(base)):
		return sniff(t.head(p))
	}
	return ""
}

// FormatOf says what package fix may repair: rego.Dockerfile, rego.Kubernetes, or
// "" for other files and for templates.
func FormatOf(files fs.FS, p string) string {
	t := newTree(files)
	switch t.format(p) {
	case formatDockerfile:
		return rego.Dockerfile
	case formatKubernetes:
		for dir := path.Dir(p); ; dir = path.Dir(dir) {
			if _, err := fs.Stat(files, path.Join(dir, "Chart.yaml")); err == nil {
				return ""
			}
			if dir == "." {
				return rego.Kubernetes
			}
		}
	}
	return ""
}

func isDockerfile(base string) bool {
	lower := strings.ToLower(base)
	if strings.HasSuffix(lower, ".dockerignore") {
		return false
	}
	for _, name := range []string{"dockerfile", "containerfile"} {
		capital := strings.ToUpper(name[:1]) + name[1:]
		if lower == name || strings.HasPrefix(base, capital+".") || strings.HasSuffix(lower, "."+name) {
			return true
		}
	}
	return false
}

func isCompose(base string) bool {
	name, ok := strings.CutSuffix(base, ".yml")
	if !ok {
		if name, ok = strings.CutSuffix(base, ".yaml"); !ok {
			return false
		}
	}
	name = strings.TrimPrefix(name, "docker-")
	return name == "compose" || strings.HasPrefix(name, "compose.") || strings.HasPrefix(name, "compose-")
}

func sniff(head []byte) format {
	has := func(s string) bool { return bytes.Contains(head, []byte(s)) }
	switch {
	case has("apiVersion") && has("kind"):
		return formatKubernetes
	case has("Resources") && has("AWS::"):
		return formatCloudFormation
	}
	return ""
}

func parseDockerfile(t *tree, file string) ([]*rego.Input, error) {
	data, err := t.load(file)
	if err != nil {
		return nil, err
	}
	f, err := dockerfile.Parse(data)
	if f == nil || len(f.Stages) == 0 {
		return nil, err
	}
	return []*rego.Input{{Type: rego.Dockerfile, Path: file, Value: f.Rego(file)}}, err
}

// parseKubernetes reads manifests, except those that a chart or a kustomization
// has.
func parseKubernetes(t *tree, file string) ([]*rego.Input, error) {
	if t.built[file] || t.under(file, formatChart) {
		return nil, nil
	}
	data, err := t.load(file)
	if err != nil {
		return nil, err
	}
	return objects(data, file)
}

// objects are the Kubernetes objects in a file; those in a List stand for themselves.
func objects(data []byte, file string) ([]*rego.Input, error) {
	docs, err := manifest.Documents(data)
	var inputs []*rego.Input
	for len(docs) > 0 {
		d := docs[0]
		docs = docs[1:]
		if manifest.Text(d, "apiVersion") == "" || manifest.Text(d, "kind") == "" {
			continue
		}
		if items := manifest.Get(d, "items"); items != nil && strings.HasSuffix(manifest.Text(d, "kind"), "List") {
			docs = append(docs, items.Content...)
			continue
		}
		v, valueErr := manifest.Value(d, file)
		if valueErr != nil {
			return inputs, valueErr
		}
		inputs = append(inputs, &rego.Input{Type: rego.Kubernetes, Path: file, Value: v})
	}
	return inputs, err
}

// parseChart checks what a chart's templates become; lines are those of the
// templates.
func parseChart(t *tree, file string) ([]*rego.Input, error) {
	dir := path.Dir(file)
	if t.under(dir, formatChart) {
		return nil, nil // a part of another chart
	}
	manifests, err := chart.Render(t.files, dir)
	var inputs []*rego.Input
	for _, m := range manifests {
		got, bad := objects(m.Text, m.Template)
		for _, in := range got {
			manifest.Translate(in.Value, m.Lines)
		}
		inputs, err = append(inputs, got...), errors.Join(err, bad)
	}
	return inputs, err
}

func parseCompose(t *tree, file string) ([]*rego.Input, error) {
	data, err := t.load(file)
	if err != nil {
		return nil, err
	}
	docs, err := manifest.Documents(data)
	var inputs []*rego.Input
	for _, d := range docs {
		if manifest.Get(d, "services") == nil {
			continue
		}
		v, err := manifest.Value(d, file)
		if err != nil {
			return inputs, err
		}
		inputs = append(inputs, &rego.Input{Type: rego.Compose, Path: file, Value: v})
	}
	return inputs, err
}
