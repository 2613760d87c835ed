package main

import (
	"archive/tar"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/klauspost/compress/gzip"
	"golang.org/x/sync/errgroup"
)

// layers lists the layer blobs of an OCI layout with one image.
func layers(layout string) ([]string, error) {
	var index, manifest struct {
		Manifests []struct{ Digest string }
		Layers    []struct{ Digest string }
	}
	if err := readJSON(filepath.Join(layout, "index.json"), &index); err != nil {
		return nil, err
	}
	if len(index.Manifests) == 0 {
		return nil, fmt.Errorf("read layout %s: no image", layout)
	}
	if err := readJSON(blob(layout, index.Manifests[0].Digest), &manifest); err != nil {
		return nil, err
	}
	var paths []string
	for _, l := range manifest.Layers {
		paths = append(paths, blob(layout, l.Digest))
	}
	return paths, nil
}

func blob(layout, digest string) string {
	return filepath.Join(layout, "blobs", strings.Replace(digest, ":", "/", 1))
}

func readJSON(path string, into any) error {
	data, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	return json.Unmarshal(data, into)
}

// walkFloor is the least that any scanner written with the usual libraries
// does: gunzip every layer and read every tar header, layers in parallel.
func walkFloor(layout string) error {
	paths, err := layers(layout)
	if err != nil {
		return err
	}
	var g errgroup.Group
	g.SetLimit(2)
	for _, p := range paths {
		g.Go(func() error { return walkLayer(p) })
	}
	return g.Wait()
}

func walkLayer(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		return err
	}
	for t := tar.NewReader(z); ; {
		if _, err := t.Next(); err == io.EOF {
			return nil
		} else if err != nil {
			return err
		}
	}
}
