// Package input reads the documents of feeds within limits: JSON at once or
// element by element, XML element by element, text line by line. It knows no
// feed. Every error names the document and the place in it.
package input

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"sync"

	"github.com/boltseal/boltseal/vulndb/feed"
)

// MaxRecord is the size in bytes of the largest record that is held in memory:
// a document that JSON reads, one element of a Stream, one XML element. The
// largest real one, a CSAF document of the Linux kernel, is below 40 MiB.
const MaxRecord = 64 << 20

// ErrTooLarge is wrapped by the errors about records beyond MaxRecord.
var ErrTooLarge = errors.New("record is too large")

var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// maxKept is the largest buffer that goes back to the pool.
const maxKept = 4 << 20

// JSON decodes the whole document into v, which keeps nothing of the bytes.
func JSON(doc feed.Document, v any) error {
	buf := buffers.Get().(*bytes.Buffer)
	defer func() {
		if buf.Cap() <= maxKept {
			buf.Reset()
			buffers.Put(buf)
		}
	}()
	n, err := buf.ReadFrom(io.LimitReader(doc.Body, MaxRecord+1))
	switch {
	case err != nil:
		return fmt.Errorf("read %s: byte %d: %w", doc.Name, n, err)
	case n > MaxRecord:
		return fmt.Errorf("read %s: byte %d: %w", doc.Name, n, ErrTooLarge)
	}
	if err := json.Unmarshal(buf.Bytes(), v); err != nil {
		return fmt.Errorf("parse %s: byte %d: %w", doc.Name, jsonOffset(err, n), err)
	}
	return nil
}

// jsonOffset finds the place of a decoding error.
func jsonOffset(err error, otherwise int64) int64 {
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	switch {
	case errors.As(err, &syntax):
		return syntax.Offset
	case errors.As(err, &kind):
		return kind.Offset
	}
	return otherwise
}

// List decodes a JSON array, and a single value as if it were an array of one,
// and null and "" as none: serializers that were born in XML write all of them.
type List[T any] []T

// UnmarshalJSON implements json.Unmarshaler.
func (l *List[T]) UnmarshalJSON(b []byte) error {
	if bytes.Equal(b, []byte("null")) || bytes.Equal(b, []byte(`""`)) {
		*l = nil
		return nil
	}
	if b[0] == '[' {
		return json.Unmarshal(b, (*[]T)(l))
	}
	var one T
	if err := json.Unmarshal(b, &one); err != nil {
		return err
	}
	*l = List[T]{one}
	return nil
}
