package config

import (
	"context"
	"path"
	"slices"

	"github.com/boltseal/boltseal/scan/config/cloudformation"
	"github.com/boltseal/boltseal/scan/config/rego"
	"github.com/boltseal/boltseal/scan/config/terraform"
)

// terraformRoots puts the directories of root modules in the place of files.
func (t *tree) terraformRoots() {
	var dirs []string
	for _, p := range t.paths[formatTerraform] {
		if dir := path.Dir(p); !slices.Contains(dirs, dir) {
			dirs = append(dirs, dir)
		}
	}
	t.paths[formatTerraform] = terraform.Roots(t.files, dirs)
}

func parseTerraform(t *tree, dir string) ([]*rego.Input, error) {
	res := terraform.Evaluate(t.files, dir)
	for _, is := range res.Issues {
		t.issue(is.File, is.Err)
	}
	inputs := []*rego.Input{{Type: rego.Cloud, Path: dir, Value: withoutEmpty(res.Cloud)}}
	if len(res.Resources) > 0 {
		inputs = append(inputs, &rego.Input{Type: rego.Terraform, Path: dir, Value: map[string]any{"resource": res.Resources}})
	}
	return inputs, nil
}

func parseCloudFormation(t *tree, file string) ([]*rego.Input, error) {
	data, err := t.load(file)
	if err != nil {
		return nil, err
	}
	state, err := cloudformation.State(context.Background(), data, file)
	if state == nil {
		return nil, err
	}
	return []*rego.Input{{Type: rego.Cloud, Path: file, Value: withoutEmpty(state)}}, err
}

// withoutEmpty leaves out the clouds that a state says nothing about, so that
// their checks are not compiled.
func withoutEmpty(state map[string]any) map[string]any {
	out := map[string]any{}
	for cloud, v := range state {
		if said(v) {
			out[cloud] = v
		}
	}
	return out
}

// said says whether there is a thing with lines in a value.
func said(v any) bool {
	switch v := v.(type) {
	case map[string]any:
		if meta, ok := v["__defsec_metadata"].(map[string]any); ok && meta["startline"] != 0 {
			return true
		}
		for _, item := range v {
			if said(item) {
				return true
			}
		}
	case []any:
		return slices.ContainsFunc(v, said)
	}
	return false
}
