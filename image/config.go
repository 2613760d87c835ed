package image

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// imageConfig is the configuration of an image as it is written.
// Source: OCI image specification, config.md; Docker image specification v1.2.
type imageConfig struct {
	platform
	Created stamp            `json:"created"`
	Author  string           `json:"author"`
	Config  runConfig        `json:"config"`
	History bounded[history] `json:"history"`
	RootFS  struct {
		DiffIDs bounded[string] `json:"diff_ids"`
	} `json:"rootfs"`
}

// runConfig is shared by configurations, engines and containers.
type runConfig struct {
	User         string
	Env          bounded[string]
	Entrypoint   words
	Cmd          words
	WorkingDir   string
	ExposedPorts boundedMap[struct{}]
	Volumes      boundedMap[struct{}]
	Labels       boundedMap[string]
	Healthcheck  struct{ Test words }
}

type history struct {
	Created    stamp  `json:"created"`
	CreatedBy  string `json:"created_by"`
	Comment    string `json:"comment"`
	EmptyLayer bool   `json:"empty_layer"`
}

// parseConfig reads a configuration of at most maxConfig bytes.
func parseConfig(data []byte) (*imageConfig, error) {
	if len(data) > maxConfig {
		return nil, fmt.Errorf("parse configuration: %w: more than %d bytes", ErrLimit, maxConfig)
	}
	c := new(imageConfig)
	if err := json.Unmarshal(data, c); err != nil {
		return nil, fmt.Errorf("parse configuration: %w: %w", ErrCorrupt, err)
	}
	if len(c.RootFS.DiffIDs) > maxLayers {
		return nil, fmt.Errorf("parse configuration: %w: more than %d layers", ErrLimit, maxLayers)
	}
	for _, id := range c.RootFS.DiffIDs {
		if err := checkDigest(id); err != nil {
			return nil, fmt.Errorf("parse configuration: diff ID: %w", err)
		}
	}
	return c, nil
}

// public turns what was read into what scans use.
func (c *imageConfig) public() Config {
	out := c.Config.public()
	out.Created = time.Time(c.Created)
	out.Author = c.Author
	for _, h := range c.History {
		out.History = append(out.History, History{
			Created:    time.Time(h.Created),
			CreatedBy:  cleanInstruction(h.CreatedBy),
			Comment:    h.Comment,
			EmptyLayer: h.EmptyLayer,
		})
	}
	return out
}

func (c *runConfig) public() Config {
	return Config{
		User:       c.User,
		Env:        c.Env,
		Entrypoint: c.Entrypoint,
		Cmd:        c.Cmd,
		WorkingDir: c.WorkingDir,
		Ports:      slices.Sorted(maps.Keys(c.ExposedPorts)),
		Volumes:    slices.Sorted(maps.Keys(c.Volumes)),
		Labels:     c.Labels,

		Healthcheck: c.Healthcheck.Test,
	}
}

// instructions returns the build instruction of each of n layers. When the
// history does not have exactly one entry per layer nothing is claimed.
func instructions(hist []History, n int) []string {
	out := make([]string, 0, n)
	for _, h := range hist {
		if !h.EmptyLayer {
			out = append(out, h.CreatedBy)
		}
	}
	if len(out) != n {
		return make([]string, n)
	}
	return out
}

// cleanInstruction writes an entry of the history as its Dockerfile had it.
// The classic builder records a shell command line, with "#(nop)" when it ran
// nothing and "|N k=v..." before it when there were build arguments; BuildKit
// records the instruction with a comment behind it.
func cleanInstruction(s string) string {
	s = strings.TrimSuffix(strings.TrimSpace(s), " # buildkit")
	run := strings.HasPrefix(s, "RUN ")
	s = strings.TrimPrefix(s, "RUN ")
	if strings.HasPrefix(s, "|") {
		if _, cmd, ok := strings.Cut(s, " /bin/sh -c "); ok {
			s = "/bin/sh -c " + cmd
		}
	}
	if cmd, ok := strings.CutPrefix(s, "/bin/sh -c "); ok {
		cmd = strings.TrimSpace(cmd)
		if nop, ok := strings.CutPrefix(cmd, "#(nop)"); ok {
			return strings.TrimSpace(nop)
		}
		return "RUN " + cmd
	}
	if run {
		return "RUN " + s
	}
	return s
}

// stamp is a time that old builders sometimes wrote badly; then it is zero.
type stamp time.Time

// UnmarshalJSON implements json.Unmarshaler.
func (t *stamp) UnmarshalJSON(data []byte) error {
	var parsed time.Time
	if err := parsed.UnmarshalJSON(data); err == nil && parsed.Year() > 1 {
		*t = stamp(parsed)
	}
	return nil
}

// words is a command, which old images hold as one string.
type words []string

// UnmarshalJSON implements json.Unmarshaler.
func (w *words) UnmarshalJSON(data []byte) error {
	if len(data) > 0 && data[0] == '"' {
		var one string
		err := json.Unmarshal(data, &one)
		*w = words{one}
		return err
	}
	return (*bounded[string])(w).UnmarshalJSON(data)
}
