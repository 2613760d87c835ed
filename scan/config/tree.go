package config

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"strings"

	"github.com/boltseal/boltseal/image"
	"github.com/boltseal/boltseal/inventory"
	"github.com/boltseal/boltseal/scan/config/rego"
)

const (
	maxFile  = 4 << 20   // bytes of a file that is looked into
	maxTotal = 512 << 20 // bytes of all of them
	maxFiles = 500000    // files in the directory
	maxSniff = 64 << 10  // bytes in which a YAML or JSON file must show what it is
)

// tree is a directory with what was found in it.
type tree struct {
	files  fs.FS
	paths  map[format][]string
	read   int64
	issues []inventory.Issue
	// built are the files that are checked as part of a kustomization.
	built map[string]bool
	// ignores are the comments of files with findings.
	ignores map[string][]ignore
}

func newTree(files fs.FS) *tree {
	return &tree{files: files, paths: map[format][]string{}, built: map[string]bool{}, ignores: map[string][]ignore{}}
}

// skipped are directories that hold no configuration of the project's own.
func skipped(name string) bool {
	return name == ".git" || name == ".terraform" || name == "node_modules"
}

// walk finds the configuration files. Links are not followed.
func (t *tree) walk(ctx context.Context) error {
	seen := 0
	return fs.WalkDir(t.files, ".", func(p string, d fs.DirEntry, err error) error {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			t.issue(p, err)
			return nil
		}
		if d.IsDir() && skipped(d.Name()) {
			return fs.SkipDir
		}
		if !d.Type().IsRegular() {
			return nil
		}
		if seen++; seen > maxFiles {
			t.issue(".", fmt.Errorf("%w: more than %d files", image.ErrLimit, maxFiles))
			return fs.SkipAll
		}
		if f := t.format(p); f != "" {
			t.paths[f] = append(t.paths[f], p)
		}
		return nil
	})
}

// load reads a whole file within the limits.
func (t *tree) load(p string) ([]byte, error) {
	f, err := t.files.Open(p)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	if err != nil {
		return nil, err
	}
	t.read += int64(len(data))
	if len(data) > maxFile || t.read > maxTotal {
		return nil, fmt.Errorf("%w: more than %d bytes, or %d in all files", image.ErrLimit, maxFile, maxTotal)
	}
	return data, nil
}

// head reads the beginning of a file; what cannot be read has none.
func (t *tree) head(p string) []byte {
	f, err := t.files.Open(p)
	if err != nil {
		return nil
	}
	defer f.Close()
	data, _ := io.ReadAll(io.LimitReader(f, maxSniff))
	return data
}

// issue notes what could not be examined.
func (t *tree) issue(p string, err error) {
	kind := "corrupt"
	switch {
	case errors.Is(err, image.ErrLimit):
		kind = "limit"
	case errors.Is(err, fs.ErrPermission), errors.Is(err, fs.ErrNotExist):
		kind = "unreadable"
	}
	t.issues = append(t.issues, inventory.Issue{Kind: kind, File: p, Scanner: "config", Message: err.Error()})
}

// inputs reads all files into what checks understand, by type of input.
func (t *tree) inputs(ctx context.Context) map[string][]*rego.Input {
	all := map[string][]*rego.Input{}
	t.terraformRoots()
	for _, in := range t.kustomizations(ctx) {
		all[in.Type] = append(all[in.Type], in)
	}
	for _, p := range parsers() {
		for _, file := range t.paths[p.format] {
			if ctx.Err() != nil {
				return all
			}
			t.parse(p, file, all)
		}
	}
	return all
}

// parse reads one file. A panic in a library that parses hostile bytes must not
// take the rest with it.
func (t *tree) parse(p parser, file string, all map[string][]*rego.Input) {
	defer func() {
		if r := recover(); r != nil {
			t.issue(file, fmt.Errorf("parse: panic: %v", r))
		}
	}()
	inputs, err := p.parse(t, file)
	if err != nil {
		t.issue(file, err)
	}
	for _, in := range inputs {
		all[in.Type] = append(all[in.Type], in)
	}
}

// under says whether a file is below one of the directories that hold a file of
// the format.
func (t *tree) under(p string, f format) bool {
	for _, marker := range t.paths[f] {
		dir := path.Dir(marker)
		if dir == "." || strings.HasPrefix(p, dir+"/") {
			return true
		}
	}
	return false
}
