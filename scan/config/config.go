// Package config finds dangerous settings in configuration files: Dockerfiles,
// Kubernetes manifests, Helm charts, Kustomize overlays, Compose files,
// Terraform and CloudFormation. Directory is the entry point; the sub-packages
// turn each format into what checks written in Rego understand (package
// scan/config/rego). It reads no image: scan/config/history does.
//
// Nothing is fetched: charts, bases and modules that are not in the directory
// are reported as not examined.
package config

import (
	"context"
	"io/fs"

	"github.com/boltseal/boltseal/finding"
	"github.com/boltseal/boltseal/inventory"
	"github.com/boltseal/boltseal/scan/config/rego"
)

// Options of Directory. The zero value checks everything with what is shipped.
type Options struct {
	// Checks are the user's own, beside those that are shipped.
	Checks *rego.User
}

// Directory checks the configuration files below the root of a file system, as
// os.Root gives it. Files that could not be understood are issues and the rest
// is checked all the same; errors are about the checks themselves or the context.
// Findings are sorted by path and line; those that a comment in the file ignores
// are suppressed.
func Directory(ctx context.Context, files fs.FS, opts Options) ([]finding.Finding, []inventory.Issue, error) {
	t := newTree(files)
	if err := t.walk(ctx); err != nil {
		return nil, nil, err
	}
	inputs := t.inputs(ctx)
	results, err := t.run(ctx, inputs, opts.Checks)
	if err != nil {
		return nil, nil, err
	}
	return t.findings(results), t.issues, ctx.Err()
}
