package cli

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// cutPair splits "NAME=VALUE"; both must be there.
func cutPair(s string) (name, value string, ok bool) {
	name, value, ok = strings.Cut(s, "=")
	return name, value, ok && name != "" && value != ""
}

// setMirrors turns --mirror into what image.Open takes.
func (o *scanOptions) setMirrors() error {
	for _, m := range o.mirrors {
		registry, host, ok := cutPair(m)
		if !ok {
			return usage("--mirror %q: want REGISTRY=HOST", m)
		}
		if o.image.Mirrors == nil {
			o.image.Mirrors = map[string][]string{}
		}
		o.image.Mirrors[registry] = append(o.image.Mirrors[registry], host)
	}
	return nil
}

// templateText is the text itself or, behind "@", a file's.
func templateText(t string) (string, error) {
	path, isFile := strings.CutPrefix(t, "@")
	if !isFile {
		return t, nil
	}
	b, err := os.ReadFile(path)
	if err != nil {
		return "", fmt.Errorf("read template: %w", err)
	}
	return string(b), nil
}

// writeFile writes a file so that a reader never sees half of it. Devices and
// pipes are written to directly.
func writeFile(path string, write func(io.Writer) error) error {
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() {
		f, err := os.OpenFile(path, os.O_WRONLY, 0)
		if err != nil {
			return err
		}
		return errors.Join(write(f), f.Close())
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".boltseal-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	if err := write(f); err != nil {
		f.Close()
		return err
	}
	if err := f.Chmod(0o644); err != nil {
		f.Close()
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}
