package image

import (
	"fmt"
	"strings"
)

// platform is what an image runs on.
// Source: OCI image specification, image-index.md.
type platform struct {
	OS           string `json:"os"`
	Architecture string `json:"architecture"`
	Variant      string `json:"variant,omitempty"`
}

func (p platform) String() string {
	if p.OS == "" && p.Architecture == "" {
		return ""
	}
	s := p.OS + "/" + p.Architecture
	if p.Variant != "" {
		s += "/" + p.Variant
	}
	return s
}

// parsePlatform reads "os/arch[/variant]", or "arch" alone for Linux.
func parsePlatform(s string) (platform, error) {
	parts := strings.Split(strings.ToLower(s), "/")
	if len(parts) == 1 {
		parts = []string{"linux", parts[0]}
	}
	for _, part := range parts {
		if part == "" || len(parts) > 3 {
			return platform{}, fmt.Errorf("parse platform %q: want os/arch or os/arch/variant", s)
		}
	}
	p := platform{OS: parts[0], Architecture: parts[1]}
	if len(parts) == 3 {
		p.Variant = parts[2]
	}
	return p.normal(), nil
}

// archNames are other names for Go's architectures.
var archNames = map[string]string{
	"x86_64": "amd64", "x86-64": "amd64", "aarch64": "arm64", "armhf": "arm", "armel": "arm", "i386": "386", "i686": "386",
}

// normal folds spellings of one platform into one.
func (p platform) normal() platform {
	if p.Variant == "" && p.Architecture == "armhf" {
		p.Variant = "v7"
	}
	if p.Variant == "" && p.Architecture == "armel" {
		p.Variant = "v6"
	}
	if name, ok := archNames[p.Architecture]; ok {
		p.Architecture = name
	}
	if p.Architecture == "arm64" && (p.Variant == "v8" || p.Variant == "8") {
		p.Variant = ""
	}
	if p.Architecture == "amd64" && p.Variant == "v1" {
		p.Variant = ""
	}
	return p
}

// score says how well an image for p serves whoever wants w: 0 not at all,
// more is better. A 32-bit ARM machine runs every older variant.
func (p platform) score(w platform) int {
	p, w = p.normal(), w.normal()
	switch {
	case p.OS != w.OS || p.Architecture != w.Architecture:
		return 0
	case p.Variant == w.Variant:
		return 100
	case w.Variant == "": // any will do, the plainest first
		return 50 - len(p.Variant)
	case p.Variant == "":
		return 40
	case p.Architecture == "arm" && p.Variant < w.Variant:
		return int(p.Variant[len(p.Variant)-1]) % 32
	}
	return 0
}

// choose returns the entry of an index that serves the wanted platform best.
// An empty want means the default and, failing that, the only one there is.
// Entries that are not images (attestations) do not count.
func choose(entries []descriptor, want string) (descriptor, error) {
	explicit := want != ""
	w := defaultPlatform()
	if explicit {
		var err error
		if w, err = parsePlatform(want); err != nil {
			return descriptor{}, err
		}
	}
	var images []descriptor
	best, bestScore := descriptor{}, 0
	perr := &PlatformError{Want: w.String()}
	for _, d := range entries {
		if !d.isImage() {
			continue
		}
		images = append(images, d)
		if d.Platform == nil {
			continue
		}
		perr.Have = append(perr.Have, d.Platform.String())
		if s := d.Platform.score(w); s > bestScore {
			best, bestScore = d, s
		}
	}
	switch {
	case bestScore > 0:
		return best, nil
	case len(images) == 0:
		return best, &UnsupportedError{What: "an index without images", Next: "name another tag"}
	case len(images) == 1 && (!explicit || images[0].Platform == nil):
		return images[0], nil
	}
	return best, perr
}
