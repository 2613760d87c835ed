package secret

import (
	"context"
	"errors"
	"maps"
	"slices"

	"github.com/boltseal/boltseal/finding"
	"github.com/boltseal/boltseal/scan/scanner"
)

// ScanImage implements scanner.ImageScanner: environment, labels and history,
// which holds build arguments and what RUN lines were given. A secret is told
// once, where it stands first.
func (s *Scanner) ScanImage(ctx context.Context, im *scanner.Image) ([]finding.Finding, error) {
	var out []finding.Finding
	var problems []error
	told := map[string]bool{}
	look := func(where, text string) {
		data := []byte(text)
		found, err := s.set.Scan("", data, false)
		if err != nil {
			problems = append(problems, limit(err))
		}
		var seen counter
		for i := range found {
			m := &found[i]
			if told[string(m.Secret)] {
				continue
			}
			told[string(m.Secret)] = true
			f := s.finding(ctx, m, data, &seen)
			f.ID = where + " " + f.ID
			f.Title += " in " + where
			f.Location.Line, f.Location.EndLine = 0, 0
			out = append(out, f)
		}
	}
	for _, e := range im.Config.Env {
		look("the image's environment", e)
	}
	for _, name := range slices.Sorted(maps.Keys(im.Config.Labels)) {
		look("a label of the image", name+"="+im.Config.Labels[name])
	}
	for _, list := range [][]string{im.Config.Entrypoint, im.Config.Cmd} {
		for i, arg := range list {
			if i+1 < len(list) {
				arg += " " + list[i+1]
			}
			look("the image's command", arg)
		}
	}
	for _, h := range im.Config.History {
		look("the image's build history", h.CreatedBy)
		look("the image's build history", h.Comment)
	}
	return out, errors.Join(problems...)
}
