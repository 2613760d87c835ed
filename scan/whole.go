package scan

import (
	"context"
	"errors"
	"fmt"

	"github.com/boltseal/boltseal/finding"
	"github.com/boltseal/boltseal/image"
	"github.com/boltseal/boltseal/inventory"
	"github.com/boltseal/boltseal/scan/scanner"
)

// scanWhole adds what the image scanners say to the result. A scanner that
// fails is an issue; only a cancelled context is an error.
func scanWhole(ctx context.Context, im *image.Image, scanners []scanner.ImageScanner, res *Result) error {
	whole := &scanner.Image{Kind: im.Kind, Name: im.Name, Tags: im.Tags, Config: &im.Config, Inventory: &res.Inventory}
	for _, l := range im.Layers {
		whole.Layers = append(whole.Layers, l.Descriptor())
	}
	for _, s := range scanners {
		found, err := askImage(ctx, s, whole)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			res.Inventory.Issues = append(res.Inventory.Issues, inventory.Issue{Kind: issueKind(err), Scanner: s.Name(), Message: err.Error()})
		}
		for i := range found {
			f := &found[i]
			f.ID = finding.NewID(string(f.Kind), ruleID(f), f.Location.Path, f.ID)
		}
		res.Findings = append(res.Findings, found...)
	}
	sortFindings(res.Findings)
	return nil
}

// askImage keeps a panic over a hostile image to its scanner.
func askImage(ctx context.Context, s scanner.ImageScanner, im *scanner.Image) (found []finding.Finding, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = errors.Join(err, fmt.Errorf("scan image: %s panicked: %v", s.Name(), p))
		}
	}()
	return s.ScanImage(ctx, im)
}
