package cli

import (
	"maps"
	"slices"
	"strings"

	"github.com/boltseal/boltseal/image"
	"github.com/boltseal/boltseal/report"
)

// redact masks the secrets in what a report tells of an image's configuration:
// a report goes to more people than the image.
func redact(t *report.Target, mask func(string) string) {
	for i := range t.Layers {
		t.Layers[i].CreatedBy = mask(t.Layers[i].CreatedBy)
	}
	if t.Config == nil {
		return
	}
	c := *t.Config
	c.Env = maskAll(c.Env, mask)
	c.Entrypoint, c.Cmd = maskArguments(c.Entrypoint, mask), maskArguments(c.Cmd, mask)
	c.Labels = maps.Clone(c.Labels)
	for name, value := range c.Labels {
		c.Labels[name] = maskBehind(name+"=", value, mask)
	}
	c.History = slices.Clone(c.History)
	for i := range c.History {
		h := &c.History[i]
		h.CreatedBy, h.Comment = mask(h.CreatedBy), mask(h.Comment)
	}
	t.Config = &c
}

func maskAll(list []string, mask func(string) string) []string {
	out := slices.Clone(list)
	for i := range out {
		out[i] = mask(out[i])
	}
	return out
}

// maskArguments knows that an option may say what the next argument is.
func maskArguments(list []string, mask func(string) string) []string {
	out := maskAll(list, mask)
	for i := 1; i < len(list); i++ {
		if strings.HasPrefix(list[i-1], "-") {
			out[i] = maskBehind(list[i-1]+" ", list[i], mask)
		}
	}
	return out
}

// maskBehind masks a value that stands behind what names it.
func maskBehind(name, value string, mask func(string) string) string {
	masked := mask(name + value)
	if rest, ok := strings.CutPrefix(masked, name); ok {
		return rest
	}
	return masked
}

// redactTarget does so for a scan's report, with the rules that the user has.
func (o *scanOptions) redactTarget(im *image.Image, t *report.Target) error {
	if len(im.Config.Env)+len(im.Config.Labels)+len(im.Config.History)+len(im.Config.Entrypoint)+len(im.Config.Cmd) == 0 {
		return nil
	}
	mask, err := o.threats.Redactor()
	if err == nil {
		redact(t, mask)
	}
	return err
}
