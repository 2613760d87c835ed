package rego

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"

	checks "github.com/aquasecurity/trivy-checks"
	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/boltseal/boltseal/image"
	"github.com/boltseal/boltseal/rules"
)

const (
	maxCheck  = 1 << 20 // bytes of one user's file
	maxChecks = 2000    // files that a user brings
)

// module is one file of Rego.
type module struct {
	name  string
	text  []byte
	head  *header
	user  bool
	check *Check // nil for libraries
}

// folder is where checks stand.
type folder struct {
	files fs.FS
	dir   string
}

// folders are where the shipped checks of each type stand.
var folders = map[string][]folder{
	Dockerfile: {{checks.EmbeddedPolicyFileSystem, "checks/docker"}},
	Kubernetes: {{checks.EmbeddedPolicyFileSystem, "checks/kubernetes"}},
	Compose:    {{rules.Config, "config/compose"}},
	Terraform:  {{rules.Config, "config/terraform"}},
}

// Unfed are checks of trivy-checks that are not run, because they ask for values
// which the adapters do not give yet: they would fault what is right.
func Unfed() []string { return slices.Clone(unfed) }

var unfed = []string{
	"AZU-0026", "AZU-0037", "AZU-0056", "AZU-0058", "AZU-0059", "AZU-0060", "AZU-0061", "AZU-0062", "AZU-0063", "AZU-0066", "AZU-0067",
	"AZU-0068", "AZU-0069", "AZU-0070", "AZU-0071", "AZU-0072", "AZU-0073", "AZU-0075", "AZU-0076",
}

// shipped reads our checks and those of trivy-checks for one type of input. Of the
// cloud, those of the providers.
func shipped(kind string, providers []string) ([]*module, error) {
	dirs := slices.Clone(folders[kind])
	for _, p := range providers {
		dirs = append(dirs, folder{checks.EmbeddedPolicyFileSystem, "checks/cloud/" + p})
	}
	var all []*module
	for _, d := range dirs {
		got, err := readModules(d.files, d.dir, false)
		if errors.Is(err, fs.ErrNotExist) {
			continue // a provider without checks
		}
		if err != nil {
			return nil, err
		}
		all = append(all, got...)
	}
	return all, nil
}

// libraries adds to the parsed modules the shipped ones that they import, and
// those that these import.
func libraries(parsed map[string]*ast.Module) error {
	libs, err := readModules(checks.EmbeddedLibraryFileSystem, "lib", false)
	if err != nil {
		return err
	}
	own, err := readModules(rules.Config, "config/lib", false)
	if err != nil {
		return err
	}
	libs = append(libs, own...)
	wanted := imports(parsed)
	for more := true; more; {
		more = false
		for _, m := range libs {
			if parsed[m.name] != nil || !slices.Contains(wanted, m.packageName()) {
				continue
			}
			lib, err := m.parse()
			if err != nil {
				return err
			}
			parsed[m.name], more = lib, true
			wanted = append(wanted, imports(map[string]*ast.Module{"": lib})...)
		}
	}
	return nil
}

// imports are the packages that modules import: "lib.docker".
func imports(modules map[string]*ast.Module) []string {
	var names []string
	for _, m := range modules {
		for _, i := range m.Imports {
			names = append(names, strings.TrimPrefix(i.Path.String(), "data."))
		}
	}
	return names
}

// packageName reads the package clause without parsing the rest.
func (m *module) packageName() string {
	for line := range bytes.Lines(m.text) {
		if name, ok := bytes.CutPrefix(line, []byte("package ")); ok {
			return string(bytes.TrimSpace(name))
		}
	}
	return ""
}

// readModules reads the Rego files below a directory, without tests.
func readModules(files fs.FS, dir string, user bool) ([]*module, error) {
	var all []*module
	err := fs.WalkDir(files, dir, func(p string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() || path.Ext(p) != ".rego" || strings.HasSuffix(p, "_test.rego") {
			return err
		}
		if len(all) >= maxChecks {
			return fmt.Errorf("%w: more than %d checks", image.ErrLimit, maxChecks)
		}
		m, err := readModule(files, p, user)
		if err != nil {
			return err
		}
		all = append(all, m)
		return nil
	})
	return all, err
}

func readModule(files fs.FS, name string, user bool) (*module, error) {
	if info, err := fs.Stat(files, name); err == nil && user && info.Size() > maxCheck {
		return nil, fmt.Errorf("read check %s: %w: more than %d bytes", name, image.ErrLimit, maxCheck)
	}
	text, err := fs.ReadFile(files, name)
	if err != nil {
		return nil, fmt.Errorf("read check %s: %w", name, err)
	}
	m := &module{name: name, text: text, user: user}
	if m.head, err = parseHeader(text); err != nil {
		return nil, fmt.Errorf("%s:1: %w", name, err)
	}
	switch {
	case m.head != nil && m.head.active() && (user || !slices.Contains(unfed, m.head.Custom.ID)):
		m.check = m.head.check(name)
	case m.head == nil && user:
		m.check = &Check{File: name}
	}
	if m.check != nil && user {
		m.check.Source = name
		if m.check.ID == "" {
			m.check.ID = strings.ToLower(strings.TrimSuffix(path.Base(name), ".rego"))
		}
		m.check.Title = first(m.check.Title, m.check.ID)
	}
	return m, nil
}

// parse compiles nothing yet; errors name file and line.
func (m *module) parse() (*ast.Module, error) {
	parsed, err := ast.ParseModuleWithOpts(m.name, string(m.text), ast.ParserOptions{RegoVersion: ast.RegoV1})
	if err != nil && m.user {
		// Files for the first version of the language are still around; the
		// error of the present one is the one to show.
		if old, oldErr := ast.ParseModuleWithOpts(m.name, string(m.text), ast.ParserOptions{RegoVersion: ast.RegoV0}); oldErr == nil {
			return old, nil
		}
	}
	if err != nil {
		return nil, fmt.Errorf("parse check: %w", located(err))
	}
	if parsed == nil {
		return nil, fmt.Errorf("parse check %s: %w", m.name, errors.New("empty module"))
	}
	if m.check != nil {
		m.check.pkg = strings.TrimPrefix(parsed.Package.Path.String(), "data.")
	}
	return parsed, nil
}

// located writes OPA's errors one per line as "file:line: message".
func located(err error) error {
	var list ast.Errors
	if !errors.As(err, &list) {
		return err
	}
	var lines []error
	for _, e := range list {
		if e.Location == nil {
			lines = append(lines, errors.New(e.Message))
			continue
		}
		lines = append(lines, fmt.Errorf("%s:%d: %s", e.Location.File, e.Location.Row, e.Message))
	}
	return errors.Join(lines...)
}

// ReadUser reads the checks of a user's directory. Names in errors begin with
// the directory's.
func ReadUser(dir string) (*User, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("read checks: %w", err)
	}
	defer root.Close()
	modules, err := readModules(root.FS(), ".", true)
	if err != nil {
		return nil, fmt.Errorf("read checks %s: %w", dir, err)
	}
	for _, m := range modules {
		m.name = path.Join(dir, m.name)
		if m.check != nil {
			m.check.File, m.check.Source = m.name, m.name
		}
		if _, err := m.parse(); err != nil {
			return nil, err
		}
	}
	return &User{modules}, nil
}

// User are checks that a user brought.
type User struct{ modules []*module }
