package image

import (
	"encoding/json"
	"fmt"
	"strings"
)

// maxLegacyJSON bounds what one layer of a legacy archive says about itself; all
// of them together are bounded as a configuration is.
const maxLegacyJSON = 1 << 20

// legacyLayer is "<id>/json" in an archive of Docker before 1.10: every layer
// is an image with a parent.
// Source: Docker image specification v1.0.
type legacyLayer struct {
	imageConfig
	Parent          string `json:"parent"`
	ContainerConfig struct {
		Cmd words
	} `json:"container_config"`
}

// legacyArchive reads an archive whose only entry is "repositories":
// {name: {tag: id of the top layer}}.
func legacyArchive(a *archive, sel selector, o *Options) (*Image, error) {
	data, err := readFile(a, "repositories", maxManifest)
	if err != nil {
		return nil, err
	}
	var repos boundedMap[boundedMap[string]]
	if err := json.Unmarshal(data, &repos); err != nil {
		return nil, fmt.Errorf("%s/repositories: %w: %w", a.name, ErrCorrupt, err)
	}
	var saved []savedImage
	for repo, tags := range repos {
		for tag, id := range tags {
			saved = append(saved, savedImage{Config: id, RepoTags: bounded[string]{repo + ":" + tag}})
		}
	}
	one, err := sel.pickSaved(saved, a.name)
	if err != nil {
		return nil, err
	}
	im := new(Image)
	im.addTags(one.RepoTags...)
	if err := im.describeLegacy(a, one.Config, o); err != nil {
		return nil, fmt.Errorf("%s: %w", a.name, err)
	}
	return im, nil
}

// describeLegacy follows the parents from the top layer down.
func (im *Image) describeLegacy(a *archive, top string, o *Options) error {
	type step struct{ id, by string }
	var chain []step
	seen := map[string]bool{}
	total := 0
	for id := top; id != ""; {
		if seen[id] || len(chain) == maxLayers {
			return fmt.Errorf("%w: more than %d layers, or parents in a circle", ErrLimit, maxLayers)
		}
		seen[id] = true
		layer, size, err := readLegacy(a, id)
		if err != nil {
			return err
		}
		if total += size; total > maxConfig {
			return fmt.Errorf("%w: layers describe themselves in more than %d bytes", ErrLimit, maxConfig)
		}
		if len(chain) == 0 {
			if err := im.configure(&layer.imageConfig, o.Platform); err != nil {
				return err
			}
		}
		chain = append(chain, step{id, cleanInstruction(strings.Join(layer.ContainerConfig.Cmd, " "))})
		id = layer.Parent
	}
	for i := range chain {
		s := chain[len(chain)-1-i]
		im.Config.History = append(im.Config.History, History{CreatedBy: s.by})
		im.addMember(a, s.id+"/layer.tar", Descriptor{Index: i, Size: -1, CreatedBy: s.by})
	}
	return nil
}

// readLegacy also returns the length of what it read.
func readLegacy(a *archive, id string) (*legacyLayer, int, error) {
	data, err := readFile(a, id+"/json", maxLegacyJSON)
	if err != nil {
		return nil, 0, err
	}
	layer := new(legacyLayer)
	if err := json.Unmarshal(data, layer); err != nil {
		return nil, 0, fmt.Errorf("%s/json: %w: %w", id, ErrCorrupt, err)
	}
	return layer, len(data), nil
}
