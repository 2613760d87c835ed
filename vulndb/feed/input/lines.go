package input

import (
	"bufio"
	"context"
	"errors"
	"fmt"

	"github.com/boltseal/boltseal/vulndb/feed"
)

// MaxLine is the length in bytes of the longest line that Lines accepts.
const MaxLine = 1 << 20

// Lines calls each for every line of the document, without its line end. The
// line is valid until each returns. An error of each is given the line number.
func Lines(ctx context.Context, doc feed.Document, each func(line []byte) error) error {
	s := bufio.NewScanner(doc.Body)
	s.Buffer(make([]byte, 0, 64<<10), MaxLine)
	n := 0
	for s.Scan() {
		n++
		if n&1023 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		if err := each(s.Bytes()); err != nil {
			return fmt.Errorf("parse %s: line %d: %w", doc.Name, n, err)
		}
	}
	err := s.Err()
	if errors.Is(err, bufio.ErrTooLong) {
		err = ErrTooLarge
	}
	if err != nil {
		return fmt.Errorf("read %s: line %d: %w", doc.Name, n+1, err)
	}
	return nil
}
