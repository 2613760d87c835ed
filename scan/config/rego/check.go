package rego

import (
	"bytes"
	"fmt"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/boltseal/boltseal/finding"
)

// Check is what a check says of itself in its METADATA comment.
type Check struct {
	// ID is short and stable: "DS-0001", "KSV-0014", "AWS-0089".
	ID string
	// Aliases are other names that people know it by.
	Aliases     []string
	Title       string
	TitleZH     string
	Description string
	Severity    finding.Severity
	Remedy      string
	References  []string
	// File is where it stands, Source the same when the user brought it.
	File, Source string

	selectors []selector
	pkg       string // the Rego package, such as "builtin.dockerfile.DS001"
}

// selector says which inputs a check understands.
type selector struct {
	Type     string    `yaml:"type"`
	Subtypes []subtype `yaml:"subtypes"`
}

type subtype struct {
	Group    string `yaml:"group"`
	Version  string `yaml:"version"`
	Kind     string `yaml:"kind"`
	Provider string `yaml:"provider"`
	Service  string `yaml:"service"`
}

// header is the METADATA comment: OPA's annotations with the custom fields that
// trivy-checks gives them.
type header struct {
	Title            string `yaml:"title"`
	Description      string `yaml:"description"`
	RelatedResources []any  `yaml:"related_resources"`
	Custom           struct {
		ID         string              `yaml:"id"`
		AVDID      string              `yaml:"avd_id"`
		LongID     string              `yaml:"long_id"`
		ShortCode  string              `yaml:"short_code"`
		TitleZH    string              `yaml:"title_zh"`
		Aliases    []string            `yaml:"aliases"`
		Severity   string              `yaml:"severity"`
		Remedy     string              `yaml:"recommended_action"`
		Remedies   string              `yaml:"recommended_actions"`
		Deprecated bool                `yaml:"deprecated"`
		Library    bool                `yaml:"library"`
		Frameworks map[string][]string `yaml:"frameworks"`
		Input      struct {
			Selector []selector `yaml:"selector"`
		} `yaml:"input"`
	} `yaml:"custom"`
}

// active says whether the check is run when nobody asks for a framework.
func (h *header) active() bool {
	_, byDefault := h.Custom.Frameworks["default"]
	return !h.Custom.Deprecated && !h.Custom.Library && (len(h.Custom.Frameworks) == 0 || byDefault)
}

var metadata = []byte("# METADATA\n")

// parseHeader reads the METADATA comment of a module's package; nil when there
// is none.
func parseHeader(text []byte) (*header, error) {
	_, rest, ok := bytes.Cut(text, metadata)
	if !ok {
		return nil, nil
	}
	var block bytes.Buffer
	for line := range bytes.Lines(rest) {
		body, ok := bytes.CutPrefix(line, []byte("#"))
		if !ok {
			break
		}
		block.Write(bytes.TrimPrefix(body, []byte(" ")))
	}
	h := new(header)
	if err := yaml.Unmarshal(block.Bytes(), h); err != nil {
		return nil, fmt.Errorf("parse METADATA: %w", err)
	}
	return h, nil
}

func (h *header) check(file string) *Check {
	c := &Check{
		ID: first(h.Custom.ID, h.Custom.AVDID), Title: strings.TrimSpace(h.Title), TitleZH: h.Custom.TitleZH,
		Description: strings.TrimSpace(h.Description), Remedy: first(h.Custom.Remedy, h.Custom.Remedies),
		File: file, selectors: h.Custom.Input.Selector, Severity: severity(h.Custom.Severity),
	}
	c.Aliases = append(c.Aliases, h.Custom.Aliases...)
	for _, a := range []string{h.Custom.AVDID, h.Custom.LongID, h.Custom.ShortCode} {
		if a != "" && a != c.ID {
			c.Aliases = append(c.Aliases, a)
		}
	}
	for _, r := range h.RelatedResources {
		switch r := r.(type) {
		case string:
			c.References = append(c.References, r)
		case map[string]any:
			if ref, ok := r["ref"].(string); ok {
				c.References = append(c.References, ref)
			}
		}
	}
	return c
}

func severity(text string) finding.Severity {
	s, err := finding.ParseSeverity(strings.ToLower(text))
	if err != nil {
		return finding.Unknown
	}
	return s
}

func first(values ...string) string {
	for _, v := range values {
		if v != "" {
			return strings.TrimSpace(v)
		}
	}
	return ""
}

// understands says whether the check takes inputs of the type.
func (c *Check) understands(kind string) bool {
	if len(c.selectors) == 0 {
		return c.Source != ""
	}
	for _, s := range c.selectors {
		if s.Type != kind {
			return false
		}
	}
	return true
}

// applies says whether one of the check's subtypes is in the input.
func (c *Check) applies(in *Input) bool {
	for _, s := range c.selectors {
		if len(s.Subtypes) == 0 {
			return true
		}
		for _, t := range s.Subtypes {
			if in.has(t) {
				return true
			}
		}
	}
	return len(c.selectors) == 0
}
