package input

import (
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"

	"github.com/boltseal/boltseal/vulndb/feed"
)

// XML walks a document of any size and calls each at every start of an
// element. When each leaves the element unread, its children are visited in
// turn; when it reads it with d.DecodeElement, its children are passed over. An
// element that is read must fit into MaxRecord.
func XML(ctx context.Context, doc feed.Document, each func(d *xml.Decoder, start xml.StartElement) error) error {
	in := &budget{r: doc.Body, left: MaxRecord}
	d := xml.NewDecoder(in)
	elements := 0
	for {
		in.left = MaxRecord
		token, err := d.Token()
		switch {
		case errors.Is(err, io.EOF) && elements > 0:
			return nil
		case errors.Is(err, io.EOF):
			err = errors.New("no element")
			fallthrough
		case err != nil:
			return fmt.Errorf("parse %s: byte %d: %w", doc.Name, d.InputOffset(), err)
		}
		start, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		if elements++; elements&1023 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		if err := each(d, start); err != nil {
			return fmt.Errorf("parse %s: byte %d: %w", doc.Name, d.InputOffset(), err)
		}
	}
}
