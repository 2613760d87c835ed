package epss

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/boltseal/boltseal/vulndb/feed"
	"github.com/boltseal/boltseal/vulndb/feed/input"
)

// parseJSON reads the extract that mirrors hold.
func parseJSON(ctx context.Context, doc feed.Document, out feed.Sink) error {
	var extract struct {
		Meta struct {
			ScoreDate string `json:"scoreDate"`
		} `json:"meta"`
		Scores []struct {
			ID         string      `json:"id"`
			Score      json.Number `json:"epss"`
			Percentile json.Number `json:"percentile"`
		} `json:"vulnerabilities"`
	}
	if err := input.JSON(doc, &extract); err != nil {
		return err
	}
	scored := input.Time(extract.Meta.ScoreDate)
	for i, s := range extract.Scores {
		if err := emit(out, scored, s.ID, s.Score.String(), s.Percentile.String()); err != nil {
			return fmt.Errorf("parse %s: element %d: %w", doc.Name, i, err)
		}
	}
	return ctx.Err()
}
